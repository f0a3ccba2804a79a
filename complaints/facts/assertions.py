"""What a paper asserts of a sum, a record, a power or a charge: that it is so, or that it is not.

The same thing is affirmed by one paper and denied by another in a handful of ways, whatever the tax: a repayment was
issued and was cancelled, a year is full and is not, HMRC cannot change an entry and could have, a penalty will come off
and stands. The words are those of HMRC, in its papers and in our notes of talks with it; whether a repayment came,
those who waited for it can say too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from complaints.facts.records import DocumentProfile, Matter, Position
from complaints.facts.view import Unit
from lightpoint.language.dates import find_dates

TALKS = frozenset({"call_note", "webchat"})
_PAYMENT = r"(?:payable order|repayment|refund|cheque|credit|money|bacs|sum|order|payment|£[\d,.]+)"
_SENT = r"(?:issued|sent|paid|made|released|posted|credited|despatched|dispatched)"
_ISSUED = (
    rf"\b{_PAYMENT}\b.{{0,60}}\b(?:was|were|ha(?:s|ve)(?: \w+)? been|is being) (?:\w+ )?{_SENT}\b|"
    rf"\b(?:we|i|hmrc) (?:have |has )?(?:\w+ )?{_SENT}\b.{{0,40}}{_PAYMENT}"
)
_NOT_ISSUED = (
    rf"\b{_PAYMENT}\b.{{0,80}}\b(?:cancelled|stopped|recalled|returned|rejected|voided|withdrawn|bounced|"
    r"never (?:sent|issued|left|arrived|came|paid|made)|not (?:been )?(?:sent|issued|paid|arrived|received|made)|"
    r"(?:has|had|did)(?:n['’]t| not) (?:arrived?|come|been (?:sent|paid|received)|reached?))\b"
)
_OTHER_SUM = r"\b(?:interest|penalt(?:y|ies)|surcharges?|charges?|demands?|facility|direct debit)\b"
_NOT_YET_DUE = r"\b(?:if|once|until|when|will|would|should|unless)\b|\?"
_CHANGE = (
    r"(?:remove|touch|change|correct|amend|cancel|alter|take (?:it |that |this )?off|"
    r"put (?:it )?right|delete|merge|reallocate|move|fix|update)"
)
_WE = r"(?:we|hmrc|they|he|she|a caseworker|caseworkers?|an officer|the team|our staff|i)"
_CANNOT = (
    rf"\b{_WE}\b:?\W*\s*(?:\w+ )?(?:can['’]?t|cannot|can not|could not|couldn['’]t|(?:is|are|was|"
    rf"were) (?:not able|unable) to|"
    rf"ha(?:s|ve|d) no (?:power|way) to|has no access to)\b[^.]{{0,30}}\b{_CHANGE}\b|"
    r"\bonly (?:the|an|your|his|her) (?:employer|agent|client|customer|taxpayer|trader|company|contractor)\b[^.]{0,20}"
    rf"\b(?:can|could|may)\b"
)
_CAN = (
    rf"\b{_WE}\b (?:can|could(?: have)?|(?:is|are|was|were) able to|should have|might have|"
    rf"may) (?:\w+ )?{_CHANGE}d?\b|"
    rf"\b{_WE}\b could have {_CHANGE}\w*\b"
)
_CHARGE = r"(?:penalt(?:y|ies)|surcharges?|charges?|assessments?|interest|fines?|determinations?)"
_FALLS = (
    rf"\b{_CHARGE}\b.{{0,40}}\b(?:(?:will|would|should) (?:\w+ )?(?:come off|be (?:cancelled|removed|"
    rf"withdrawn|deleted|dropped)|"
    r"drop off|disappear|clear|go))\b|\bno need to appeal\b|\b(?:do|did|does)(?:n['’]t| not) (?:have|need) to appeal\b"
)
_STANDS = (
    rf"\b{_CHARGE}\b.{{0,60}}\b(?:remains? (?:payable|due|in force)|(?:still )?stands?\b|(?:is|are|"
    rf"was|were) (?:\w+ )?(?:correct|"
    r"correctly (?:charged|issued)|properly (?:charged|issued)|still (?:due|payable))|has been (?:upheld|maintained))"
)
_NEW_ADDRESS = (
    r"\b(?:will|shall) (?:now )?(?:use|write to|send \w+ to) (?:this|that|the new|your new) address\b|"
    r"\b(?:have|has) (?:now )?(?:updated|changed|amended|recorded|noted) (?:your|the|her|his|"
    r"their) (?:new )?address\b|"
    r"\baddress (?:has been|was|is) (?:now )?(?:updated|changed|amended)\b|"
    r"\brecords? (?:now )?shows? (?:your|the) new address\b"
)
_OLD_ADDRESS = (
    r"\b(?:old|former|previous) address\b[^.]{0,40}\b(?:still|remains?|on (?:the|our|their) (?:system|record))\b|"
    r"\bstill (?:has|have|had|holds?|held|shows?|showed|showing|using|uses|used|at|"
    r"on)\b[^.]{0,20}\b(?:old|former|previous)\b|"
    r"\baddress\b[^.]{0,30}\b(?:still (?:has|have|holds?|shows?)|never (?:updated|changed)|"
    r"not (?:been )?(?:updated|changed))\b|"
    r"\baddress\b[^.]{0,30}\bsystem still\b"
)
_STATES = (
    r"full|complete|correct|settled|up to date|registered|eligible|entitled|qualif(?:y|ies|"
    r"ying)|allocated|closed|matched|valid"
)
_IS_SO = rf"\b(?:is|are|was|were|has been|have been|you|does|do) (?:now |all |both |fully )*(?:{_STATES})\b"
_IS_NOT_SO = (
    rf"\b(?:is|are|was|were|has|have|do|does)(?: not|n['’]t) (?:yet |been |a )*(?:{_STATES})\b|"
    rf"\b(?:went|gone|moved) back to not "
    rf"(?:{_STATES})\b|\bnot (?:yet )?(?:{_STATES})\b"
)


@dataclass(frozen=True, slots=True)
class _Assertion:
    matter: Matter
    holds: bool
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    anybody: bool = False
    talk: bool | None = None  # only in a note of a talk, or only in a paper of HMRC's


def _of(
    matter: Matter, holds: bool, words: str, unless: str = "", *, anybody: bool = False, talk: bool | None = None
) -> _Assertion:
    barred = re.compile(unless, re.I) if unless else None
    return _Assertion(matter, holds, re.compile(words, re.I), barred, anybody, talk)


_ASSERTIONS: tuple[_Assertion, ...] = (
    _of(
        "paid",
        True,
        _ISSUED,
        rf"{_NOT_YET_DUE}|\bno\b|\bnot\b|\bnever\b|\bcancelled\b|\byou (?:paid|sent|made)\b|\bdue\b",
    ),
    _of("paid", False, _NOT_ISSUED, rf"{_NOT_YET_DUE}|{_OTHER_SUM}", anybody=True),
    _of("power", False, _CANNOT),
    _of("power", True, _CAN, r"\?|\bif\b", talk=False),
    _of("charge", False, _FALLS, talk=True),
    _of("charge", True, _STANDS, r"\bnot\b", talk=False),
    _of("address", True, _NEW_ADDRESS, talk=False),
    _of("address", False, _OLD_ADDRESS),
    _of("state", True, _IS_SO, rf"{_IS_NOT_SO}|{_NOT_YET_DUE}", talk=False),
    _of("state", False, _IS_NOT_SO, _NOT_YET_DUE),
)


def find_assertions(units: Sequence[Unit], profile: DocumentProfile) -> Iterator[Position]:
    """The assertions of a document, in order."""
    if profile.kind in {"time_record", "invoice", "computation"}:
        return
    for unit in units:
        for assertion in _ASSERTIONS:
            if _made(assertion, unit, profile):
                yield _position(assertion, unit, profile)
        yield from _ahead(unit, profile)


def _made(assertion: _Assertion, unit: Unit, profile: DocumentProfile) -> bool:
    """By HMRC in a paper, or by it in a talk that we noted; of money that did not come, by whoever waited for it."""
    talk = profile.kind in TALKS
    if assertion.talk is not None and assertion.talk != talk:
        return False
    text = " ".join(unit.text.split())
    by_hmrc = unit.speaker == "hmrc" or talk
    said = (by_hmrc or assertion.anybody) and assertion.pattern.search(text)
    return bool(said) and not (assertion.unless and assertion.unless.search(text))


def _position(assertion: _Assertion, unit: Unit, profile: DocumentProfile) -> Position:
    said_on = unit.on or profile.written_on
    thing = " ".join(sorted(years_in(unit.text))) if assertion.matter == "state" else ""
    on = next((m.date for m in find_dates(unit.text, reference=said_on)), None)
    speaker = "hmrc" if profile.kind in TALKS else unit.speaker
    return Position(assertion.matter, assertion.holds, thing, speaker, on, said_on, unit.span())


_YEARS = re.compile(r"\b(20\d\d)\s*(?:to|[-\u2013/])\s*(?:20)?(\d\d)\b")


def years_in(text: str) -> frozenset[str]:
    """Tax years by the year in which they begin, as papers write them: 2020-21, 2020 to 2021, 2020/21."""
    found = _YEARS.findall(text)
    return frozenset(first for first, last in found if (int(first) + 1) % 100 == int(last))


_NAMES_DAY = re.compile(r"\b(?:from|by|until|before|on|no later than)\s+$", re.I)


def _ahead(unit: Unit, profile: DocumentProfile) -> Iterator[Position]:
    """A day to come, with its year, that a paper of HMRC's names."""
    said_on = unit.on or profile.written_on
    if unit.speaker != "hmrc" or profile.kind in TALKS or said_on is None:
        return
    for mention in find_dates(unit.text, reference=said_on):
        if mention.complete and mention.date > said_on and _NAMES_DAY.search(unit.text[: mention.start]):
            yield Position("ahead", True, "", "hmrc", mention.date, said_on, unit.span())
