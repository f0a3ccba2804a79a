"""Guidance as dated versions. A version is never edited: what it says today is what a letter relied on then."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import BigIntegerRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

SEARCH_CONFIG = "english"


class Source(models.Model):
    """Where sections come from: a manual or a set of pages, with its publisher and licence."""

    name = models.CharField(max_length=200, unique=True)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    licence_url = models.URLField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A section of guidance under the identifier by which people cite it; its words are in its versions."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="sections")
    identifier = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ("identifier",)

    def __str__(self) -> str:
        return self.identifier


class SectionVersionQuerySet(models.QuerySet["SectionVersion"]):
    def standing(self) -> "SectionVersionQuerySet":
        """Versions that no correction has replaced."""
        return self.filter(superseded_at__isnull=True)

    def current(self) -> "SectionVersionQuerySet":
        return self.standing().filter(valid_to__isnull=True)

    def in_force(self, on: date) -> "SectionVersionQuerySet":
        """The versions that hold for an event of the day `on`."""
        starts = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
        ends = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        return self.standing().filter(starts & ends)

    def citable(self) -> "SectionVersionQuerySet":
        return self.filter(archived=False)


def _valid_days() -> Func:
    return Func("valid_from", "valid_to", Value("[)"), function="DATERANGE", output_field=DateRangeField())


def _own_section() -> Func:
    """The section as a range of one number: GiST can then tell sections apart without the btree_gist extension."""
    return Func("section_id", "section_id", Value("[]"), function="INT8RANGE", output_field=BigIntegerRangeField())


class SectionVersion(models.Model):
    """What a section said from `valid_from` up to the day before `valid_to`; an open end is None.

    A page that changed ends the old version's period. A correction of our own words keeps the period and sets
    `superseded_at` on the version that it replaces. Nothing else of a version may change; the database refuses it.
    """

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="versions")
    # Copied from the section, whose identifier never changes, so that the generated search column can hold it.
    identifier = models.CharField(max_length=80)
    version = models.CharField(max_length=64, help_text="short hash of the entry")
    title = models.CharField(max_length=300)
    requires = models.TextField()
    figures = models.JSONField(default=list, blank=True, help_text="[value, role] pairs")
    topics = models.JSONField(default=list, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    standards = models.JSONField(default=list, blank=True, help_text="[name, promise] pairs of the Charter")
    addresses = models.JSONField(default=list, blank=True, help_text="[taxes, lines] pairs")
    page_date = models.DateField(null=True, blank=True)
    page_date_role = models.CharField(max_length=10, default="updated")
    in_force_from = models.DateField(null=True, blank=True)
    archived = models.BooleanField(default=False)
    url = models.URLField(max_length=400)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    retrieved_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=(
            SearchVector("identifier", "title", weight="A", config=SEARCH_CONFIG)
            + SearchVector("keywords", "figures", weight="B", config=SEARCH_CONFIG)
            + SearchVector("requires", weight="C", config=SEARCH_CONFIG)
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SectionVersionQuerySet.as_manager()

    class Meta:
        ordering = ("section__identifier", "-retrieved_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("section",),
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="section_version_one_current",
            ),
            ExclusionConstraint(
                name="section_version_no_overlap",
                expressions=[(_own_section(), RangeOperators.OVERLAPS), (_valid_days(), RangeOperators.OVERLAPS)],
                condition=Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="section_version_period_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(page_date_role__in=("updated", "published", "printed")),
                name="section_version_page_date_role_known",
            ),
        )
        indexes = (GinIndex(fields=("search",), name="section_version_search"),)

    def __str__(self) -> str:
        return f"{self.identifier} {self.version}"

    @property
    def is_current(self) -> bool:
        return self.valid_to is None and self.superseded_at is None
