"""PDF: the lines of each page in reading order, with where they stand; no OCR."""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.ingestion.records import Limits, UnreadablePageError

_WORD_GAP: Final = 0.11  # of the height of the font: letters further apart than others of the line are of two words
_PARAGRAPH_GAP: Final = 1.45  # lines whose baselines are further apart, in heights of the font, are of two blocks
_OTHER_SIZE: Final = 1.12
_SOFT_HYPHEN: Final = {0x02, 0xFFFE}  # pdfium's mark for a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character; `base` is its baseline, y growing downwards, in points."""

    text: str
    left: float
    right: float
    base: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print; `starts_block` where more than a line's distance, or another size, parts it from the last."""

    text: str
    left: float
    right: float
    base: float
    height: float
    page: int = 0
    starts_block: bool = False


def read_lines(data: bytes, limits: Limits) -> tuple[Line, ...]:
    """The lines of a PDF, page by page, in the order in which a reader meets them. Raises UnreadablePageError."""
    with _open(data) as document:
        if len(document) > limits.pages:
            raise UnreadablePageError(f"The PDF has {len(document)} pages; at most {limits.pages} are read.")
        return tuple(line for number in range(len(document)) for line in _page_lines(document, number, limits))


@contextmanager
def _open(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadablePageError("The PDF is damaged, cut short or needs a password.") from error
    try:
        yield document
    finally:
        document.close()


def _page_lines(document: pypdfium2.PdfDocument, number: int, limits: Limits) -> Iterator[Line]:
    try:
        page = document[number]
    except pypdfium2.PdfiumError as error:
        raise UnreadablePageError(f"Page {number + 1} of the PDF is damaged.") from error
    try:
        textpage = page.get_textpage()
        if textpage.count_chars() > limits.page_characters:
            raise UnreadablePageError("A page of the PDF holds more characters than paper could show.")
        yield from in_reading_order(list(_lines(list(_glyphs(textpage)), number)))
    finally:
        page.close()


def _glyphs(textpage: pypdfium2.PdfTextPage) -> Iterator[Glyph]:
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if not code or 0xD800 <= code <= 0xDFFF:
            continue
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        character = "-" if code in _SOFT_HYPHEN else chr(code)
        yield Glyph(character, box.left, box.right, -y.value, box.top - box.bottom)


def _lines(glyphs: Sequence[Glyph], page: int) -> Iterator[Line]:
    line: list[Glyph] = []
    for glyph in glyphs:
        if line and (glyph.text in "\r\n" or _leaves_line(line[-1], glyph)):
            yield from _line(line, page)
            line = []
        if glyph.text not in "\r\n" and (line or not glyph.text.isspace()):
            line.append(glyph)
    yield from _line(line, page)


def _leaves_line(last: Glyph, glyph: Glyph) -> bool:
    if glyph.text.isspace() or last.text.isspace():
        return False  # pdfium makes spaces up, and gives them no place
    return abs(glyph.base - last.base) > 0.6 * max(last.height, 1.0)


def _line(glyphs: Sequence[Glyph], page: int) -> Iterator[Line]:
    solid = [glyph for glyph in glyphs if not glyph.text.isspace()]
    if solid:
        height = median(glyph.height for glyph in solid) or 1.0
        right = max(glyph.right for glyph in solid)
        yield Line(_spaced(glyphs, height), solid[0].left, right, median(glyph.base for glyph in solid), height, page)


def _spaced(glyphs: Sequence[Glyph], height: float) -> str:
    """The text of a line, with a space wherever there is room for one: programs leave out what kerning makes good."""
    pairs = list(pairwise(glyphs))
    gaps = [_gap(last, glyph) for last, glyph in pairs]
    room = max(median(gaps), 0.0) + _WORD_GAP * height if gaps else 0.0
    pieces = [glyphs[0].text]
    for (_, glyph), gap in zip(pairs, gaps, strict=True):
        pieces.append(f" {glyph.text}" if gap > room else glyph.text)
    return " ".join("".join(pieces).split())


def _gap(last: Glyph, glyph: Glyph) -> float:
    return 0.0 if last.text.isspace() or glyph.text.isspace() else glyph.left - last.right


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines of one page as blocks from top to bottom; blocks side by side from left to right.

    Programs draw what stands beside the text after it, or before it all: the order of drawing is kept inside blocks.
    """
    blocks = sorted(_blocks(lines), key=lambda block: block[0].base)
    ordered: list[Line] = []
    for row in _rows(blocks):
        for block in sorted(row, key=lambda block: block[0].left):
            ordered += [replace(line, starts_block=at == 0) for at, line in enumerate(block)]
    return ordered


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for line in lines:
        if blocks and _goes_on(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _goes_on(last: Line, line: Line) -> bool:
    larger, smaller = max(last.height, line.height), max(min(last.height, line.height), 0.1)
    step = line.base - last.base
    return 0 < step <= _PARAGRAPH_GAP * larger and larger / smaller < _OTHER_SIZE


def _rows(blocks: Sequence[list[Line]]) -> Iterator[list[list[Line]]]:
    """Blocks whose first lines are on one baseline."""
    places = [block[0].base for block in blocks]
    numbers = [0]
    for above, below in pairwise(places):
        numbers.append(numbers[-1] + (below - above > 3.0))
    for _, group in groupby(zip(numbers, blocks, strict=False), key=lambda pair: pair[0]):
        yield [block for _, block in group]
