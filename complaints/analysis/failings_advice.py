"""Wrong advice: what HMRC told us or the client that it, its later acts or the law as we put it show to be wrong. Pure.

CRG3175 is about misleading advice, CRG3200 about contradictory information.
"""

from collections.abc import Iterator, Sequence

from complaints.analysis.failures import Failure, FailureRule, Scene, places, spans_of
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, quotable, says, squash
from complaints.facts.contradictions import CHARGE, POWER
from complaints.facts.records import Span, Statement
from lightpoint.language.dates import find_dates

_INSTRUCTS = (
    r"ignore|no need|not need|need not|don'?t (have|need)|not required|no action|do(es)? not apply|allowed|"
    r"can claim|cannot claim|out of time|too late|rejected|deadline|only get|months|exempt|nothing to pay"
)
_ADVICE = r"advice|advis|helpline|telephone|phone|\bcall\b|told|inform"


def misleading_advice(scene: Scene) -> Iterator[Failure]:
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
        if not (conflict.what in (POWER, CHARGE) or conflict.kind == "deadline") or talk is None or paper is None:
            continue
        calls = tuple(e for e in view.events("call", "webchat") if e.span.document == talk.document)
        wrote = getattr(view.profiles.get(paper.document), "written_on", None)
        if calls and wrote and wrote > calls[0].date:
            because = (
                f'On {day(calls[0].date)} HMRC told us: "{quotable(talk.quote)}". On {day(wrote)} it wrote:'
                f' "{quotable(paper.quote)}".'
            )
            spans = tuple(dict.fromkeys((*places(scene, conflict), *spans_of(calls[:1]))))
            return Failure("misleading_advice", because, calls[:1], spans)
        if calls and wrote and conflict.kind == "deadline":
            because = (
                f'On {day(calls[0].date)} HMRC told us: "{quotable(talk.quote)}". Its own paper of {day(wrote)} says:'
                f' "{quotable(paper.quote)}".'
            )
            spans = tuple(dict.fromkeys((*places(scene, conflict), *spans_of(calls[:1]))))
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


RULES: tuple[FailureRule, ...] = (misleading_advice,)
