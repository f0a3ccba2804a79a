"""What papers take to be the case on the matters that complaints turn on: yes or no, of what, and as of when.

Two papers that take opposite positions are what `conflicts` reports; the analysis reads them for holds and limits.
The words are those in which HMRC, agencies and agents put such things, whatever the tax.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.facts.assertions import find_assertions
from complaints.facts.denials import find_denials
from complaints.facts.records import Actor, DocumentProfile, Matter, Position
from complaints.facts.view import Unit
from lightpoint.calendars import add_months
from lightpoint.language.dates import find_dates
from lightpoint.language.durations import find_durations

_TALKS = frozenset({"call_note", "webchat"})
_HMRC = frozenset[Actor]({"hmrc"})
_CREDITOR = frozenset[Actor]({"hmrc", "third_party"})
_OURS = frozenset[Actor]({"agent", "client"})
_ANYBODY = _CREDITOR | _OURS

# First match names the thing, so the particular comes before the general.
THINGS: tuple[tuple[str, str], ...] = (
    (r"\bdisclosures?\b", "disclosure"),
    (r"\brepresentations?\b", "representations"),
    (r"\b64-?8\b|\bauthorit(?:y|ies)\b|\bauthorisations?\b", "authority"),
    (r"\bapplications?\b|\bvat ?1\b|\bregistration\b", "application"),
    (r"\bappeals?\b", "appeal"),
    (r"\bcomplaints?\b", "complaint"),
    (r"\bpayments?\b(?! (?:summary|reference|on account))|\bcheques?\b|\bpaid\b", "payment"),
    (r"\bclaims?\b(?! is| that)", "claim"),
    (
        r"\breturns?\b|\bsa\d{3}\b|\bct600\b|\biht\d+\b|\bsubmission\b|\b[ef]ps\b|\bpayment summary\b|"
        r"\bcis ?300(?:mr)?\b|"
        r"\b(?:completed|duplicate|original|inheritance tax|iht|estate|executry) account\b|\bacct\b",
        "return",
    ),
    (
        r"\bvouchers?\b|\bdocuments?\b|\bevidence\b|\brecords\b|\binvoices?\b|\bschedules\b|\bbank statements\b|"
        r"\binformation\b|\bcertificates?\b|\bpapers\b",
        "documents",
    ),
    (r"\bforms?\b", "form"),
    (r"\bletters?\b|\bcorrespondence\b", "letter"),
)

_NOTHING = r"\bnothing (?:pending|outstanding|there|showing|(?:on|in) (?:the|our) (?:\w+ )?(?:account|system|record))\b"
_ASKED_BACK = (
    r"\b(?:repayment|refund) (?:requested|claimed)\b(?!\W*no\b)|\bclaim (?:to|for) (?:a )?(?:repayment|refund)\b"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    matter: Matter
    holds: bool
    speakers: frozenset[Actor]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def _rule(matter: Matter, holds: bool, speakers: frozenset[Actor], words: str, unless: str = "") -> _Rule:
    barred = re.compile(unless, re.I) if unless else None
    return _Rule(matter, holds, speakers, re.compile(words, re.I), barred)


_NOT_HAD = (
    r"\bno (?:record|trace|sign|evidence) of\b|\b(?:have|has|had) (?:not|never) (?:yet )?(?:been )?(?:received|sent|"
    r"supplied|provided|submitted|filed|had|found|seen)\b|\bnot (?:yet )?(?:been )?(?:received|found|arrived)\b|"
    r"\bunable to (?:locate|find|trace)|\bcan(?:no|['’])t (?:be )?(?:found|find|locate|trace|see)\b|"
    r"\brecords? (?:do not )?show (?:no|any)\b|\b(?:have|has|had) (?:had )?no (?:\w+ )?(?:return|claim|form|"
    r"payment|account)\b|"
    r"\bnothing (?:has been |was )?(?:received|pending|arrived)\b|\bdid not (?:receive|arrive)\b"
)
_HAD = (
    r"\b(?:we|i|hmrc|you|your \w+)\b[^.]{0,40}\b(?:received|traced|ha(?:ve|s) had(?! (?:no|to)\b)|accepted)\b|"
    r"\breached (?:us|this office|me|hmrc)\b|\b(?:was|were|been|which) (?:successfully )?(?:received|accepted)\b|"
    r"\b(?:logged|shown|recorded) as received\b|\bthank you for (?:the|your)\b[^.]{0,40}\breceived\b|"
    r"\bbooked in\b|(?<!not )\bon (?:the |our |their |his |her )?system\b|\b(?:letter|reply|return|form|claim|appeal|"
    r"account|acct|it)\b[^.]{0,25}\b(?:did come in|came in|is here|has turned up|turned up)\b"
)
_NOT_YET = (
    rf"{_NOT_HAD}|\b(?:if|when|once|until) (?:we|you|it)\b|\bafter we (?:have )?receiv|\bno records? (?:have|has)\b"
)
_RULES: tuple[_Rule, ...] = (
    _rule(
        "receipt",
        False,
        _HMRC,
        _NOT_HAD,
        r"\byou have not contacted\b|\binterest\b[^.]*\bnot been\b|\bwho had not\b|\bpaid invoice\b",
    ),
    _rule("receipt", True, _CREDITOR, _HAD, _NOT_YET),
    _rule("receipt", True, _OURS, r"\byou(?:r \w+)?\b[^.]{0,40}\b(?:received|accepted|have had)\b", _NOT_YET),
    _rule("receipt", False, _OURS, r"\byour letter of\b[^.]{0,40}\basks? for\b|\basked (?:us )?(?:again|twice) for\b"),
    _rule(
        "debt",
        True,
        _CREDITOR,
        r"\b(?:amount|total|sum|balance)\b[^.]{0,25}\b(?:due|to pay|owed|outstanding|payable|overdue)\b|\bunderpaid\b|"
        r"\byou (?:still )?owe\b(?! nothing)|\bpay (?:now|in full)\b|\btoo much\b|\bdebt owed\b|"
        r"\basked us to (?:collect|recover)\b|\boverdue\b",
        r"\b(?:not|nothing|no longer|no)\b",
    ),
    _rule(
        "debt",
        False,
        _HMRC,
        r"\b(?:was|is|are|were) (?:not|never) (?:due|owed|payable)\b|\bnothing (?:is |was )?(?:due|to pay|owed|"
        r"repayable|to pay back)\b|\b(?:owe|pay) nothing\b|\bnothing should be paid\b|"
        r"\b(?:charge|debt|demand|interest|sum|penalty|surcharge|overpayment)\b.{0,60}\b(?:cancelled|withdrawn|"
        r"raised in error|written off|removed)\b",
        r"\btold (?:you|us) that\b|\bwill be (?:\w+ )?(?:cancelled|withdrawn|written off|removed)\b",
    ),
    _rule(
        "hold",
        True,
        _HMRC,
        r"\bon hold\b|\b(?:a |has a |put a |placed a )hold\b|\bhold on (?:collection|recovery|enforcement|the debt)\b|"
        r"\bnot take (?:any )?(?:further )?(?:steps|action) to (?:collect|recover)\b|"
        r"\b(?:collection|recovery|enforcement)\b[^.]{0,25}\b(?:suspended|stopped|paused|stood over)\b",
        r"\bmin(?:ute)?s?\b|\b\d+ ?m(?:ins?)?\b|\bqueue\b|\bmusic\b|\b(?:was|were|kept|put (?:me|"
        r"us)) on hold (?:for|while)\b",
    ),
    _rule(
        "authority",
        False,
        _ANYBODY,
        r"\bno (?:agent|authority|authorisation|64-?8)\b|\b(?:not|isn['’]t|aren['’]t) (?:the )?authorised\b|"
        r"\bagent name is not recognised\b|\bsignature does not match\b|\breturn the form\b|"
        r"\b(?:could|can|would|will)(?:not|n['’]t| not) (?:speak|talk|discuss|deal)\b[^.]{0,30}\b(?:us|me|agent|you)\b",
    ),
    _rule(
        "authority",
        True,
        _ANYBODY,
        r"\b(?:are|is|were|been) (?:authorised|(?:the |their |its )?agent) (?:online )?(?:since|on|from|for)\b|"
        r"\bagent online since\b|\b(?:hold|have|lodged|holds?) (?:your |our |an |the |full )?authori(?:ty|sation)\b|"
        r"\bcorrectly completed\b|\b(?:64-?8|authori(?:ty|sation)|online request)\b[^.]{0,50}\b(?:accepted|in place|"
        r"on (?:our |the )?record|logged|processed|registered)\b",
        r"\bno (?:authority|agent)\b|\bnot\b[^.]{0,15}\bauthor",
    ),
    _rule(
        "contact",
        False,
        _HMRC,
        r"\byou have (?:not|never) (?:contacted|replied|responded|written|answered|been in touch)\b|"
        r"\b(?:not|never) heard from you\b|\bno (?:reply|response|contact|answer) from you\b|\bfailed to (?:contact|"
        r"respond|reply)\b",
    ),
    _rule(
        "contact",
        True,
        _HMRC,
        r"\bthank you for (?:your|the) (?:letters?|e-?mails?|calls?|messages?)\b|"
        r"\breplying to your letters?\b|\bin reply to your\b",
    ),
    _rule(
        "filing",
        False,
        _HMRC,
        r"\b(?:do|need|does) not (?:need|have|required?)? ?(?:to )?(?:send|file|submit|complete)\b[^.]{0,20}"
        r"\breturns?\b|\bno returns? (?:is|are|was|were) (?:due|needed|required)\b|"
        r"\breturns? (?:is|are) not (?:due|needed|required)\b|"
        r"\brecorded\b[^.]{0,30}\b(?:inactive|dormant)\b|\bnot required to (?:file|send|submit)\b",
    ),
    _rule(
        "filing",
        True,
        _HMRC,
        r"\b(?:you )?have not (?:sent|filed|submitted)\b[^.]{0,25}\breturns?\b|\breturns? (?:is|was|are) (?:now )?"
        r"(?:over)?due\b|\byour returns? (?:has|have) not been (?:received|filed)\b",
    ),
)


def thing_in(text: str) -> str:
    """The thing that a text is about, empty where it names none."""
    return next((name for pattern, name in THINGS if re.search(pattern, text, re.I)), "")


def find_positions(units: Sequence[Unit], profile: DocumentProfile) -> Iterator[Position]:
    """Every position that the units of a document take, in order."""
    if profile.kind in {"time_record", "invoice", "computation"}:
        return
    for at, unit in enumerate(units):
        for rule in _RULES:
            if _fits(rule, unit, profile):
                yield _position(rule, unit, units[max(0, at - 1)], profile)
        yield from _deadline(unit, units[max(0, at - 1)], profile)
        yield from _answer(unit, profile)
        yield from _arrival(unit, profile)
        if profile.kind == "hmrc_receipt" and re.search(_ASKED_BACK, unit.text, re.I):
            yield Position("receipt", True, "claim", "hmrc", profile.written_on, profile.written_on, unit.span())
    yield from find_assertions(units, profile)
    yield from find_denials(units, profile)
    yield from _receipted(units, profile)


def _receipted(units: Sequence[Unit], profile: DocumentProfile) -> Iterator[Position]:
    """HMRC's own receipt for a return or a claim, whatever its words."""
    if profile.kind != "hmrc_receipt" or profile.written_on is None:
        return
    named = ((unit, thing_in(unit.text)) for unit in units)
    telling = next(((unit, thing) for unit, thing in named if thing in {"return", "claim", "application"}), None)
    if telling and profile.date_span:
        yield Position("receipt", True, telling[1], "hmrc", profile.written_on, profile.written_on, profile.date_span)


