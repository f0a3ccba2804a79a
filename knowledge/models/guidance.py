"""Guidance as dated versions. A version is never edited: what it says today is what a letter relied on then."""

from datetime import date
from typing import Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import BigIntegerRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

from users.models import Practice

SEARCH_CONFIG: Final = "english"
KINDS: Final = (
    ("manual", "Guidance manual"),
    ("charter", "Charter"),
    ("legislation", "Legislation"),
    ("case_law", "Case law"),
    ("precedent", "Precedent"),
    ("form", "Form"),
    ("practice_note", "Practice note"),
)


def _known_kind(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(kind__in=[kind for kind, _ in KINDS]), name=name)


class Source(models.Model):
    """Where sections come from: a manual, a set of pages or a practice's own notes, with its publisher and licence.

    Without a practice it is the platform's, and seen by all. What a practice owns is seen by that practice alone,
    unless it is `shared`, which only precedents can be.
    """

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=KINDS, default="manual")
    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="sources")
    shared = models.BooleanField(default=False)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    licence_url = models.URLField(blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("practice", "name"), nulls_distinct=False, name="source_name_unique"),
            models.CheckConstraint(
                condition=Q(shared=False) | Q(kind="precedent", practice__isnull=False), name="source_shared_precedent"
            ),
            _known_kind("source_kind_known"),
        )

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A section of guidance under the identifier by which people cite it; its words are in its versions."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="sections")
    # Copied from the source, which never changes hands: an identifier is unique among what a practice owns.
    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    identifier = models.CharField(max_length=80)

    class Meta:
        ordering = ("identifier",)
        constraints = (
            models.UniqueConstraint(
                fields=("practice", "identifier"), nulls_distinct=False, name="section_identifier_unique"
            ),
        )
        indexes = (models.Index(fields=("identifier",), name="section_by_identifier"),)

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

    What the page says stands in `body`, once the page has been ingested; `requires` and what follows it is the
    digest's account of it, where the digest has one (`digest_version`), or empty.
    """

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="versions")
    # Copied from the section, whose identifier never changes, so that the generated search column can hold it.
    identifier = models.CharField(max_length=80)
    version = models.CharField(max_length=64, help_text="short hash of the digest's entry and the body")
    digest_version = models.CharField(max_length=64, blank=True, help_text="short hash of the digest's entry alone")
    body = models.TextField(blank=True, help_text="the page as ingested, cleaned")
    body_sha256 = models.CharField(max_length=64, blank=True, help_text="of the body, normalised")
    title = models.CharField(max_length=300)
    requires = models.TextField(blank=True)
    figures = models.JSONField(default=list, blank=True, help_text="[value, role] pairs")
    topics = models.JSONField(default=list, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    standards = models.JSONField(default=list, blank=True, help_text="[name, promise] pairs of the Charter")
    addresses = models.JSONField(default=list, blank=True, help_text="[taxes, lines] pairs")
    page_date = models.DateField(null=True, blank=True)
    page_date_role = models.CharField(max_length=10, default="updated")
    in_force_from = models.DateField(null=True, blank=True)
    archived = models.BooleanField(default=False)
    url = models.URLField(max_length=400, blank=True)
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
