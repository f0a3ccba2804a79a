"""From placed words to lines in reading order; pure geometry, shared by text layers and OCR.

Coordinates are in any unit with y growing downwards.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from complaints.documents.plain import CELL_GAP

_SAME_LINE = 0.45
_LEAST_CELL_GAP = 0.6
_SURE_CELL_GAP = 1.5
_SPACES_IN_CELL_GAP = 2.2
_PARAGRAPH_GAP = 1.35
_NEAR_WORDS = 12


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
        return max(word.right for word in self.words)

    @property
    def base(self) -> float:
        return median(word.base for word in self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """Cells on one baseline, left to right."""

    cells: tuple[Cell, ...]
    base: float
    height: float

    @property
    def text(self) -> str:
        return CELL_GAP.join(cell.text for cell in self.cells)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for cell in self.cells for word in cell.words)


def group_lines(words: Sequence[Word], space: float | None = None) -> list[Line]:
    """Group words by baseline, top to bottom, and part each line into cells at wide gaps.

    `space` is the usual gap between words as a share of their height, found from the words where not given.
    """
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.base, word.left)):
        if rows and _same_line(rows[-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    ordered = [sorted(row, key=lambda word: (word.left, word.base)) for row in rows]
    usual = usual_space(ordered) if space is None else space
    return [_line(row, usual) for row in ordered]


def _same_line(row: Sequence[Word], word: Word) -> bool:
    near = row[-_NEAR_WORDS:]
    heights = (word.height, max(other.height for other in near))
    tolerance = _SAME_LINE * max(min(heights), 0.6 * max(heights))
    return word.base - median(other.base for other in near) <= tolerance


def usual_space(rows: Sequence[Sequence[Word]]) -> float:
    """Return the usual gap between words as a share of their height."""
    gaps = [
        (right.left - left.right) / left.height
        for row in rows
        for left, right in pairwise(row)
        if 0 < right.left - left.right < _SURE_CELL_GAP * left.height
    ]
    return median(gaps) if gaps else 0.25


def _line(row: Sequence[Word], space: float) -> Line:
    height = median(word.height for word in row)
    least = _least_cell_gap(row, height, space)
    cells: list[list[Word]] = [[row[0]]]
    for previous, word in pairwise(row):
        both_numbers = _FIGURE.fullmatch(previous.text) and _FIGURE.fullmatch(word.text)
        needed = _LEAST_CELL_GAP * height if both_numbers else least
        if word.left - previous.right > needed and not _BULLET.fullmatch(previous.text):
            cells.append([])
        cells[-1].append(word)
    return Line(tuple(Cell(tuple(cell)) for cell in cells), median(word.base for word in row), height)


_FIGURE = re.compile(r"[£(\-]*\d[\d,.]*[%)]*")
_BULLET = re.compile(r"[•●○▪–\-*·]|\(?[0-9a-zA-Z]{1,2}[.)]")


def _least_cell_gap(row: Sequence[Word], height: float, space: float) -> float:
    """Return the gap that parts cells: wider than the spaces of a justified line of prose."""
    gaps = sorted(right.left - left.right for left, right in pairwise(row))
    own = gaps[len(gaps) // 3] / height if len(gaps) >= 6 else space
    wide = max(_LEAST_CELL_GAP, _SPACES_IN_CELL_GAP * max(space, own))
    return min(wide, _SURE_CELL_GAP) * height


def join_paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Yield each line's text, with an empty line where the distance to the line above shows a new paragraph."""
    steps = [below.base - above.base for above, below in pairwise(lines)]
    usual = median(steps) if steps else 0.0
    for number, line in enumerate(lines):
        step = steps[number - 1] if number else 0.0
        if number and step > _PARAGRAPH_GAP * min(usual, 1.6 * line.height):
            yield ""
        yield line.text
