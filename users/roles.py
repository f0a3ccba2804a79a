"""Who may do what: one matrix of actions and roles, read by permissions, pages, documentation and tests. Pure.

A role is held in one practice. Platform superusers hold none, may do everything, and belong to no practice.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, get_args


class Role(StrEnum):
    """What a person is in their practice, from the one who may do most to the one who reads."""

    ADMIN = "admin"
    MANAGER = "manager"
    ANALYST = "analyst"
    VIEWER = "viewer"


Action = Literal[
    "practice.view",
    "practice.edit",
    "practice.create",
    "rate.set",
    "user.view",
    "user.invite",
    "user.edit",
    "user.deactivate",
    "audit.view",
    "spending.view",
    "budget.set",
    "key.manage",
    "preference.set",
    "webhook.manage",
    "complaint.view",
    "complaint.create",
    "complaint.edit",
    "complaint.assign",
    "complaint.move",
    "document.view",
    "document.upload",
    "analysis.view",
    "analysis.run",
    "letter.view",
    "letter.draft",
    "letter.edit",
    "letter.review",
    "letter.approve",
    "letter.send",
    "prompt.view",
    "prompt.manage",
    "experiment.view",
    "experiment.manage",
    "guidance.view",
    "guidance.edit",
    "chat.view",
    "chat.use",
    "feedback.view",
    "assistant.view",
    "assistant.manage",
    "assistant.ask",
    "guidance.curate",
    "guidance.share",
    "ticket.view",
    "ticket.create",
    "ticket.edit",
    "ticket.assign",
    "management.view",
    "job.view",
]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

Scope = Literal["read", "write", "approve"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

PLATFORM_ONLY: Final[frozenset[Action]] = frozenset({"practice.create", "guidance.edit"})
_ADMIN_ONLY: Final[frozenset[Action]] = frozenset(
    {
        "practice.edit",
        "user.edit",
        "user.deactivate",
        "budget.set",
        "webhook.manage",
        "assistant.view",
        "assistant.manage",
    }
)
_ANALYST: Final[frozenset[Action]] = frozenset(
    {
        "practice.view",
        "user.view",
        "key.manage",
        "preference.set",
        "complaint.view",
        "complaint.create",
        "complaint.edit",
        "complaint.move",
        "document.view",
        "document.upload",
        "analysis.view",
        "analysis.run",
        "letter.view",
        "letter.draft",
        "letter.edit",
        "letter.review",
        "letter.send",
        "guidance.view",
        "chat.view",
        "chat.use",
        "assistant.ask",
        "ticket.view",
        "ticket.create",
        "ticket.edit",
        "job.view",
    }
)
_VIEWER: Final[frozenset[Action]] = frozenset(
    {
        "practice.view",
        "user.view",
        "key.manage",
        "preference.set",
        "complaint.view",
        "document.view",
        "analysis.view",
        "letter.view",
        "guidance.view",
        "chat.view",
        "assistant.ask",
        "ticket.view",
    }
)
_APPROVING: Final[frozenset[Action]] = frozenset(
    {
        "letter.approve",
        "user.invite",
        "user.edit",
        "user.deactivate",
        "budget.set",
        "key.manage",
        "webhook.manage",
        "guidance.share",
        "assistant.manage",
        "prompt.manage",
        "experiment.manage",
    }
)
_READING: Final[frozenset[Action]] = frozenset({"assistant.ask"})  # of a site's visitors: its key needs no more


def _roles_of(action: Action) -> frozenset[Role]:
    if action in PLATFORM_ONLY:
        return frozenset()
    held = {Role.ADMIN} if action in _ADMIN_ONLY else {Role.ADMIN, Role.MANAGER}
    held |= {Role.ANALYST} if action in _ANALYST else set()
    return frozenset(held | ({Role.VIEWER} if action in _VIEWER else set()))


MATRIX: Final[Mapping[Action, frozenset[Role]]] = {action: _roles_of(action) for action in ACTIONS}


def allows(role: Role, action: Action) -> bool:
    """Whether `role` may do `action` in its practice. Raises KeyError for an action that is not in the matrix."""
    return role in MATRIX[action]


def ranks_above(role: Role, other: Role) -> bool:
    """Whether `role` may do more than `other`."""
    order = list(Role)
    return order.index(role) < order.index(other)


def scope_of(action: Action) -> Scope:
    """Which scope an API key needs for `action`: "approve" for what binds the practice or gives others rights."""
    if action in _APPROVING:
        return "approve"
    return "read" if action.endswith(".view") or action in _READING else "write"
