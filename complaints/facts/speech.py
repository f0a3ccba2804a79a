"""Who speaks in each unit of a document: quoted e-mails, lines of a webchat, what the adviser said in a call note."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from email.utils import getaddresses

from complaints.documents.records import Page, ReadDocument
from complaints.facts.authorship import is_of_hmrc
from complaints.facts.names import Names
from complaints.facts.records import Actor, DocumentProfile
from complaints.facts.view import Unit, document_units, page_lines
from lightpoint.language.dates import find_dates
from lightpoint.language.durations import find_durations

_WROTE = re.compile(r"^[>\s]*on (?P<when>.+?),? (?P<who>[^,<>]+?(?: <[^>]*>)?) wrote:\s*$", re.I)
_FORWARD = re.compile(r"^[>\s*]*from:\*?\s*(?P<who>\S.*?)(?:\s+(?:sent|date):\s*(?P<when>.+))?$", re.I)
_SENT = re.compile(r"^[>\s*]*(?:sent|date):\*?\s*(?P<when>\S.*)$", re.I)
_CHAT = re.compile(
    r"^\s*\[?\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:am|pm)?\]?\s*[-–]?\s*(?:(?P<who>[A-Z][\w .()'-]{0,30}?):\s|"
    r"(?P<column>[A-Z][a-z]{1,15})(?: {2,}|\t)(?=\S))",
    re.I,
)
_CONNECTED = re.compile(r"\bconnected (?:to|with)\s+(?P<who>[A-Z]\w+)", re.I)
_HMRC_SAYS = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:he|she|they|hmrc|(?:the )?(?:hmrc )?(?:advis[eo]r|officer|"
    r"inspector|caseworker|operator|agent line)|ans(?:wer)?|reply|response|"
    r"(?:her|his|their) (?:advice|answer|words|reply))\b"
    r"|\b(?:he|she|they|advis[eo]r|hmrc|officer|caseworker)\s+(?:\w+\s+)?(?:said|says?|"
    r"told|advised|confirm(?:ed|s)|agree[ds]|stated|promise[ds]|admit(?:ted|s)|accept(?:ed|s)|explain(?:ed|s)|noted|"
    r"thinks?|thought|reckon(?:ed|s)|finds?|found|sees|saw|apologised|can(?:not|['’]t)? (?:see|find|trace)|"
    r"(?:has|have|had) (?:now )?(?:sent|passed|asked|put|raised|referred|logged|escalated|requested)|"
    r"(?:is|was) (?:sending|passing|putting|referring|raising|escalating)|"
    r"(?:will|['’]ll) (?:now |then )?(?!not\b|lose|miss|need|have|struggle|be\b|get\b|never|fail)\w+|"
    r"would not|refused)\b|^\W*[\w' ]{2,25}(?::| [-–]) ?[\"“]"
    r"|^\W*(?:her|him|them|hmrc|adviser|officer)\s*:|\b(?:was|were|been) told\b|^\W*(?:told(?! (?:him|her|them|"
    r"the advis|hmrc))|promised|assured|"
    r"admitted|apologised|confirmed)\b|^\W*said\b(?! (?:that"
    r" )?(?:we|i|our|the "
    r"client|client)\b)|^\W*(?:[\w']+ ?[-–:] )?will (?!need|have to|be\b)\w+"
    r"\b|^\W*will (?:now |then |all )?be (?!(?:sent|posted|written|filed|chased|called|billed|diari\w+|able)\b)\w+|"
    r"^\W*(?:was )?advised\b|^\W*[\"“]",
    re.I,
)
_WE_SAY = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:asked|i\b|we\b|requested|explained|told (?:him|her|them|"
    r"the adviser)|said (?:that )?(?:we|our|the client|client|it)|pointed out|"
    r"queried|chased|action|diary|nb|n\.b|note|no ref|call ref|typed|written up|dictated|check|time|spoke|called|"
    r"rang|client|date|by|cert)\b",
    re.I,
)


# Acts that are HMRC's alone: a note that says they will be done has it from HMRC.
_HMRC_ACTS = re.compile(
    r"^\W*(?:someone|somebody|(?:a|the|their) (?:colleague|manager|caseworker|specialist|team|"
    r"supervisor)\w*)\b[^.]{0,25}"
    r"\b(?:will|shall|to|['’]ll)\b|"
    r"^\W*(?:the |our |his |her |their |a |an |new |corrected |amended )*(?:refund|repayment|money|cheque|"
    r"payable order|code|"
    r"certificate|c1|reply|response|letter|decision|service|link|access|correction|set-?off|payment|credit|"
    r"registration|"
    r"award|notice|calculation|answer|form|system|account|penalt\w+)\b[^.]{0,40}?(?:\b(?:will|shall|should|to) be\b|"
    r"(?=w/in\b|within (?:\w+ )?\d))|"
    r"^(?!.*\b(?:we|i|our)\b)(?!.*(?<!to )(?<!with )\bus\b).*\bwill (?:now |all |then |both )?be (?:issued|"
    r"released|processed|paid|repaid|"
    r"refunded|corrected|"
    r"amended|cancelled|removed|withdrawn|written off|put right|re-?issued|credited|reinstated|moved|re-?allocated|"
    r"merged|"
    r"updated|re-?calculated|set aside|waived|fixed|restored|repaired|reversed|stamped|back (?:to|with|up|on|in))\b",
    re.I | re.S,
)
_SPOKEN = re.compile(
    r"[\"“][^\"”]*\b(?:will|won['’]t|should|shouldn['’]t|can|can['’]t|cannot|could|no need|you|nobody|we|is|are|"
    r"isn['’]t)\b[^\"”]{3,}[\"”]",
    re.I,
)
_LABELLED = re.compile(r"^\W*(?P<who>[A-Z][a-z]+|I|HMRC)\s*:\s")
_LABELS = frozenset(
    {
        *(
            "client",
            "date",
            "time",
            "to",
            "by",
            "from",
            "note",
            "notes",
            "ref",
            "subject",
            "re",
            "tel",
            "call",
            "duration",
        ),
        *("action", "diary", "matter", "spoke", "caller", "number", "line", "fee", "earner", "initials", "summary"),
        *("outcome", "result", "advice", "reference", "adviser", "officer"),
    }
)


@dataclass(frozen=True, slots=True)
class _Segment:
    page: int | None
    start: int
    speaker: Actor
    on: date | None
    quoted: bool
    who: str = ""


def spoken_units(document: ReadDocument, profile: DocumentProfile, names: Names) -> tuple[Unit, ...]:
    """The units of a document, each with its speaker and the day of the words."""
    terse = profile.kind == "call_note"
    units = document_units(document, profile.author, profile.written_on, terse=terse)
    if profile.kind == "webchat":
        return tuple(_chat_units(units, names, _advisers(document)))
    if profile.kind == "call_note":
        return tuple(_with_deadlines(tuple(_call_speakers(units, profile)), document))
    if document.headers:
        return _mail_units(document, units, profile, names)
    return units


def _mail_units(
    document: ReadDocument, units: Sequence[Unit], profile: DocumentProfile, names: Names
) -> tuple[Unit, ...]:
    book = _address_book(document, names)
    segments = [s for page in document.pages for s in _segments(page, profile, names, book)]
    return tuple(_in_segment(unit, segments) for unit in units)


def _address_book(document: ReadDocument, names: Names) -> dict[str, Actor]:
    headers = [value for key, value in document.headers if key.lower() in {"from", "to", "cc"}]
    return {name.lower(): names.who_wrote(f"{name} {address}") for name, address in getaddresses(headers) if name}


def _who(written: str, names: Names, book: dict[str, Actor]) -> Actor:
    name = re.sub(r"\s*<.*", "", written).strip(' "').lower()
    if name in book:
        return book[name]
    actor = names.who_wrote(written)
    if actor == "third_party" and any(word in names.practice_words for word in name.split()):
        return "agent"
    return actor


def _segments(page: Page, profile: DocumentProfile, names: Names, book: dict[str, Actor]) -> Iterator[_Segment]:
    """Where the speaker changes in the text of an e-mail; the last segment that begins before a unit holds it."""
    body = False
    marked = False
    yield _Segment(page.number, 0, profile.author, profile.written_on, quoted=False)
    lines = list(page_lines(page))
    for index, (start, _end, line) in enumerate(lines):
        wrote = _WROTE.match(line)
        forward = _FORWARD.match(line) if body else None
        following = " ".join(text for _s, _e, text in lines[index : index + 4])
        if wrote:
            marked = ">" in line or ">" in following[len(line) :][:4]
            yield _Segment(
                page.number, start, _who(wrote["who"], names, book), _first_date(wrote["when"], profile), quoted=True
            )
        elif forward:
            yield _Segment(
                page.number,
                start,
                _mail_speaker(forward["who"], " ".join(text for _s, _e, text in lines[index:]), names, book),
                _first_date(forward["when"] or _sent(lines, index), profile),
                quoted=True,
                who=_name(forward["who"]),
            )
        elif marked and not line.startswith(">"):
            marked = False
            yield _Segment(page.number, start, profile.author, profile.written_on, quoted=False)
        body = body or not re.match(r"^(?:from|to|cc|bcc|subject|date|sent):", line, re.I)


def _name(written: str) -> str:
    """The display name of a header, where it is one."""
    name = re.sub(r"\s*[<\[].*", "", written).strip(' "*')
    return "" if "@" in name or not re.search(r"[A-Z]", name) else name


def _mail_speaker(written: str, following: str, names: Names, book: dict[str, Actor]) -> Actor:
    """Who sent a repeated e-mail: by its header, and for senders unknown to the case by how it speaks."""
    actor = _who(written, names, book)
    if actor != "third_party":
        return actor
    body = re.split(r"\b(?:from|wrote):", following[len(written) + 6 :], maxsplit=1, flags=re.I)[0]
    return "hmrc" if is_of_hmrc(written, body) else actor


def _sent(lines: Sequence[tuple[int, int, str]], index: int) -> str:
    for _start, _end, line in lines[index + 1 : index + 5]:
        found = _SENT.match(line)
        if found:
            return found["when"]
    return ""


def _first_date(text: str, profile: DocumentProfile) -> date | None:
    found = find_dates(text, reference=profile.written_on)
    return found[0].date if found else None


def _in_segment(unit: Unit, segments: Sequence[_Segment]) -> Unit:
    holding = [s for s in segments if s.page == unit.page and s.start <= unit.start]
    last = holding[-1]
    return replace(unit, speaker=last.speaker, on=last.on, quoted=last.quoted, who=last.who)


def _advisers(document: ReadDocument) -> tuple[str, ...]:
    text = "\n".join(page.text for page in document.pages)
    return tuple(m["who"].lower() for m in _CONNECTED.finditer(text))


def _chat_units(units: Sequence[Unit], names: Names, advisers: Sequence[str]) -> Iterator[Unit]:
    """A sentence without a name belongs to whoever spoke in the line that it continues."""
    last: Unit | None = None
    for unit in units:
        if last is not None and unit.block == last.block and not _CHAT.match(unit.text):
            last = replace(unit, speaker=last.speaker)
        else:
            last = _chat_speaker(unit, names, advisers)
        yield last


def _chat_speaker(unit: Unit, names: Names, advisers: Sequence[str]) -> Unit:
    found = _CHAT.match(unit.text)
    if not found:
        return unit
    who = (found["who"] or found["column"]).strip().lower()
    if any(adviser in who for adviser in advisers):
        return replace(unit, speaker="hmrc")
    if names.is_client(who):
        return replace(unit, speaker="client")
    ours = re.fullmatch(
        r"(?:agent|accountant|you|me|us|visitor|customer|tax agent|our side)", who
    ) or names.is_practice(who)
    ours = ours or any(word in names.practice_words for word in re.findall(r"[a-z]+", who))
    return replace(unit, speaker="agent" if ours else "hmrc")


def _call_speakers(units: Sequence[Unit], profile: DocumentProfile) -> Iterator[Unit]:
    """What the adviser said counts as HMRC's words, until our own begin or the bullet ends."""
    heard = re.compile(rf"^\W*{re.escape(profile.author_name)}\b", re.I) if profile.author_name else None
    before: Unit | None = None
    for unit in units:
        carried = before is not None and before.speaker == "hmrc" and before.block == unit.block
        named = _LABELLED.match(unit.text)
        if named and named["who"].lower() not in _LABELS:
            speaker: Actor = "agent" if named["who"].lower() in {"me", "us", "i", "we"} else "hmrc"
        elif _WE_SAY.search(unit.text) and not _HMRC_SAYS.search(unit.text):
            speaker = "agent"
        elif (
            _HMRC_SAYS.search(unit.text)
            or _SPOKEN.search(unit.text)
            or _HMRC_ACTS.search(unit.text)
            or (heard and heard.search(unit.text))
        ):
            speaker = "hmrc"
        else:
            speaker = "hmrc" if carried else "agent"
        before = replace(unit, speaker=speaker)
        yield before