def _answer(unit: Unit, profile: DocumentProfile) -> Iterator[Position]:
    """Each sentence of a complaint reply that is not a courtesy, a recital of the complaint or a next step."""
    words = [word for word in unit.text.split() if word.islower()]
    prose = len(words) >= 3 and profile.kind == "hmrc_complaint_reply" and unit.speaker == "hmrc"
    if prose and not re.search(_NO_ANSWER, _flat(unit.text), re.I):
        yield Position("answer", True, "", "hmrc", None, profile.written_on, unit.span())


_NO_ANSWER = (
    r"^\W*(?:\W?[a-h\d]\W)?\s*(?:you (?:have |also )?(?:complain|say|said|ask|raise|told|wrote|state|list)\w*|"
    r"your (?:complaint|letter|points?|concerns?)\b|thank you|dear|yours|i (?:have )?(?:summaris|underst)\w*)\b|"
    r"\bif you\b|\b(?:second|further) (?:tier )?review\b|\badjudicator\b|\bcomplaint (?:about|of|number)\b"
)


def _arrival(unit: Unit, profile: DocumentProfile) -> Iterator[Position]:
    """Our own note that a letter came: the day in the words, else that of the note."""
    ours = unit.speaker in _OURS and profile.kind in {"email", "call_note", "other", "agent_letter"}
    if ours and re.search(_CAME, _flat(unit.text), re.I):
        said_on = unit.on or profile.written_on
        on = _first_date(unit.text, said_on) or said_on
        yield Position("arrival", True, "reply", unit.speaker, on, said_on, unit.span())


