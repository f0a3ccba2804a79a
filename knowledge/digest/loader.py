"""Reads the digest from the TOML files beside this module, checks it, and stamps each entry with its version."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from knowledge.digest.records import TOPICS, Figure, GuidanceSection, PageDateRole, PostalAddress, Standard

SECTIONS = Path(__file__).resolve().parent / "sections"
_ID = re.compile(r"CRG\d{4}|charter|complain-about-hmrc|make-a-complaint|adjudicator")
_DATE_ROLES = ("updated", "published", "printed")


class DigestError(ValueError):
    """The digest's own files are wrong: the message names the entry and the fault."""


@cache
def load_digest() -> Mapping[str, GuidanceSection]:
    """The whole digest by section id, in the order of the ids. Raises DigestError."""
    return read_digest(SECTIONS)


def read_digest(folder: Path) -> Mapping[str, GuidanceSection]:
    """The entries of every TOML file of `folder`, by id and in that order. Raises DigestError."""
    sections: dict[str, GuidanceSection] = {}
    for path in sorted(folder.glob("*.toml")):
        for entry in _entries(path):
            section = build_section(entry)
            if section.id in sections:
                raise DigestError(f"{section.id}: two entries")
            sections[section.id] = section
    return MappingProxyType({key: sections[key] for key in sorted(sections)})


def _entries(path: Path) -> Iterator[Mapping[str, Any]]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    common = data.get("common", {})
    for entry in data.get("section", []):
        yield {**common, **entry}


def build_section(entry: Mapping[str, Any]) -> GuidanceSection:
    """One checked section from the table of a TOML file. Raises DigestError."""
    identifier = str(entry.get("id", ""))
    try:
        section = GuidanceSection(
            id=identifier,
            title=entry["title"],
            manual=entry["manual"],
            requires=_prose(entry["requires"]),
            figures=tuple(Figure(value=value, role=role) for value, role in entry.get("figures", [])),
            topics=tuple(sorted(entry["topics"])),
            page_date=entry.get("page_date"),
            page_date_role=cast(PageDateRole, entry.get("page_date_role", "updated")),
            url=entry["url"],
            in_force_from=entry.get("in_force_from"),
            archived=entry.get("archived", False),
            keywords=tuple(entry.get("keywords", ())),
            standards=tuple(Standard(**standard) for standard in entry.get("standard", ())),
            addresses=tuple(_address(address) for address in entry.get("address", ())),
            version=entry_version(entry),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DigestError(f"{identifier or 'an entry without id'}: {error}") from error
    _check(section)
    return section


def entry_version(entry: Mapping[str, Any]) -> str:
    """A short hash of the entry: the same words give the same version on every machine."""
    plain = json.dumps(entry, sort_keys=True, ensure_ascii=False, default=_iso)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot stand in a digest entry")


def _prose(text: str) -> str:
    return " ".join(text.split())


def _address(entry: Mapping[str, Any]) -> PostalAddress:
    return PostalAddress(taxes=tuple(entry["taxes"]), lines=tuple(entry["lines"]))


def _check(section: GuidanceSection) -> None:
    for fault in _faults(section):
        raise DigestError(f"{section.id or 'an entry without id'}: {fault}")


def _faults(section: GuidanceSection) -> Iterator[str]:
    if not _ID.fullmatch(section.id):
        yield "the id is not one of a section"
    yield from (f"no {name}" for name in ("title", "manual", "requires") if not getattr(section, name).strip())
    yield from (f"unknown topic {topic}" for topic in section.topics if topic not in TOPICS)
    if not section.url.startswith("https://www.gov.uk/"):
        yield "the URL is not one of GOV.UK"
    if section.page_date_role not in _DATE_ROLES:
        yield f"unknown role of a date {section.page_date_role}"
    if any(not figure.value or not figure.role for figure in section.figures):
        yield "a figure needs its value and its role"
