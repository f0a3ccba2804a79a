"""What is to be put right, one request each: the answer, the record, the date or the person that is called for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from complaints.analysis.records import Breach, Remedy
from complaints.facts.records import Event
from letters.drafting.case import Case, Mark
from letters.drafting.contradictions import shown, topic_of
from letters.drafting.failing_facts import VAGUE, promises_of
from letters.drafting.sentences import ask
from letters.drafting.trial import holds
from letters.drafting.wording import day, flat, listed, own_possessive
from letters.outline import Outline
from letters.records import Sentence


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request and the places that bear on what it names; none where it names nothing that stands in a paper."""

    text: str
    marks: tuple[Mark, ...] = ()


Fix = Callable[[Case, Outline, Breach], Iterator[Wanted]]
_LETTERS = ("letter_to_hmrc", "application_made", "complaint_made")


def fixes(case: Case, outline: Outline, remedy: Remedy) -> list[Sentence]:
    """The requests that the failings call for, in the order of the failings, each once."""
    found: dict[str, Sentence] = {}
    told = [claim.breach for claim in outline.claims]
    for breach in (*told, *(b for b in case.analysis.breaches if b.failing in _ALWAYS and b not in told)):
        wordings = _FIXES.get(breach.failing, _none)(case, outline, breach)
        asked = (ask(case, wanted.text, wanted.marks, sections=remedy.basis[:1]) for wanted in wordings)
        sound = [sentence for sentence in asked if holds(case, sentence)]
        for sentence in sound[: None if breach.failing in _SEVERAL else 1]:
            found.setdefault(sentence.text, sentence)
    return list(found.values())


_SEVERAL = ("data_breach",)  # others have one request, worded in several ways


_ALWAYS = ("incomplete_reply", "wrong_statement")  # asked for though other failings fill the letter


