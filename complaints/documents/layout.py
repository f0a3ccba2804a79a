"""From placed words to lines in reading order; pure geometry, shared by text layers and OCR.

Coordinates are in any unit with y growing downwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from complaints.documents.plain import CELL_GAP

_SAME_LINE = 0.45
_CELL_GAP = 1.3
_PARAGRAPH_GAP = 1.35


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a gap; `base` is its baseline, `height` the height of its font."""

    text: str
    left: float
    right: float
    base: float
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of one line that stand together."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right


@dataclass(frozen=True, slots=True)
class Line:
    """Cells on one baseline, left to right."""

    cells: tuple[Cell, ...]
    base: float
    height: float

    @property
    def text(self) -> str:
        return CELL_GAP.join(cell.text for cell in self.cells)


def lay_out(words: Sequence[Word]) -> str:
    """Return the words as text: one printed line a line, table cells parted, paragraphs parted by a blank line."""
    return "\n".join(_with_paragraphs(group_lines(words)))


def group_lines(words: Sequence[Word]) -> list[Line]:
    """Group words by baseline, top to bottom, and part each line into cells at wide gaps."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.base, word.left)):
        row = rows[-1] if rows else None
        if row and word.base - median(other.base for other in row[-8:]) <= _SAME_LINE * min(word.height, row[0].height):
            row.append(word)
        else:
            rows.append([word])
    return [_line(sorted(row, key=lambda word: (word.left, word.base))) for row in rows]


def _line(row: Sequence[Word]) -> Line:
    height = median(word.height for word in row)
    cells: list[list[Word]] = [[row[0]]]
    for previous, word in zip(row, row[1:], strict=False):
        if word.left - previous.right > _CELL_GAP * height:
            cells.append([])
        cells[-1].append(word)
    return Line(tuple(Cell(tuple(cell)) for cell in cells), median(word.base for word in row), height)


def _with_paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    steps = [below.base - above.base for above, below in zip(lines, lines[1:], strict=False)]
    usual = median(steps) if steps else 0.0
    for number, line in enumerate(lines):
        step = steps[number - 1] if number else 0.0
        if number and step > _PARAGRAPH_GAP * min(usual, 1.6 * line.height):
            yield ""
        yield line.text
