"""When a paper was written: by a label, a line or a corner of its head, or the moment a gateway took it in."""

import re
from datetime import date
from email.utils import parsedate_to_datetime
from itertools import islice

from complaints.documents.records import Page, ReadDocument
from complaints.facts.records import DocumentKind, Span
from complaints.facts.view import page_lines, span_of
from lightpoint.language.dates import WEEKDAY, DateMention, find_dates

_DATE_LABEL = re.compile(
    r"^\W*(?:statement |letter |notice |invoice |tax point )?(?:date(?:d)?(?: of (?:notice|"
    r"letter|issue|this (?:notice|letter)|decision|assessment|"
    r"calculation|statement|invoice|call|release))?|issued(?: on)?|issue date|date issued|"
    r"calculated(?: on)?|printed(?: on)?|sent|released|release date|statement)\b\W*$",
    re.I,
)
_NOT_WRITTEN = re.compile(
    r"\b(?:period|year|ended|ending|from|to|due|birth|effective(?: date)?|expires?|until|by|payment|"
    r"drawdown|received|paid)\W*(?:(?:the|on)\W*)?$",
    re.I,
)
LETTERS = frozenset(
    {
        "hmrc_letter",
        "hmrc_complaint_reply",
        "hmrc_notice",
        "hmrc_statement",
        "agent_letter",
        "agent_complaint",
        "client_letter",
        "bank_letter",
        "third_party_letter",
    }
)


def written_on(document: ReadDocument, kind: DocumentKind) -> tuple[date | None, Span | None]:
    """The day a document was written and the words that say so."""
    sent = dict((k.lower(), v) for k, v in document.headers).get("date")
    if sent:
        return _mail_date(sent), _mail_date_span(document, sent)
    if kind == "time_record" or not document.pages:
        return None, None
    page = document.pages[0]
    for rule in (
        _made_online,
        _receipted,
        _labelled,
        _alone,
        _in_corner,
        _after_label,
        _in_head,
        _opens_line,
        _row,
        _anywhere_stated,
    ):
        found = rule(page, kind)
        if found:
            mention, start = found
            return mention.date, span_of(document.name, page, start + mention.start, start + mention.end)
    return None, None


def _mail_date(sent: str) -> date | None:
    try:
        return parsedate_to_datetime(sent).date()
    except (TypeError, ValueError):
        found = [m for m in find_dates(sent) if m.complete]
        return found[0].date if found else None


def _mail_date_span(document: ReadDocument, sent: str) -> Span | None:
    """The Date header, where the reader shows headers in the text of the page."""
    for page in document.pages[:1]:
        at = page.text.find(sent)
        if at >= 0:
            return span_of(document.name, page, at, at + len(sent))
    return None


Found = tuple[DateMention, int] | None


def _made_online(page: Page, kind: DocumentKind) -> Found:
    """The day on which a form went in or a page was printed: "Submitted 19 June 2025 at 10:06", "Printed: ..."."""
    if kind not in {"hmrc_receipt", "hmrc_statement", "other"}:
        return None
    for start, _end, line in islice(page_lines(page), 25):
        for mention in (m for m in find_dates(line) if m.complete):
            if _MADE.search(line[: mention.start]) and line.count("|") < 3:
                return mention, start
    return None


def _receipted(page: Page, kind: DocumentKind) -> Found:
    """The moment at which HMRC's gateway took a submission in: "Received by HMRC | 5 May 2025 11:17"."""
    if kind != "hmrc_receipt":
        return None
    for start, _end, line in islice(page_lines(page), 30):
        for mention in (m for m in find_dates(line) if m.complete):
            if _TAKEN_IN.search(line[: mention.start]) and line.count("|") < 3:
                return mention, start
    return None


_TAKEN_IN = re.compile(
    r"(?:^|\||\s{2,})\W*(?:date |time )?(?:(?:and )?time|timestamp|received|accepted|acknowledged|processed|sent|filed)"
    r"(?: (?:by|at) (?:hmrc|the gateway))?(?: (?:on|at|date))?\W*(?:\d{1,2}[:.]\d{2}\W*(?:on\W*)?)?$",
    re.I,
)
_MADE = re.compile(
    r"(?:^|\W)(?:submitted|filed|printed|viewed|accessed|downloaded|generated|produced|extracted|run)(?: (?:on|at))?\W*"
    r"(?:\d{1,2}[:.]\d{2}\W*(?:on\W*)?)?$",
    re.I,
)


def _opens_line(page: Page, kind: DocumentKind) -> Found:
    """A date that begins a line of the head: "27 January 2025. Reference ...", "Tues 12/8 (2025)  11.05"."""
    for start, _end, line in islice(page_lines(page), 15):
        if re.match(r"\W*dear\b", line, re.I):
            return None
        for mention in _with_year(line):
            lead = re.sub(rf"\b{WEEKDAY}\b", "", line[: mention.start], flags=re.I).strip(" .,:-")
            tail = line[mention.end :]
            if not lead and (re.match(r"\s*(?:[.,;|(]|$|\s{2,}|at\b|\d)", tail) or kind in {"call_note", "webchat"}):
                return mention, start
    return None


