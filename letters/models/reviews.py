"""What colleagues said of a version, and that it left the practice."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from letters.models.letters import LetterVersion


class Review(models.Model):
    """What a colleague said of a version: asked for eyes on it, sent it back, approved, locked or reopened it."""

    append_only = True

    class Verdict(models.TextChoices):
        ASKED = "asked", "Asked for a review"
        RETURNED = "returned", "Sent back"
        APPROVED = "approved"
        LOCKED = "locked"
        REOPENED = "reopened"

    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=254, help_text="Who it was then, in words")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("version", "at"), name="review_of_a_version"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=("asked", "returned", "approved", "locked", "reopened")),
                name="review_verdict_known",
            ),
            models.CheckConstraint(condition=~Q(verdict="returned", comment=""), name="review_returned_with_reason"),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.verdict}"


class Dispatch(models.Model):
    """That a version left the practice: on which day, how, and under which reference."""

    class Method(models.TextChoices):
        POST = "post"
        TRACKED_POST = "tracked_post", "Tracked or signed-for post"
        EMAIL = "email", "E-mail"
        ONLINE = "online", "Online form or account"
        HAND = "hand", "By hand"

    version = models.OneToOneField(LetterVersion, on_delete=models.PROTECT, related_name="dispatch")
    sent_on = models.DateField()
    method = models.CharField(max_length=15, choices=Method.choices)
    reference = models.CharField(max_length=80, blank=True, help_text="For instance the number of the posting.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="When it was recorded")
    superseded_by = models.OneToOneField(
        LetterVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )

    class Meta:
        ordering = ("-sent_on", "-pk")
        verbose_name_plural = "dispatches"
        constraints = (
            models.CheckConstraint(
                condition=Q(method__in=("post", "tracked_post", "email", "online", "hand")),
                name="dispatch_method_known",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | ~Q(superseded_by=models.F("version")), name="dispatch_not_by_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} sent on {self.sent_on:%-d %B %Y}"
