"""What stands on a page of GOV.UK and is no guidance, taken off; and what it tells about the page. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from knowledge.ingestion.prints import BREAK

MONTHS: Final = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
}  # fmt: skip
_DATE: Final = rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{'|'.join(MONTHS)}),? (?P<year>\d{{4}})"
_DATED: Final = re.compile(
    rf"^(?P<label>(?:first )?published|(?:last |page )?updated|updated|last reviewed)(?: on)?:? {_DATE}\b.{{0,60}}$",
    re.IGNORECASE,
)
_DATE_ALONE: Final = re.compile(rf"^{_DATE}(?:\W{{0,4}}(?:\+ ?)?(?:see|show) all\s*updates?)?\W{{0,3}}$", re.IGNORECASE)
_LABEL: Final = re.compile(r"^(from|published|updated|last updated|page updated)\s*:?$", re.IGNORECASE)
_FROM: Final = re.compile(r"^from: (?P<who>\S.{0,120})$", re.IGNORECASE)
_ARCHIVED: Final = re.compile(
    r"^this (?:page|section|manual|guidance|publication) (?:is|has been|was) (?:now )?(?:archived|withdrawn)\b",
    re.IGNORECASE,
)
# Each matches a whole paragraph, or a line of one.
_FURNITURE: Final = re.compile(
    r"""(?ix)^(?:
      beta\b.{0,20}this\ part\ of\ gov\.uk\ is\ being\ rebuilt.*
    | (?:beta\s)?this\ is\ a\ new\ service.*feedback.*
    | (?:back\ to\ (?:contents|top)|up\ to)(?:\s[A-Z]{2,6}\d{4,6})?
    | (?:previous|next)(?:\ page)?(?:\s?:.*)?
    | skip\ to\ main\ content | navigation\ menu | menu | search(?:\ gov\.uk)? | show\ search\ menu | gov\.uk
    | home(?:[\s>›]+\S.{0,60})?[\s>›]+hmrc\ internal\ manual.* | home
    | is\ this\ page\ useful\??.* | (?:maybe\s)?yes\b.{0,4}this\ page\ is\ useful.*
    | no\b.{0,4}this\ page\ is\ not\ useful.*
    | [!•*]
    | (?:yes|no|maybe) | report\ a\ problem\ with\ this\ page.* | thank\ you\ for\ your\ feedback.*
    | help\ us\ improve\ gov\.uk.* | is\ there\ anything\ wrong\ with\ this\ page.*
    | cookies\ on\ gov\.uk | we\ (?:use\ some\ essential|.{0,6}like\ to\ (?:set|use)\ additional)\ cookies.*
    | (?:accept|reject)\ (?:additional|all|analytics)\ cookies | view\ cookies | hide\ (?:this|cookie)\ message
    | you\ (?:have\ (?:accepted|rejected)\ additional\ cookies|can\ change\ your\ cookie\ settings).*
    | all\ content\ is\ available\ under\ the\ open\ government\ licence.*
    | ©\ ?crown\ copyright.* | except\ where\ otherwise\ stated
    | this\ publication\ is\ licen[sc]ed\ under\ ?the\ terms.*
    | where\ we\ have\ identified\ any\ third[\ -]party\ copyright\ information.*
    | this\ publication\ is\ available\ at\b.*
    | (?:\+\ )?(?:see|show|hide)\ all\ updates.*
    | (?:share|print)\ this\ page | sign\ up\ for\ emails.* | get\ emails\ about\ this\ page.*
    | hm(?:rc|\ revenue\ (?:&|and)\ customs)\ internal\ manuals?
    | (?:https?://|www\.)\S+ | /\S+/\S* | \d{1,3}\ ?/\ ?\d{1,3}
    | (?:corporate\ report|guidance|policy\ paper|form)
    )$"""
)
_LINK_STARTS: Final = re.compile(r"\((?=https?://|mailto:|/[A-Za-z0-9])")
_LONGEST_LINK: Final = 900
_MAIL_PROTECTION: Final = re.compile(
    r"\(?(?:https?://[^\s()]*)?/cdn-cgi/l/email-protection(?:#[0-9a-f]+)?\)?|\[email\s*protected\]", re.IGNORECASE
)
_GLUED: Final = re.compile(r"(?<=[a-z)’]{2}[.?!])(?=[A-Z][a-z’])")
_INVISIBLE: Final = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff\x00-\x08\x0e-\x1f\x7f]"
)
_HEADING: Final = 200  # characters; what is longer is text
_HEAD: Final = 40  # paragraphs in which labels and their values stand apart


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The words that are left, in paragraphs, and what the page says of itself in those taken off."""

    paragraphs: tuple[str, ...]
    updated: date | None = None
    publisher: str = ""
    manual: str = ""
    archived: bool = False

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)


def clean(text: str, *, title: str = "") -> Cleaned:
    """Take furniture, link targets and the page's own title off `text`, whose paragraphs an empty line parts."""
    paragraphs = _paragraphs(text)
    manual = _manual(paragraphs)
    publisher, dates, kept = _metadata(paragraphs)
    kept = _without_contents(kept)
    kept = _without_title([words for words in kept if words != manual], title)
    lines = ("\n".join(line for line in words.split("\n") if not _FURNITURE.match(line)) for words in kept)
    return Cleaned(
        paragraphs=tuple(words for words in lines if words),
        updated=dates.get("updated") or dates.get("published"),
        publisher=publisher,
        manual=manual,
        archived=any(_ARCHIVED.match(words) for words in kept[:6]),
    )


