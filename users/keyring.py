"""The keys of programs and whose they are, from the cache: a request by key then needs no query for them.

Every service that changes a key, or what its user is, calls `forget_keys` in its transaction, so that the next request
finds the change (docs/adr/0014). Passwords are not kept; what is not kept of a row is read when it is asked for.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from lightpoint.cache import Entry, get_or_compute, invalidate
from users.models import ApiKey, User

Row = TypeVar("Row", bound=Model)
KEYS: Final = Entry("users.keys", ttl=timedelta(seconds=70))  # fresh for a minute at least, so that use is noted by it
OF_A_KEY: Final = ("id", "user_id", "prefix", "secret_hash", "scopes", "expires_at", "revoked_at")
OF_A_USER: Final = (
    "id", "email", "name", "practice_id", "role", "is_active", "is_staff", "is_superuser", "version",
    "mail_when_drafted",
)  # fmt: skip


class _Unknown(Exception):
    """There is no such key. Raised through the cache, so that what anybody may make up is not kept in it."""


def key_named(prefix: str, *, when_read: Callable[[], None]) -> tuple[ApiKey, bool] | None:
    """The key with its user, and whether it was read from the database just now; None for one that does not exist.

    `when_read` is called before the database is asked, and may raise.
    """
    read: list[ApiKey] = []

    def compute() -> dict[str, dict[str, object]]:
        when_read()
        row = ApiKey.objects.select_related("user").filter(prefix=prefix).first()
        if row is None:
            raise _Unknown
        read.append(row)
        return {"key": _plain(row, OF_A_KEY), "user": _plain(row.user, OF_A_USER)}

    try:
        found = get_or_compute(KEYS, practice=None, parts=[prefix], compute=compute)
    except _Unknown:
        return None
    key = read[0] if read else _row(ApiKey, found["key"])
    key.user = _row(User, found["user"])
    return key, bool(read)


def forget_keys() -> None:
    """Let nothing that is known of keys hold from this transaction's commit on."""
    invalidate(KEYS.name, practice=None)


def _plain(row: Model, names: tuple[str, ...]) -> dict[str, object]:
    encoder = DjangoJSONEncoder()
    values = {name: getattr(row, name) for name in names}
    return {name: encoder.default(value) if hasattr(value, "isoformat") else value for name, value in values.items()}


def _row(model: type[Row], values: Mapping[str, Any]) -> Row:
    """The row with these values; what is not among them is deferred, as after `QuerySet.only`."""
    fields = [field for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db(
        None, [field.attname for field in fields], [field.to_python(values[field.attname]) for field in fields]
    )
