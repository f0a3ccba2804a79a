"""What the renderers share: a block as lines, cells and runs, without a format."""

import re
from collections.abc import Iterable
from datetime import date

from letters.records import Block, ChronologyRow, DraftLetter, Sentence

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A straight mark that stands before a word and behind none opens a quotation; an apostrophe leaves out what was there.
_OPENING = re.compile(r"(?<![^\s(\[“])'(?=[^\s\d'](?:[^']*[^\s'])?'(?!\w))")
TABLE_HEAD = ("Date", "Event", "Exhibit")


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def typeset(text: str) -> str:
    """Text as it is printed: typographic quotation marks and apostrophes, and nothing that XML has no room for."""
    return _OPENING.sub("‘", _UNPRINTABLE.sub("", text)).replace("'", "’")


def joined(sentences: Iterable[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)


def row_cells(row: ChronologyRow) -> tuple[str, str, str]:
    """Date, event and exhibit. The sentence repeats its date, so that the ledger can check it; the table does not."""
    on = day(row.on)
    return on, row.sentence.text.removeprefix(f"{on}: "), row.exhibit


def schedule_cells(block: Block) -> tuple[tuple[str, ...], ...]:
    """The rows of a schedule, each with as many cells as its head."""
    rows = [tuple(cell.strip() for cell in sentence.text.split("|")) for sentence in block.sentences]
    width = len(rows[0]) if rows else 0
    return tuple((*row[:width], *[""] * (width - len(row))) for row in rows)


def title_of(letter: DraftLetter) -> str:
    """The heading of the letter, for the properties of the file."""
    return next((block.sentences[0].text for block in letter.blocks if block.kind == "subject"), "Letter")
