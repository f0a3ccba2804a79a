"""API keys: made, replaced and revoked by the people they belong to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from lightpoint.errors import Conflict, InvalidInput, NotAllowed
from users.keyring import forget_keys
from users.models import ApiKey, User
from users.roles import SCOPES
from users.secrets import digest, matches, new_key, written
from users.services.trail import record_audit

USED_EVERY = timedelta(minutes=1)


class KeyNotActive(Conflict):
    """The key is revoked or its time is over."""

    code = "key-not-active"


class TooManyKeys(Conflict):
    """A user has API_KEYS_PER_USER working keys at the most."""

    code = "too-many-keys"


@dataclass(frozen=True)
class NewKey:
    """A key and how it is written, which is not kept and cannot be shown again."""

    key: ApiKey
    written: str


@transaction.atomic
def create_api_key(
    *,
    user: User,
    name: str,
    scopes: Collection[str],
    now: datetime,
    expires_at: datetime | None = None,
    held: frozenset[str] | None = None,
) -> NewKey:
    """A key with which a program acts as `user`. `held`: scopes of the key that asks; None for a person.

    Raises NotAllowed for a scope that is not held, TooManyKeys, and InvalidInput for unknown or no scopes or a time
    that is over.
    """
    _refuse_wider(scopes, held)
    if not scopes or set(scopes) - set(SCOPES):
        raise InvalidInput(f"A key has one or more of the scopes {', '.join(SCOPES)}")
    if expires_at is not None and expires_at <= now:
        raise InvalidInput("A key must end after now")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _refuse_more(user, now)
    return _make(user, name, sorted(set(scopes), key=SCOPES.index), now, expires_at)


@transaction.atomic
def rotate_api_key(*, key: ApiKey, now: datetime, held: frozenset[str] | None = None) -> NewKey:
    """Another key in place of `key`, which works on for API_KEY_GRACE_SECONDS. Raises KeyNotActive and NotAllowed."""
    row = _locked(key)
    _refuse_wider(row.scopes, held)
    if not row.works(now):
        raise KeyNotActive(f"{row} works no more; make another one")
    _end(row, now, timedelta(seconds=settings.API_KEY_GRACE_SECONDS))
    made = _make(row.user, row.name, row.scopes, now, key.expires_at)
    _tell("key.rotated", row, now, {"by": made.key.prefix})
    return made


@transaction.atomic
def revoke_api_key(*, key: ApiKey, now: datetime, by: User | None = None) -> ApiKey:
    """Let a key work no more. Raises KeyNotActive for one that is revoked already."""
    row = _locked(key)
    if row.revoked_at is not None:
        raise KeyNotActive(f"{row} is revoked already")
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    forget_keys()
    _tell("key.revoked", row, now, {"prefix": row.prefix}, by)
    return row


def opens(key: ApiKey | None, secret: str, *, now: datetime) -> bool:
    """Whether `secret` opens `key` at `now`, for a user who is active. It takes as long without a key."""
    fits = matches(secret, key.secret_hash if key else digest(""))
    return key is not None and fits and key.works(now) and key.user.is_active


def note_use(key: ApiKey, now: datetime) -> None:
    """Note that the key was used, once a minute at most."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USED_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _locked(key: ApiKey) -> ApiKey:
    return ApiKey.objects.select_for_update(of=("self",), no_key=True).select_related("user__practice").get(pk=key.pk)


def _refuse_wider(scopes: Collection[str], held: frozenset[str] | None) -> None:
    if held is not None and not held.issuperset(scopes):
        raise NotAllowed("A key cannot make one that may do more than itself")


def _refuse_more(user: User, now: datetime) -> None:
    working = [key for key in user.api_keys.filter(revoked_at=None) if key.works(now)]
    if len(working) >= settings.API_KEYS_PER_USER:
        raise TooManyKeys(f"You have {len(working)} keys; revoke one that is not used")


def _make(user: User, name: str, scopes: list[str], now: datetime, expires_at: datetime | None) -> NewKey:
    prefix, secret = new_key()
    key = ApiKey(
        user=user,
        name=name,
        prefix=prefix,
        secret_hash=digest(secret),
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
    )
    key.full_clean()
    key.save()
    _tell("key.created", key, now, {"prefix": prefix, "scopes": scopes, "expires_at": expires_at})
    return NewKey(key, written(prefix, secret))


def _end(key: ApiKey, now: datetime, grace: timedelta) -> None:
    if grace:
        key.expires_at = min(key.expires_at or now + grace, now + grace)
    else:
        key.revoked_at = now
    key.save(update_fields=["expires_at", "revoked_at"])
    forget_keys()


def _tell(action: str, key: ApiKey, now: datetime, new: dict[str, object], by: User | None = None) -> None:
    record_audit(action=action, target=key, at=now, actor=by or key.user, practice=key.user.practice, new=new)
