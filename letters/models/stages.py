"""What models answered at the stages of drafting, and the receipt of a run."""

from django.db import models
from django.db.models import Q

from complaints.models import CaseRun, Complaint
from users.models import Practice


class StageResult(models.Model):
    """What a model answered at a stage of drafting, kept so that nobody pays for it twice.

    `key` is the hash of all that went into the question, the version of the prompt and the model. `answer` holds the
    tokens of letters.privacy in place of names and numbers. `attempt` is that of the run whose worker stored it.
    """

    class Stage(models.TextChoices):
        FACTS = "facts"
        STRUCTURE = "structure"
        COMPOSE = "compose", "Structure and tone"
        TONE = "tone"
        REFINE = "refine", "Change that was asked for"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="stage_results")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    about = models.JSONField(help_text="The sections, or the contents of papers, that were asked about.")
    key = models.CharField(max_length=64)
    model = models.CharField(max_length=120)
    prompt_version = models.CharField(max_length=12)
    attempt = models.PositiveIntegerField(default=0)
    answer = models.JSONField()
    sent = models.PositiveIntegerField(null=True, help_text="tokens; null where the provider did not say")
    cached = models.PositiveIntegerField(null=True, help_text="of those sent, from the provider's cache")
    written = models.PositiveIntegerField(null=True)
    cost = models.DecimalField(max_digits=18, decimal_places=8, null=True, help_text="US dollars; null: unpriced")
    seconds = models.FloatField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("complaint", "key"), name="stage_once_per_inputs"),
            models.CheckConstraint(
                condition=Q(stage__in=("facts", "structure", "compose", "tone", "refine")), name="stage_known"
            ),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="stage_cost_not_below_nought"),
        )

    def __str__(self) -> str:
        return f"{self.get_stage_display()} of {self.complaint}"


class Receipt(models.Model):
    """What a drafting used and cost: stages, versions, evidence hashes, checks. One for a run and its inputs.

    `run` is null for a drafting by command, whose worker nobody takes over from.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="receipts")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(CaseRun, on_delete=models.SET_NULL, null=True, related_name="receipts")
    inputs_hash = models.CharField(max_length=64, blank=True, help_text="of what the letters were drafted from")
    pipeline = models.CharField(max_length=20)
    payload = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("complaint", "-created_at", "-id"), name="receipt_of_a_case"),)
        constraints = (models.UniqueConstraint(fields=("run", "inputs_hash"), name="receipt_once_per_run_and_inputs"),)

    def __str__(self) -> str:
        return f"receipt of {self.complaint}"
