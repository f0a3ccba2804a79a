"""What is kept, for how long, and under which keys."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.core.signals import setting_changed
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


class Keys(NamedTuple):
    """Where the version that holds for a name and practice, and one value of it, are kept."""

    version: str
    value: str

    @property
    def lease(self) -> str:
        """Where whoever computes the value says so."""
        return f"{self.value}:lease"


def keys_of(entry: Entry, practice: int | None, parts: Sequence[Part]) -> Keys:
    """The keys of a value. The parts are written as Python does, so that no two lists of them are one, and hashed."""
    start = _start()
    whose = "all" if practice is None else practice
    digest = hashlib.blake2b(repr(list(parts)).encode(), digest_size=16).hexdigest()
    value = f"{start}:value:{entry.name}.{entry.schema}:{whose}:{digest}"
    return Keys(f"{start}:version:{entry.name}:{whose}", value)


def version_key(name: str, practice: int | None) -> str:
    """Where the version that holds for a name and practice is kept."""
    return f"{_start()}:version:{name}:{'all' if practice is None else practice}"


@cache
def _start() -> str:
    """What begins every key: two databases that share a Redis do not share values."""
    return f"{settings.CACHE_NAMESPACE}:{connection.settings_dict['NAME']}"


def _forget_start(**_: object) -> None:
    _start.cache_clear()


setting_changed.connect(_forget_start)
