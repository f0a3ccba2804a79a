"""Where a practice wants to be told of what has happened, and each message that was sent there."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from users.models.practices import Practice

LONGEST_URL = 500


class Webhook(models.Model):
    """An address of a practice's. Its secret is not stored: it is derived from `salt` and SECRET_KEY."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=LONGEST_URL)
    salt = models.CharField(max_length=43, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="Tries that failed in a row.")
    created_at = models.DateTimeField(editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("practice", "-created_at", "-id"), name="webhook_of_a_practice"),)
        constraints = (models.UniqueConstraint(fields=("practice", "url"), name="webhook_once_a_practice"),)

    def __str__(self) -> str:
        return self.url

    @property
    def secret(self) -> str:
        """What messages are signed with; another one for each salt."""
        return "whsec_" + salted_hmac("users.webhooks", self.salt, algorithm="sha256").hexdigest()


class WebhookDelivery(models.Model):
    """A message to one address: what it says, and how often it was tried."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    identifier = models.UUIDField(default=uuid4, unique=True, help_text="The same at each try.")
    event = models.CharField(max_length=40)
    data = models.JSONField(help_text="Numbers, states and links; nothing of a client.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveIntegerField(null=True, help_text="Of the last answer; null: there was none.")
    problem = models.CharField(max_length=200, blank=True, help_text="Of the last try.")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name_plural = "webhook deliveries"
        indexes = (models.Index(fields=("webhook", "-created_at", "-id"), name="delivery_of_a_webhook"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None)
                | Q(state__in=("delivered", "failed"), ended_at__isnull=False),
                name="delivery_ended_unless_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"
