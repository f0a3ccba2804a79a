"""File names from outside, made safe to show and to store."""

import re
import unicodedata
from collections.abc import Container

CHILD_SEPARATOR = "::"
_LONGEST = 160
_PATH_PARTS = re.compile(r"[/\\]")


def _is_shown(character: str) -> bool:
    """False for control, format (also right-to-left overrides), private and unassigned characters."""
    return unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def safe_name(name: str, *, fallback: str = "unnamed file") -> str:
    """Return the last part of a path without characters that hide or forge what is shown.

    The child separator is broken up, so that an attachment cannot pose as the child of another message.
    """
    last = _PATH_PARTS.split(name.replace("\x00", ""))[-1]
    shown = "".join(character if _is_shown(character) else " " for character in unicodedata.normalize("NFC", last))
    single = re.sub(r"\s+", " ", shown).strip().lstrip(".").replace(CHILD_SEPARATOR, ":")
    return _shorten(single) or fallback


def _shorten(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 8:
        return name[:_LONGEST]
    return f"{stem[: _LONGEST - len(extension) - 1]}.{extension}"


def extension_of(name: str) -> str:
    """Return the extension in lower case without its dot, or an empty string; only ever a hint."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def number_repeats(names: list[str]) -> list[str]:
    """Give the second of two equal names a number: `a.pdf`, `a (2).pdf`."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else _numbered(name, seen[name]))
    return unique


def free_name(name: str, taken: Container[str]) -> str:
    """Give `name` the first number under which it is not `taken`: `a.pdf`, `a (2).pdf`."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = _numbered(name, number)
    return free


def _numbered(name: str, number: int) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{stem} ({number}).{extension}" if dot and stem else f"{name} ({number})"
