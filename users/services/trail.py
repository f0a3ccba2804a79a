"""Lines of the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from users.models import AuditEvent, Practice, User

LABEL = 200


def record_audit(
    *,
    action: str,
    target: models.Model,
    at: datetime,
    actor: User | None = None,
    practice: Practice | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add a line to the trail, in the transaction of the write that it tells of. `actor` None means the system."""
    return AuditEvent.objects.create(
        practice=practice,
        actor=actor,
        actor_label=actor.email if actor else "system",
        action=action,
        target_type=target._meta.label_lower,
        target_pk=str(target.pk),
        target_label=str(target)[:LABEL],
        old=_plain(old),
        new=_plain(new),
        at=at,
    )


def _plain(values: Mapping[str, Any] | None) -> Any:
    """`values` as JSON holds them: dates in ISO form, Decimals as strings."""
    if values is None:
        return None
    encoder = DjangoJSONEncoder()
    return {key: _scalar(encoder, value) for key, value in values.items()}


def _scalar(encoder: DjangoJSONEncoder, value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool | list | dict):
        return value
    return encoder.default(value)