_CAME = (
    r"\b(?:letter|reply|response|review|decision|conclusion|answer|outcome)\b[^.]{0,60}\b(?:came|arrived|"
    r"received|landed|"
    r"reached (?:us|me)|in (?:today|the post|today['’]s post))\b|\b(?:came|arrived|received)\b[^.]{0,30}\b(?:"
    r"this morning|today|in the post)\b|\bdate-?stamped\b|\btoday['’]s post\b"
)


def _fits(rule: _Rule, unit: Unit, profile: DocumentProfile) -> bool:
    """In our note of a talk the words may be HMRC's, whoever wrote them down."""
    heard = unit.speaker in rule.speakers or (profile.kind in _TALKS and "hmrc" in rule.speakers)
    text = _flat(unit.text)
    return heard and bool(rule.pattern.search(text)) and not (rule.unless and rule.unless.search(text))


def _position(rule: _Rule, unit: Unit, before: Unit, profile: DocumentProfile) -> Position:
    said_on = unit.on or profile.written_on
    if rule.matter == "receipt" and re.search(_NOTHING, unit.text, re.I):
        return Position("receipt", False, "anything", "hmrc", None, said_on, unit.span())
    meant = before.block == unit.block or (before.page == unit.page and re.search(r"\bit\b", unit.text, re.I))
    thing = thing_in(unit.text) or (thing_in(before.text) if meant else "")
    actor: Actor = "hmrc" if profile.kind in _TALKS and rule.speakers == _HMRC else unit.speaker
    return Position(rule.matter, rule.holds, thing, actor, _day(rule, unit, said_on), said_on, unit.span())


