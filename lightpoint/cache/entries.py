"""What is kept, for how long, and under which keys."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection

NAME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*")
Part = str | int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One use of the cache; a constant beside the function that computes its values.

    A value is fresh for `ttl`, up to a tenth less by chance, so that values kept together do not end together. For
    `stale` longer it is still given out while one caller computes the next. `schema` counts the shapes that the values
    have had: raise it when the shape changes.
    """

    name: str
    ttl: timedelta
    stale: timedelta = timedelta(0)
    schema: int = 1

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name for an entry: write guidance.list")


@dataclass(frozen=True, slots=True)
class Keys:
    """Where the version that holds for a name and practice, one value, and the lease of who computes it are kept."""

    version: str
    value: str
    lease: str


def keys_of(entry: Entry, practice: int | None, parts: Sequence[Part]) -> Keys:
    """The keys of a value. The parts are joined as JSON, so that no two lists of parts make one key, and hashed."""
    start = _start()
    whose = "all" if practice is None else practice
    digest = hashlib.blake2b(json.dumps(list(parts)).encode(), digest_size=16).hexdigest()
    value = f"{start}:value:{entry.name}.{entry.schema}:{whose}:{digest}"
    return Keys(f"{start}:version:{entry.name}:{whose}", value, f"{value}:lease")


def version_key(name: str, practice: int | None) -> str:
    """Where the version that holds for a name and practice is kept."""
    return f"{_start()}:version:{name}:{'all' if practice is None else practice}"


def _start() -> str:
    """What begins every key: two databases that share a Redis do not share values."""
    return f"{settings.CACHE_NAMESPACE}:{connection.settings_dict['NAME']}"
