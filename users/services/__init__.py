"""Writes to practices, their people and rates, the ways in, and the audit trail."""

from users.services.invitations import (
    AddressTaken,
    AlreadyInPractice,
    AlreadyInvited,
    InvitationNotOpen,
    InvitationUnknown,
    Invited,
    accept_invitation,
    invite_user,
    open_invitation,
    revoke_invitation,
)
from users.services.keys import KeyNotActive, NewKey, TooManyKeys, create_api_key, revoke_api_key, rotate_api_key
from users.services.passwords import (
    ResetLinkSpent,
    WrongPassword,
    change_password,
    reset_link_works,
    reset_password,
    send_password_reset,
)
from users.services.people import (
    AlreadyActive,
    AlreadyInactive,
    LastAdmin,
    NoRole,
    change_role,
    create_platform_user,
    deactivate_user,
    edit_user,
    reactivate_user,
)
from users.services.practices import PracticeExists, create_practice, edit_practice, set_rate
from users.services.trail import record_audit
from users.services.upkeep import forget_spent

__all__ = [
    "AddressTaken",
    "AlreadyActive",
    "AlreadyInPractice",
    "AlreadyInactive",
    "AlreadyInvited",
    "InvitationNotOpen",
    "InvitationUnknown",
    "Invited",
    "KeyNotActive",
    "LastAdmin",
    "NewKey",
    "NoRole",
    "PracticeExists",
    "ResetLinkSpent",
    "TooManyKeys",
    "WrongPassword",
    "accept_invitation",
    "change_password",
    "change_role",
    "create_api_key",
    "create_platform_user",
    "create_practice",
    "deactivate_user",
    "edit_practice",
    "edit_user",
    "forget_spent",
    "invite_user",
    "open_invitation",
    "reactivate_user",
    "record_audit",
    "reset_link_works",
    "reset_password",
    "revoke_api_key",
    "revoke_invitation",
    "rotate_api_key",
    "send_password_reset",
    "set_rate",
]
