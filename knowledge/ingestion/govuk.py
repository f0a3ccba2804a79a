"""GOV.UK's content API: the shapes `hmrc_manual` and `hmrc_manual_section`, and pages that have a body.

Source: https://content-api.publishing.service.gov.uk/reference.html and the schemas of alphagov/publishing-api.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from knowledge.ingestion.cleaning import clean, plain
from knowledge.ingestion.html import iso_date, read_html
from knowledge.ingestion.identity import LONGEST_NAME, LONGEST_TITLE, identify, split_title
from knowledge.ingestion.records import Page, UnreadablePageError

SITE: Final = "https://www.gov.uk"
SECTION: Final = "hmrc_manual_section"
MANUAL: Final = "hmrc_manual"
_PATH: Final = re.compile(r"(?!.*/\.{1,2}(?:/|$))/[A-Za-z0-9._~/-]{1,300}")  # none that leads up


@dataclass(frozen=True, slots=True)
class ManualIndex:
    """What a manual, or a section that has sections below it, tells: its title, and the paths of those below."""

    title: str
    paths: tuple[str, ...]


def parse(data: bytes) -> Mapping[str, Any]:
    """The object of an answer. Raises UnreadablePageError."""
    try:
        item = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadablePageError("The JSON is damaged or cut short.") from error
    if not isinstance(item, dict) or not isinstance(item.get("details"), dict):
        raise UnreadablePageError("The JSON is none of GOV.UK's content API: it has no details.")
    return item


def read_index(item: Mapping[str, Any]) -> ManualIndex:
    """The sections that stand directly below this manual or section, in its order."""
    paths = []
    for group in _list(item["details"].get("child_section_groups")):
        for child in _list(group.get("child_sections")):
            path = child.get("base_path")
            if isinstance(path, str) and _PATH.fullmatch(path):
                paths.append(path)
    return ManualIndex(_text(item.get("title")), tuple(dict.fromkeys(paths)))


def read_item(item: Mapping[str, Any], *, manual_title: str = "") -> Page:
    """The page that an answer holds. `body` is empty where it only lists the sections below it.

    Raises UnreadablePageError: no title.
    """
    details = item["details"]
    title, path = _text(item.get("title")), _text(item.get("base_path"))
    if not title:
        raise UnreadablePageError("The JSON has no title.")
    number, words = split_title(title)
    cleaned = clean(read_html("\n".join(_bodies(details))).text, title=title)
    is_manual = item.get("document_type") in (MANUAL, SECTION) or item.get("schema_name") in (MANUAL, SECTION)
    section = _text(details.get("section_id")) or number
    url = SITE + path if _PATH.fullmatch(path) else ""
    return Page(
        identifier=identify(title=title, url=url, number=section.upper()),
        title=words[:LONGEST_TITLE],
        body=cleaned.body,
        kind="manual" if is_manual else "",
        source_name=(manual_title or _manual_title(item))[:LONGEST_NAME] if is_manual else "",
        publisher=_publisher(item)[:LONGEST_NAME],
        url=url,
        page_date=_page_date(item, section),
        archived=bool(item.get("withdrawn_notice")) or cleaned.archived,
    )


def _bodies(details: Mapping[str, Any]) -> Iterator[str]:
    """The body is HTML, or a list of it by content type; a guide has one in each part."""
    body = details.get("body")
    if isinstance(body, str):
        yield body
    for form in _list(body):
        if form.get("content_type") == "text/html":
            yield _text(form.get("content"))
    for part in _list(details.get("parts")):
        yield f"<h2>{_text(part.get('title'))}</h2>\n{_text(part.get('body'))}"


def _page_date(item: Mapping[str, Any], section: str) -> date | None:
    """The day of the last public change: of this section by the notes of change, else of the page."""
    public = iso_date(_text(item.get("public_updated_at")))
    notes = [
        day
        for note in _list(item["details"].get("change_notes"))
        if _text(note.get("section_id")).upper() == section.upper()
        and (day := iso_date(_text(note.get("published_at"))))
    ]
    return public or max(notes, default=None)


def _manual_title(item: Mapping[str, Any]) -> str:
    links = item.get("links")
    manuals = _list(links.get("manual")) if isinstance(links, dict) else []
    if manuals and _text(manuals[0].get("title")):
        return _text(manuals[0]["title"])
    if item.get("document_type") == MANUAL or item.get("schema_name") == MANUAL:
        return _text(item.get("title"))
    manual = item["details"].get("manual")
    path = _text(manual.get("base_path")) if isinstance(manual, dict) else ""
    return path.rstrip("/").rpartition("/")[2].replace("-", " ").title()


def _publisher(item: Mapping[str, Any]) -> str:
    links, details = item.get("links"), item["details"]
    organisations = _list(links.get("organisations")) if isinstance(links, dict) else []
    organisations += _list(details.get("organisations"))
    return next((name for row in organisations if (name := _text(row.get("title")))), "")


def _list(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return plain(value).strip() if isinstance(value, str) else ""
