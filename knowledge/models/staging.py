"""Uploads that wait for a person's decision before they become guidance."""

from typing import Final

from django.db import models

from knowledge.models.guidance import KINDS, SectionVersion
from users.models import Practice, User

STATES: Final = (
    ("staged", "Waiting"),
    ("approved", "Approved as new"),
    ("merged", "Merged"),
    ("replaced", "Replaced what was there"),
    ("rejected", "Rejected"),
)
FINDINGS: Final = (
    ("identical", "Identical"),
    ("near_duplicate", "Near-duplicate"),
    ("overlapping", "Overlapping"),
    ("conflicting", "Conflicting"),
    ("new", "New"),
)


class StagedSection(models.Model):
    """A section as uploaded, cleaned, compared with what is there, and what a person decided about it.

    `compared` holds for each section that it resembles: identifier, version, finding, similarity from 0 to 1, and the
    figures that disagree. `result` is the version that the decision made; a decision that is undone has none.
    """

    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=KINDS)
    source_name = models.CharField(max_length=200)
    identifier = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    body = models.TextField()
    body_sha256 = models.CharField(max_length=64)
    url = models.URLField(max_length=400, blank=True)
    page_date = models.DateField(null=True, blank=True)
    page_date_role = models.CharField(max_length=10, default="updated")
    archived = models.BooleanField(default=False)
    file_name = models.CharField(max_length=255, blank=True)
    finding = models.CharField(max_length=20, choices=FINDINGS, default="new")
    compared = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="staged")
    result = models.ForeignKey(SectionVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey(SectionVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("practice", "-created_at", "-id"), name="staged_list"),
            models.Index(fields=("-created_at", "-id"), name="staged_platform_list"),
        )

    def __str__(self) -> str:
        return f"{self.identifier} ({self.state})"
