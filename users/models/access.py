"""How people and programs get in: invitations, API keys, and the answers kept for repeated requests."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from users.models.people import ROLE_CHOICES, ROLES
from users.models.practices import Practice
from users.roles import SCOPES

HASH = r"^[0-9a-f]{64}$"


class Invitation(models.Model):
    """A link that lets one person into a practice, once and for a time. Its token is stored as a SHA-256 hash."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=ROLE_CHOICES)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("practice", "-created_at", "-id"), name="invitation_of_a_practice"),)
        constraints = (
            models.UniqueConstraint(
                fields=("practice", "email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_in_lower_case"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="invitation_role_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_ends_after_start"),
            models.CheckConstraint(condition=Q(token_hash__regex=HASH), name="invitation_token_is_a_hash"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    def state(self, now: datetime) -> str:
        """Where it stands at `now`: open, accepted, revoked or expired."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if now < self.expires_at else "expired"


class ApiKey(models.Model):
    """A key with which a program acts as a user within its scopes. Shown once; what is kept is a SHA-256 hash."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, help_text="What uses it.")
    prefix = models.CharField(max_length=12, unique=True, editable=False, help_text="Names the key; not secret.")
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=10), help_text="Of read, write and approve.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("user", "-created_at", "-id"), name="api_key_of_a_user"),)
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="api_key_has_a_name"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=list(SCOPES)) & Q(scopes__len__gt=0), name="api_key_scopes_known"
            ),
            models.CheckConstraint(condition=Q(secret_hash__regex=HASH), name="api_key_secret_is_a_hash"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")), name="api_key_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def works(self, now: datetime) -> bool:
        """Whether it lets its user in at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class IdempotencyKey(models.Model):
    """A request that created something, by the key its sender gave it, with the answer that a repeat gets again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Unknown while the request is under way.")
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "key"), nulls_distinct=False, name="idempotency_key_once_a_user"),
            models.CheckConstraint(condition=~Q(key=""), name="idempotency_key_not_empty"),
            models.CheckConstraint(condition=Q(fingerprint__regex=HASH), name="idempotency_fingerprint_is_a_hash"),
        )

    def __str__(self) -> str:
        return self.key
