"""Complaints and their papers. Rules live in `facts`, `analysis` and `services`; here are fields and constraints."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from users.models import Nation, Practice


class Client(models.Model):
    """Whom the practice acts for."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual"
        COMPANY = "company"
        PARTNERSHIP = "partnership"
        TRUST = "trust"

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    nation = models.CharField(max_length=20, choices=Nation.choices)
    version = models.PositiveIntegerField(
        default=1, db_default=1, editable=False, help_text="Goes up with every change; the ETag."
    )

    class Meta:
        ordering = ("name", "pk")
        indexes = (models.Index(fields=("name", "id"), name="client_platform_list"),)
        constraints = (
            models.UniqueConstraint(fields=("practice", "name", "kind", "nation"), name="client_unique_in_practice"),
            models.CheckConstraint(
                condition=Q(kind__in=("individual", "company", "partnership", "trust")), name="client_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(nation__in=("england-and-wales", "scotland", "northern-ireland")),
                name="client_nation_known",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Complaint(models.Model):
    """One case. `intake_hash` is the hash of the bundle it was imported from, so that a second import finds it."""

    class Status(models.TextChoices):
        ASSESSMENT = "assessment"
        ACTIVE = "active"
        ESCALATED = "escalated"
        RESOLVED = "resolved"
        CLOSED = "closed"

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="complaints")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="complaints")
    reference = models.CharField(max_length=40)
    tax_head = models.CharField(max_length=200)
    brief = models.TextField(blank=True)
    desired_outcome = models.TextField(blank=True)
    opened_on = models.DateField()
    references = models.JSONField(default=list, blank=True, help_text="[kind, value] pairs typed at intake")
    hourly_rates = models.JSONField(default=list, blank=True, help_text="[grade, rate] pairs that held at intake")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ASSESSMENT)
    intake_hash = models.CharField(max_length=64, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change; the ETag.")
    search = SearchVectorField(null=True, editable=False, help_text="reference, client and tax, as services keep it")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("-opened_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("practice", "reference"), name="complaint_reference_unique"),
            models.UniqueConstraint(
                fields=("practice", "intake_hash"), condition=~Q(intake_hash=""), name="complaint_intake_unique"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("assessment", "active", "escalated", "resolved", "closed")),
                name="complaint_status_known",
            ),
        )
        indexes = (
            models.Index(fields=("-opened_on", "-id"), name="complaint_platform_list"),
            models.Index(fields=("-updated_at", "-id"), name="complaint_platform_changes"),
            models.Index(fields=("reference", "id"), name="complaint_platform_references"),
            models.Index(fields=("practice", "-opened_on", "-id"), name="complaint_list"),
            models.Index(fields=("practice", "-updated_at", "-id"), name="complaint_by_change"),
            models.Index(fields=("practice", "status", "-opened_on", "-id"), name="complaint_by_status"),
            models.Index(fields=("assigned_to", "-opened_on", "-id"), name="complaint_by_assignee"),
            models.Index(fields=("created_by", "-opened_on", "-id"), name="complaint_by_creator"),
            models.Index(fields=("client", "-opened_on", "-id"), name="complaint_by_client"),
            GinIndex(fields=("search",), name="complaint_search"),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.client}"


class TimelineEntry(models.Model):
    """What was done with the case, by whom and when. Entries are added, never changed."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("complaint", "at"), name="timeline_by_complaint"),)
        verbose_name_plural = "timeline entries"

    def __str__(self) -> str:
        return self.text


class Blob(models.Model):
    """Bytes by their SHA-256. The same file twice is one row; a trigger refuses to alter it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="blob_sha256_shape"),)

    def __str__(self) -> str:
        return self.sha256[:12]


class Document(models.Model):
    """A use of a blob in a case. Attachments are children of their e-mail and are named `mail.eml::name`."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="documents")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    blob = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=500)
    position = models.PositiveIntegerField()
    media_type = models.CharField(max_length=120, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    headers = models.JSONField(default=list, blank=True)
    hidden_text = models.JSONField(default=list, blank=True, help_text="words that a person looking at it cannot see")
    problem_kind = models.CharField(max_length=30, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)
    read_with = models.CharField(max_length=12, blank=True, help_text="version of the readers; empty when not yet read")
    uploaded_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("complaint", "name"), name="document_name_unique"),
            models.CheckConstraint(
                condition=Q(problem_kind="", problem_detail="") | (~Q(problem_kind="") & ~Q(problem_detail="")),
                name="document_problem_is_told_whole",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(blob__isnull=False) | ~Q(problem_kind=""),
                name="document_has_bytes_or_reason",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> str:
        """`problem`, `read`, or `waiting` for the readers."""
        if self.problem_kind:
            return "problem"
        return "read" if self.read_with else "waiting"


class Page(models.Model):
    """The text of a page; spans of facts index into `text`. `number` is empty for formats without pages."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    position = models.PositiveIntegerField()
    number = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField()
    method = models.CharField(max_length=10)
    confidence = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("document", "position"), name="page_position_unique"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="page_confidence_is_a_share",
            ),
        )

    def __str__(self) -> str:
        return f"page {self.number or self.position}"


