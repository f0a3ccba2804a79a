"""A letter as sentences with their evidence. Pure, frozen, no Django."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from lightpoint.grounding.records import Evidence

LetterType = Literal["complaint_tier_1", "complaint_tier_2", "adjudicator", "appeal", "ico"]
SentenceKind = Literal["fact", "rule", "ask", "form"]
SentenceStatus = Literal["verified", "repaired", "unsupported", "not_checkable", "unchecked"]
Tone = Literal["measured", "firm", "robust"]
BlockKind = Literal[
    "letterhead",
    "addressee",
    "date",
    "subject",
    "salutation",
    "heading",
    "paragraph",
    "chronology",
    "numbered",
    "signature",
    "enclosures",
    "annex",
    "schedule",
]


@dataclass(frozen=True, slots=True)
class DocumentSource:
    document: str
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class SectionSource:
    section: str
    version: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and what carries it. `evidence` is what the ledger reads; `sources` is what the reader is shown.

    FACT needs a DocumentSource, RULE a SectionSource; a sentence may have both. `lead` marks an italic lead-in.
    """

    text: str
    kind: SentenceKind
    sources: tuple[DocumentSource | SectionSource, ...] = ()
    status: SentenceStatus = "unchecked"
    reasons: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    lead: bool = False


@dataclass(frozen=True, slots=True)
class ChronologyRow:
    on: date
    sentence: Sentence
    exhibit: str  # "3" or "3, p 2"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the letter. `chronology` has rows; `numbered` has items, each a few sentences; others have sentences.

    `annex` is the heading of an annex, which begins on a new page. Each sentence of a `schedule` is a row of a table,
    its cells joined with " | "; the first row is the head.
    """

    kind: BlockKind
    sentences: tuple[Sentence, ...] = ()
    rows: tuple[ChronologyRow, ...] = ()
    items: tuple[tuple[Sentence, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    number: int
    document: str
    title: str  # "HMRC's letter of 14 February 2025"
    pages: str  # "page 1", "pages 1 to 2"


@dataclass(frozen=True, slots=True)
class Note:
    """What a version has to tell of itself: words that somebody asked with, or an edit that was kept or left out.

    `section` is a heading, or what else of the letter it is about; `by` and `version` are whose edit it was, and in
    which version; `text` is what was asked for, or what was left out; `reasons` say why.
    """

    what: Literal["asked", "kept", "left_out"]
    section: str
    text: str = ""
    by: str = ""
    version: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftLetter:
    """A whole letter. `recipient` is the body it is addressed to. Sentences stand in reading order in `blocks`."""

    type: LetterType
    recipient: str
    dated: date
    blocks: tuple[Block, ...]
    exhibits: tuple[Exhibit, ...]
    tone: Tone = "firm"

    def sentences(self) -> tuple[Sentence, ...]:
        found: list[Sentence] = []
        for block in self.blocks:
            found += block.sentences
            found += [row.sentence for row in block.rows]
            for item in block.items:
                found += item
        return tuple(found)