def _day(rule: _Rule, unit: Unit, said_on: date | None) -> date | None:
    """The day that the words give: of receipt the last one after "received", of a hold the one that it runs to."""
    text = unit.text
    if rule.matter == "hold":
        mark = re.search(r"\b(?:to|until|till|up to)\s+(?=\S*\d)", text, re.I)
        return _first_date(text[mark.end() :], said_on, later=True) if mark else None
    if rule.matter == "receipt":
        mark = re.search(r"\b(?:received|reached|accepted|traced|since|had them|had it)\b", text, re.I)
        return _first_date(text[mark.end() :] if mark else text, said_on) or _first_date(text, said_on)
    return _first_date(text, said_on)


def _first_date(text: str, reference: date | None, *, later: bool = False) -> date | None:
    for mention in find_dates(text, reference=reference):
        if later and reference and not mention.complete and mention.date < reference:
            return add_months(mention.date, 12)
        return mention.date
    return None


def _deadline(unit: Unit, before: Unit, profile: DocumentProfile) -> Iterator[Position]:
    """A last day for the tribunal or an appeal: a day named, or a period from the date of this paper."""
    if unit.speaker != "hmrc":
        return
    near = f"{before.text} {unit.text}"
    if not re.search(r"\btribunal\b|\bappeal\b", near, re.I):
        return
    thing = "tribunal" if re.search(r"\btribunal\b", near, re.I) else "appeal"
    said_on = unit.on or profile.written_on
    last = _named_day(unit.text, said_on) or _counted_day(unit.text, said_on)
    if last:
        yield Position("deadline", True, thing, "hmrc", last, said_on, unit.span())


def _named_day(text: str, said_on: date | None) -> date | None:
    mark = re.search(r"\b(?:until|by|before|no later than|not later than)\s+(?=\S*\d)", text, re.I)
    found = _first_date(text[mark.end() :], said_on, later=True) if mark else None
    return found if found and said_on and found > said_on else None


def _counted_day(text: str, said_on: date | None) -> date | None:
    periods = [d for d in find_durations(text) if d.unit in {"day", "week", "month"}]
    if not periods or said_on is None or not re.search(r"\bthis (?:letter|notice|decision|conclusion)\b", text, re.I):
        return None
    count = int(periods[0].value)
    if periods[0].unit == "month":
        return add_months(said_on, count)
    return said_on + timedelta(days=count * (7 if periods[0].unit == "week" else 1))


def _flat(text: str) -> str:
    return " ".join(text.split())
