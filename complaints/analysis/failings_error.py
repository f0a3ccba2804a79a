"""Failings of substance: what HMRC got wrong, said wrongly, lost, or did again.

CRG3025 says what counts as a mistake.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from complaints.analysis.addresses import misdirected_post
from complaints.analysis.delays import NOTICE_NAMES, repeated_notices
from complaints.analysis.failures import Failure, FailureRule, Scene, spans_of
from complaints.analysis.losses import find_loss
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, listed, pounds, quotable, readable, says, squash
from complaints.facts.records import Amount, Conflict, Event, Span, Statement
from lightpoint.language.dates import find_dates

_INSTRUCTS = (
    r"ignore|no need|not need|need not|don'?t (have|need)|not required|no action|do(es)? not apply|allowed|"
    r"can claim|cannot claim|out of time|too late|rejected|deadline|only get|months|exempt|nothing to pay"
)
_ADVICE = r"advice|advis|helpline|telephone|phone|\bcall\b|told|inform"


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


def _advice(scene: Scene) -> Iterator[Failure]:
    """Advice of HMRC's that its own later acts, or the law as we put it to HMRC, show to be wrong."""
    view = scene.view
    spoken = [
        s
        for s in view.statements("advice", "refusal", actor="hmrc")
        if view.kind(s.span.document) in ("call_note", "webchat", "hmrc_letter") and says(s.span.quote, _INSTRUCTS)
    ]
    contested = _contested(view)
    wrong = [s for s in spoken if contested or _contradicted(view, s)]
    if not wrong:
        return
    said = _named_first(view, wrong, contested)
    on = view.said_on(said)
    note = " A note of the call was made on the day." if view.statements("made_same_day") else ""
    when = f"On {day(on)} " if on else ""
    because = f'{when}HMRC told us {_means(view, said)}: "{quotable(said.span.quote)}". That was wrong.{note}'
    calls = tuple(e for e in view.events("call", "webchat") if e.span.document == said.span.document or e.date == on)
    spans = tuple(dict.fromkeys((*spans_of((), wrong), *contested, *spans_of(calls))))
    yield Failure("misleading_advice", because, calls, spans)


def _named_first(view: CaseView, wrong: Sequence[Statement], contested: Sequence[Span]) -> Statement:
    """The advice of a day that the complaint names, else the first."""
    for statement in wrong:
        on = view.said_on(statement)
        if on and any(on in {m.date for m in find_dates(span.quote, reference=on)} for span in contested):
            return statement
    return wrong[0]


def _means(view: CaseView, statement: Statement) -> str:
    kind = view.kind(statement.span.document)
    return {"hmrc_letter": "in writing", "webchat": "by webchat"}.get(kind, "by telephone, as our note records")


def _contested(view: CaseView) -> tuple[Span, ...]:
    """Points of a complaint and findings of HMRC that are about what was said to us."""
    spans = [
        p.span
        for p in view.facts.points
        if says(f"{p.label} {p.text}", _ADVICE + r".{0,60}")
        and says(f"{p.label} {p.text}", r"wrong|advice|incorrect|mislead|misinform|told")
    ]
    spans += [f.span for f in view.facts.findings if says(f.label, r"advice|telephone|phone|call")]
    return tuple(spans)


def _contradicted(view: CaseView, statement: Statement) -> bool:
    on = view.said_on(statement)
    return on is not None and view.first("penalty_issued", "assessment_issued", "demand_issued", after=on) is not None


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
    sent, asked = view.events("documents_sent", "return_filed"), view.events("documents_requested")
    events = tuple(dict.fromkeys((*asked, *sent, loss.had, *view.events("documents_lost"))))
    said = tuple(span for _, span in loss.said)
    yield Failure("lost_documents", because, events, tuple(dict.fromkeys((*spans_of(events, received), *said))))


def _conflicts(scene: Scene) -> Iterator[Failure]:
    for conflict in scene.view.facts.conflicts:
        failure = _deadline_conflict(scene, conflict) or _statement_conflict(scene, conflict)
        if failure:
            yield failure


def _sides(scene: Scene, conflict: Conflict) -> tuple[Span, ...]:
    """The spans of the facts that carry the words of each side."""
    found: list[Span] = []
    for side in conflict.statements:
        near = [q for q in scene.view.quotes if q.document == side.document and _same_words(q.quote, side.quote)]
        found += near[:1]
    return tuple(found)


def _same_words(one: str, other: str) -> bool:
    first, second = squash(one).lower(), squash(other).lower()
    return bool(first and second) and (first in second or second in first)


def _deadline_conflict(scene: Scene, conflict: Conflict) -> Failure | None:
    by_hmrc = [s for s in conflict.statements if scene.view.author(s.document) == "hmrc"]
    if conflict.kind != "deadline" or len(by_hmrc) < 2:
        return None
    values = listed(readable(s.value) for s in by_hmrc)
    because = f"HMRC's own papers give different dates for {conflict.what}: {values}."
    return Failure("inconsistent_information", because, _events_in(scene, conflict), _sides(scene, conflict))


def _statement_conflict(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC states something that better evidence contradicts; what lost papers or post explain is said there."""
    view = scene.view
    explained = (conflict.kind == "receipt" and view.statements("no_trace")) or (
        conflict.kind == "address" and (misdirected_post(view) or view.events("disclosure"))
    )
    wrong = [s for s in conflict.statements if view.author(s.document) == "hmrc" and s.value != conflict.preferred]
    if conflict.kind in ("deadline", "other") or explained or conflict.preferred is None or not wrong:
        return None
    because = (
        f"HMRC gives {readable(wrong[0].value)} as {conflict.what}, which cannot be right: {conflict.why_preferred}."
    )
    return Failure("wrong_statement", because, _events_in(scene, conflict), _sides(scene, conflict))


def _events_in(scene: Scene, conflict: Conflict) -> tuple[Event, ...]:
    documents = {s.document for s in conflict.statements}
    own = [e for e in scene.view.happened if e.span.document in documents and e.actor in ("hmrc", "agent")]
    return tuple(e for e in own if e.date == getattr(scene.view.profiles.get(e.span.document), "written_on", None))


def _system(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    faults = view.statements("system_error", actor="hmrc")
    if not faults or repeated_notices(view):
        return
    on = view.said_on(faults[0])
    when = f" on {day(on)}" if on else ""
    because = f'HMRC accepted{when} that its own system was the cause: "{quotable(faults[0].span.quote)}".'
    yield Failure("system_error", because, (), spans_of((), faults), accepted=True)


def _other(scene: Scene) -> Iterator[Failure]:
    """An admission; the assembly drops it where another failing already rests on the same words."""
    view = scene.view
    for admission in view.statements("admission", actor="hmrc"):
        on = view.said_on(admission)
        when = f" on {day(on)}" if on else ""
        because = f'HMRC itself accepted{when}: "{quotable(admission.span.quote)}".'
        yield Failure("other_mistake", because, (), (admission.span,), accepted=True)


RULES: tuple[FailureRule, ...] = (
    _repeated,
    _registration,
    _coding,
    _calculation,
    _advice,
    _lost,
    _conflicts,
)
LAST: tuple[FailureRule, ...] = (_system, _other)
