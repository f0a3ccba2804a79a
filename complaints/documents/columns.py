"""Blocks that stand side by side, as in letterheads and leaflets, told from the columns of a table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from complaints.documents.layout import Cell, Line, Word, group_lines, join_paragraphs, usual_space

_ALIGNED = 0.13
_LEAST_GUTTER = 1.2
_TABLE_SHARE = 0.67
_PROSE_LETTERS = 28
_PROSE_LINES = 5
_BLANK_STRIP = 1.5
_NEAR_LINES = 5
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$")
_NUMBERS = re.compile(r"[£$€(\-]*[\d,./ ]+%?\)?(?: (?:to|-|–) [\d./ ]+)?|£|nil|amount|total", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Region:
    """Lines `start` to `end` (exclusive) that a clear gutter parts in two."""

    start: int
    end: int
    gutter: float


def lay_out(words: Sequence[Word], *, aligned: float = _ALIGNED) -> str:
    """Return the words as text in reading order.

    One printed line is one line; cells of a table row or of a label and its value are parted by " | "; blocks side
    by side follow one another, the higher first; an empty line parts paragraphs. `aligned` is how far two baselines
    of one row may lie apart, as a share of the line's height.
    """
    return "\n".join(_texts(group_lines(words), aligned))


def _texts(lines: Sequence[Line], aligned: float) -> Iterator[str]:
    done = 0
    space = usual_space([line.words for line in lines])
    for region in _regions(lines, aligned):
        yield from join_paragraphs(lines[done : region.start])
        for block in _blocks(lines[region.start : region.end], region.gutter):
            yield ""
            yield from join_paragraphs(group_lines(block, space))
        yield ""
        done = region.end
    yield from join_paragraphs(lines[done:])


def _regions(lines: Sequence[Line], aligned: float) -> Iterator[_Region]:
    """Yield side-by-side blocks, top to bottom; none reaches across a blank strip of the page's full width."""
    start = 0
    while start < len(lines):
        region = _region_at(lines, start, aligned)
        if region is None:
            start += 1
        else:
            yield region
            start = region.end


def _region_at(lines: Sequence[Line], start: int, aligned: float) -> _Region | None:
    """Return the lines from `start` that one gutter parts, when its sides are blocks of their own."""
    gutters = [*_gaps_of(lines[start]), *_side_gaps(lines, start)]
    end = start + 1
    while gutters and end < len(lines) and _follows(lines[end - 1], lines[end]):
        narrowed = [kept for gutter in gutters for kept in _narrowed(gutter, lines[end])]
        if not narrowed:
            break
        gutters, end = narrowed, end + 1
    for left, right in sorted(gutters, key=lambda gutter: gutter[0] - gutter[1])[:2]:
        if _is_blocks(lines[start:end], (left + right) / 2, aligned):
            return _Region(start, end, (left + right) / 2)
    return None


def _gaps_of(line: Line) -> list[tuple[float, float]]:
    return [
        (before.right, after.left)
        for before, after in zip(line.cells, line.cells[1:], strict=False)
        if after.left - before.right >= _LEAST_GUTTER * line.height
    ]


def _side_gaps(lines: Sequence[Line], start: int) -> list[tuple[float, float]]:
    """Return the gaps between a line and those near below it that stand wholly to one side of it."""
    one = lines[start].cells
    found = []
    for above, below in pairwise(lines[start : start + _NEAR_LINES]):
        if not _follows(above, below):
            break
        for left, right in ((one[-1].right, below.cells[0].left), (below.cells[-1].right, one[0].left)):
            if right - left >= _LEAST_GUTTER * lines[start].height:
                found.append((left, right))
    return found


def _follows(above: Line, below: Line) -> bool:
    return below.base - above.base <= _BLANK_STRIP * max(above.height, below.height)


def _narrowed(gutter: tuple[float, float], line: Line) -> Iterator[tuple[float, float]]:
    """Yield what a line leaves free of a gutter, where that is still wide enough."""
    left, right = gutter
    for cell in line.cells:
        if cell.right <= left or cell.left >= right:
            continue
        if cell.left <= left and cell.right >= right:
            return
        if cell.left - left > right - cell.right:
            right = min(right, cell.left)
        else:
            left = max(left, cell.right)
    if right - left >= _LEAST_GUTTER * line.height:
        yield left, right


def _sides(lines: Sequence[Line], gutter: float) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """Return, line by line, the cells on the left and on the right; lines with none on a side are left out there."""
    left = [[cell for cell in line.cells if cell.right <= gutter] for line in lines]
    right = [[cell for cell in line.cells if cell.left >= gutter] for line in lines]
    return [cells for cells in left if cells], [cells for cells in right if cells]


def _is_blocks(lines: Sequence[Line], gutter: float, aligned: float) -> bool:
    """True when the two sides are blocks of their own and not the cells of common rows."""
    left, right = _sides(lines, gutter)
    if min(len(left), len(right)) < 2 or _are_numbers(right):
        return False
    if _is_prose(left) and _is_prose(right):
        return True
    if _has_address(left) != _has_address(right) or (_has_address(left) and _has_address(right)):
        return True
    return _aligned_share(left, right, aligned * fmean(line.height for line in lines)) < _TABLE_SHARE


def _are_numbers(side: Sequence[Sequence[Cell]]) -> bool:
    cells = [cell for cells in side for cell in cells]
    return sum(1 for cell in cells if _NUMBERS.fullmatch(cell.text)) >= 0.6 * len(cells)


def _is_prose(side: Sequence[Sequence[Cell]]) -> bool:
    if len(side) < _PROSE_LINES or any(len(cells) > 1 for cells in side):
        return False
    return fmean(len(cells[0].text) for cells in side) >= _PROSE_LETTERS


def _has_address(side: Sequence[Sequence[Cell]]) -> bool:
    """True for a block of short lines of which one or two end in a postcode."""
    ends = [cells[-1].text for cells in side if _POSTCODE.search(cells[-1].text)]
    return 1 <= len(ends) <= 2 and len(side) >= 3 and all(len(cells[0].text) < 45 for cells in side)


def _aligned_share(left: Sequence[Sequence[Cell]], right: Sequence[Sequence[Cell]], tolerance: float) -> float:
    """Return how many lines of the shorter side share a baseline with one of the other side."""
    fewer, more = sorted((left, right), key=len)
    bases = [cells[0].base for cells in more]
    return sum(1 for cells in fewer if any(abs(cells[0].base - base) <= tolerance for base in bases)) / len(fewer)


def _blocks(lines: Sequence[Line], gutter: float) -> tuple[list[Word], list[Word]]:
    """Return the words of both sides, the side that starts higher first."""
    left = [word for line in lines for word in line.words if word.right <= gutter]
    right = [word for line in lines for word in line.words if word.right > gutter]
    height = fmean(line.height for line in lines)
    left_first = min(word.base for word in left) <= min(word.base for word in right) + 1.5 * height
    return (left, right) if left_first else (right, left)
