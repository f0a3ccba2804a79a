"""Practices, the people in them, how they come in, what they charge and spend, and the trail of what was done."""

from users.models.access import ApiKey, IdempotencyKey, Invitation
from users.models.people import User, UserManager
from users.models.practices import Nation, Practice, Rate
from users.models.spending import Budget, BudgetUse, LLMCall, Reservation
from users.models.trail import AuditEvent
from users.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Budget",
    "BudgetUse",
    "IdempotencyKey",
    "Invitation",
    "LLMCall",
    "Nation",
    "Practice",
    "Rate",
    "Reservation",
    "User",
    "UserManager",
    "Webhook",
    "WebhookDelivery",
]
