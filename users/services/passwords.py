"""Passwords: changed by their owner, or set anew through a link that only the owner's mailbox gets."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from lightpoint.errors import InvalidInput
from users.models import User
from users.services.mail import address_of, send_on_commit
from users.services.trail import record_audit


class WrongPassword(InvalidInput):
    """The present password is another one."""

    code = "wrong-password"


class ResetLinkSpent(InvalidInput):
    """The link is not known, was used, or its time is over; which of them is not said."""

    code = "reset-link-spent"


@transaction.atomic
def send_password_reset(*, email: str, now: datetime) -> None:
    """Send a link for a new password to `email` if somebody signs in with it, and do nothing otherwise.

    Run it in a job: how long it takes tells whether the address exists.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).select_related("practice").first()
    if user is None:
        return
    parts = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    context = {
        "email": user.email,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "address": address_of(reverse("users:set-password", args=parts)),
    }
    send_on_commit(to=user.email, template="reset", context=context)
    record_audit(action="password.reset-sent", target=user, at=now, practice=user.practice)


@transaction.atomic
def reset_password(*, uid: str, token: str, password: str, now: datetime) -> User:
    """Set a new password by the link's `uid` and `token`, once; every session of the user ends.

    Raises ResetLinkSpent, and ValidationError for a weak password.
    """
    user = _owner(uid)
    if user is None or not default_token_generator.check_token(user, token):
        raise ResetLinkSpent("This link works no more; ask for another one")
    _set(user, password)
    record_audit(action="password.reset", target=user, at=now, actor=user, practice=user.practice)
    return user


def reset_link_works(*, uid: str, token: str) -> bool:
    """Whether `reset_password` would take the link."""
    user = _owner(uid)
    return user is not None and default_token_generator.check_token(user, token)


@transaction.atomic
def change_password(*, user: User, old: str, new: str, now: datetime) -> User:
    """Set another password; every session of the user ends, and the page that asked begins a new one.

    Raises WrongPassword, and ValidationError for a weak one.
    """
    row = User.objects.select_for_update(of=("self",), no_key=True).select_related("practice").get(pk=user.pk)
    if not row.check_password(old):
        raise WrongPassword("The present password is another one")
    _set(row, new)
    record_audit(action="password.changed", target=row, at=now, actor=row, practice=row.practice)
    return row


def _owner(uid: str) -> User | None:
    """The active user that a link names, locked where there is a transaction."""
    try:
        pk = int(urlsafe_base64_decode(uid).decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        return None
    if not 0 < pk < 2**63:
        return None
    users = User.objects.filter(pk=pk, is_active=True).select_related("practice")
    in_transaction = transaction.get_connection().in_atomic_block
    return (users.select_for_update(of=("self",), no_key=True) if in_transaction else users).first()


def _set(user: User, password: str) -> None:
    validate_password(password, user)
    user.set_password(password)
    user.sign_in_epoch += 1
    user.save(update_fields=["password", "sign_in_epoch"])
