"""The stored wordings: what a letter of each complaint type says in its own words. They hold no facts.

`complaint_types.toml` has one table a complaint type, `failings.toml` one a failing, `rules.toml` what each section of
guidance may be cited for. All are read once and checked against the vocabularies of the analysis.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast, get_args

from complaints.analysis.records import CharterStandard, ComplaintType, Failing

FOLDER = Path(__file__).resolve().parent
Words = tuple[str, ...]


class TemplateError(ValueError):
    """A stored template is incomplete: the message names the table and the key."""


@dataclass(frozen=True, slots=True)
class TypeTemplate:
    """How a complaint of one type is laid out and worded."""

    name: ComplaintType
    subject: str  # after the client's name in the heading
    matter: str  # "the repayment": what the letter is about, as a noun
    ask: str  # completes "We ask for a first-tier review of"
    sections: Words  # keys of `headings`, in reading order
    headings: tuple[tuple[str, str], ...]
    explain: str  # completes "An explanation of"
    leads: tuple[Failing, ...]  # the failings that go first among equals
    concession: str

    def heading(self, section: str) -> str:
        return dict(self.headings).get(section, "")


@dataclass(frozen=True, slots=True)
class FailingTemplate:
    """What a paragraph on one failing is headed with, and why the failing matters, by position."""

    name: Failing
    leads: Words
    matters: Words


@dataclass(frozen=True, slots=True)
class RuleTemplate:
    """What a section (or Charter standard) says, as verb phrases that follow its name."""

    name: str
    says: Words


def _load(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


@cache
def type_templates() -> MappingProxyType[str, TypeTemplate]:
    """The templates by complaint type. Raises TemplateError when one of the analysis's types has none."""
    data = _load("complaint_types.toml")
    common = data.pop("common")
    found = {name: _type_template(name, {**common, **table}) for name, table in sorted(data.items())}
    _complete("complaint_types.toml", found.keys(), get_args(ComplaintType))
    return MappingProxyType(found)


def _type_template(name: str, table: dict[str, Any]) -> TypeTemplate:
    try:
        return TypeTemplate(
            name=cast(ComplaintType, name),
            subject=table["subject"],
            matter=table["matter"],
            ask=table["ask"],
            sections=tuple(table["sections"]),
            headings=tuple(sorted({**table["common_headings"], **table.get("headings", {})}.items())),
            explain=table["explain"],
            leads=tuple(cast(Failing, lead) for lead in table["leads"]),
            concession=table.get("concession", ""),
        )
    except KeyError as error:
        raise TemplateError(f"{name}: {error} is missing") from error


@cache
def failing_templates() -> MappingProxyType[str, FailingTemplate]:
    """The templates by failing. Raises TemplateError when a failing has none."""
    data = _load("failings.toml")
    found = {
        name: FailingTemplate(cast(Failing, name), tuple(table["leads"]), tuple(table.get("matters", ())))
        for name, table in sorted(data.items())
    }
    _complete("failings.toml", found.keys(), get_args(Failing))
    return MappingProxyType(found)


@cache
def rule_templates() -> MappingProxyType[str, RuleTemplate]:
    """What sections of guidance and Charter standards may be cited for."""
    data = _load("rules.toml")
    found = {name: RuleTemplate(name, tuple(words)) for name, words in sorted(data["sections"].items())}
    standards = {name: RuleTemplate(name, tuple(words)) for name, words in sorted(data["charter"].items())}
    _complete("rules.toml", standards.keys(), get_args(CharterStandard))
    return MappingProxyType(found | standards)


def _complete(file: str, have: Any, want: tuple[str, ...]) -> None:
    missing = sorted(set(want) - set(have))
    if missing:
        raise TemplateError(f"{file}: no table for {', '.join(missing)}")
