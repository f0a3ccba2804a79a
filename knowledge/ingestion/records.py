"""What comes out of a file or an answer of GOV.UK. Pure, frozen, no Django."""

from dataclasses import dataclass
from datetime import date

from knowledge.digest.records import PageDateRole

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """One page of guidance, cleaned: `body` in paragraphs parted by an empty line.

    `identifier` is how people cite it ("CRG5225"), or a slug. `page_date` is the date that the page gives as its own,
    or the day it was printed (`page_date_role`); None where it gives neither. `kind` is empty where the page does not
    tell; `source_name` and `publisher` likewise.
    """

    identifier: str
    title: str
    body: str
    kind: str = ""
    source_name: str = ""
    publisher: str = ""
    url: str = ""
    page_date: date | None = None
    page_date_role: PageDateRole = "updated"
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that gave no page: its name, and why in words for the person who gave it."""

    file: str
    detail: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may ask of the machine before it is refused."""

    file_bytes: int = 40 * MEGABYTE
    pages: int = 400
    page_characters: int = 60_000
    text_characters: int = 2_000_000
    zip_entries: int = 2_000
    zip_ratio: int = 150
    unpacked_bytes: int = 100 * MEGABYTE


class UnreadablePageError(Exception):
    """A file that gives no page; the message says why."""
