"""What a model answers at each stage: the shape that is asked for, and the answer read. Pure.

A schema says what a provider may be held to; what it cannot say, such as that a card is of the part, is checked here.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from letters.pipelines.records import Part, Plan, Stage, Written, WrittenSentence

Schema = Mapping[str, Any]
LONGEST_SENTENCE: Final = 1_200  # characters: what is longer is not read, which would take minutes
_LONGEST_NOTE: Final = 240  # characters of a note or a point that goes into a later prompt
_MOST_WEIGHT: Final = 3  # of a note, as its prompt has it
_USES: Final = re.compile(r"(?:\s*\[\d{1,4}(?:\s*,\s*\d{1,4})*\])+\s*\.?\s*$")
_MARKS: Final = re.compile(r"\*\*|__|`|^\s*(?:[-*•]|\d{1,2}[.)])\s+")


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TEXT: Final[Schema] = {"type": "string"}
_CARDS: Final[Schema] = _list({"type": "integer"})
_REFINED: Final = _object(
    sections=_list(_object(id=_TEXT, paragraphs=_list(_list(_TEXT)), left_out=_CARDS)),
)
_SECTIONS: Final = _object(sections=_list(_object(id=_TEXT, paragraphs=_list(_list(_TEXT)))))
SCHEMAS: Final[Mapping[Stage, Schema]] = {
    "facts": _object(notes=_list(_object(document=_TEXT, gist=_TEXT, weight={"type": "integer"}))),
    "structure": _object(sections=_list(_object(id=_TEXT, point=_TEXT, paragraphs=_list(_CARDS)))),
    "compose": _SECTIONS,
    "tone": _SECTIONS,
    "refine": _REFINED,
}


def read_notes(value: Mapping[str, Any]) -> dict[str, str]:
    """The note on each document by the name under which it was shown; a weight goes in front of it."""
    return {note["document"]: f"{_weight(note['weight'])}: {_short(note['gist'])}" for note in value["notes"]}


def _weight(told: float) -> int:
    """A weight from 1 to 3, whatever a model takes for one: it may be a number of a thousand digits."""
    return int(min(_MOST_WEIGHT, max(1, told)))


def read_plan(value: Mapping[str, Any], part: Part) -> Plan | None:
    """The plan of `part`: each of its cards once, and of a list of items the items as they are; None for any other."""
    entry = next((entry for entry in value["sections"] if entry["id"] == part.id), None)
    if entry is None:
        return None
    paragraphs = tuple(tuple(map(str, names)) for names in entry["paragraphs"] if names)
    told = sorted(name for names in paragraphs for name in names)
    if told != sorted(card.id for card in part.cards):
        return None
    if part.shape == "items" and [set(names) for names in paragraphs] != [{c.id for c in g} for g in part.groups()]:
        return None
    return Plan(paragraphs, _short(entry["point"]))


def read_written(value: Mapping[str, Any], part: Part) -> Written:
    """The paragraphs that were written for `part`; empty where there are none."""
    entry = next((entry for entry in value["sections"] if entry["id"] == part.id), None)
    if entry is None:
        return ()
    paragraphs = (tuple(_sentence(text) for text in paragraph) for paragraph in entry["paragraphs"])
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def read_left_out(value: Mapping[str, Any], part: Part) -> frozenset[str]:
    """The ids of the cards that were left out of `part` because it was asked for."""
    return frozenset(str(name) for entry in value["sections"] if entry["id"] == part.id for name in entry["left_out"])


def _sentence(text: str) -> WrittenSentence:
    """A sentence apart from the numbers of the cards behind it: "It was sent. [3, 4]".

    One that is longer than any may be is given without numbers: looking for them would take the square of its length.
    """
    line = _tidy(text)
    told = _USES.search(line) if len(line) <= LONGEST_SENTENCE else None
    numbers = re.findall(r"\d+", told[0]) if told else ()
    return WrittenSentence(line[: told.start()] if told else line, tuple(dict.fromkeys(numbers)))


def _tidy(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NOTE else line[:_LONGEST_NOTE].rpartition(" ")[0] + " …"


def unknown_uses(sentence: WrittenSentence, known: Collection[str]) -> tuple[str, ...]:
    """The ids that a sentence uses and that its part does not have."""
    return tuple(name for name in sentence.uses if name not in known)