_PROMISES = re.compile(r"\b(?:will|shall|promis\w+|'ll|’ll|to be|going to)\b", re.I)
_BARE_DEADLINE = re.compile(
    r"^\W*(?:(?:should|will|to) be (?:with|there|in|done|sorted|paid|out)\b(?: \w+){0,3}? )?"
    r"(?:within|by|before|no later than|in (?:the next |about )?\w+ (?:working )?(?:days?|weeks?))\b",
    re.I,
)


def _with_deadlines(units: Sequence[Unit], document: ReadDocument) -> Iterator[Unit]:
    """A promise and the day that the next words of the same bullet give for it, as one unit."""
    pages = {page.number: page.text for page in document.pages}
    held: Unit | None = None
    for unit in units:
        if held is not None and _dates_promise(held, unit):
            text = pages[unit.page][held.start : unit.end]
            held = replace(held, end=unit.end, text=text)
            continue
        if held is not None:
            yield held
        held = unit
    if held is not None:
        yield held


def _dates_promise(promise: Unit, unit: Unit) -> bool:
    """Whether a unit is no more than a deadline for the promise before it."""
    if unit.page != promise.page or unit.block - promise.block > 1 or len(unit.text.split()) > _SHORT:
        return False
    dated = find_durations(promise.text) or find_dates(promise.text, reference=promise.on)
    return bool(not dated and _PROMISES.search(promise.text) and _BARE_DEADLINE.match(unit.text))


_SHORT = 12  # words of a sentence that only gives a day
