"""The letter as DOCX: A4, en-GB, a letterhead, "Page X of Y" in the foot, tables and numbered lists that Word knows."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from letters.export.layout import TABLE_HEAD, joined, row_cells, schedule_cells, title_of, typeset
from letters.practice import PracticeDetails
from letters.records import Block, DraftLetter

INK = RGBColor(0x1D, 0x2B, 0x3A)
GREY = RGBColor(0x55, 0x61, 0x6E)
FONT = "Cambria"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_docx(letter: DraftLetter, practice: PracticeDetails) -> bytes:
    """DOCX bytes; properties are dated on the letter's date and the archive's own times are fixed."""
    document = docx.Document()
    _page(document)
    _styles(document)
    _footer(document, practice.name)
    for block in letter.blocks:
        _WRITERS[block.kind](document, block)
    _properties(document, letter, practice)
    buffer = io.BytesIO()
    document.save(buffer)
    return _fixed_times(buffer.getvalue())


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(20), Mm(22)


def _styles(document: Document) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.1


def _footer(document: Document, name: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, f"{name}    Page ", size=8.5, colour=GREY)
    _field(paragraph, "PAGE")
    _run(paragraph, " of ", size=8.5, colour=GREY)
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that Word computes: PAGE or NUMPAGES."""
    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = Pt(8.5), GREY
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        run._r.append(_field_part(kind, text))


def _field_part(kind: str, text: str) -> "BaseOxmlElement":
    if kind in ("begin", "separate", "end"):
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        return part
    part = OxmlElement("w:t" if kind == "text" else "w:instrText")
    part.text = text
    return part


def _run(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    colour: RGBColor | None = None,
    bold: bool = False,
    italic: bool = False,
) -> None:
    run = paragraph.add_run(typeset(text))
    run.bold, run.italic = bold or None, italic or None
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = colour


def _letterhead(document: Document, block: Block) -> None:
    first, *rest = [sentence.text for sentence in block.sentences]
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    _run(paragraph, first, size=17, colour=INK, bold=True)
    for line in rest:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, line, size=9.5, colour=GREY)
    _rule_below(paragraph)
    paragraph.paragraph_format.space_after = Pt(16)


def _rule_below(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "8"), ("space", "6"), ("color", "1D2B3A")):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _stacked(document: Document, block: Block) -> None:
    paragraph = document.add_paragraph()
    for number, sentence in enumerate(block.sentences):
        if number:
            paragraph.add_run().add_break()
        _run(paragraph, sentence.text)
    paragraph.paragraph_format.space_after = Pt(12)


def _subject(document: Document, block: Block) -> None:
    first, *rest = [sentence.text for sentence in block.sentences]
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, first, size=12, colour=INK, bold=True)
    if rest:
        lines = document.add_paragraph()
        for number, line in enumerate(rest):
            if number:
                lines.add_run().add_break()
            _run(lines, line, size=10)


def _heading(document: Document, block: Block) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(9)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, joined(block.sentences), size=12, colour=INK, bold=True)


def _paragraph(document: Document, block: Block) -> None:
    _run(document.add_paragraph(), joined(block.sentences))


def _numbered(document: Document, block: Block) -> None:
    """Numbers are text with a hanging indent, so that each list begins at 1 in every word processor."""
    for number, item in enumerate(block.items, start=1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(8)
        paragraph.paragraph_format.first_line_indent = Mm(-8)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(8))
        _run(paragraph, f"{number}.\t")
        for at, sentence in enumerate(item):
            _run(paragraph, (" " if at else "") + sentence.text, italic=sentence.lead)


def _chronology(document: Document, block: Block) -> None:
    _table(document, TABLE_HEAD, [row_cells(row) for row in block.rows], (34, 106, 20))


def _schedule(document: Document, block: Block) -> None:
    head, *rows = schedule_cells(block)
    widths = (36, 30, 72, 22) if "Work" in head else (70, 30, 30, 30)
    _table(document, head, rows, widths)


def _table(document: Document, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    table = document.add_table(rows=0, cols=len(head))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for number, texts in enumerate((head, *rows)):
        row = table.add_row()
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
            _run(cell.paragraphs[0], text, size=10, bold=number == 0)
        if number == 0:
            _repeat_head(row)
        _keep_whole(row)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _repeat_head(row: "docx.table._Row") -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: "docx.table._Row") -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _signature(document: Document, block: Block) -> None:
    first, *rest = [sentence.text for sentence in block.sentences]
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.space_after = Pt(42)
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, first)
    for line in rest:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, line)


def _enclosures(document: Document, block: Block) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(14)
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, "Enclosures", size=10, colour=INK, bold=True)
    for sentence in block.sentences:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        _run(line, sentence.text, size=9.5)


def _annex(document: Document, block: Block) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.page_break_before = True
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, joined(block.sentences), size=13, colour=INK, bold=True)


_WRITERS: dict[str, Callable[[Document, Block], None]] = {
    "letterhead": _letterhead,
    "addressee": _stacked,
    "date": _stacked,
    "subject": _subject,
    "salutation": _paragraph,
    "heading": _heading,
    "paragraph": _paragraph,
    "chronology": _chronology,
    "numbered": _numbered,
    "signature": _signature,
    "enclosures": _enclosures,
    "annex": _annex,
    "schedule": _schedule,
}


def _properties(document: Document, letter: DraftLetter, practice: PracticeDetails) -> None:
    on = datetime(letter.dated.year, letter.dated.month, letter.dated.day, tzinfo=UTC).replace(tzinfo=None)
    core = document.core_properties
    core.author = core.last_modified_by = practice.name
    core.title, core.language, core.comments = title_of(letter), "en-GB", ""
    core.created = core.modified = on
    core.revision = 1


def _fixed_times(data: bytes) -> bytes:
    """The archive with its members in the same order and a fixed time on each."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            info = zipfile.ZipInfo(member.filename, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(member))
    return out.getvalue()
