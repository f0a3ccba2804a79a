"""What a document is: kind, author, recipient, date, subject, tier, and the name under which a letter cites it."""

import re

from complaints.documents.records import ReadDocument
from complaints.facts.authorship import DEPARTMENT, author_of
from complaints.facts.exhibits import summary_name
from complaints.facts.kinds import Look, kind_of, look_at, tier_of
from complaints.facts.marks import ASKS_SECOND_REVIEW
from complaints.facts.names import HMRC, Names
from complaints.facts.records import Actor, Channel, DocumentKind, DocumentProfile, Intake
from complaints.facts.view import flat, page_lines
from complaints.facts.written_days import LETTERS, bare_date, written_on
from lightpoint.language.dates import find_dates

_CHANNELS: dict[DocumentKind, Channel] = {
    "call_note": "phone",
    "webchat": "webchat",
    "email": "email",
    "hmrc_receipt": "online",
}
_SIGN_OFF = re.compile(
    r"^\W*(?:yours (?:faithfully|sincerely|truly)|(?:kind |best |warm )?regards|yours|"
    r"thanks|many thanks|best wishes)\W*$",
    re.I,
)


def profile_document(document: ReadDocument, intake: Intake) -> DocumentProfile:
    """The profile of a readable document."""
    names = Names(intake)
    look = look_at(document, names)
    author = author_of(look)
    kind = kind_of(look, author)
    author = "agent" if kind in {"time_record", "call_note", "webchat"} else author
    author = "third_party" if kind == "bank_statement" and author in {"agent", "client"} else author
    recipient = None if kind in {"time_record", "computation", "call_note"} else _recipient(look, author, names)
    written, span = written_on(document, kind)
    tier = tier_of(look, kind)
    subject = _subject(look)
    who, team = _signature(look, kind)
    name = summary_name(look, kind, author, written, tier, names)
    return DocumentProfile(
        document.name,
        kind,
        author,
        recipient,
        written,
        span,
        subject,
        name,
        who,
        team,
        tier,
        _channel(look, kind),
        addressed_to=_addressed_to(look, author, names),
    )


_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")


def _addressed_to(look: Look, author: Actor, names: Names) -> str:
    """The first line of the client's address on what HMRC sent."""
    if author != "hmrc" or look.headers:
        return ""
    lines = [line.split("|")[0].strip() for line in look.head[:18]]
    for index, line in enumerate(lines):
        if (
            names.is_client(line)
            and not re.match(r"(?:t/a|c/o)\b", line, re.I)
            and not re.match(r"dear\b|complaint", line, re.I)
        ):
            following = [
                x for x in lines[index + 1 : index + 6] if x and not re.match(r"(?:t/a|trading as|c/o)\b", x, re.I)
            ]
            if (
                following
                and any(_POSTCODE.search(x) for x in following)
                and re.match(r"(?:flat \d|\d+|[A-Z])", following[0])
            ):
                return following[0].rstrip(",")
    return ""


def _channel(look: Look, kind: DocumentKind) -> Channel:
    if look.headers.get("from"):
        return "online" if kind == "hmrc_receipt" else "email"
    return _CHANNELS.get(kind, "post" if kind in LETTERS else "unknown")


def _recipient(look: Look, author: Actor, names: Names) -> Actor | None:
    to = look.headers.get("to")
    if to:
        return names.who_wrote(to)
    if author in {"agent", "client"}:
        return "hmrc" if HMRC.search(look.top) or (author == "agent" and _for_hmrc(look)) else None
    if names.find_practice(look.top) is not None:
        return "agent"
    return "client" if names.is_client(look.top) else None


def _for_hmrc(look: Look) -> bool:
    """A letter of ours that names an office of HMRC, quotes its reference or asks of it what only it can do."""
    if any(re.match(r"\W*dear\b", line, re.I) and look.names.is_client(line) for line in look.head):
        return False
    office = any(DEPARTMENT.match(line) and len(line) < _OFFICE_LINE for line in look.head[:8])
    return office or bool(ASKS_SECOND_REVIEW.search("\n".join(look.head[:8])))


_OFFICE_LINE = 110


def _subject(look: Look) -> str:
    """What a document says it is about: an e-mail's subject, else the heading by the salutation, else a title line."""
    subject = look.headers.get("subject")
    if subject:
        return flat(subject)
    head = look.head
    dear = next((i for i, line in enumerate(head) if re.match(r"dear\b", line, re.I)), None)
    if dear is not None:
        near = [head[i] for i in (dear - 1, dear + 1, dear - 2) if 0 <= i < len(head)]
        return next((line for line in near if _heading_like(line, look)), "")
    address = [i for i, line in enumerate(head[:16]) if HMRC.search(line) or _POSTCODE.search(line)]
    after = head[address[-1] + 1 : 18] if address and look.names.find_practice(look.top) is not None else head[:16]
    titles = [line for line in (*after, *head[:8]) if _heading_like(line, look)]
    telling = [
        line
        for line in titles
        if _TITLE_WORDS.search(line) or (look.names.find_client(line) is not None and len(line.split()) > 4)
    ]
    return (telling or titles or [""])[0]


_TITLE_WORDS = re.compile(
    r"\b(?:complaint|request|review|appeal|notice|calculation|statement|certificate|"
    r"repayment|refund|penalt|assessment|return|claim|code|coding|confirmation|"
    r"computation|note|transcript|invoice|account|visit|registration|demand|award|overpayment|enquiry)",
    re.I,
)


def _heading_like(line: str, look: Look) -> bool:
    if (
        re.search(r"\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b", line)
        or (HMRC.search(line) and len(line) < 35)
        or line.startswith("&")
    ):
        return False
    if re.match(r"^\W*(?:utr|our ref|your ref|date|phone|tel|ref|nino|ni number|vat reg|vat no)\b", line, re.I) or any(
        bare_date(line, m) for m in find_dates(line)
    ):
        return False
    if look.names.find_practice(line) == 0 and len(line) < len(look.names.intake.practice_name) + 25:
        return False
    if re.search(
        r"\b(?:you|we|i) (?:have|had|are|were|claimed|sent|paid|asked|did|may|can|must|return)\b|\."
        r" [A-Z][a-z]+ \w+ ",
        line,
        re.I,
    ):
        return False
    return 8 <= len(line) <= 140 and len(line.split()) < 20 and not line.endswith((".", ",")) and line.count("|") < 3


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
    lines = [flat(line) for page in look.document.pages for _start, _end, line in page_lines(page)]
    for i, line in enumerate(lines):
        if _SIGN_OFF.match(line) and i + 1 < len(lines):
            return lines[i + 1], lines[i + 2] if i + 2 < len(lines) and not re.match(
                r"page\b", lines[i + 2], re.I
            ) else ""
    return "", ""
