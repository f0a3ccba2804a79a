"""What passes between the stages of a letter that a model helps to write. Pure, frozen.

The embedded drafter has composed and checked the letter before any model is asked. Its sentences are the evidence
cards: a model says them better, from the cards alone, and has no evidence of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from letters.records import DraftLetter, Sentence

PipelineName = Literal["embedded", "template", "two_stage", "three_stage", "parallel"]
Stage = Literal["facts", "structure", "compose", "tone"]
Shape = Literal["prose", "items"]
PIPELINES: Final[tuple[PipelineName, ...]] = ("embedded", "template", "two_stage", "three_stage", "parallel")


@dataclass(frozen=True, slots=True)
class Card:
    """A checked sentence as a model sees it: `text` is without its exhibits, `group` its paragraph or item, from 0."""

    id: str
    group: int
    text: str
    exhibits: tuple[int, ...]
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Part:
    """What of a letter a model writes at once: consecutive paragraphs, or consecutive items of a numbered list.

    The blocks are those from `first` up to, not including, `last`. `leads` are the words that head each item, and
    `item` is the number of the first one in its list, from 0.
    """

    id: str
    title: str
    shape: Shape
    first: int
    last: int
    cards: tuple[Card, ...]
    leads: tuple[tuple[Sentence, ...], ...] = ()
    item: int = 0

    def card(self, name: str) -> Card | None:
        """The card of that id; None for one that is not of this part."""
        return next((card for card in self.cards if card.id == name), None)

    def groups(self) -> tuple[tuple[Card, ...], ...]:
        """The cards by paragraph or item, in the embedded drafter's order."""
        count = max((card.group for card in self.cards), default=-1) + 1
        return tuple(tuple(card for card in self.cards if card.group == group) for group in range(count))


@dataclass(frozen=True, slots=True)
class Plan:
    """In which order the cards of a part are told, by paragraph, and in a few words to what end."""

    paragraphs: tuple[tuple[str, ...], ...]
    point: str = ""


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence as a model wrote it, with the ids of the cards that it says it rests on."""

    text: str
    uses: tuple[str, ...]


Written = tuple[tuple[WrittenSentence, ...], ...]  # the paragraphs of a part
Place = tuple[int, int]  # a sentence of what was written: its paragraph, and its place there


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a model takes a note of. `key` is of its content; `text` is data, and never an instruction."""

    key: str
    name: str
    called: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One question to a model. `about` are the ids of the parts, or the keys of the papers, that it is about.

    `head` comes before the text: what the calls of a letter have in common, word for word.
    """

    stage: Stage
    letter: int
    about: tuple[str, ...]
    text: str = field(repr=False)
    max_tokens: int
    attempt: int = 1
    head: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a call: `value` as the schema of its stage has it, or None with the code of the error."""

    call: Call
    value: Mapping[str, Any] | None = field(repr=False)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A part that stayed the embedded drafter's, or `sentences` of it that did, and why."""

    letter: int
    part: str
    title: str
    reasons: tuple[str, ...]
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The letters as they stand at the end, checked. `written` and `asked_again` are ids of parts."""

    letters: tuple[DraftLetter, ...]
    written: tuple[str, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    mended: tuple[Replaced, ...] = ()
    asked_again: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()  # codes of what the provider failed with, for parts that it did not write
