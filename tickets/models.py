"""Requests for help inside a practice, on a complaint or in general. The moves between states are in `status`."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from complaints.models import Complaint
from users.models import Practice


class Ticket(models.Model):
    """A request for help. A first response is the first comment by somebody other than who asked."""

    class Category(models.TextChoices):
        QUESTION = "question"
        EVIDENCE = "evidence", "Evidence or a document"
        REVIEW = "review", "A second pair of eyes"
        ACCESS = "access"
        FAULT = "fault", "Something does not work"

    class Priority(models.TextChoices):
        LOW = "low"
        NORMAL = "normal"
        HIGH = "high"
        URGENT = "urgent"

    class Status(models.TextChoices):
        OPEN = "open"
        IN_PROGRESS = "in_progress", "In progress"
        WAITING = "waiting"
        RESOLVED = "resolved"
        CLOSED = "closed"

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="tickets")
    complaint = models.ForeignKey(Complaint, null=True, blank=True, on_delete=models.CASCADE, related_name="tickets")
    category = models.CharField(max_length=20, choices=Category.choices, default=Category.QUESTION)
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPEN)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)
    first_response_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change; the ETag.")

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="ticket_platform_list"),
            models.Index(fields=("-updated_at", "-id"), name="ticket_platform_by_change"),
            models.Index(fields=("practice", "-created_at", "-id"), name="ticket_list"),
            models.Index(fields=("practice", "-updated_at", "-id"), name="ticket_by_change"),
            models.Index(fields=("practice", "status", "-created_at", "-id"), name="ticket_by_status"),
            models.Index(fields=("assigned_to", "-created_at", "-id"), name="ticket_by_assignee"),
            models.Index(fields=("created_by", "-created_at", "-id"), name="ticket_by_creator"),
            models.Index(fields=("complaint", "-created_at", "-id"), name="ticket_by_complaint"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="ticket_has_a_title"),
            models.CheckConstraint(
                condition=Q(category__in=("question", "evidence", "review", "access", "fault")),
                name="ticket_category_known",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=("low", "normal", "high", "urgent")), name="ticket_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("open", "in_progress", "waiting", "resolved", "closed")),
                name="ticket_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | (~Q(status="closed") & Q(closed_at=None)),
                name="ticket_closed_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(first_response_at=None) | Q(first_response_at__gte=F("created_at")),
                name="ticket_answered_after_it_was_asked",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def first_response(self) -> timedelta | None:
        """How long the first response took; None while there is none."""
        return self.first_response_at - self.created_at if self.first_response_at else None


class Comment(models.Model):
    """What somebody says on a ticket. Comments are added, never changed."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("created_at", "pk")
        indexes = (models.Index(fields=("ticket", "created_at", "id"), name="comment_list"),)
        constraints = (models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),)

    def __str__(self) -> str:
        return f"{self.author} on {self.ticket}"
