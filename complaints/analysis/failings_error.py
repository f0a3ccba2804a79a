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
from complaints.analysis.wording import day, listed, pounds, quotable, readable, says, squash, upper_first
from complaints.facts.contradictions import CHARGE, POWER, UNPAID
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
    against = _against_advice(scene)
    if against:
        yield against
        return
    spoken = [
        s
        for s in view.statements("advice", "refusal", actor="hmrc")
        if view.kind(s.span.document) in ("call_note", "webchat", "hmrc_letter") and says(s.span.quote, _INSTRUCTS)
    ]
    contested = _contested(view)
    wrong = [s for s in spoken if (contested and not _courtesy(view, s)) or _contradicted(view, s)]
    if not wrong or scene.admits(_WRONG_ADVICE):
        yield from _admitted_advice(scene, spoken) or _advice_complained_of(view)
        return
    said = _named_first(view, wrong, contested)
    on = view.said_on(said)
    note = " A note of the call was made on the day." if view.statements("made_same_day") else ""
    when = f"On {day(on)} " if on else ""
    because = f'{when}HMRC told us {_means(view, said)}: "{quotable(said.span.quote)}". That was wrong.{note}'
    calls = tuple(e for e in view.events("call", "webchat") if e.span.document == said.span.document or e.date == on)
    spans = tuple(dict.fromkeys((*spans_of((), wrong), *contested, *spans_of(calls))))
    yield Failure("misleading_advice", because, calls, spans)


def _against_advice(scene: Scene) -> Failure | None:
    """What HMRC told us in a talk, and what it wrote afterwards against it."""
    view = scene.view
    for conflict in view.facts.conflicts:
        talk = next((s for s in conflict.statements if view.kind(s.document) in ("call_note", "webchat")), None)
        paper = next((s for s in conflict.statements if view.author(s.document) == "hmrc"), None)
        if conflict.what not in (POWER, CHARGE) or talk is None or paper is None:
            continue
        calls = tuple(e for e in view.events("call", "webchat") if e.span.document == talk.document)
        wrote = getattr(view.profiles.get(paper.document), "written_on", None)
        if calls and wrote and wrote > calls[0].date:
            because = (
                f'On {day(calls[0].date)} HMRC told us: "{quotable(talk.quote)}". On {day(wrote)} it wrote:'
                f' "{quotable(paper.quote)}".'
            )
            spans = tuple(dict.fromkeys((*_places(scene, conflict), *spans_of(calls[:1]))))
            return Failure("misleading_advice", because, calls[:1], spans)
    return None


_WRONG_ADVICE = (
    r"\badvice\b.{0,80}\b(wrong|not correct|incorrect|inaccurate|mislead\w+)|"
    r"\b(wrong|incorrect|inaccurate|misleading)\b.{0,20}\b(advice|information|guidance)\b|"
    r"\b(should not|never should|ought not to) have (told|said|advised)\b|\bmis-?(informed|advised|directed by)\b"
)


def _admitted_advice(scene: Scene, spoken: Sequence[Statement]) -> tuple[Failure, ...]:
    """HMRC itself says that what it told us was wrong."""
    view = scene.view
    admitted = scene.admits(_WRONG_ADVICE)
    if not admitted:
        return ()
    written = getattr(view.profiles.get(admitted[0].document), "written_on", None)
    calls = tuple(e for e in view.events("call", "webchat") if written is None or e.date < written)
    said = [s for s in view.statements("advice", "refusal") if view.kind(s.span.document) in ("call_note", "webchat")]
    told = [s for s in said if s in spoken or says(s.span.quote, _DIRECTS)]
    days = {view.said_on(s) for s in told}
    named = tuple(e for e in calls if e.date in days) or calls[:1]
    when = f" on {day(written)}" if written else ""
    because = f'HMRC accepted{when} that what it had told us was wrong: "{quotable(admitted[0].quote)}".'
    spans = tuple(dict.fromkeys((*admitted, *spans_of(named, told))))
    return (Failure("misleading_advice", because, named, spans, accepted=True),)


_DIRECTS = r"\b(you|client|he|she|they) (ha(ve|s)|needs?|must|should|can|can.?t|cannot|do not|don.t)\b|\bnothing to\b"


def _advice_complained_of(view: CaseView) -> tuple[Failure, ...]:
    """A point of our complaint that names the day of a talk and says that what was told there was wrong."""
    for point in view.facts.points:
        words = f"{point.label} {point.text}"
        profile = view.profiles.get(point.span.document)
        named = {m.date for m in find_dates(words, reference=profile.written_on if profile else None)}
        calls = tuple(e for e in view.events("call", "webchat") if e.date in named)
        if calls and says(words, _TOLD_WRONG):
            because = f'We complained of what HMRC told us on {day(calls[0].date)}: "{quotable(point.span.quote)}".'
            return (Failure("misleading_advice", because, calls, (point.span, *spans_of(calls))),)
    return ()


_TOLD_WRONG = (
    r"\b(wrong|incorrect|misleading|bad) (advice|information)\b|\b(told|advised|said)\b.*\b(did not|was not|were not|"
    r"wrong|opposite|incorrect|never)\b"
)


def _named_first(view: CaseView, wrong: Sequence[Statement], contested: Sequence[Span]) -> Statement:
    """The advice of a day that the complaint names, else the first."""
    for statement in wrong:
        on = view.said_on(statement)
        if on and any(on in {m.date for m in find_dates(span.quote, reference=on)} for span in contested):
            return statement
    return wrong[0]


