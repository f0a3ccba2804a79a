"""The form in which a value stands in Redis: a mark of the form, the version it was computed under, until when it is
fresh (milliseconds since 1970), and the value as JSON. No JSON at all means that the value is too large to keep."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

FORM = b"1"
VERSION_BYTES = 16
FRESH_DIGITS = 13
_ENCODER = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder()
HEADER = 1 + VERSION_BYTES + FRESH_DIGITS


@dataclass(frozen=True, slots=True)
class Found:
    """What stood in Redis: `body` is JSON, or empty for a value that is too large."""

    body: bytes
    fresh_until: int

    @property
    def is_fresh(self) -> bool:
        """Whether it need not be computed again. The clock is this machine's; the time was written by Redis."""
        return time.time() * 1000 < self.fresh_until


def new_version() -> bytes:
    """A version that there never was: one that Redis lost cannot come back and make old values hold again."""
    return secrets.token_hex(VERSION_BYTES // 2).encode()


def read_stored(version: bytes | None, stored: bytes | None) -> Found | None:
    """The value that stands in Redis if it was computed under `version`, in the form that this code knows."""
    if version is None or stored is None or len(stored) < HEADER or not stored.startswith(FORM + version):
        return None
    return Found(stored[HEADER:], int(stored[1 + VERSION_BYTES : HEADER]))


def encode(value: object) -> bytes:
    """`value` as JSON. Raises TypeError or ValueError for what JSON does not have: give those another form first."""
    return _ENCODER.encode(value).encode()


def decode(body: bytes) -> Any:
    """The value of a body. Lists come back for tuples, and keys as strings, also for whoever computed it."""
    return _DECODER.decode(body.decode())
