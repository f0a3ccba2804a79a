"""Two arms tried on the cases of a practice: what is tried, which case has which arm, and what was measured."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from complaints.models import Complaint
from letters.models.letters import LetterVersion
from letters.models.prompting import PromptVersion
from users.models import Practice

PIPELINES = ("template", "two_stage", "three_stage", "parallel")


class Experiment(models.Model):
    """A challenger beside what letters are drafted by otherwise. A practice's own, or the platform's without one.

    What is measured, in which direction, with which margin and how surely is fixed before it runs: the database refuses
    to change it afterwards. `percent` of the cases have the challenger; a case keeps its arm when that is changed.
    """

    class Kind(models.TextChoices):
        PIPELINE = "pipeline"
        PROMPT = "prompt"

    class Measure(models.TextChoices):
        LEDGER_PASS = "ledger_pass", "Sections that pass the ledger at the first try"
        REPLACED = "sections_replaced", "Sections that stay the embedded drafter's"
        EDIT_DISTANCE = "edit_distance", "Edit distance from the draft to what was sent"
        REGENERATION = "regeneration", "Whether the case was drafted again"
        RATING = "rating", "Stars"
        COST = "cost", "US dollars"
        TIME = "time", "Seconds"

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        LOST = "lost", "Lost, and rolled back"
        HELD = "held", "Not worse, within the margin"
        STOPPED = "stopped", "Stopped by somebody"

    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="experiments")
    name = models.SlugField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    baseline = models.CharField(max_length=20, blank=True, help_text="The pipeline of the other cases.")
    challenger = models.CharField(max_length=20, blank=True, help_text="The pipeline that is tried.")
    prompt = models.ForeignKey(
        PromptVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Words to be tried."
    )
    percent = models.PositiveSmallIntegerField(
        default=50, validators=[MaxValueValidator(100)], help_text="Of the cases that come, those with the challenger."
    )
    measure = models.CharField(max_length=20, choices=Measure.choices)
    margin = models.DecimalField(
        max_digits=4, decimal_places=3, default=Decimal("0.05"), help_text="How much worse is borne, of a score 0 to 1."
    )
    alpha = models.DecimalField(
        max_digits=4, decimal_places=3, default=Decimal("0.05"), help_text="How often it may be wrong, at most."
    )
    ceiling = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal("0.01"))],
        help_text="Of cost or time: as much, or more, is a score of 0.",
    )  # fmt: skip
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    why = models.CharField(max_length=300, blank=True, help_text="Why it ended.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change; the ETag.")

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("practice", "-created_at", "-id"), name="experiment_list"),)
        constraints = (
            models.UniqueConstraint(fields=("practice", "name"), name="experiment_name", nulls_distinct=False),
            models.UniqueConstraint(
                fields=("practice",), condition=Q(state="running"), name="experiment_one_runs", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind="pipeline", baseline__in=PIPELINES, challenger__in=PIPELINES, prompt=None)
                | Q(kind="prompt", baseline="", challenger="", prompt__isnull=False, practice__isnull=False),
                name="experiment_arms_fit_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="prompt") | ~Q(baseline=models.F("challenger")), name="experiment_arms_differ"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="experiment_percent"),
            models.CheckConstraint(condition=Q(margin__gte=0, margin__lte=Decimal("0.5")), name="experiment_margin"),
            models.CheckConstraint(
                condition=Q(alpha__gte=Decimal("0.001"), alpha__lte=Decimal("0.2")), name="experiment_alpha"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=("cost", "time"), ceiling__gt=0)
                | (~Q(measure__in=("cost", "time")) & Q(ceiling=None)),
                name="experiment_ceiling_with_cost_and_time",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", started_at=None, ended_at=None)
                | Q(state="running", started_at__isnull=False, ended_at=None)
                | Q(state__in=("lost", "held", "stopped"), ended_at__isnull=False),
                name="experiment_times_fit_its_state",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """Which arm a case has, noted when it was first asked, so that another percentage moves no case."""

    class Arm(models.TextChoices):
        BASELINE = "baseline"
        CHALLENGER = "challenger"

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="assignments")
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="+")
    arm = models.CharField(max_length=10, choices=Arm.choices)
    created_at = models.DateTimeField()
    value = models.FloatField(null=True, blank=True, help_text="What was measured, as the measure has it.")
    measured_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("experiment", "id"), condition=Q(measured_at=None), name="assignment_unmeasured"),
            models.Index(fields=("experiment", "measured_at", "id"), name="assignment_measured"),
        )
        constraints = (
            models.UniqueConstraint(fields=("experiment", "complaint"), name="assignment_once_a_case"),
            models.CheckConstraint(condition=Q(arm__in=("baseline", "challenger")), name="assignment_arm_known"),
            models.CheckConstraint(
                condition=Q(value=None, measured_at=None) | Q(value__isnull=False, measured_at__isnull=False),
                name="assignment_measured_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.arm} of {self.experiment}"


class LetterRating(models.Model):
    """The stars that a colleague gives a version of a letter; each has one opinion, which may change."""

    version = models.ForeignKey(LetterVersion, on_delete=models.CASCADE, related_name="ratings")
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.CharField(max_length=1_000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("version", "by"), name="rating_one_of_each"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="rating_one_to_five"),
        )

    def __str__(self) -> str:
        return f"{self.stars} of 5 for {self.version}"


class PipelineComparison(models.Model):
    """The quality of pipelines beside each other, of bundles or of cases: by the newest one two_stage is offered."""

    class Source(models.TextChoices):
        BUNDLES = "bundles"
        CASES = "cases"

    source = models.CharField(max_length=8, choices=Source.choices)
    figures = models.JSONField(help_text="By pipeline: drafts and quality.")
    offers_two_stage = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"pipelines compared by {self.source}"