def _courtesy(view: CaseView, statement: Statement) -> bool:
    """The standing phrase of a letter that nothing need be done, which nobody complains of."""
    phrase = (
        r"^\W*(you )?(do not|don.t|need not) (need|have)?( to)? ?(do|take|send) (any|no)(thing|more| action)[^,;]*$"
    )
    return view.kind(statement.span.document) == "hmrc_letter" and says(squash(statement.span.quote), phrase)


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
    """Said in a talk, and acted against later; what HMRC wrote stands until HMRC itself says that it was wrong."""
    if view.kind(statement.span.document) not in ("call_note", "webchat"):
        return False
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
    if loss.asked_again:
        because = f"HMRC had what it had asked for on {day(loss.had.date)} and on {day(on)} asked for it again."
    sent, asked = view.events("documents_sent", "return_filed"), view.events("documents_requested")
    events = tuple(dict.fromkeys((*asked, *sent, loss.had, *view.events("documents_lost"))))
    said = tuple(span for _, span in loss.said)
    yield Failure("lost_documents", because, events, tuple(dict.fromkeys((*spans_of(events, received), *said))))


def _conflicts(scene: Scene) -> Iterator[Failure]:
    for conflict in scene.view.facts.conflicts:
        failure = (
            _deadline_conflict(scene, conflict)
            or _filing_conflict(scene, conflict)
            or _denied(scene, conflict)
            or _never_paid(scene, conflict)
            or _statement_conflict(scene, conflict)
        )
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


def _filing_conflict(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC charged for a return that, by its own record, was not due."""
    charged = scene.view.events("penalty_issued", "assessment_issued", "demand_issued")
    if conflict.what != "whether a return was due" or not charged:
        return None
    freed, wanted = conflict.statements[:2]
    told = getattr(scene.view.profiles.get(freed.document), "written_on", None)
    when = f" on {day(told)}" if told else ""
    because = (
        f'HMRC wrote{when}: "{quotable(freed.quote)}". On {day(charged[-1].date)} it charged a penalty because of a'
        f' return: "{quotable(wanted.quote)}".'
    )
    return Failure("wrong_statement", because, charged[-1:], (*_places(scene, conflict), charged[-1].span))


def _denied(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC said that it had not what it had: a payment, or papers that another letter of its own acknowledges."""
    view = scene.view
    payment = conflict.what.endswith(" the payment")
    settled = any(s.value == "sent in error" for s in conflict.statements)
    if conflict.kind != "receipt" or not (payment or settled):
        return None
    lost = next((s for s in conflict.statements if s.value == "not received"), None)
    if lost is None or view.author(lost.document) != "hmrc":
        return None
    why = upper_first(conflict.why_preferred)
    if settled:
        got = next(s for s in conflict.statements if s is not lost)
        why = f'Another letter of its own says: "{quotable(got.quote)}"; HMRC has since said that it wrote in error'
    because = f'HMRC wrote: "{quotable(lost.quote)}". {why}.'
    admitted = scene.admits(r"(post|alloc|keyed|set)\w* .{0,40}(wrong|another|by mistake)|by mistake|sent in error")
    spans = tuple(dict.fromkeys((*_places(scene, conflict), *admitted)))
    return Failure("wrong_statement", because, _events_in(scene, conflict), spans, accepted=bool(admitted))


def _never_paid(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC wrote that it had paid, and what became of the payment shows that it had not."""
    view = scene.view
    if conflict.what != UNPAID or len(conflict.statements) < 2:
        return None
    paid, not_paid = conflict.statements[:2]
    wrote = getattr(view.profiles.get(paid.document), "written_on", None)
    when = f" on {day(wrote)}" if wrote else ""
    because = f'HMRC wrote{when}: "{quotable(paid.quote)}". It did not arrive: "{quotable(not_paid.quote)}".'
    return Failure("wrong_statement", because, _events_in(scene, conflict), _places(scene, conflict))


def _places(scene: Scene, conflict: Conflict) -> tuple[Span, ...]:
    """Where the sides of a conflict stand, to the character where a position gives it."""
    told = {(p.span.document, p.span.quote): p.span for p in scene.view.facts.positions}
    exact = [told[s.document, s.quote] for s in conflict.statements if (s.document, s.quote) in told]
    return tuple(dict.fromkeys(exact)) or _sides(scene, conflict)


def _statement_conflict(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC states something that better evidence contradicts; what lost papers or post explain is said there."""
    view = scene.view
    explained = (conflict.kind == "receipt" and view.statements("no_trace")) or (
        conflict.kind == "address" and (misdirected_post(view) or view.events("disclosure"))
    )
    wrong = [s for s in conflict.statements if view.author(s.document) == "hmrc" and s.value != conflict.preferred]
    by_word = conflict.kind == "receipt" and not conflict.what.startswith("the date")
    if conflict.kind in ("deadline", "other") or by_word or explained or conflict.preferred is None or not wrong:
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
    r"\b(fail\w*|errors?|faults?|glitch|problems?)\b.{0,60}\b(systems?|computers?|software|feed|interface)\b"
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
    _advice,
    _lost,
    _conflicts,
)
LAST: tuple[FailureRule, ...] = (_system, _other)
