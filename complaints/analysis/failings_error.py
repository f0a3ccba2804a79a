"""Failings of substance: what HMRC got wrong, said wrongly, lost, or did again.

CRG3025 says what counts as a mistake.
"""

from collections import Counter
from collections.abc import Iterator

from complaints.analysis import failings_advice, failings_conflict
from complaints.analysis.delays import NOTICE_NAMES, repeated_notices
from complaints.analysis.failures import Failure, FailureRule, Scene, spans_of
from complaints.analysis.losses import find_loss
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, pounds, quotable, says
from complaints.facts.records import Amount, Event, Span, Statement


def _registration(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    wrong = view.first("certificate_issued", "registration")
    admitted = tuple(s.span for s in view.statements("keying_error", actor="hmrc"))
    admitted += scene.admits(r"regist|effective date|keyed")
    righted = view.first("correction", "withdrawal", after=wrong.date) if wrong else None
    asked = [e for e in view.our_letters if wrong and e.date > wrong.date]
    if wrong is None or not (admitted or (righted and asked)):
        return
    until = f", and corrected it only on {day(righted.date)}" if righted else ""
    own = ", as it admits" if admitted else ""
    because = f"HMRC registered the client wrongly on the certificate of {day(wrong.date)}{own}{until}."
    events = tuple(e for e in (wrong, righted) if e)
    yield Failure(
        "registration_error", because, events, tuple(dict.fromkeys((*spans_of(events), *admitted))), bool(admitted)
    )


def _coding(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    again = repeated_notices(view)
    wrong = view.first("coding_notice")
    righted = view.first("correction", after=wrong.date) if wrong else None
    if wrong is None or righted is None or again:
        return
    because = f"The tax code of {day(wrong.date)} was wrong and was corrected on {day(righted.date)}."
    yield Failure("coding_error", because, (wrong, righted), spans_of((wrong, righted)))


def _repeated(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    again = repeated_notices(view)
    if not again:
        return
    latest = again[-1]
    kind = latest.kind
    first, fixed = view.first(kind), view.last("correction", "withdrawal", before=latest.date)
    admitted = scene.admits(r"should ?n[o']t|should not|re-?open|error|again|mistake|wrong")
    fault = tuple(s for s in view.statements("system_error", actor="hmrc"))
    regretted = any(says(span.quote, r"should ?n[o'’]t|should not") for span in admitted)
    own = "; HMRC's own words are that this should not happen" if regretted else ""
    because = (
        f"HMRC corrected its {NOTICE_NAMES[kind]} on {day(fixed.date) if fixed else 'an earlier day'} and made"
        f" the same error again on {day(latest.date)}{own}."
    )
    events = tuple(dict.fromkeys(e for e in (first, fixed, latest) if e))
    spans = tuple(dict.fromkeys((*spans_of(events, fault), *admitted)))
    also = ("CRG3250",) if fault else ()
    yield Failure("repeated_error", because, events, spans, bool(admitted), also=also)


def _calculation(scene: Scene) -> Iterator[Failure]:
    """A calculation that counts one item twice, or that HMRC's or a third party's figures contradict."""
    view = scene.view
    for event in view.events("calculation_issued", "assessment_issued", actor="hmrc"):
        doubled = _doubled(view, event)
        if doubled:
            what = f"{pounds(doubled[0].value)} ({doubled[0].what or doubled[0].role.replace('_', ' ')})"
            because = f"HMRC's calculation of {day(event.date)} counts {what} twice and so shows tax that is not due."
            reports = view.events("third_party_report")
            spans = tuple(dict.fromkeys((event.span, *(a.span for a in doubled), *spans_of(reports))))
            yield Failure("calculation_error", because, (event,), spans)


def _doubled(view: CaseView, event: Event) -> tuple[Amount, ...]:
    """The same sum in the same role on two lines of the notice."""
    lines = [
        a
        for a in view.facts.amounts
        if a.span.document == event.span.document
        and a.role in ("benefit_in_kind", "pay", "gain", "sale_proceeds", "turnover", "profit")
    ]
    twice = Counter((a.value, a.role) for a in {(a.span.page, a.span.start): a for a in lines}.values())
    repeated = [key for key, count in twice.items() if count > 1]
    return tuple(a for a in lines if (a.value, a.role) == repeated[0])[:2] if repeated else ()


def _lost(scene: Scene) -> Iterator[Failure]:
    view, loss = scene.view, find_loss(scene.view)
    if loss is None:
        return
    received = view.statements("received_logged")
    by = ", by its own record," if received else ""
    on, _ = loss.said[0]
    came = loss.had.kind in ("return_received", "application_received")
    whither = f"HMRC had the papers{by} on" if came else "The papers went to HMRC on"
    had = f"{whither} {day(loss.had.date)}"
    because = f"{had} and on {day(on)} it said that it has no trace of them."
    if loss.asked_again:
        because = f"HMRC had what it had asked for on {day(loss.had.date)} and on {day(on)} asked for it again."
    sent, asked = view.events("documents_sent", "return_filed"), view.events("documents_requested")
    events = tuple(dict.fromkeys((*asked, *sent, loss.had, *view.events("documents_lost"))))
    said = tuple(span for _, span in loss.said)
    yield Failure("lost_documents", because, events, tuple(dict.fromkeys((*spans_of(events, received), *said))))


def _system(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    faults = tuple(s.span for s in view.statements("system_error", "admission", actor="hmrc") if _blames_system(s))
    heard = tuple(q for q in view.quotes if _is_hmrcs_word(view, q) and says(q.quote, f"{_SYSTEM_FAILED}|{_HELD_UP}"))
    spans = tuple(dict.fromkeys((*faults, *heard)))
    if not spans or repeated_notices(view):
        return
    profile = view.profiles.get(spans[0].document)
    on = next((view.said_on(s) for s in view.facts.statements if s.span == spans[0]), None)
    on = on or (profile.written_on if profile else None)
    when = f" on {day(on)}" if on else ""
    because = f'HMRC said{when} what in its own working was the cause: "{quotable(spans[0].quote)}".'
    yield Failure("system_error", because, (), spans, accepted=bool(faults))


def _is_hmrcs_word(view: CaseView, span: Span) -> bool:
    """In a letter of HMRC's, or in our note of a talk with it."""
    return view.kind(span.document) in ("hmrc_letter", "hmrc_complaint_reply", "call_note", "webchat")


_HELD_UP = (
    r"\b(stuck|held|sat|sitting|lying|waiting|placed|put|went|sent|fell|left)\b.{0,25}\b(in|into|to|on)\b.{0,40}"
    r"\b(queues?|work ?lists?|in-?tray|pile|backlog)\b|\b(manual|wrong|capture|exceptions?|error|work) (\w+ )?queue\b|"
    r"\b(keyed|typed|entered|scanned|captured|indexed|matched|mapped|linked|merged)\b.{0,40}\b(wrong\w*|incorrect\w*|"
    r"twice|in error|another|someone else\w*|a different)\b|\bnot (been )?(matched|captured|scanned|indexed|linked)\b|"
    r"\bmatched by (our|the) system and was not\b|\bsomething re-?ran\b|\bmatching (error|fault|problem|failure)\b"
)


def _blames_system(statement: Statement) -> bool:
    """Words that name a failure and the system, or a submission that was taken and not carried on."""
    return says(statement.span.quote, _SYSTEM_FAILED)


_SYSTEM_FAILED = (
    r"\b(systems?|computers?|software|automat\w+|gateway|feed|scanner|interface)\b.{0,80}\b(fail\w*|errors?|faults?|"
    r"glitch|problems?|wrong\w*|did(n.t| not)|stuck|reset|overwr\w+|re-?open\w*|crash\w*|re-?creat\w*|pulls?)\b|"
    r"\b(fail\w*|errors?|faults?|glitch|problems?)\b.{0,60}\b(systems?|computers?|software|feed|interface)\b|"
    r"\b(known|technical|IT|online) (issue|fault|problem|error|failure|difficult\w+)\b|"
    r"\b(issue|fault|bug|problem) (on|at) (our|HMRC.?s|their) (side|end)\b|"
    r"\b(service|portal|website|log-?in|gateway|link|helpline system|online account)\b.{0,30}\b(down|unavailable|"
    r"outage|broken|not working|went down|dropped)\b|\bunplanned downtime\b"
)
_OWNS_UP = (
    r"\b(error|mistakes?|wrong\w*|incorrect\w*|should(n.t| not| have)?|fail\w*|overlook\w*|not correct|late|delay|"
    r"lost|mislaid|misfiled|fault|oversight|not act\w*|sat|keyed|keying|our side|fell short)\b"
)


def _other(scene: Scene) -> Iterator[Failure]:
    """An admission, or a mistake upheld; the assembly drops it where another failing rests on the same words."""
    view = scene.view
    for admission in view.statements("admission", "upheld", actor="hmrc"):
        if not says(admission.span.quote, _OWNS_UP):
            continue
        on = view.said_on(admission)
        when = f" on {day(on)}" if on else ""
        because = f'HMRC itself accepted{when}: "{quotable(admission.span.quote)}".'
        yield Failure("other_mistake", because, (), (admission.span,), accepted=True)


RULES: tuple[FailureRule, ...] = (
    _repeated,
    _registration,
    _coding,
    _calculation,
    *failings_advice.RULES,
    _lost,
    *failings_conflict.RULES,
)
LAST: tuple[FailureRule, ...] = (_system, _other)
