"""What a document is: kind, author, recipient, date, subject, tier, and the name under which a letter cites it."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from email.utils import parsedate_to_datetime

from complaints.documents.records import Page, ReadDocument
from complaints.facts.exhibits import summary_name
from complaints.facts.kinds import Look, author_of, kind_of, look_at, tier_of
from complaints.facts.names import HMRC, Names
from complaints.facts.records import Actor, Channel, DocumentKind, DocumentProfile, Intake, Span
from complaints.facts.view import flat, page_lines, span_of
from lightpoint.language.dates import DateMention, find_dates

_DATE_LABEL = re.compile(
    r"^\W*(?:statement |letter |notice |invoice |tax point )?(?:date(?:d)?(?: of (?:notice|letter|issue|this (?:notice|letter)|decision|assessment|"
    r"calculation|statement|invoice|call|release))?|issued(?: on)?|issue date|date issued|calculated(?: on)?|printed(?: on)?|sent|released|release date|statement)\b\W*$",
    re.I,
)
_NOT_WRITTEN = re.compile(
    r"\b(?:period|year|ended|ending|from|to|due|birth|effective|expires?|until|by|payment|drawdown|received|paid)\W*(?:(?:the|on)\W*)?$",
    re.I,
)
_CHANNELS: dict[DocumentKind, Channel] = {
    "call_note": "phone",
    "webchat": "webchat",
    "email": "email",
    "hmrc_receipt": "online",
}
_LETTERS = frozenset(
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
_SIGN_OFF = re.compile(
    r"^\W*(?:yours (?:faithfully|sincerely|truly)|(?:kind |best |warm )?regards|yours|thanks|many thanks|best wishes)\W*$",
    re.I,
)


def profile_document(document: ReadDocument, intake: Intake) -> DocumentProfile:
    """The profile of a readable document."""
    names = Names(intake)
    look = look_at(document, names)
    author = author_of(look)
    kind = kind_of(look, author)
    if kind in {"time_record", "call_note", "webchat"}:
        author = "agent"
    written, span = _written_on(document, kind)
    tier = tier_of(look, kind)
    subject = _subject(look)
    who, team = _signature(look, kind)
    name = summary_name(look, kind, author, written, tier, names)
    return DocumentProfile(
        document.name,
        kind,
        author,
        _recipient(look, author, names),
        written,
        span,
        subject,
        name,
        who,
        team,
        tier,
        _channel(look, kind),
    )


def _channel(look: Look, kind: DocumentKind) -> Channel:
    if look.headers.get("from"):
        return "online" if kind == "hmrc_receipt" else "email"
    return _CHANNELS.get(kind, "post" if kind in _LETTERS else "unknown")


def _recipient(look: Look, author: Actor, names: Names) -> Actor | None:
    to = look.headers.get("to")
    if to:
        return names.who_wrote(to)
    if author in {"agent", "client"}:
        return "hmrc" if HMRC.search(look.top) else None
    if names.find_practice(look.top) is not None:
        return "agent"
    return "client" if names.is_client(look.top) else None


def _written_on(document: ReadDocument, kind: DocumentKind) -> tuple[date | None, Span | None]:
    """The day a document was written and the words that say so."""
    sent = dict((k.lower(), v) for k, v in document.headers).get("date")
    if sent:
        return _mail_date(sent), _mail_date_span(document, sent)
    if kind == "time_record" or not document.pages:
        return None, None
    page = document.pages[0]
    for rule in (_labelled, _alone, _in_head, _anywhere_stated):
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


def _labelled(page: Page, kind: DocumentKind) -> Found:
    """A date after "Date", "Date of notice", "Issued", "Calculated" and the like, or on the line below such a heading."""
    del kind
    lines = list(page_lines(page))[:60]
    label_above = False
    for start, _end, line in lines:
        for mention in find_dates(line):
            before = line[: mention.start]
            cell = before.replace("|", " ").strip()
            if mention.complete and (
                _DATE_LABEL.match(cell) or (_last_label(cell) and not _NOT_WRITTEN.search(cell[-25:]))
            ):
                return mention, start
            if mention.complete and label_above and not cell:
                return mention, start
        label_above = bool(re.match(r"^\W*date\b(?!.*\d)(?:\W|reference|ref|our|your)*$", line, re.I))
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


def _alone(page: Page, kind: DocumentKind) -> Found:
    """A date that has a line of the head to itself."""
    del kind
    for start, _end, line in list(page_lines(page))[:25]:
        mentions = [m for m in find_dates(line) if m.complete]
        if len(mentions) == 1 and _bare(line, mentions[0]):
            return mentions[0], start
    return None


def _bare(line: str, mention: DateMention) -> bool:
    rest = line[: mention.start] + line[mention.end :]
    rest = re.sub(r"\b(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?\b|\bdate\b", "", rest, flags=re.I)
    return len(re.sub(r"[^A-Za-z0-9]", "", rest)) <= 2


def _in_head(page: Page, kind: DocumentKind) -> Found:
    """For notes and transcripts: the first full date of the first lines; for letters only a line that ends in one."""
    loose = kind in {"call_note", "webchat", "bank_statement", "invoice", "proof_of_delivery"}
    for start, _end, line in list(page_lines(page))[: 8 if loose else 15]:
        for mention in find_dates(line):
            before = line[: mention.start]
            if not mention.complete or _NOT_WRITTEN.search(before[-30:]):
                continue
            if (
                loose
                or ((not line[mention.end :].strip(" .") and len(before) < 40 and not before.rstrip().endswith(","))
                and not re.search(r"\b(?:year|period|ye)\b", line, re.I))
            ):
                return mention, start
    return None


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


def _subject(look: Look) -> str:
    subject = look.headers.get("subject")
    if subject:
        return flat(subject)
    head = look.head
    dear = next((i for i, line in enumerate(head) if re.match(r"dear\b", line, re.I)), None)
    if dear is None:
        return _heading(head)
    after = head[dear + 1] if dear + 1 < len(head) else ""
    before = head[dear - 1] if dear else ""
    for line in (before, after):
        if _heading_like(line):
            return line
    return before


def _heading(head: Sequence[str]) -> str:
    return next((line for line in head if _heading_like(line)), head[0] if head else "")


def _heading_like(line: str) -> bool:
    if not line or re.search(r"\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b", line) or (HMRC.search(line) and len(line) < 35):
        return False
    if re.match(r"^\W*(?:utr|our ref|your ref|date|phone|tel|ref|nino|ni number|vat reg)\b", line, re.I):
        return False
    return 8 <= len(line) <= 140 and not line.endswith(".")


def _signature(look: Look, kind: DocumentKind) -> tuple[str, str]:
    """Name and team below the closing words, or the person spoken to in a note of a call."""
    if kind in {"call_note", "webchat"}:
        found = re.search(
            r'(?:spoke (?:to|with)|connected to|gave name as|adviser)\W{0,4}["“]?([A-Z][a-z]+(?: [A-Z][a-z]+)?)',
            look.text,
        )
        return (found.group(1), "") if found else ("", "")
    sender = look.headers.get("from", "")
    if sender:
        return re.sub(r"\s*<.*", "", sender).strip(' "'), ""
    lines = [flat(line) for page in look.document.pages for line in page.text.splitlines() if line.strip()]
    for i, line in enumerate(lines):
        if _SIGN_OFF.match(line) and i + 1 < len(lines):
            return lines[i + 1], lines[i + 2] if i + 2 < len(lines) and not re.match(
                r"page\b", lines[i + 2], re.I
            ) else ""
    return "", ""


def nearby_days(first: date, second: date, days: int) -> bool:
    """Whether two dates lie within some days of each other."""
    return abs(first - second) <= timedelta(days=days)