def plain(text: str) -> str:
    """`text` in NFC without characters that nobody sees; every kind of space is one space, line ends stay."""
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[^\S\n\v]+", " ", shown)


def find_date(text: str) -> date | None:
    """The first date of `text` as GOV.UK writes them ("11 December 2023")."""
    match = re.search(_DATE, text, re.IGNORECASE)
    return _date(match) if match else None


def without_links(text: str) -> str:
    """Take out the targets that a print or a converter writes behind a link's words, and mail-protection."""
    pieces: list[str] = []
    place = 0
    for match in _LINK_STARTS.finditer(text):
        if match.start() < place or (end := _link_end(text, match.start())) is None:
            continue
        before = text[place : match.start()]
        pieces.append(before.rstrip(" " + BREAK))
        glued = text[end : end + 1].isalnum() or text[end : end + 1] == "("
        pieces.append(" " if glued else "")
        place = end
    return _MAIL_PROTECTION.sub("", "".join([*pieces, text[place:]]))


def _link_end(text: str, start: int) -> int | None:
    """The place behind the bracket that closes the one at `start`; None where a space comes first."""
    depth = 0
    for place in range(start, min(len(text), start + _LONGEST_LINK)):
        character = text[place]
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return place + 1
        elif character == " ":
            return None
    return None


def _paragraphs(text: str) -> list[str]:
    found = re.split(r"\n[^\S\v]*\n\s*", without_links(plain(text)))
    return [words for paragraph in found if (words := _tidy(paragraph))]


def _tidy(paragraph: str) -> str:
    whole = re.sub(rf"(?<=\w)-{BREAK}", "-", paragraph).replace(BREAK, " ")
    lines = (" ".join(_GLUED.sub(" ", line).split()) for line in whole.split("\n"))
    return "\n".join(re.sub(r" (?=[.,;:)](?:\s|$))", "", line) for line in lines if line)


def _metadata(paragraphs: Sequence[str]) -> tuple[str, dict[str, date], list[str]]:
    """Publisher, dates by label, and the paragraphs that are neither label nor value."""
    publisher, label = "", ""
    dates: dict[str, date] = {}
    kept: list[str] = []
    for number, words in enumerate(paragraphs):
        one_line = words.replace("\n", " ")
        if match := _DATED.match(one_line):
            dates.setdefault(_plain_label(match["label"]), _date(match) or date.min)
        elif match := _DATE_ALONE.match(one_line):
            dates.setdefault(label or "published", _date(match) or date.min)
        elif match := _FROM.match(one_line):
            publisher = publisher or match["who"]
        elif number < _HEAD and (match := _LABEL.match(one_line)):
            label = _plain_label(match[1])
            continue
        elif label == "from":
            publisher = publisher or one_line
        else:
            kept.append(words)
        label = ""
    return publisher, {name: day for name, day in dates.items() if day != date.min}, kept


def _plain_label(label: str) -> str:
    lowered = label.lower()
    if "from" in lowered:
        return "from"
    return "published" if "published" in lowered else "updated"


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), MONTHS[match["month"].lower()], int(match["day"]))
    except ValueError:
        return None


def _manual(paragraphs: Sequence[str]) -> str:
    """The name of the manual, which a page of one prints under "HMRC internal manual"."""
    for above, below in pairwise(paragraphs[:_HEAD]):
        if re.fullmatch(r"HMRC internal manual", above, re.IGNORECASE) and not _FURNITURE.match(below):
            return below.replace("\n", " ") if len(below) <= 120 else ""
    return ""


def _without_contents(paragraphs: Sequence[str]) -> list[str]:
    """Drop a list of contents: after the word, the lines that stand again, as headings, further on."""
    for start, words in enumerate(paragraphs):
        first, *rest = words.split("\n")
        if first.rstrip(":").lower() != "contents":
            continue
        end = start + 1
        while end < len(paragraphs) and _stands_again(paragraphs[end], paragraphs[end + 1 :]):
            end += 1
        if end > start + 1 or (rest and all(_stands_again(line, paragraphs[end:]) for line in rest)):
            return [*paragraphs[:start], *paragraphs[end:]]
    return list(paragraphs)


def _stands_again(words: str, later: Sequence[str]) -> bool:
    headings = {_bare(line) for paragraph in later for line in paragraph.split("\n")}
    headings |= {_bare(paragraph) for paragraph in later}
    return all(_bare(line) in headings for line in words.split("\n"))


def _without_title(paragraphs: Sequence[str], title: str) -> list[str]:
    """Drop the heading of the page where it stands among the first paragraphs, and the short lines above it."""
    wanted = _bare(title)
    for number, words in enumerate(paragraphs[:8]):
        if len(words) > _HEADING:
            break
        if wanted and _bare(words) == wanted:
            return list(paragraphs[number + 1 :])
    return list(paragraphs)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower()).strip()
