"""Practices, the people in them, how they come in, what they charge, and the trail of what was done."""

from users.models.access import ApiKey, IdempotencyKey, Invitation
from users.models.people import User, UserManager
from users.models.practices import Nation, Practice, Rate
from users.models.trail import AuditEvent

__all__ = [
    "ApiKey",
    "AuditEvent",
    "IdempotencyKey",
    "Invitation",
    "Nation",
    "Practice",
    "Rate",
    "User",
    "UserManager",
]
