"""A case bundle on disk: `case.json`, what the adviser typed at intake, and the files under `documents/`. Pure.

The format is that of the case bundles the product is tested with: see README.md, "A case bundle".
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from reprlib import repr
from typing import Any, cast, get_args

from complaints.documents.names import safe_name
from complaints.facts.records import ClientKind, Intake, Nation, ReferenceKind
from lightpoint.calendars import snapshot_warning

_LONGEST_NAME = 200
_LONGEST_CODE = 40
_LONGEST_GRADE = 60
_LONGEST_REFERENCE = 100
_LONGEST_TEXT = 50_000
_REFERENCE = "a reference of the client"
_LAYOUT = "\t\n\r"


class BundleError(ValueError):
    """The bundle cannot be used as it is; the text says what to mend."""


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A file of the bundle. `data` is None for one over the limit: its bytes are not taken in, its `size` is told."""

    name: str
    size: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Bundle:
    """An intake and its files, sorted by name."""

    intake: Intake
    files: tuple[BundleFile, ...]


def load_bundle(folder: Path, *, max_file_bytes: int, max_files: int) -> Bundle:
    """Read the bundle in `folder`, with the folders inside documents/.

    A file over `max_file_bytes` is named without its bytes. Raises BundleError where case.json or the documents
    are missing or malformed.
    """
    case = folder / "case.json"
    if not case.is_file():
        raise BundleError(f"{folder} holds no case.json; a bundle is a folder with case.json and documents/")
    content = _parse_json(case.read_bytes())
    return Bundle(parse_intake(content), _load_files(folder / "documents", max_file_bytes, max_files))


