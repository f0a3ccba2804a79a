"""How a page is cited, told from its title and its address. Pure."""

import re
import unicodedata
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from knowledge.digest import load_digest
from knowledge.ingestion.cleaning import plain

LONGEST: Final = 80
LONGEST_TITLE: Final = 300
LONGEST_NAME: Final = 200  # of a source or a publisher
_NUMBER: Final = r"[A-Z]{2,6}\d{4,6}[A-Z]?"
_NUMBERED_TITLE: Final = re.compile(rf"^(?P<number>{_NUMBER})\s*(?:[-–—:]\s*|\s)(?P<title>\S.*)$")
_SUFFIX: Final = re.compile(r"\s+[-–|]\s+(?:HMRC internal manual\s+[-–|]\s+)?GOV\.UK$", re.IGNORECASE)
_CITED: Final = re.compile(r"[\w£&][\w£&.,:()'’ +-]*")  # what an address of ours can hold as one part
_MANUAL_SUFFIX: Final = re.compile(r"\s+[-–|]\s+HMRC internal manual\b", re.IGNORECASE)


def split_title(title: str) -> tuple[str, str]:
    """A title without the site's name, parted into the section's number (or empty) and its words."""
    words = _SUFFIX.sub("", " ".join(plain(title).split()))
    match = _NUMBERED_TITLE.match(words)
    return (match["number"], match["title"]) if match else ("", words)


def is_of_manual(title: str, url: str) -> bool:
    """Whether the page is of one of HMRC's internal manuals."""
    return bool(_MANUAL_SUFFIX.search(title)) or "/hmrc-internal-manuals/" in url


def identify(*, title: str, url: str = "", number: str = "", fallback: str = "") -> str:
    """The section's number, else the name that the digest has for the page, else a slug of its title or `fallback`.

    A number that no address can hold as one part ("AB/12", "..") is a slug too, and one that is too long is cut.
    """
    path = urlsplit(url).path.rstrip("/").lower()
    last = path.rpartition("/")[2].upper()
    number = " ".join(plain(number).split())[:LONGEST].strip()
    found = (number if _CITED.fullmatch(number) else slug(number)) or split_title(title)[0]
    if found or (re.fullmatch(_NUMBER, last) and "/hmrc-internal-manuals/" in path):
        return found or last
    by_path, by_title = _known_pages()
    words = split_title(title)[1]
    return by_path.get(path) or by_title.get(_bare(words)) or slug(words) or slug(fallback) or "page"


def slug(text: str) -> str:
    """`text` in small letters, digits and hyphens, cut between words to LONGEST characters."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    return words if len(words) <= LONGEST else words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]


@cache
def _known_pages() -> tuple[dict[str, str], dict[str, str]]:
    """The digest's pages without a number: identifier by path of their address, and by their title."""
    pages = [section for section in load_digest().values() if not re.fullmatch(_NUMBER, section.id)]
    by_path = {urlsplit(page.url).path.rstrip("/").lower(): page.id for page in pages}
    return by_path, {_bare(page.title): page.id for page in pages}


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower()).strip()
