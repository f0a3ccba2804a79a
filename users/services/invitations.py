"""How people come into a practice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.urls import reverse

from lightpoint.errors import Conflict, NotFound
from users.models import Invitation, Practice, User
from users.roles import Role
from users.secrets import digest, new_token
from users.services.mail import address_of, send_on_commit
from users.services.people import refuse_above
from users.services.trail import record_audit


class AlreadyInPractice(Conflict):
    """Somebody of the practice signs in with that address."""

    code = "already-in-practice"


class AlreadyInvited(Conflict):
    """An invitation to that address is open."""

    code = "already-invited"


class InvitationUnknown(NotFound):
    """No invitation has that token."""

    code = "invitation-unknown"


class InvitationNotOpen(Conflict):
    """The invitation was used or revoked, or its time is over."""

    code = "invitation-not-open"


class AddressTaken(Conflict):
    """Somebody signs in with that address already, in this practice or another."""

    code = "address-taken"


@dataclass(frozen=True)
class Invited:
    """An invitation and its token, which is not kept and cannot be shown again."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite_user(*, practice: Practice, email: str, role: Role, now: datetime, by: User | None = None) -> Invited:
    """Invite one person into a practice by e-mail; the link holds for INVITATION_HOURS.

    An invitation to the same address whose time is over gives way to the new one. Raises AlreadyInPractice,
    AlreadyInvited, NotAllowed for a role above that of `by`, and ValidationError for what is no address.
    """
    email = email.strip().lower()
    refuse_above(by, role)
    if User.objects.filter(practice=practice, email=email).exists():
        raise AlreadyInPractice(f"{email} is of {practice} already")
    _clear_the_way(practice, email, by, now)
    token = new_token()
    invitation = Invitation(
        practice=practice,
        email=email,
        role=role,
        token_hash=digest(token),
        invited_by=by,
        created_at=now,
        expires_at=now + timedelta(hours=settings.INVITATION_HOURS),
    )
    invitation.full_clean()
    invitation.save()
    _tell("invitation.sent", invitation, by, now, {"email": email, "role": role})
    _send(invitation, token, by)
    return Invited(invitation, token)


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, now: datetime) -> User:
    """Make the invited person a user of the practice, with a password that the invitation lets them set once.

    Raises InvitationUnknown, InvitationNotOpen, AddressTaken, and ValidationError for a weak password or no name.
    """
    invitation = open_invitation(token=token, now=now)
    if User.objects.filter(email=invitation.email).exists():
        raise AddressTaken("Somebody signs in with this address already; ask for an invitation to another one")
    user = User(email=invitation.email, name=name, practice=invitation.practice, role=invitation.role, created_at=now)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    record_audit(
        action="user.joined",
        target=user,
        at=now,
        actor=user,
        practice=user.practice,
        new={"email": user.email, "role": user.role, "invitation": invitation.pk},
    )
    return user


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, now: datetime, by: User | None = None) -> Invitation:
    """Let an invitation work no more, also one whose time is over. Raises InvitationNotOpen for one that is used up."""
    row = (
        Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("practice").get(pk=invitation.pk)
    )
    state = row.state(now)
    if state in ("accepted", "revoked"):
        raise InvitationNotOpen(f"The invitation of {row.email} is {state} already")
    _revoke(row, by, now)
    return row


def open_invitation(*, token: str, now: datetime) -> Invitation:
    """The invitation of `token`, locked; call it in a transaction. Raises InvitationUnknown and InvitationNotOpen."""
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("practice")
    invitation = rows.filter(token_hash=digest(token)).first()
    if invitation is None:
        raise InvitationUnknown("There is no such invitation")
    state = invitation.state(now)
    if state != "open":
        raise InvitationNotOpen(f"This invitation is {state}; ask for another one")
    return invitation


def _clear_the_way(practice: Practice, email: str, by: User | None, now: datetime) -> None:
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    waiting = Invitation.objects.filter(practice=practice, email=email, accepted_at=None, revoked_at=None).first()
    if waiting is None:
        return
    if waiting.state(now) == "open":
        raise AlreadyInvited(f"{email} has an open invitation; revoke it to send another one")
    _revoke(waiting, by, now)


def _revoke(invitation: Invitation, by: User | None, now: datetime) -> None:
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _tell("invitation.revoked", invitation, by, now, {"email": invitation.email})


def _tell(action: str, invitation: Invitation, by: User | None, now: datetime, new: dict[str, object]) -> None:
    record_audit(action=action, target=invitation, at=now, actor=by, practice=invitation.practice, new=new)


def _send(invitation: Invitation, token: str, by: User | None) -> None:
    context = {
        "practice": invitation.practice,
        "inviter": by or "The staff of Lightpoint",
        "role": invitation.role,
        "expires_at": invitation.expires_at,
        "address": address_of(reverse("users:accept-invitation", args=[token])),
    }
    send_on_commit(to=invitation.email, template="invitation", context=context)
