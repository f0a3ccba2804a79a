"""One file to one page, whatever its format."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath
from typing import Final

from knowledge.ingestion import govuk, html, pdf, plain, word
from knowledge.ingestion.cleaning import Cleaned, clean, find_date
from knowledge.ingestion.identity import LONGEST, LONGEST_TITLE, identify, is_of_manual, split_title
from knowledge.ingestion.prints import read_print
from knowledge.ingestion.records import Limits, Page, UnreadablePageError

EXTENSIONS: Final = frozenset({".pdf", ".docx", ".html", ".htm", ".txt", ".md", ".markdown", ".json"})
_LONGEST_URL: Final = 400
_YES: Final = frozenset({"true", "yes", "1"})


def find_files(paths: list[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named that are of a kind that can be read; hidden ones not."""
    for path in paths:
        if path.is_dir():
            yield from (
                file
                for file in sorted(path.rglob("*"))
                if file.suffix.lower() in EXTENSIONS
                and file.is_file()
                and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
            )
        else:
            yield path


def read_file(path: Path, limits: Limits | None = None) -> Page:
    """As `read_page`, for a file on disk that is not larger than it may be. Raises UnreadablePageError."""
    limits = limits or Limits()
    try:
        if path.stat().st_size > limits.file_bytes:
            raise UnreadablePageError(f"The file is larger than {limits.file_bytes // 1024 // 1024} MB.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadablePageError(f"The file cannot be opened: {error.strerror}.") from error
    return read_page(path.name, data, limits)


def read_page(name: str, data: bytes, limits: Limits | None = None) -> Page:
    """The page of a file, told by what it begins with and, where that says nothing, by its name.

    Raises UnreadablePageError: of no kind that can be read, damaged, too large, hostile, or without words.
    """
    limits = limits or Limits()
    if len(data) > limits.file_bytes:
        raise UnreadablePageError(f"The file is larger than {limits.file_bytes // 1024 // 1024} MB.")
    page = _read(PurePath(name), data, limits)
    if not page.body:
        raise UnreadablePageError("No words of guidance are left on the page: is it a picture, or a list of contents?")
    if len(page.body) > limits.text_characters:
        raise UnreadablePageError("The page holds more words than a section can: split it.")
    return page


def _read(name: PurePath, data: bytes, limits: Limits) -> Page:
    start, extension = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n"), name.suffix.lower()
    if b"%PDF-" in data[:1024]:
        return _read_pdf(name, data, limits)
    if start.startswith(b"PK\x03\x04"):
        return _read_docx(name, data, limits)
    if start.startswith(b"{") and extension in {".json", ""}:
        return govuk.read_item(govuk.parse(data))
    if extension in {".pdf", ".docx", ".json"} or (extension not in EXTENSIONS and extension):
        raise UnreadablePageError("The file is damaged, or not of a kind that can be read.")
    text = plain.decode(data)
    if extension in {".html", ".htm"} or re.match(rb"<(?:!doctype html|html)\b", start, re.IGNORECASE):
        return _read_html(name, text)
    return _read_markdown(name, text) if extension in {".md", ".markdown"} else _read_text(name, text)


def _read_pdf(name: PurePath, data: bytes, limits: Limits) -> Page:
    found = read_print(pdf.read_lines(data, limits))
    title = found.title or _title_of(name)
    cleaned = clean(found.text, title=_shown(title))
    if cleaned.updated or not found.printed:
        return _page(name, cleaned, title=title, url=found.url)
    return replace(_page(name, cleaned, title=title, url=found.url, day=found.printed), page_date_role="printed")


def _read_html(name: PurePath, text: str) -> Page:
    found = html.read_html(text)
    title = found.title or _title_of(name)
    return _page(name, clean(found.text, title=_shown(title)), title=title, url=found.url, day=found.updated)


def _read_docx(name: PurePath, data: bytes, limits: Limits) -> Page:
    text, title = word.read_docx(data, limits)
    title = title or _title_of(name)
    return _page(name, clean(text, title=_shown(title)), title=title)


def _read_text(name: PurePath, text: str) -> Page:
    body, title = plain.read_text(text)
    title = title or _title_of(name)
    return _page(name, clean(body, title=_shown(title)), title=title)


def _read_markdown(name: PurePath, text: str) -> Page:
    body, title, fields = plain.read_markdown(text)
    title = title or _title_of(name)
    written = fields.get("date") or fields.get("updated") or ""
    page = _page(
        name,
        clean(body, title=_shown(title)),
        title=title,
        url=fields.get("url", ""),
        number=fields.get("identifier", ""),
        day=html.iso_date(written) or find_date(written),
    )
    return replace(page, archived=page.archived or fields.get("archived", "").lower() in _YES)


def _page(
    name: PurePath, cleaned: Cleaned, *, title: str, url: str = "", number: str = "", day: date | None = None
) -> Page:
    url = url if re.match(r"https?://", url) and len(url) <= _LONGEST_URL else ""
    section, words = split_title(title)
    identifier = identify(title=title, url=url, number=number[:LONGEST] or section, fallback=name.stem)
    of_manual = bool(cleaned.manual) or is_of_manual(title, url)
    return Page(
        identifier=identifier,
        title=words[:LONGEST_TITLE],
        body=cleaned.body,
        kind="charter" if identifier == "charter" else "manual" if of_manual else "",
        source_name=cleaned.manual,
        publisher=cleaned.publisher,
        url=url,
        page_date=cleaned.updated or day,
        archived=cleaned.archived,
    )


def _title_of(name: PurePath) -> str:
    return " ".join(name.stem.replace("_", " ").split()) or "Untitled"


def _shown(title: str) -> str:
    """The title as the page itself shows it."""
    number, words = split_title(title)
    return f"{number} - {words}" if number else words
