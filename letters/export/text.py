"""The whole letter as plain text, in reading order."""

from collections.abc import Callable

from letters.export.layout import TABLE_HEAD, joined, row_cells, schedule_cells
from letters.records import Block, DraftLetter


def letter_text(letter: DraftLetter) -> str:
    """Blocks separated by blank lines; the text ends with a line feed."""
    return "\n\n".join(map(block_text, letter.blocks)) + "\n"


def block_text(block: Block) -> str:
    """One block, its paragraphs, items and rows on lines of their own."""
    return _RENDERERS[block.kind](block)


def _lines(block: Block) -> str:
    return "\n".join(sentence.text for sentence in block.sentences)


def _paragraph(block: Block) -> str:
    return joined(block.sentences)


def _numbered(block: Block) -> str:
    return "\n".join(f"{number}. {joined(item)}" for number, item in enumerate(block.items, start=1))


def _chronology(block: Block) -> str:
    rows = (TABLE_HEAD, *(row_cells(row) for row in block.rows))
    return "\n".join(" | ".join(cells) for cells in rows)


def _schedule(block: Block) -> str:
    return "\n".join(" | ".join(cells) for cells in schedule_cells(block))


def _enclosures(block: Block) -> str:
    return "Enclosures\n" + _lines(block)


_RENDERERS: dict[str, Callable[[Block], str]] = {
    "letterhead": _lines,
    "addressee": _lines,
    "date": _lines,
    "subject": _lines,
    "salutation": _lines,
    "heading": _lines,
    "paragraph": _paragraph,
    "chronology": _chronology,
    "numbered": _numbered,
    "signature": _lines,
    "enclosures": _enclosures,
    "annex": _lines,
    "schedule": _schedule,
}