def _parse_json(data: bytes) -> object:
    """The content of `data`, UTF-8 with or without the byte order mark that Windows editors put before it."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise BundleError(f"case.json is not valid JSON in UTF-8: {error}") from error
    except RecursionError as error:
        raise BundleError("case.json is not valid JSON in UTF-8: it is nested too deeply") from error


def _load_files(folder: Path, max_file_bytes: int, max_files: int) -> tuple[BundleFile, ...]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and _is_paper(path.relative_to(folder)))
    links = [path.name for path in paths if path.is_symlink()]
    if links:
        raise BundleError(f"{links[0]} is a link to another place; put the file itself into the bundle")
    if not paths:
        raise BundleError(f"no documents in {folder}; put the papers of the case there")
    if len(paths) > max_files:
        raise BundleError(f"{len(paths)} documents are more than the limit of {max_files}; split the bundle")
    names = _distinct([safe_name(path.name) for path in paths])
    return tuple(_load_file(path, name, max_file_bytes) for path, name in zip(paths, names, strict=True))


def _is_paper(path: Path) -> bool:
    """False for what an operating system leaves behind: hidden files, and the folder that macOS puts into archives."""
    return not any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _distinct(names: list[str]) -> list[str]:
    """The names, with a number before one that stands already: two folders, or hidden characters, can give the same."""
    return [name if name not in names[:at] else f"{at + 1} {name}" for at, name in enumerate(names)]


def _load_file(path: Path, name: str, max_bytes: int) -> BundleFile:
    size = path.stat().st_size
    return BundleFile(name, size, None if size > max_bytes else path.read_bytes())


def parse_intake(content: object) -> Intake:
    """Return the intake in `content`, the parsed case.json. Raises BundleError naming the first field at fault."""
    root = _mapping(content, "case.json")
    practice = _mapping(_need(root, "practice"), "practice")
    client = _mapping(_need(root, "client"), "client")
    rates = _mapping(practice.get("hourly_rates", {}), "practice.hourly_rates")
    return Intake(
        practice_name=_line(practice, "name", "practice"),
        practice_address=_text(practice, "address", "practice"),
        agent_reference=_line(practice, "agent_reference", "practice", default="", longest=_LONGEST_CODE),
        hourly_rates=tuple(_rate(grade, rate) for grade, rate in rates.items()),
        client_name=_line(client, "name", "client"),
        client_kind=cast(ClientKind, _choice(client, "kind", get_args(ClientKind))),
        nation=cast(Nation, _choice(client, "nation", get_args(Nation))),
        references=_references(client.get("references", [])),
        tax_head=_line(root, "tax_head", "case.json"),
        brief=_text(root, "brief", "case.json", default=""),
        desired_outcome=_text(root, "desired_outcome", "case.json", default=""),
        opened_on=_opening_day(_need(root, "opened_on")),
    )


def _need(mapping: Mapping[str, Any], key: str) -> Any:
    if key not in mapping:
        raise BundleError(f"case.json has no {key!r}")
    return mapping[key]


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BundleError(f"{where} must be a JSON object")
    return value


def _line(
    mapping: Mapping[str, Any], key: str, where: str, *, default: str | None = None, longest: int = _LONGEST_NAME
) -> str:
    """A text of one line, with single spaces for its white space."""
    value = " ".join(_text(mapping, key, where, default=default).split())
    return _no_longer(value, f"{where}: {key!r}", longest)


def _text(mapping: Mapping[str, Any], key: str, where: str, *, default: str | None = None) -> str:
    value = mapping.get(key, default)
    if not isinstance(value, str) or (default is None and not is_shown(value)):
        raise BundleError(f"{where}: {key!r} must be a text" + ("" if default is not None else " that is not empty"))
    return _no_longer(_printable(value, f"{where}: {key!r}").strip(), f"{where}: {key!r}", _LONGEST_TEXT)


def is_shown(text: str) -> bool:
    """Whether anything of the text shows: white space and format characters do not."""
    return any(unicodedata.category(character) not in ("Cf", "Mn", "Me") for character in "".join(text.split()))


def _printable(text: str, what: str) -> str:
    """The text as it is. Raises BundleError for a character that no letter and no database can hold."""
    fault = unprintable(text)
    if fault:
        raise BundleError(f"{what} holds {fault}; take it out")
    return text


def unprintable(text: str) -> str:
    """What stands in `text` that no letter and no database can hold, in words; empty where nothing does."""
    for character in text:
        if character == "\x00":
            return "a NUL character"
        if character not in _LAYOUT and _cannot_be_printed(character):
            return f"a character that cannot be printed (U+{ord(character):04X})"
    return ""


def _cannot_be_printed(character: str) -> bool:
    """Control characters, halves of a surrogate pair and the code points that Unicode keeps free for good."""
    code = ord(character)
    return unicodedata.category(character) in ("Cc", "Cs") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _no_longer(text: str, what: str, longest: int) -> str:
    if len(text) > longest:
        raise BundleError(f"{what} is {len(text)} characters long; {longest} is the limit")
    return text


def _choice(mapping: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    value = mapping.get(key)
    if value not in allowed:
        raise BundleError(f"client: {key!r} must be one of {', '.join(allowed)}, not {repr(value)}")
    return str(value)


def _rate(grade: str, rate: object) -> tuple[str, Decimal]:
    name = _no_longer(_printable(grade, "a grade in practice.hourly_rates"), "a grade in hourly_rates", _LONGEST_GRADE)
    return name, _money(rate, f"hourly rate of {name}")


def _money(value: object, what: str) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise BundleError(f"{what} must be an amount such as 120.00, not {repr(value)}") from error
    if not amount.is_finite() or amount < 0 or amount > Decimal(100_000):
        raise BundleError(f"{what} must be between 0 and 100000, not {repr(value)}")
    return amount


def _date(value: object, what: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BundleError(f"{what} must be a date such as 2025-06-16, not {repr(value)}") from error


def _opening_day(value: object) -> date:
    day = _date(value, "opened_on")
    if snapshot_warning(day):
        raise BundleError(f"opened_on cannot be used: {snapshot_warning(day)}")
    return day


def _references(value: object) -> tuple[tuple[ReferenceKind, str], ...]:
    if not isinstance(value, list):
        raise BundleError("client: 'references' must be a list of {kind, value}")
    found: list[tuple[ReferenceKind, str]] = []
    for item in value:
        row = _mapping(item, _REFERENCE)
        if row.get("kind") not in get_args(ReferenceKind):
            known = ", ".join(get_args(ReferenceKind))
            raise BundleError(f"reference kind {repr(row.get('kind'))} is not known; use one of {known}")
        found.append((cast(ReferenceKind, row["kind"]), _line(row, "value", _REFERENCE, longest=_LONGEST_REFERENCE)))
    return tuple(found)
