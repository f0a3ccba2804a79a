"""Bytes in, pages of text out: the one entry into the readers, in this process."""

import hashlib
import logging
from collections.abc import Iterator

from complaints.documents.cleaning import clean_text, count_letters
from complaints.documents.errors import UnreadableFileError
from complaints.documents.limits import MEGABYTE, Limits
from complaints.documents.names import CHILD_SEPARATOR, safe_name
from complaints.documents.plain import decode_text, html_to_text, read_csv
from complaints.documents.records import Page, Problem, ReadDocument, ReadingMethod
from complaints.documents.sniffing import CSV, DOCX, EML, HTML, PDF, XLSX, sniff, sniff_media_type

DEFAULT_LIMITS = Limits()
log = logging.getLogger(__name__)

_EXCESSIVE = Problem("hostile", "The file is built so that reading it takes more memory than any letter needs.")
_UNREADABLE = Problem("corrupt", "The file is damaged or built in a way that cannot be read. Print it to PDF.")


def read_bytes(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[ReadDocument, ...]:
    """Read one file and, after it, the files inside it.

    Never raises for what is in the file: a file that cannot be used is a document with a `Problem` and no pages.
    Time and memory are not limited here; see `complaints.documents.isolation`.
    """
    return tuple(_read(safe_name(name), data, limits, parent=None, depth=0))


def problem_document(name: str, data: bytes, problem: Problem, *, parent: str | None = None) -> ReadDocument:
    """Return the document that stands for a file which cannot be used."""
    media_type = sniff_media_type(name, data)
    return ReadDocument(name=name, media_type=media_type, sha256=_digest(data), problem=problem, parent=parent)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(name: str, data: bytes, limits: Limits, *, parent: str | None, depth: int) -> Iterator[ReadDocument]:
    refused = size_problem(data, limits)
    if refused is not None:
        yield problem_document(name, data, refused, parent=parent)
        return
    try:
        media_type = sniff(name, data)
        if media_type == EML:
            yield from _read_mail(name, data, limits, parent=parent, depth=depth)
            return
        pages, hidden = _read_pages(media_type, data, limits)
        _refuse_blank(pages)
        yield ReadDocument(name, media_type, _digest(data), pages, parent=parent, hidden_text=hidden)
    except UnreadableFileError as error:
        yield problem_document(name, data, error.problem, parent=parent)
    except (MemoryError, RecursionError):
        yield problem_document(name, data, _EXCESSIVE, parent=parent)
    except Exception:
        log.exception("A reader failed on a file")  # names and contents of files stay out of the log
        yield problem_document(name, data, _UNREADABLE, parent=parent)


def size_problem(data: bytes, limits: Limits) -> Problem | None:
    """Return what is wrong with a file that need not be opened to be refused, or None."""
    if not data.strip():
        return Problem("empty", "The file is empty.")
    if len(data) > limits.file_bytes:
        allowed = limits.file_bytes // MEGABYTE
        return Problem("too-large", f"The file is larger than {allowed} MB. Split it and add the parts.")
    if not data.strip(b"\x00"):
        return Problem("corrupt", "The file holds nothing but zero bytes.")
    return None


def _refuse_blank(pages: tuple[Page, ...]) -> None:
    if not any(count_letters(page.text) for page in pages):
        raise UnreadableFileError("empty", "No words could be found in the file.")


def _read_pages(media_type: str, data: bytes, limits: Limits) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    """Read by kind; each reader is imported when the first file of its kind comes."""
    if media_type == PDF:
        from complaints.documents.pdf import read_pdf  # noqa: PLC0415

        return read_pdf(data, limits), ()
    if media_type.startswith("image/"):
        from complaints.documents.images import read_image  # noqa: PLC0415

        return read_image(data, limits), ()
    text, hidden, method = _read_text(media_type, data, limits)
    if len(text) > limits.text_characters:
        raise UnreadableFileError("too-large", "The file holds more text than a case can use.")
    return (Page(number=None, text=clean_text(text), method=method),), hidden


def _read_text(media_type: str, data: bytes, limits: Limits) -> tuple[str, tuple[str, ...], ReadingMethod]:
    if media_type == DOCX:
        from complaints.documents.word import read_docx  # noqa: PLC0415

        return (*read_docx(data, limits), "docx")
    if media_type == XLSX:
        from complaints.documents.sheets import read_workbook  # noqa: PLC0415

        return read_workbook(data, limits), (), "xlsx"
    if media_type == CSV:
        return read_csv(data), (), "csv"
    if media_type == HTML:
        return (*html_to_text(decode_text(data)), "txt")
    return decode_text(data), (), "txt"


def _read_mail(name: str, data: bytes, limits: Limits, *, parent: str | None, depth: int) -> Iterator[ReadDocument]:
    from complaints.documents.mail import read_message  # noqa: PLC0415

    if depth > limits.email_depth:
        raise UnreadableFileError("hostile", "The message is nested too deeply inside other messages.")
    message = read_message(data)
    pages = (Page(number=None, text=message.text, method="eml"),)
    yield ReadDocument(
        name, EML, _digest(data), pages, parent=parent, headers=message.headers, hidden_text=message.hidden
    )
    taken = message.attachments[: limits.email_attachments]
    for attachment in taken:
        if not (attachment.inline and _is_decoration(attachment.data)):
            child = f"{name}{CHILD_SEPARATOR}{attachment.name}"
            yield from _read(child, attachment.data, limits, parent=name, depth=depth + 1)
    left = len(message.attachments) - len(taken)
    if left:
        detail = f"{left} further attachments were not read: at most {limits.email_attachments} are."
        yield problem_document(
            f"{name}{CHILD_SEPARATOR}further attachments", b"", Problem("hostile", detail), parent=name
        )


def _is_decoration(data: bytes) -> bool:
    from complaints.documents.images import is_small  # noqa: PLC0415

    return is_small(data)
