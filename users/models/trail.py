"""The trail of what was done."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from users.models.practices import Practice


class AuditEvent(models.Model):
    """Who did what to which row. The database refuses to change or remove one, whoever asks."""

    append_only = True

    practice = models.ForeignKey(Practice, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=254, help_text="Who it was then, in words; 'system' for nobody.")
    action = models.CharField(max_length=80, help_text="noun.verb, for instance complaint.opened")
    target_type = models.CharField(max_length=100, help_text="app.model of the row")
    target_pk = models.CharField(max_length=64)
    target_label = models.CharField(max_length=200)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("target_type", "target_pk", "-at"), name="audit_of_a_row"),
            models.Index(fields=("practice", "-at", "-id"), name="audit_of_a_practice"),
            models.Index(fields=("-at", "-id"), name="audit_of_all"),
        )
        constraints = (models.CheckConstraint(condition=~Q(action=""), name="audit_has_an_action"),)

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.action} {self.target_label}"
