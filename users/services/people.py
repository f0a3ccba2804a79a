"""Writes to people: what they are in their practice, and whether they may sign in."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from lightpoint.errors import Conflict, NotAllowed
from lightpoint.rest.etag import check_version
from users.keyring import forget_keys
from users.models import ApiKey, User
from users.roles import Role, ranks_above
from users.services.trail import record_audit


class LastAdmin(Conflict):
    """A practice keeps at least one admin who may sign in."""

    code = "last-admin"


class NoRole(Conflict):
    """Staff of the platform have no role."""

    code = "no-role"


class AlreadyInactive(Conflict):
    """The user may not sign in as it is."""

    code = "already-inactive"


class AlreadyActive(Conflict):
    """The user may sign in as it is."""

    code = "already-active"


@transaction.atomic
def create_platform_user(*, email: str, password: str, now: datetime) -> User:
    """A member of the platform's staff with every right in the admin."""
    user = User.objects.create_superuser(email, password, created_at=now)
    record_audit(action="user.created", target=user, at=now, new={"email": user.email, "is_superuser": True})
    return user


@transaction.atomic
def set_preferences(*, user: User, mail_when_drafted: bool | None = None) -> User:
    """What somebody wants for themselves; what is None stays. Nobody else's business, and so not on the trail."""
    if mail_when_drafted is not None:
        User.objects.filter(pk=user.pk).update(mail_when_drafted=mail_when_drafted)
        user.mail_when_drafted = mail_when_drafted
        forget_keys()
    return user


@transaction.atomic
def edit_user(
    *,
    user: User,
    now: datetime,
    by: User | None = None,
    name: str | None = None,
    role: Role | None = None,
    expected_version: int | None = None,
) -> User:
    """Change name, role or both; what is None stays. Raises StaleVersion and what `change_role` raises."""
    row = _locked(user, expected_version)
    if role is not None:
        row = change_role(user=row, role=role, now=now, by=by)
    if name is None or name == row.name:
        return row
    old, row.name = row.name, name
    row.full_clean()
    _save(row, "name")
    _tell("user.edited", row, by, now, {"name": old}, {"name": name})
    return row


@transaction.atomic
def change_role(
    *, user: User, role: Role, now: datetime, by: User | None = None, expected_version: int | None = None
) -> User:
    """Give a user another role in their practice.

    Raises NoRole for staff of the platform, NotAllowed where the role ranks above that of `by`, LastAdmin where nobody
    would be left to run the practice, and StaleVersion.
    """
    row = _locked(user, expected_version)
    if row.is_superuser:
        raise NoRole("Staff of the platform have no role in a practice")
    if row.role == role:
        return row
    refuse_above(by, role)
    _keep_an_admin(row)
    old, row.role = row.role, role
    _save(row, "role")
    _tell("user.role-changed", row, by, now, {"role": old}, {"role": role})
    return row


@transaction.atomic
def deactivate_user(*, user: User, now: datetime, by: User | None = None, expected_version: int | None = None) -> User:
    """Let a user in no more: sessions end, keys are revoked, the row stays.

    Handing over the user's complaints is for complaints.services, which calls this in its own transaction. Raises
    AlreadyInactive, LastAdmin and StaleVersion.
    """
    row = _locked(user, expected_version)
    if not row.is_active:
        raise AlreadyInactive(f"{row} may not sign in as it is")
    _keep_an_admin(row)
    row.is_active = False
    row.sign_in_epoch += 1
    _save(row, "is_active", "sign_in_epoch")
    keys = ApiKey.objects.filter(user=row, revoked_at=None).update(revoked_at=now)
    _tell("user.deactivated", row, by, now, {"is_active": True}, {"is_active": False, "keys_revoked": keys})
    return row


@transaction.atomic
def reactivate_user(*, user: User, now: datetime, by: User | None = None, expected_version: int | None = None) -> User:
    """Let a user in again, with the old password; former sessions and keys stay ended.

    Raises AlreadyActive and StaleVersion.
    """
    row = _locked(user, expected_version)
    if row.is_active:
        raise AlreadyActive(f"{row} may sign in as it is")
    row.is_active = True
    _save(row, "is_active")
    _tell("user.reactivated", row, by, now, {"is_active": False}, {"is_active": True})
    return row


def refuse_above(by: User | None, role: Role) -> None:
    """Raise NotAllowed where `role` ranks above that of `by`: nobody hands out more than they hold."""
    if by is not None and by.role is not None and ranks_above(role, Role(by.role)):
        raise NotAllowed(f"A {by.role} cannot make somebody {role}")


def _in_charge(user: User) -> Q:
    """Who runs the practice of `user`; for staff of the platform, the staff."""
    return Q(is_active=True, practice=user.practice) & (Q(role=Role.ADMIN) | Q(is_superuser=True))


def _locked(user: User, expected_version: int | None) -> User:
    """The user's row, locked together with those in charge and in one order, so that two cannot wait for each other."""
    rows = User.objects.filter(_in_charge(user) | Q(pk=user.pk)).select_related("practice").order_by("pk")
    row = next(one for one in rows.select_for_update(of=("self",), no_key=True) if one.pk == user.pk)
    check_version(expected=expected_version, current=row.version)
    return row


def _save(row: User, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    forget_keys()


def _keep_an_admin(row: User) -> None:
    """Raise LastAdmin where `row`, which is locked, is the only one in charge."""
    in_charge = User.objects.filter(_in_charge(row)).values_list("pk", flat=True)
    if list(in_charge) == [row.pk]:
        raise LastAdmin(f"{row} is the last one in charge; make somebody else admin first")


def _tell(
    action: str, row: User, by: User | None, now: datetime, old: dict[str, object], new: dict[str, object]
) -> None:
    record_audit(action=action, target=row, at=now, actor=by, practice=row.practice, old=old, new=new)