def _none(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[Wanted]:
    return iter(())


def _promise(case: Case, _outline: Outline, breach: Breach) -> Iterator[Wanted]:
    promises = promises_of(case, breach)
    if promises:
        last = promises[-1]
        plain = own_possessive(f"HMRC to {last.what.rstrip('. ')}").removeprefix("HMRC ")
        what = "" if VAGUE.search(last.what) or len(last.what.split()) > 14 else f" ({plain})"
        for words in dict.fromkeys((what, "")):
            text = f"A named officer and a date for what HMRC undertook on {day(last.made_on)}{words}"
            yield Wanted(text, (last.span,))
        yield Wanted("A named officer and a date for what HMRC undertook", (last.span,))


def _answer(_case: Case, _outline: Outline, breach: Breach) -> Iterator[Wanted]:
    letters = [e for e in breach.events if e.kind in _LETTERS]
    dates = listed(day(e.date) for e in letters)
    if dates:
        noun = "letters" if " and " in dates else "letter"
        text = f"A written answer to our {noun} of {dates}, on what {'they' if noun == 'letters' else 'it'} asked"
        yield Wanted(text, _where(letters))


def _record(case: Case, _outline: Outline, breach: Breach) -> Iterator[Wanted]:
    """The date, or the entry, that HMRC's record should show."""
    papers = {*breach.documents, *(s.document for s in breach.spans)}
    for conflict in case.analysis.conflicts:
        near = {s.document for s in conflict.statements} & papers
        if near and conflict.preferred and conflict.kind != "deadline":
            wanted = shown(conflict.preferred)
            if wanted != flat(conflict.preferred):
                yield Wanted(f"Correction of HMRC's record of {topic_of(conflict)} to {wanted}", conflict.statements)
            else:
                yield Wanted(f"Correction of HMRC's record on {topic_of(conflict)}", conflict.statements)
            return
    yield Wanted("Correction of the statement that HMRC's own papers contradict")


def _deadline(case: Case, _outline: Outline, _breach: Breach) -> Iterator[Wanted]:
    sides = next((c.statements for c in case.analysis.conflicts if c.kind == "deadline"), ())
    yield Wanted("Confirmation in writing of which of the two dates or instructions HMRC stands by", sides)


def _points(case: Case, _outline: Outline, _breach: Breach) -> Iterator[Wanted]:
    left = case.analysis.unanswered_points
    if left:
        noun = "points" if len(left) > 1 else "point"
        text = f"A finding on {noun} {listed(str(u.point) for u in left)}, which the reply left out"
        yield Wanted(text, tuple(u.span for u in left))


def _call(_case: Case, _outline: Outline, breach: Breach) -> Iterator[Wanted]:
    calls = [e for e in breach.events if e.kind == "call"]
    if calls:
        noun = "calls" if len(calls) > 1 else "call"
        text = f"A search for HMRC's recording and notes of the {noun} of {listed(day(e.date) for e in calls)}"
        yield Wanted(text, _where(calls))


def _search(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[Wanted]:
    yield Wanted(
        "A search for the papers, or acceptance of copies as received on the day on which the originals arrived"
    )


def _collection(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[Wanted]:
    yield Wanted("A stop on collection, by HMRC and by any agency it has instructed, while the sum is in dispute")


def _addresses(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[Wanted]:
    yield Wanted("One correct address on every record that HMRC holds for our client")
    yield Wanted("A record of each letter that went astray, reported to whoever in HMRC deals with such incidents")


def _report(_case: Case, _outline: Outline, breach: Breach) -> Iterator[Wanted]:
    dates = listed(day(e.date) for e in breach.events)
    yield Wanted(f"A record of the report made{f' on {dates}' if dates else ''}", _where(breach.events))


def _notices(_case: Case, _outline: Outline, breach: Breach) -> Iterator[Wanted]:
    codes = [e for e in breach.events if e.kind == "coding_notice"]
    if codes:
        text = f"A correct code in place of that of {day(codes[-1].date)}, and confirmation that it will hold"
        yield Wanted(text, _where(codes[-1:]))
    else:
        yield Wanted("Correction of the error at its source, and confirmation that the correction will hold")


def _calculation(_case: Case, _outline: Outline, breach: Breach) -> Iterator[Wanted]:
    issued = [e for e in breach.events if e.kind in ("calculation_issued", "assessment_issued")]
    which = f" of {day(issued[-1].date)}" if issued else ""
    yield Wanted(f"Withdrawal of the calculation{which} and a correct one in its place", _where(issued[-1:]))


def _authority(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[Wanted]:
    yield Wanted("Confirmation that our authority to act stands on every record that HMRC holds for our client")


def _evidence(case: Case, _outline: Outline, breach: Breach) -> Iterator[Wanted]:
    ours = [e for e in breach.events if e.actor == "agent"]
    what = case.called(ours[0].span.document) if ours else ""
    sent = f"what was sent with {what}" if what else "the evidence that was sent"
    yield Wanted(f"A fresh decision on {sent}", _where(ours[:1]))


def _delay(case: Case, outline: Outline, breach: Breach) -> Iterator[Wanted]:
    """A date for the end of a wait that still goes on; where money is asked for, that request says it."""
    money = any(remedy.kind == "repayment" for remedy in outline.remedies)
    promised = any(claim.breach.failing == "broken_undertaking" for claim in outline.claims)
    if money and not promised:
        yield Wanted("A named officer and a date for that payment")
    elif breach.delay and breach.delay.open and not promised:
        yield Wanted(f"A date by which {case.template.matter} will be dealt with")


def _where(events: Iterable[Event]) -> tuple[Mark, ...]:
    return tuple(event.span for event in events)


_FIXES: dict[str, Fix] = {
    "delay": _delay,
    "broken_undertaking": _promise,
    "unanswered_correspondence": _answer,
    "wrong_statement": _record,
    "inconsistent_information": _deadline,
    "incomplete_reply": _points,
    "misleading_advice": _call,
    "lost_documents": _search,
    "enforcement_of_disputed_debt": _collection,
    "data_breach": _addresses,
    "report_not_logged": _report,
    "repeated_error": _notices,
    "coding_error": _notices,
    "calculation_error": _calculation,
    "agent_not_recognised": _authority,
    "evidence_overlooked": _evidence,
}
