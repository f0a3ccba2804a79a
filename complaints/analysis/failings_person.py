"""Failings towards people: data, circumstances, enforcement, agents, courtesy, and how a complaint was answered."""

from collections.abc import Iterator
from datetime import date

from complaints.analysis.addresses import misdirected_post
from complaints.analysis.failures import Failure, FailureRule, Scene, spans_of
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, listed, pounds, says, upper_first
from complaints.facts.records import Event, EventKind, Span, Statement
from lightpoint.language.dates import find_dates

_MISSING = r"not (been )?(suppl|provid|sent|enclos|receiv)|without|none has|no .{0,30}(provided|supplied|received)"
_RUDE = r"\brude|shout|aggressive|hung up|put the phone down|swore|sarcas|intimidat|belittl|abus(e|ive)\b|dismissive"
_REPORT = (
    r"\b(log|record|regist|report|raise|note|accept|take)\w*\b.{0,40}(complain|data|breach|report|incident|concern)|"
    r"(can(no|')t|unable|not able|won't|will not|cannot)\b.{0,20}\b(log|record|regist|report|raise)"
)
_PAPERS = ("invoice", "receipt", "note", "statement", "certificate", "letter", "evidence", "copy", "form", "voucher")


def _data(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    disclosed = view.events("disclosure")
    post = misdirected_post(view)
    if not (disclosed or post):
        return
    changed = view.first("address_changed")
    to_old = f"{_count(len(post))} sent to an address that HMRC had been told was out of date" if post else ""
    told = f" (changed on {day(changed.date)})" if post and changed else ""
    opened = f"information reached another person on {day(disclosed[0].date)}" if disclosed else ""
    because = upper_first(" and ".join(x for x in (to_old + told, opened) if x)) + "."
    said = view.statements("address_not_updated", "address_updated")
    events = tuple(dict.fromkeys(e for e in (changed, *post, *disclosed) if e))
    because += " HMRC treats unauthorised disclosure as a mistake when it considers remedy."
    yield Failure("data_breach", because, events, spans_of(events, said))


def _count(letters: int) -> str:
    return "One letter was" if letters == 1 else f"{letters} letters were"


def _not_logged(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    refused = tuple(s for s in view.statements("would_not_log", actor="hmrc") if says(s.span.quote, _REPORT))
    if not refused:
        return
    on = view.said_on(refused[0])
    when = f"On {day(on)}, told" if on else "Told"
    because = f"{when} of the matter, HMRC would neither record the report nor pass it on."
    events = tuple(e for e in view.events("webchat", "call") if e.span.document == refused[0].span.document)
    yield Failure("report_not_logged", because, events, spans_of(events, refused))


def told_hmrc(view: CaseView) -> tuple[Statement, ...]:
    """Words by which HMRC was told of hardship, worry or other circumstances."""
    told = list(view.statements("told_hmrc_of_circumstances"))
    to_hmrc = ("agent_letter", "client_letter", "agent_complaint", "call_note", "webchat")
    told += [s for s in view.statements("distress", "hardship") if view.kind(s.span.document) in to_hmrc]
    unique = {s.span: s for s in sorted(told, key=lambda s: (view.said_on(s) or view.intake.opened_on, s.span))}
    return tuple(unique.values())


def _situation(scene: Scene) -> Iterator[Failure]:
    """HMRC knew of the circumstances and went on as before."""
    view = scene.view
    told, known = told_hmrc(view), _hmrc_records(view)
    if not (told or known):
        return
    when = sorted({on for s in told if (on := view.said_on(s))} | {on for on, _ in known})
    since = when[0] if when else view.intake.opened_on
    after = [e for e in view.events(*_NEXT_ACTS, actor="hmrc") if e.date > since][:1]
    then = f"; its next act, on {day(after[0].date)}, took no account of it" if after else " and took no account of it"
    dates = f" on {listed(day(on) for on in when)}" if when else ""
    because = f"HMRC was told{dates} of the effect on the person concerned{then}."
    offered = [a for a in view.facts.amounts if a.role == "distress_offer"]
    if offered and view.events("review_reply"):
        because += f" The second review kept the offer of {pounds(offered[0].value)} without giving a reason."
    felt = [s for s in view.statements("distress", "hardship") if s not in told]
    spans = (*spans_of((), told), *(span for _, span in known), *spans_of(after), *spans_of((), felt))
    asked = tuple(
        e
        for e in view.events("review_requested", "client_report", "letter_to_hmrc")
        if any(e.span.document == s.span.document for s in told)
    )
    yield Failure("personal_situation_ignored", because, asked + tuple(after), tuple(dict.fromkeys(spans)))


_NEXT_ACTS: tuple[EventKind, ...] = (
    "letter_from_hmrc",
    "coding_notice",
    "calculation_issued",
    "demand_issued",
    "penalty_issued",
    "review_reply",
    "visit",
)


def _hmrc_records(view: CaseView) -> list[tuple[date, Span]]:
    """Letters about the effect that HMRC's own reply says it has read, with the day that it gives."""
    found = []
    for said in view.statements("distress", "told_hmrc_of_circumstances", actor="hmrc"):
        written = getattr(view.profiles.get(said.span.document), "written_on", None)
        found += [(m.date, said.span) for m in find_dates(said.span.quote, reference=written) if m.complete]
    return found


def _enforcement(scene: Scene) -> Iterator[Failure]:
    """Collection of a debt that had been disputed, or that HMRC later withdrew."""
    view = scene.view
    acts = view.events("demand_issued", "visit")
    admitted = scene.admits(r"visit|enforce|demand|collect|debt")
    disputed = [e for e in view.our_letters if acts and e.date < acts[-1].date]
    withdrawn = view.first("withdrawal", "correction", after=acts[0].date) if acts else None
    if not acts or not (admitted or (withdrawn and disputed)):
        return
    sums = [a for a in view.facts.amounts if a.role == "debt_demanded"]
    of = f" of {pounds(sums[0].value)}" if sums else ""
    when = listed(f"{'a visit' if e.kind == 'visit' else 'a demand' + of} on {day(e.date)}" for e in acts)
    wrote = f" although we had disputed it in writing on {day(disputed[-1].date)}" if disputed else ""
    since = f"; HMRC withdrew it on {day(withdrawn.date)}" if withdrawn else ""
    because = f"HMRC went on to enforce by {when}{wrote}{since}."
    events = (*disputed[-1:], *acts)
    yield Failure(
        "enforcement_of_disputed_debt",
        because,
        events,
        tuple(dict.fromkeys((*spans_of(events), *admitted))),
        bool(admitted),
    )


def _agent(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    denied = view.statements("authority_denied", actor="hmrc")
    if not denied:
        return
    refused = {s.span for s in denied}
    held = tuple(s for s in view.statements("authority_held") if s.span not in refused)
    given = view.events("authority_given")
    on = view.said_on(denied[0])
    when = f"On {day(on)} HMRC" if on else "HMRC"
    since = f", lodged on {day(given[0].date)}" if given else ""
    known = bool(given or held)
    though = f" although it held our authority{since}" if known else ", saying that it held no authority of ours"
    because = f"{when} would not deal with us{though}."
    yield Failure("agent_not_recognised", because, given, spans_of(given, (*held, *denied)))


def _rude(scene: Scene) -> Iterator[Failure]:
    rude = [s for s in scene.view.quotes if says(s.quote, _RUDE)]
    if rude:
        because = "The papers describe discourteous treatment by an officer of HMRC."
        yield Failure("discourtesy", because, (), tuple(rude))


def _incomplete(scene: Scene) -> Iterator[Failure]:
    if not scene.unanswered:
        return
    view = scene.view
    points = scene.unanswered
    total = len({p.number for p in view.facts.points if p.span.document == points[0].raised_in})
    reply = view.first("complaint_reply", "review_reply")
    replied = next(
        (e for e in view.events("complaint_reply", "review_reply") if e.span.document == points[0].reply), reply
    )
    numbers = listed(str(p.point) for p in points)
    when = f" of {day(replied.date)}" if replied else ""
    because = (
        f"HMRC's reply{when} does not deal with point{'s' if len(points) > 1 else ''} {numbers} of the {total}"
        f" that we raised ({listed(p.what for p in points)})."
    )
    events = tuple(e for e in (view.first("complaint_made"), replied) if e)
    yield Failure(
        "incomplete_reply", because, events, tuple(dict.fromkeys((*(p.span for p in points), *spans_of(events))))
    )


def _overlooked(scene: Scene) -> Iterator[Failure]:
    """A reply says that something was not sent, and our request had enclosed it."""
    view = scene.view
    request = view.last("review_requested")
    reply = view.first("review_reply", after=request.date) if request else None
    if request is None or reply is None:
        return
    said = [
        s
        for s in view.statements("refusal", "not_upheld", "no_trace", actor="hmrc")
        if s.span.document == reply.span.document and says(s.span.quote, _MISSING)
    ]
    sent = _enclosed(view, request, said)
    if not sent:
        return
    papers = listed(word for word, _ in sent)
    because = (
        f"The second review of {day(reply.date)} says that it had no {papers}, though our request of"
        f" {day(request.date)} enclosed it."
    )
    spans = (*spans_of((request, reply), said), *(span for _, span in sent))
    yield Failure("evidence_overlooked", because, (request, reply), tuple(dict.fromkeys(spans)))


def _enclosed(view: CaseView, request: Event, said: list[Statement]) -> list[tuple[str, Span]]:
    """The kinds of paper that the reply misses and that our request of that day speaks of."""
    papers = {p.document for p in view.facts.documents if p.author == "agent" and p.written_on == request.date}
    mine = [s for s in view.quotes if s.document in papers | {request.span.document}]
    found: dict[str, Span] = {}
    for word in _PAPERS:
        missed = any(says(s.span.quote, rf"\b{word}") for s in said)
        shown = next((s for s in mine if says(s.quote, rf"\b{word}")), None)
        if missed and shown:
            found[word] = shown
    return list(found.items())


RULES: tuple[FailureRule, ...] = (
    _data,
    _not_logged,
    _situation,
    _enforcement,
    _agent,
    _rude,
    _incomplete,
    _overlooked,
)