def _with_year(line: str) -> list[DateMention]:
    """The full dates of a line, and short ones to which a bracket adds the year: "12/8 (2025)"."""
    found = [m for m in find_dates(line) if m.complete]
    year = re.search(r"\((20\d\d)\)", line)
    if found or not year:
        return found
    return [m for m in find_dates(line, reference=date(int(year.group(1)), 12, 31)) if m.end <= year.start()]


def _row(page: Page, kind: DocumentKind) -> Found:
    """An advice or slip without a date of its own: the day of its only dated row."""
    if kind not in {"bank_letter", "third_party_letter", "proof_of_delivery", "invoice", "other"}:
        return None
    rows = [
        (mention, start)
        for start, _end, line in page_lines(page)
        for mention in find_dates(line)
        if mention.complete and "|" in line and not line[: mention.start].strip(" |")
    ]
    return rows[0] if len(rows) == 1 else None


def _labelled(page: Page, _kind: DocumentKind) -> Found:
    """A date after "Date", "Date of notice", "Issued", "Calculated" and the like, or below such a heading."""
    label_above = False
    for start, _end, line in islice(page_lines(page), 40):
        for mention in (m for m in find_dates(line) if m.complete):
            cell = line[: mention.start].rstrip(" |").split("|")[-1].strip()
            if _DATE_LABEL.match(cell) or (label_above and not line[: mention.start].strip()):
                return mention, start
        label_above = bool(re.match(r"^\W*date\b(?!.*\d)(?:\W|reference|ref|our|your)*$", line, re.I))
    return None


def _after_label(page: Page, _kind: DocumentKind) -> Found:
    """A date label at the end of a line of other words, before the salutation."""
    for start, _end, line in islice(page_lines(page), 30):
        if re.match(r"dear\b", line, re.I):
            return None
        for mention in (m for m in find_dates(line) if m.complete):
            if _last_label(line[: mention.start].strip()):
                return mention, start
    return None


def _last_label(cell: str) -> bool:
    """Whether the words right before a date are a date label at the end of a line of other words."""
    return (
        bool(
            re.search(
                r"(?:^|\s)(?:date(?:d| of (?:notice|issue|letter|decision))?|issued|calculated|statement date)\W*$",
                cell,
                re.I,
            )
        )
        and len(cell) < 90
    )


def _alone(page: Page, _kind: DocumentKind) -> Found:
    """A date that has a line of the head to itself."""
    for start, _end, line in islice(page_lines(page), 25):
        mentions = [m for m in find_dates(line) if m.complete]
        if len(mentions) == 1 and bare_date(line, mentions[0]):
            return mentions[0], start
    return None


_CORNERED = LETTERS - {"hmrc_statement"}


def _in_corner(page: Page, kind: DocumentKind) -> Found:
    """A date in the head that wide gaps part from an address or a name on the same line."""
    if kind not in _CORNERED:
        return None
    for start, _end, line in islice(page_lines(page), 12):
        if re.match(r"\W*dear\b", line, re.I):
            return None
        cells = re.split(r"\s{3,}|\t|\s\|\s", line.strip())
        mentions = [m for m in find_dates(line) if m.complete]
        alone = len(mentions) == 1 and any(_bare_cell(cell) for cell in cells)
        if len(cells) in {2, 3} and alone and not _NOT_WRITTEN.search(line[: mentions[0].start]):
            return mentions[0], start
    return None


def _bare_cell(cell: str) -> bool:
    found = [m for m in find_dates(cell) if m.complete]
    return len(found) == 1 and bare_date(cell, found[0])


def bare_date(line: str, mention: DateMention) -> bool:
    rest = line[: mention.start] + line[mention.end :]
    rest = re.sub(r"\b(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?\b|\bdate\b", "", rest, flags=re.I)
    return len(re.sub(r"[^A-Za-z0-9]", "", rest)) <= 2


def _in_head(page: Page, kind: DocumentKind) -> Found:
    """For notes and transcripts: the first full date of the first lines; for letters only a line that ends in one."""
    loose = kind in {"call_note", "webchat", "bank_statement", "invoice", "proof_of_delivery"}
    for start, _end, line in islice(page_lines(page), 8 if loose else 15):
        mentions = [m for m in find_dates(line) if m.complete]
        span = len(mentions) > 1 and re.search(r"\bto\b|[-–]", line[mentions[0].end : mentions[1].start])
        if kind == "bank_statement" and mentions and (span or re.search(r"\bstatement\b|\bperiod\b", line, re.I)):
            return mentions[-1], start
        for mention in mentions:
            if (
                line.count("|") < 3
                and not _NOT_WRITTEN.search(line[: mention.start])
                and (loose or _ends_line(line, mention))
            ):
                return mention, start
    return None


def _ends_line(line: str, mention: DateMention) -> bool:
    before = line[: mention.start]
    ends = not line[mention.end :].strip(" .") and len(before) < 40 and not before.rstrip().endswith(",")
    return ends and not re.search(r"\b(?:year|period|ye)\b", line, re.I)


def _anywhere_stated(page: Page, kind: DocumentKind) -> Found:
    """ "Computation approved by the directors 16.09.2024": a statement of the date further down."""
    if kind not in {"computation", "tribunal_decision", "other"}:
        return None
    pattern = re.compile(r"\b(?:approved|signed|dated|released|prepared)\b[^.\n]{0,40}$", re.I)
    for start, _end, line in page_lines(page):
        for mention in find_dates(line):
            if mention.complete and pattern.search(line[: mention.start]):
                return mention, start
    return None
