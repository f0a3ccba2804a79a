"""What a file is, from its bytes; its name is at most a hint between kinds of plain text."""

import io
import re
import zipfile

from complaints.documents.errors import UnreadableFileError
from complaints.documents.names import extension_of
from complaints.documents.records import ProblemKind

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EML = "message/rfc822"
HTML = "text/html"
CSV = "text/csv"
TXT = "text/plain"
UNKNOWN = "application/octet-stream"
OLE = "application/x-ole-storage"

_SAVE_AS = "Open it in the program that made it, save it as PDF or DOCX and add that."
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
_PACKED = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_MAIL_HEADER = re.compile(rb"^([A-Za-z][A-Za-z0-9-]*):[ \t]?.*$")
_MAIL_MARKS = {b"mime-version", b"message-id", b"received", b"return-path", b"dkim-signature", b"x-mailer"}
_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html|<head|<body)", re.I | re.S)


def sniff(name: str, data: bytes) -> str:
    """Return the media type by content.

    Raises `UnreadableFileError` for what is recognised and cannot be read; its detail says what to do instead.
    """
    media_type = sniff_media_type(name, data)
    refusal = _REFUSALS.get(media_type)
    if refusal is not None:
        raise UnreadableFileError(*refusal)
    return media_type


def sniff_media_type(name: str, data: bytes) -> str:
    """Return the media type by content, also of kinds that are not read."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(data)
    if not data.strip(b"\x00\r\n\t "):
        return UNKNOWN
    return _sniff_binary(data) or _sniff_text(name, data)


def guess_media_type(data: bytes) -> str:
    """Return the media type from the first bytes alone, for a file that is not safe to look into."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return "application/zip"
    return _sniff_binary(data) or UNKNOWN


def _sniff_binary(data: bytes) -> str | None:
    for magic, media_type in _IMAGES:
        if data.startswith(magic):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"}:
        return "image/heic"
    if data.startswith(b"{\\rtf"):
        return "application/rtf"
    if data.startswith(b"x\x9f\x3e\x22"):
        return "application/ms-tnef"
    return "application/x-archive" if data.startswith(_PACKED) else None


def _sniff_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return _sniff_broken_zip(data)
    for prefix, media_type in (("word/", DOCX), ("xl/", XLSX)):
        if any(name.startswith(prefix) and name.endswith(".xml") for name in names):
            return media_type
    if "xl/workbook.bin" in names:
        return "application/vnd.ms-excel"
    if any(name.startswith("ppt/") for name in names):
        return "application/vnd.ms-powerpoint"
    return "application/vnd.oasis.opendocument" if "mimetype" in names else "application/zip"


def _sniff_broken_zip(data: bytes) -> str:
    if b"word/" in data:
        return DOCX
    return XLSX if b"xl/" in data else "application/zip"


def _sniff_ole(data: bytes) -> str:
    for mark, media_type in (
        ("EncryptedPackage", "application/x-encrypted-office"),
        ("__substg1.0_", "application/vnd.ms-outlook"),
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ):
        if mark.encode("utf-16-le") in data:
            return media_type
    return OLE


def _sniff_text(name: str, data: bytes) -> str:
    if _looks_like_mail(name, data):
        return EML
    plain = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(plain) or _HTML.match(plain.replace(b"\x00", b"").lstrip(b"\xff\xfe")):
        return HTML
    return CSV if extension_of(name) in {"csv", "tsv"} else TXT


def _looks_like_mail(name: str, data: bytes) -> bool:
    """True when the file opens with a block of mail headers and not with a letter that says `Date:`."""
    keys = set()
    lines = data[:65536].lstrip(b"\xef\xbb\xbf\r\n").splitlines()
    for number, line in enumerate(lines):
        match = _MAIL_HEADER.match(line)
        if match:
            keys.add(match.group(1).lower())
        elif line[:1] not in {b" ", b"\t"} and not (number == 0 and line.startswith(b"From ")):
            break
    if keys & _MAIL_MARKS and keys & {b"from", b"to", b"subject", b"date"}:
        return True
    return extension_of(name) == "eml" and len(keys & {b"from", b"to", b"subject", b"date"}) >= 2


_REFUSALS: dict[str, tuple[ProblemKind, str]] = {
    "image/heic": ("unsupported", "A phone picture in HEIC form is not read. Save it as JPEG or PDF and add that."),
    "application/rtf": ("unsupported", f"Rich text (RTF) is not read. {_SAVE_AS}"),
    "application/ms-tnef": (
        "unsupported",
        "This is Outlook's winmail.dat wrapping. Ask the sender to resend in plain or HTML form, or save each "
        "attachment from Outlook and add those.",
    ),
    "application/x-archive": ("unsupported", "A packed archive is not opened. Unpack it and add the files."),
    "application/zip": ("unsupported", "A ZIP archive is not opened. Unpack it and add the files."),
    "application/vnd.ms-excel": ("unsupported", "An old or binary Excel file is not read. Save it as XLSX or CSV."),
    "application/vnd.ms-powerpoint": ("unsupported", "A presentation is not read. Save it as PDF and add that."),
    "application/vnd.oasis.opendocument": ("unsupported", f"An OpenDocument file is not read. {_SAVE_AS}"),
    "application/msword": ("unsupported", f"An old Word file (DOC) is not read. {_SAVE_AS}"),
    "application/vnd.ms-outlook": (
        "unsupported",
        "An Outlook MSG file is not read. In Outlook choose Save As and EML, or print it to PDF, and add that.",
    ),
    "application/x-encrypted-office": (
        "encrypted",
        "The file needs a password. Open it, take the password off, save it and add it again.",
    ),
    OLE: ("unsupported", f"This kind of Office file is not read. {_SAVE_AS}"),
}
