"""Complaints and their papers. Rules live in `facts`, `analysis` and `services`; here are fields and constraints."""

from django.conf import settings
from django.db import models
from django.db.models import Q

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

    class Meta:
        ordering = ("name", "pk")
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
    created_at = models.DateTimeField()
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
            models.Index(fields=("practice", "-opened_on", "-id"), name="complaint_list"),
            models.Index(fields=("practice", "status"), name="complaint_by_status"),
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
