"""Small files built in code, good and hostile, for the readers' tests."""

import io
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage

import pypdfium2
from docx import Document
from openpyxl import Workbook
from PIL import Image

Placed = tuple[float, float, str]


def pdf(
    *pages: Sequence[Placed], size: tuple[float, float] = (595, 842), font_size: int = 10, field: str = ""
) -> bytes:
    """A PDF whose pages hold texts at given places, measured in points from the top left.

    `field` is what someone has typed into a form field near the foot of the first page.
    """
    bodies: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    bodies.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    annots = b""
    if field:
        shown = b"/Tx BMC BT /F1 10 Tf 2 4 Td (%s) Tj ET EMC" % field.encode("cp1252")
        bodies.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Length %d >>\nstream\n%s\nendstream" % (len(shown), shown)
        )
        bodies.append(
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (%s) /F 4 /Rect [60 100 260 120] "
            b"/AP << /N %d 0 R >> >>" % (field.encode("cp1252"), len(bodies))
        )
        annots = b"/Annots [%d 0 R]" % len(bodies)
    for texts in pages:
        content = b"\n".join(_show(x, size[1] - y, text, font_size) for x, y, text in texts)
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R %s "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (*map(int, size), len(bodies), annots)
        )
        kids.append(b"%d 0 R" % len(bodies))
    bodies[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _assemble(bodies)


def _show(x: float, y: float, text: str, size: int) -> bytes:
    escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    return b"BT /F1 %d Tf %.2f %.2f Td (%s) Tj ET" % (size, x, y, escaped)


def _assemble(bodies: Sequence[bytes], trailer: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, trailer, start)
    return bytes(out)


def encrypted_pdf() -> bytes:
    """A PDF that no empty password opens: its key material is of the right form and fits nothing."""
    encryption = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        b"11" * 32,
        b"22" * 32,
    )
    pages = b"<< /Type /Pages /Kids [] /Count 0 >>"
    return _assemble([b"<< /Type /Catalog /Pages 2 0 R >>", pages], encryption)


def pdf_of_picture(image: Image.Image) -> bytes:
    """A scan: a PDF whose only page is a picture at 150 dpi."""
    out = io.BytesIO()
    image.convert("RGB").save(out, format="PDF", resolution=150)
    return out.getvalue()


def picture(lines: Sequence[str], *, size: tuple[int, int] = (1240, 700)) -> Image.Image:
    """Black lines of type on white, drawn at 150 dpi by the PDF library, whose own fonts have a pound sign."""
    points = (size[0] * 0.48, size[1] * 0.48)
    texts = [(38.0, 40.0 + 28 * number, line) for number, line in enumerate(lines)]
    with pypdfium2.PdfDocument(pdf(texts, size=points, font_size=14)) as document:
        return document[0].render(scale=1 / 0.48).to_pil().convert("RGB")


def picture_bytes(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, format=kind)
    return out.getvalue()


def docx(*paragraphs: str, rows: Sequence[Sequence[str]] = (), header: str = "", style: str | None = None) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph, style=style)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def replace_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Change one part of an Office file, so that a test can hold what no library writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == name:
                assert old in content, f"{old!r} is not in {name}"
                content = content.replace(old, new)
            target.writestr(entry.filename, content)
    return out.getvalue()


def xlsx(sheets: dict[str, Sequence[Sequence[object]]], *, hidden: Sequence[str] = (), money: str = "") -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
        for row in rows:
            sheet.append(list(row))
        if money:
            for cell in sheet[money]:
                cell.number_format = "£#,##0.00"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def message(
    body: str = "Dear Sam", *, html: str = "", attachments: Sequence[tuple[str, bytes]] = (), subject: str = "Tax"
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Ann <ann@client.example>"
    mail["To"] = "sam@practice.example"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 03 Mar 2025 09:00:00 +0000"
    mail["Message-ID"] = "<1@client.example>"
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, data in attachments:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail
