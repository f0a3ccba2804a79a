"""What is to be put right, one request each: the answer, the record, the date or the person that is called for."""

from collections.abc import Callable, Iterator

from complaints.analysis.records import Breach, Remedy
from letters.drafting.case import Case
from letters.drafting.contradictions import shown, topic_of
from letters.drafting.failing_facts import VAGUE, promises_of
from letters.drafting.sentences import ask
from letters.drafting.trial import holds
from letters.drafting.wording import day, flat, listed
from letters.outline import Outline
from letters.records import Sentence

Fix = Callable[[Case, Outline, Breach], Iterator[str]]
_LETTERS = ("letter_to_hmrc", "application_made", "complaint_made")


def fixes(case: Case, outline: Outline, remedy: Remedy) -> list[Sentence]:
    """The requests that the failings call for, in the order of the failings, each once."""
    found: dict[str, Sentence] = {}
    told = [claim.breach for claim in outline.claims]
    for breach in (*told, *(b for b in case.analysis.breaches if b.failing in _ALWAYS and b not in told)):
        wordings = _FIXES.get(breach.failing, _none)(case, outline, breach)
        asked = (ask(case, text, remedy.spans, sections=remedy.basis[:1]) for text in wordings)
        sound = [sentence for sentence in asked if holds(case, sentence)]
        for sentence in sound[: None if breach.failing in _SEVERAL else 1]:
            found.setdefault(sentence.text, sentence)
    return list(found.values())


_SEVERAL = ("data_breach",)  # others have one request, worded in several ways


_ALWAYS = ("incomplete_reply",)


def _none(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[str]:
    return iter(())


def _promise(case: Case, _outline: Outline, breach: Breach) -> Iterator[str]:
    promises = promises_of(case, breach)
    if promises:
        last = promises[-1]
        what = "" if VAGUE.search(last.what) or len(last.what.split()) > 14 else f" (to {last.what.rstrip('. ')})"
        for words in dict.fromkeys((what, "")):
            yield f"A named officer and a date for what HMRC undertook on {day(last.made_on)}{words}"
        yield "A named officer and a date for what HMRC undertook"


def _answer(_case: Case, _outline: Outline, breach: Breach) -> Iterator[str]:
    dates = listed(day(e.date) for e in breach.events if e.kind in _LETTERS)
    if dates:
        noun = "letters" if " and " in dates else "letter"
        yield f"A written answer to our {noun} of {dates}, on what {'they' if noun == 'letters' else 'it'} asked"


def _record(case: Case, _outline: Outline, breach: Breach) -> Iterator[str]:
    """The date, or the entry, that HMRC's record should show."""
    papers = {*breach.documents, *(s.document for s in breach.spans)}
    for conflict in case.analysis.conflicts:
        near = {s.document for s in conflict.statements} & papers
        if near and conflict.preferred and conflict.kind != "deadline":
            wanted = shown(conflict.preferred)
            if wanted != flat(conflict.preferred):
                yield f"Correction of HMRC's record of {topic_of(conflict)} to {wanted}"
            else:
                yield f"Correction of HMRC's record on {topic_of(conflict)}"
            return
    yield "Correction of the statement that HMRC's own papers contradict"


def _deadline(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[str]:
    yield "Confirmation in writing of which of the two dates or instructions HMRC stands by"


def _points(case: Case, _outline: Outline, _breach: Breach) -> Iterator[str]:
    left = case.analysis.unanswered_points
    if left:
        noun = "points" if len(left) > 1 else "point"
        yield f"A finding on {noun} {listed(str(u.point) for u in left)}, which the reply left out"


def _call(_case: Case, _outline: Outline, breach: Breach) -> Iterator[str]:
    calls = [e for e in breach.events if e.kind == "call"]
    if calls:
        noun = "calls" if len(calls) > 1 else "call"
        yield f"A search for HMRC's recording and notes of the {noun} of {listed(day(e.date) for e in calls)}"


def _search(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[str]:
    yield "A search for the papers, or acceptance of copies as received on the day on which the originals arrived"


def _collection(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[str]:
    yield "A stop on collection, by HMRC and by any agency it has instructed, while the sum is in dispute"


def _addresses(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[str]:
    yield "One correct address on every record that HMRC holds for our client"
    yield "A record of each letter that went astray, reported to whoever in HMRC deals with such incidents"


def _report(_case: Case, _outline: Outline, breach: Breach) -> Iterator[str]:
    dates = listed(day(e.date) for e in breach.events)
    yield f"A record of the report made{f' on {dates}' if dates else ''}"


def _notices(_case: Case, _outline: Outline, breach: Breach) -> Iterator[str]:
    codes = [e for e in breach.events if e.kind == "coding_notice"]
    if codes:
        yield f"A correct code in place of that of {day(codes[-1].date)}, and confirmation that it will hold"
    else:
        yield "Correction of the error at its source, and confirmation that the correction will hold"


def _calculation(_case: Case, _outline: Outline, breach: Breach) -> Iterator[str]:
    issued = [e for e in breach.events if e.kind in ("calculation_issued", "assessment_issued")]
    which = f" of {day(issued[-1].date)}" if issued else ""
    yield f"Withdrawal of the calculation{which} and a correct one in its place"


def _authority(_case: Case, _outline: Outline, _breach: Breach) -> Iterator[str]:
    yield "Confirmation that our authority to act stands on every record that HMRC holds for our client"


def _evidence(case: Case, _outline: Outline, breach: Breach) -> Iterator[str]:
    ours = [e for e in breach.events if e.actor == "agent"]
    what = case.called(ours[0].span.document) if ours else ""
    yield f"A fresh decision on what was sent with {what}" if what else "A fresh decision on the evidence that was sent"


def _delay(case: Case, outline: Outline, breach: Breach) -> Iterator[str]:
    """A date for the end of a wait that still goes on; where money is asked for, that request says it."""
    money = any(remedy.kind == "repayment" for remedy in outline.remedies)
    promised = any(claim.breach.failing == "broken_undertaking" for claim in outline.claims)
    if money and not promised:
        yield "A named officer and a date for that payment"
    elif breach.delay and breach.delay.open and not promised:
        yield f"A date by which {case.template.matter} will be dealt with"


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
