"""PDF: the text layer laid out in lines, and OCR for a page that has none."""

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium

from complaints.documents.cleaning import clean_text, count_letters
from complaints.documents.columns import lay_out
from complaints.documents.errors import UnreadableFileError
from complaints.documents.layout import Word
from complaints.documents.limits import Limits
from complaints.documents.records import Page

_FEW_LETTERS = 25
_STAMP_LETTERS = 250
_GARBAGE_SHARE = 0.15
_WORD_GAP = 0.22
_WRITTEN_ON = {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP}


def read_pdf(data: bytes, limits: Limits) -> tuple[Page, ...]:
    """Return the pages of a PDF, numbered from 1.

    Raises `UnreadableFileError`: encrypted, corrupt, empty or too many pages.
    """
    with _open_document(data) as document:
        count = len(document)
        if count == 0:
            raise UnreadableFileError("empty", "The PDF has no pages.")
        if count > limits.pages:
            raise UnreadableFileError("too-many-pages", f"The PDF has {count} pages; at most {limits.pages} are read.")
        return tuple(_read_pages(document, limits))


@contextmanager
def _open_document(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            detail = "The PDF needs a password. Save it without one and add it again."
            raise UnreadableFileError("encrypted", detail) from error
        raise UnreadableFileError("corrupt", "The PDF is damaged or cut short and cannot be opened.") from error
    try:
        yield document
    finally:
        document.close()


def _read_pages(document: pypdfium2.PdfDocument, limits: Limits) -> Iterator[Page]:
    scanned = 0
    for index in range(len(document)):
        page = _load_page(document, index)
        try:
            text = page_text(page, limits)
            if not needs_ocr(page, text):
                yield Page(number=index + 1, text=text, method="pdf-text")
                continue
            scanned += 1
            if scanned > limits.ocr_pages:
                detail = f"The PDF has more than {limits.ocr_pages} scanned pages. Split it and add the parts."
                raise UnreadableFileError("too-many-pages", detail)
            yield _ocr_page(page, index + 1, text, limits)
        finally:
            page.close()


def _load_page(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    try:
        page = document[index]
        if not _has_filled_fields(page):
            return page
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_PRINT)
        page.close()
        return document[index]
    except pypdfium2.PdfiumError as error:
        raise UnreadableFileError("corrupt", f"Page {index + 1} of the PDF is damaged.") from error


def _has_filled_fields(page: pypdfium2.PdfPage) -> bool:
    """True where words of the page stand in form fields, typed notes or stamps and not in the page itself."""
    return any(_annotation_kind(page, index) in _WRITTEN_ON for index in range(pdfium.FPDFPage_GetAnnotCount(page)))


def _annotation_kind(page: pypdfium2.PdfPage, index: int) -> int:
    annotation = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        return int(pdfium.FPDFAnnot_GetSubtype(annotation))
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


def _ocr_page(page: pypdfium2.PdfPage, number: int, text: str, limits: Limits) -> Page:
    from complaints.documents.images import render_page  # noqa: PLC0415  heavy: only a scan pays for it
    from complaints.documents.ocr import read_picture  # noqa: PLC0415

    reading = read_picture(render_page(page, limits))
    if count_letters(reading.text) <= count_letters(text) and not is_garbage(text):
        return Page(number=number, text=text, method="pdf-text")
    return Page(number=number, text=reading.text, method="ocr", confidence=reading.confidence)


def needs_ocr(page: pypdfium2.PdfPage, text: str) -> bool:
    """True for a page whose text layer is missing, a mere stamp on a picture, or garbage."""
    letters = count_letters(text)
    if letters >= _STAMP_LETTERS:
        return is_garbage(text)
    if is_garbage(text) and letters:
        return True
    if letters >= _FEW_LETTERS:
        return _picture_share(page) > 0.5
    return pdfium.FPDFPage_CountObjects(page) > 0 and (letters == 0 or _picture_share(page) > 0.2)


def is_garbage(text: str) -> bool:
    """True when too many characters have no meaning, as with fonts that carry no Unicode map."""
    solid = [character for character in text if not character.isspace()]
    odd = sum(1 for c in solid if c == "\ufffd" or (not c.isalnum() and ord(c) < 32) or 0xE000 <= ord(c) <= 0xF8FF)
    return bool(solid) and odd > _GARBAGE_SHARE * len(solid)


def _picture_share(page: pypdfium2.PdfPage) -> float:
    """Return the share of the page that its largest picture covers."""
    width, height = page.get_size()
    shares = [0.0]
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        shares.append(abs((right - left) * (top - bottom)) / max(width * height, 1.0))
    return max(shares)


def page_text(page: pypdfium2.PdfPage, limits: Limits) -> str:
    """Return the text layer in reading order; an empty string where there is none."""
    return clean_text(lay_out(_drop_doubles(list(_words(page, limits)))))


def _drop_doubles(words: list[Word]) -> list[Word]:
    """Drop a word drawn again in the same place, which some programs do to make it bold."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for word in words:
        step = max(word.height / 3, 0.1)
        column, row = int(word.left / step), int(word.base / step)
        around = {(word.text, column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        if not around & seen:
            kept.append(word)
        seen.add((word.text, column, row))
    return kept


def _words(page: pypdfium2.PdfPage, limits: Limits) -> Iterator[Word]:
    """Yield words in the order they were drawn, in an upright frame with y growing downwards."""
    textpage = page.get_textpage()
    try:
        if textpage.count_chars() > limits.page_characters:
            raise UnreadableFileError("hostile", "A page of the PDF holds more characters than paper could show.")
        glyphs = list(_glyphs(textpage))
    finally:
        textpage.close()
    turned = _upright(glyphs)
    word: list[_Glyph] = []
    for glyph in turned:
        if word and (glyph[0].isspace() or _starts_word(word[-1], glyph)):
            yield _join(word)
            word = []
        if not glyph[0].isspace():
            word.append(glyph)
    if word:
        yield _join(word)


_Glyph = tuple[str, float, float, float, float, int]  # character, left, right, baseline, height, quarter turns


def _glyphs(textpage: pypdfium2.PdfTextPage) -> Iterator[_Glyph]:
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in {0, 2, 0xFFFE}:  # 2 and FFFE: pdfium's mark for a hyphen at the end of a line
            code = 0x2D if code else 0xFFFD
        if 0xD800 <= code <= 0xDFFF:
            code = 0xFFFD
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        quarter = round(pdfium.FPDFText_GetCharAngle(textpage, index) / 1.5707963) % 4
        yield from _turn(chr(code), (box.left, box.bottom, box.right, box.top), (x.value, y.value), quarter)


def _turn(
    character: str, box: tuple[float, float, float, float], origin: tuple[float, float], quarter: int
) -> Iterator[_Glyph]:
    """Give a character's place in the frame in which its own line runs from left to right."""
    left, bottom, right, top = box
    if quarter == 0:
        yield character, left, right, -origin[1], top - bottom, quarter
    elif quarter == 1:
        yield character, -top, -bottom, -origin[0], right - left, quarter
    elif quarter == 2:
        yield character, -right, -left, origin[1], top - bottom, quarter
    else:
        yield character, bottom, top, origin[0], right - left, quarter


def _upright(glyphs: list[_Glyph]) -> list[_Glyph]:
    """Keep the characters that run in the page's main direction; a stamp along the margin is left out."""
    turns = Counter(glyph[5] for glyph in glyphs if not glyph[0].isspace())
    if len(turns) < 2:
        return glyphs
    main = max(sorted(turns), key=lambda quarter: turns[quarter])
    return [glyph for glyph in glyphs if glyph[5] == main]


def _starts_word(previous: _Glyph, glyph: _Glyph) -> bool:
    height = max(previous[4], 0.1)
    if glyph[1:5] == previous[1:5]:
        return False  # letters of one ligature share its box
    gap = glyph[1] - previous[2]
    return gap > _WORD_GAP * height or gap < -0.6 * height or abs(glyph[3] - previous[3]) > 0.5 * height


def _join(glyphs: list[_Glyph]) -> Word:
    text = "".join(glyph[0] for glyph in glyphs)
    return Word(text, glyphs[0][1], max(glyph[2] for glyph in glyphs), glyphs[0][3], max(g[4] for g in glyphs) or 1.0)