class DocumentExtraction(models.Model):
    """The facts of one document (facts.records.DocumentFacts), keyed by the hash of what they were made from."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="extractions")
    inputs_hash = models.CharField(max_length=64)
    payload = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "inputs_hash"), name="extraction_once_per_inputs"),)

    def __str__(self) -> str:
        return f"facts of {self.document}"


class CaseAnalysis(models.Model):
    """A run of the analysis: the case's facts together and what follows from them. Never edited; a new run is a row."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="analyses")
    version = models.PositiveIntegerField()
    inputs_hash = models.CharField(max_length=64)
    facts = models.JSONField()
    analysis = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        verbose_name_plural = "case analyses"
        constraints = (
            models.UniqueConstraint(fields=("complaint", "version"), name="analysis_version_unique"),
            models.UniqueConstraint(fields=("complaint", "inputs_hash"), name="analysis_once_per_inputs"),
        )

    def __str__(self) -> str:
        return f"analysis {self.version} of {self.complaint}"


class ContextEntry(models.Model):
    """What an adviser added to a case later, as said on that day. It is a paper of the case too, so it can be cited."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="context")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="context_entry")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("at", "pk")
        verbose_name_plural = "context entries"
        indexes = (models.Index(fields=("complaint", "at"), name="context_by_complaint"),)
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="context_says_something"),)

    def __str__(self) -> str:
        return self.text[:80]


class Correction(models.Model):
    """Words of a paper that a person said are wrong, and the day or amount that holds instead, with what shows it.

    The row stays when it is taken back.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="corrections")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    page = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(help_text="The words that nothing may rest on any more.")
    day = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, help_text="Pounds.")
    shown_in = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shown_page = models.PositiveIntegerField(null=True, blank=True)
    shown_quote = models.TextField(blank=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("complaint", "at"), name="correction_by_complaint"),)
        constraints = (
            models.CheckConstraint(condition=~Q(quote="") & ~Q(reason=""), name="correction_says_what_and_why"),
            models.CheckConstraint(
                condition=Q(day=None, amount=None, shown_in=None, shown_quote="")
                | (
                    (Q(day=None, amount__isnull=False) | Q(day__isnull=False, amount=None))
                    & Q(shown_in__isnull=False)
                    & ~Q(shown_quote="")
                ),
                name="correction_shows_what_holds",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="correction_withdrawn_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.quote[:80]


class CaseRun(models.Model):
    """Work on a case that a job does: its state and how far it is. A second press finds the live run, not a new one."""

    class Kind(models.TextChoices):
        READ = "read", "Reading the papers"
        ANALYSE = "analyse", "Analysing"
        NOTE = "note", "Taking notes of the papers"
        DRAFT = "draft", "Drafting the letters"
        REFINE = "refine", "Changing a section"

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    LIVE = (State.QUEUED, State.RUNNING)

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    options = models.JSONField(default=dict, blank=True, help_text="what the work was asked with, e.g. the tone")
    again = models.BooleanField(
        default=False, help_text="asked for again while it ran: the worker goes round once more"
    )
    attempt = models.PositiveIntegerField(default=0, help_text="only the worker of this attempt may write")
    step = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True, help_text="why it failed, or what came of it")
    request_id = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="when its worker was last seen at it")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("complaint", "kind"),
                condition=Q(state__in=("queued", "running")),
                name="run_one_live_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("read", "analyse", "note", "draft", "refine")), name="run_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running"), finished_at=None)
                | Q(state__in=("done", "failed", "cancelled"), finished_at__isnull=False),
                name="run_finished_when_over",
            ),
            models.CheckConstraint(condition=Q(total=None) | Q(done__lte=models.F("total")), name="run_done_of_total"),
        )
        indexes = (
            models.Index(fields=("complaint", "-created_at", "-id"), name="run_by_complaint"),
            models.Index(fields=("beat_at",), condition=Q(state="running"), name="run_live"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.state}"
