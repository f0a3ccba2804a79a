"""A version of a letter laid out for a page: its blocks, with the lines of the ledger in the place of the sentences.

Pure but for the rows of the ledger, which are read only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from letters.editing import sections
from letters.export.layout import TABLE_HEAD, row_cells
from letters.models import Sentence
from letters.records import Block, DraftLetter


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence as it stands on the page; `line` is that of the ledger. `cells` are those of a row of a table."""

    line: Sentence
    text: str
    lead: bool = False
    cells: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether the ledger does not bear it out."""
        return self.line.status == Sentence.Status.UNSUPPORTED


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A piece of the letter. `section` is the number of the section that a heading begins, where it holds sentences."""

    kind: str
    sentences: tuple[Shown, ...] = ()
    items: tuple[tuple[Shown, ...], ...] = ()
    head: tuple[str, ...] = ()
    section: int | None = None


def shown_blocks(letter: DraftLetter, lines: Sequence[Sentence]) -> tuple[ShownBlock, ...]:
    """The blocks of `letter` in reading order; `lines` are the whole ledger, in the order of `letter.sentences()`."""
    ledger = iter(lines)
    filled = {section.index for section in sections(letter) if section.last > section.first}
    found, headings = [], 0
    for block in letter.blocks:
        number = None
        if block.kind == "heading" and block.sentences:
            number, headings = headings, headings + 1
        found.append(_shown(block, ledger, number if number in filled else None))
    return tuple(found)


def editable_sections(letter: DraftLetter) -> dict[int, str]:
    """The sections whose paragraphs can be edited as one text, each with that text."""
    found = {}
    for section in sections(letter):
        blocks = _blocks_under(letter, section.index)
        if blocks and all(block.kind == "paragraph" for block in blocks):
            found[section.index] = "\n\n".join(" ".join(s.text for s in block.sentences) for block in blocks)
    return found


def _blocks_under(letter: DraftLetter, index: int) -> list[Block]:
    headings = [at for at, block in enumerate(letter.blocks) if block.kind == "heading" and block.sentences]
    found = []
    for block in letter.blocks[headings[index] + 1 :]:
        if block.kind not in ("paragraph", "numbered", "chronology"):
            break
        found.append(block)
    return found


def _shown(block: Block, ledger: Iterator[Sentence], section: int | None) -> ShownBlock:
    if block.kind == "schedule":
        return _table(block, ledger)
    plain = tuple(Shown(next(ledger), sentence.text, sentence.lead) for sentence in block.sentences)
    rows = tuple(Shown(next(ledger), row_cells(row)[1], cells=row_cells(row)) for row in block.rows)
    items = tuple(tuple(Shown(next(ledger), s.text, s.lead) for s in item) for item in block.items)
    return ShownBlock(block.kind, plain + rows, items, TABLE_HEAD if rows else (), section)


def _table(block: Block, ledger: Iterator[Sentence]) -> ShownBlock:
    """The first sentence of a schedule is its head, each other one a row; rows have as many cells as the head."""
    rows: list[Shown] = []
    for sentence in block.sentences:
        cells = tuple(cell.strip() for cell in sentence.text.split("|"))
        width = len(rows[0].cells) if rows else len(cells)
        rows.append(Shown(next(ledger), cells[0], cells=(*cells[:width], *[""] * (width - len(cells)))))
    return ShownBlock("schedule", tuple(rows[1:]), head=rows[0].cells if rows else ())
