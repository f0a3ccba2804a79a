"""Letters, their versions and the ledger of sentences. A version is never edited; a change is a new version."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from complaints.models import CaseAnalysis, Complaint
from users.models import Practice


class Letter(models.Model):
    """One strand of a case: who it is to and of what type. The text is in its versions."""

    class Type(models.TextChoices):
        COMPLAINT_TIER_1 = "complaint_tier_1", "Complaint, first tier"
        COMPLAINT_TIER_2 = "complaint_tier_2", "Complaint, second tier"
        ADJUDICATOR = "adjudicator", "Submission to the Adjudicator"
        APPEAL = "appeal", "Appeal or review request"
        ICO = "ico", "Information Commissioner"

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review", "In review"
        APPROVED = "approved"
        LOCKED = "locked"
        SENT = "sent"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="letters")
    practice = models.ForeignKey(
        Practice, on_delete=models.PROTECT, related_name="+", help_text="The complaint's, kept here for the list."
    )
    type = models.CharField(max_length=20, choices=Type.choices)
    position = models.PositiveIntegerField(help_text="0 is the letter of the main route")
    recipient = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change; the ETag.")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    locked_at = models.DateTimeField(null=True, blank=True, help_text="When the text was frozen for sending.")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    is_begun = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Models are writing it, and it has no version yet; nobody is shown it.",
    )

    class Meta:
        ordering = ("position", "pk")
        indexes = (
            models.Index(fields=("-updated_at", "-id"), name="letter_platform_list"),
            models.Index(fields=("practice", "-updated_at", "-id"), name="letter_list"),
            models.Index(fields=("practice", "state", "-updated_at", "-id"), name="letter_by_state"),
        )
        constraints = (
            models.UniqueConstraint(fields=("complaint", "type"), name="letter_one_per_strand"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "in_review", "approved", "locked", "sent")), name="letter_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "in_review"), approved_by=None, approved_at=None)
                | Q(state__in=("approved", "locked", "sent"), approved_by__isnull=False, approved_at__isnull=False),
                name="letter_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "in_review", "approved"), locked_by=None, locked_at=None)
                | Q(state__in=("locked", "sent"), locked_by__isnull=False, locked_at__isnull=False),
                name="letter_locked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(type__in=("complaint_tier_1", "complaint_tier_2", "adjudicator", "appeal", "ico")),
                name="letter_type_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_type_display()} in {self.complaint}"


class LetterVersion(models.Model):
    """A checked letter, drafted by the product or changed for `author`. `problems` says why it is blocked.

    `draft` is letters.records.DraftLetter. `base` is the version that was changed, and `origin` how; `notes` tell what
    was asked for, and which edits of people were kept or left out (letters.records.Note).
    """

    class Origin(models.TextChoices):
        DRAFTED = "drafted", "Drafted"
        REDRAFTED = "redrafted", "Drafted again"
        EDITED = "edited", "Edited by hand"
        REFINED = "refined", "Reworded by a model"
        RETONED = "retoned", "Tone changed"
        RENEWED = "renewed", "Section written anew"
        RESTORED = "restored", "Section restored"

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    analysis = models.ForeignKey(CaseAnalysis, on_delete=models.PROTECT, related_name="letter_versions")
    inputs_hash = models.CharField(max_length=64)
    pipeline = models.CharField(max_length=20)
    tone = models.CharField(max_length=10)
    draft = models.JSONField()
    text = models.TextField()
    released = models.BooleanField()
    problems = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(
        max_length=10, choices=Origin.choices, default=Origin.DRAFTED, db_default=Origin.DRAFTED.value
    )
    notes = models.JSONField(default=list, blank=True, db_default=[])
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("letter", "number"), name="letter_version_unique"),
            models.UniqueConstraint(fields=("letter", "inputs_hash"), name="letter_once_per_inputs"),
            models.CheckConstraint(
                condition=Q(origin="drafted", author=None, base=None)
                | Q(origin="redrafted", base__isnull=False)
                | Q(
                    origin__in=("edited", "refined", "retoned", "renewed", "restored"),
                    author__isnull=False,
                    base__isnull=False,
                ),
                name="letter_version_made_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(released=True, problems=[]) | (Q(released=False) & ~Q(problems=[])),
                name="letter_blocked_with_reasons",
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number} of {self.letter}"

    @property
    def made(self) -> str:
        """How it came about and for whom, in words."""
        who = str(self.author) if self.author_id else "Lightpoint"
        return _MADE[self.origin].format(who=who)


_MADE: Final[Mapping[str, str]] = {
    LetterVersion.Origin.DRAFTED: "drafted by {who}",
    LetterVersion.Origin.REDRAFTED: "drafted again by {who}",
    LetterVersion.Origin.EDITED: "edited by {who}",
    LetterVersion.Origin.REFINED: "a section reworded by a model, as {who} asked",
    LetterVersion.Origin.RETONED: "a section put in another tone by Lightpoint, as {who} asked",
    LetterVersion.Origin.RENEWED: "a section written anew, as {who} asked",
    LetterVersion.Origin.RESTORED: "a section put back as drafted, by {who}",
}


class Sentence(models.Model):
    """A line of the ledger: what the sentence is, whether code could bear it out, and why not."""

    class Kind(models.TextChoices):
        FACT = "fact"
        RULE = "rule"
        ASK = "ask"
        FORM = "form"

    class Status(models.TextChoices):
        VERIFIED = "verified"
        REPAIRED = "repaired"
        UNSUPPORTED = "unsupported"
        NOT_CHECKABLE = "not_checkable"

    version = models.ForeignKey(LetterVersion, on_delete=models.CASCADE, related_name="sentences")
    position = models.PositiveIntegerField()
    text = models.TextField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=15, choices=Status.choices)
    reasons = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("version", "position"), name="sentence_position_unique"),
            models.CheckConstraint(
                condition=Q(status__in=("verified", "repaired", "unsupported", "not_checkable")),
                name="sentence_status_known",
            ),
        )

    def __str__(self) -> str:
        return self.text


class SentenceSource(models.Model):
    """What carries a sentence: words of a document, or a section in a version. One of the two, never both."""

    sentence = models.ForeignKey(Sentence, on_delete=models.CASCADE, related_name="sources")
    document = models.ForeignKey("complaints.Document", null=True, blank=True, on_delete=models.PROTECT)
    page = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(blank=True)
    section = models.CharField(max_length=40, blank=True)
    section_version = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(document__isnull=False, section="") | (Q(document__isnull=True) & ~Q(section="")),
                name="source_is_a_document_or_a_section",
            ),
        )
        indexes = (
            models.Index(fields=("section", "section_version"), condition=~Q(section=""), name="source_by_section"),
        )

    def __str__(self) -> str:
        return self.section or self.quote
