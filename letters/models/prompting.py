"""A practice's own prompts and AI settings, and the test runs that let a prompt take effect."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from users.models import Practice

TONES = (("measured", "Measured"), ("firm", "Firm"), ("robust", "Robust"))
TIERS = (("fast", "Fast"), ("balanced", "Balanced"), ("best", "Best"))
LEAST_TOKENS, MOST_TOKENS = 300, 16_000  # of one answer


class PromptStage(models.TextChoices):
    """The stages whose words and settings a practice may have of its own: those that the golden case shows."""

    FACTS = "facts"
    STRUCTURE = "structure"
    COMPOSE = "compose", "Structure and tone"
    TONE = "tone"


STAGES = ("facts", "structure", "compose", "tone")


class PromptVersion(models.Model):
    """Words that a practice puts in the place of the shipped ones of a stage. They are never changed, only followed.

    The database refuses to change or remove words, whoever asks; only the state moves: draft, tested (it has passed the
    golden case), active (it takes effect), retired.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        TESTED = "tested"
        ACTIVE = "active"
        RETIRED = "retired"

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="prompts")
    stage = models.CharField(max_length=10, choices=PromptStage.choices)
    number = models.PositiveIntegerField(help_text="Of the practice's versions of this stage, from 1.")
    text = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="Of the text.")
    note = models.CharField(max_length=300, blank=True, help_text="Why it was written.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    state_at = models.DateTimeField(help_text="Since when it is in that state.")
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change; the ETag.")

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("practice", "-created_at", "-id"), name="prompt_list"),)
        constraints = (
            models.UniqueConstraint(fields=("practice", "stage", "number"), name="prompt_number_unique"),
            models.UniqueConstraint(
                fields=("practice", "stage"), condition=Q(state="active"), name="prompt_one_active"
            ),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="prompt_stage_known"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "tested", "active", "retired")), name="prompt_state_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="prompt_has_words"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="prompt_hash"),
        )

    def __str__(self) -> str:
        return f"{self.get_stage_display()}, version {self.number}"


class GoldenRun(models.Model):
    """The sample case drafted with a prompt, to see whether it may take effect. `figures` and `reasons` say what came.

    `prompt_version` is the hash of all that the model was told, `asked` with which settings. A run that is broken says
    nothing of the prompt: the provider failed, or there was no money.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        PASSED = "passed"
        FAILED = "failed"
        BROKEN = "broken"

    LIVE = ("waiting", "running")

    prompt = models.ForeignKey(PromptVersion, on_delete=models.CASCADE, related_name="golden_runs")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    prompt_version = models.CharField(max_length=12)
    asked = models.JSONField(default=dict, help_text="Pipeline, tier, model, temperature and limit of tokens.")
    figures = models.JSONField(default=dict, blank=True)
    reasons = models.JSONField(default=list, blank=True, help_text="Why it did not pass.")
    attempt = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("prompt", "-created_at", "-id"), name="golden_run_of_a_prompt"),)
        constraints = (
            models.UniqueConstraint(
                fields=("prompt",), condition=Q(state__in=("waiting", "running")), name="golden_run_one_live"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running", "passed", "failed", "broken")),
                name="golden_run_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running"), finished_at=None)
                | Q(state__in=("passed", "failed", "broken"), finished_at__isnull=False),
                name="golden_run_finished_iff_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "broken")) | ~Q(reasons=[]), name="golden_run_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"test of {self.prompt}: {self.state}"


class StageSettings(models.Model):
    """How the models are asked at a stage for the letters of a practice. What is empty is as the site has it.

    `tier` and `model` do not hold where the routing has a floor: the tone of a letter of high stakes is never below
    best. `default_tone` is of letters for which nobody names one, and stands with the stage of that name.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="stage_settings")
    stage = models.CharField(max_length=10, choices=PromptStage.choices)
    tier = models.CharField(max_length=8, choices=TIERS, blank=True)
    model = models.CharField(max_length=120, blank=True, help_text="One that the site offers for the tier.")
    temperature = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal(0), help_text="0 to 1.")
    most_tokens = models.PositiveIntegerField(null=True, blank=True, help_text="Of one answer.")
    default_tone = models.CharField(max_length=10, choices=TONES, blank=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change; the ETag.")

    class Meta:
        ordering = ("practice", "stage")
        verbose_name = "AI settings of a stage"
        verbose_name_plural = "AI settings"
        constraints = (
            models.UniqueConstraint(fields=("practice", "stage"), name="stage_settings_once"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="stage_settings_stage_known"),
            models.CheckConstraint(condition=Q(tier__in=("", "fast", "balanced", "best")), name="stage_settings_tier"),
            models.CheckConstraint(condition=Q(model="") | ~Q(tier=""), name="stage_settings_model_with_its_tier"),
            models.CheckConstraint(
                condition=Q(temperature__gte=0, temperature__lte=1), name="stage_settings_temperature"
            ),
            models.CheckConstraint(
                condition=Q(most_tokens=None) | Q(most_tokens__gte=LEAST_TOKENS, most_tokens__lte=MOST_TOKENS),
                name="stage_settings_tokens",
            ),
            models.CheckConstraint(
                condition=Q(default_tone="") | Q(stage="tone", default_tone__in=("measured", "firm", "robust")),
                name="stage_settings_tone_of_its_stage",
            ),
        )

    def __str__(self) -> str:
        return f"AI settings of {self.get_stage_display().lower()} for {self.practice}"
