"""Failings towards people: data, circumstances, enforcement, agents, courtesy, and how a complaint was answered."""

from collections.abc import Iterator
from datetime import date

from complaints.analysis.addresses import misdirected_post
from complaints.analysis.failures import Failure, FailureRule, Scene, spans_of
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, listed, pounds, quotable, says, upper_first
from complaints.facts.records import ComplaintPoint, Event, EventKind, Span, Statement
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
    disclosed = tuple(e for e in view.events("disclosure") if not says(e.span.quote, _OWN_DISCLOSURE))
    missent = _missent(view)
    post = misdirected_post(view)
    if not (disclosed or post or missent):
        return
    changed = view.first("address_changed")
    to_old = f"{_count(len(post))} sent to an address that HMRC had been told was out of date" if post else ""
    told = f" (changed on {day(changed.date)})" if post and changed else ""
    opened = f"information reached another person on {day(disclosed[0].date)}" if disclosed else ""
    stray = f'a paper says: "{quotable(missent[0].quote)}"' if missent and not (disclosed or post) else ""
    because = upper_first(" and ".join(x for x in (to_old + told, opened, stray) if x)) + "."
    said = view.statements("address_not_updated", "address_updated")
    events = tuple(dict.fromkeys(e for e in (changed, *post, *disclosed) if e))
    because += " HMRC treats unauthorised disclosure as a mistake when it considers remedy."
    yield Failure("data_breach", because, events, spans_of(events, said, *missent))


_OWN_DISCLOSURE = r"\b(your|our|the|voluntary|unprompted) (voluntary |unprompted )?disclosure\b|\breached us\b"
_MISSENT = (
    r"\bHMRC (has|have) sent (us|me) .{0,80}\babout\b|\bsent to (a|an|the|our|his|her|their|your|my)\b.{0,30}\b(wrong|"
    r"former|previous|old|neighbour\w*|ex|no longer acts?)\b|\bsent to \w+ by mistake\b|"
    r"\bopened (it|his|her|my|the) .{0,40}\b(before|addressed to|meant for)\b|"
    r"\bpost(ed)? to (the|a) wrong (person|address|firm)"
)


def _missent(view: CaseView) -> tuple[Span, ...]:
    """Words, of HMRC or of whoever had it, that HMRC's post about the client went to somebody else."""
    sheets = ("time_record", "invoice")
    return tuple(q for q in view.quotes if says(q.quote, _MISSENT) and view.kind(q.document) not in sheets)[:3]


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
    told = [s for s in told if not only_initials(s.span.quote)]
    told += [_told_in_point(view, p) for p in view.facts.points if says(p.text, _FELT)]
    unique = {s.span: s for s in sorted(told, key=lambda s: (view.said_on(s) or view.intake.opened_on, s.span))}
    return tuple(unique.values())


def only_initials(words: str) -> bool:
    """Whether the one thing that sounds like a doctor is the initials of whoever made the note, or of a place."""
    doctor = (
        r"\b(her|his|my|their|our|a|the|see|saw|seen|told)\s+GP\b|"
        r"\bGP['’]?s?\s+(says?|said|has|surger|prescri|about|again)"
    )
    return says(words, r"\bGP\b") and not says(words, f"{doctor}|{_FELT}|\\bworr(y|ied)\\b|\\bill\\b")


_FELT = (
    r"\b(unable to|could not|cannot|did not) sleep\b|\bsleepless|\b(anxi\w+|distress\w*|frightened|terrified|panic|"
    r"depress\w+|in tears|worried sick|taken ill|was ill|in hospital|stress(ed|ful)?)\b"
)


def _told_in_point(view: CaseView, point: ComplaintPoint) -> Statement:
    """A point of our complaint that tells HMRC of the effect on somebody."""
    profile = view.profiles.get(point.span.document)
    on = profile.written_on if profile else None
    return Statement("told_hmrc_of_circumstances", "agent", on, point.span)


def _situation(scene: Scene) -> Iterator[Failure]:
    """HMRC knew of the circumstances and went on as before."""
    view = scene.view
    told, known = told_hmrc(view), _hmrc_records(view)
    if not (told or known):
        return
    when = sorted({on for s in told if (on := view.said_on(s))} | {on for on, _ in known})
    since = when[0] if when else view.intake.opened_on
    after = _pressed_on(view, since)
    then = f", and {_act(after[0])} of {day(after[0].date)} followed" if after else ""
    then = then or ("" if _settled_soon(view, since) else ", and nothing in the papers shows that it made a difference")
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
    "coding_notice",
    "calculation_issued",
    "demand_issued",
    "notice_issued",
    "assessment_issued",
    "penalty_issued",
    "review_reply",
    "visit",
)
_SETTLING: tuple[EventKind, ...] = ("correction", "withdrawal", "repayment_made", "enquiry_closed")
SOON = 30


def _pressed_on(view: CaseView, since: date) -> list[Event]:
    """HMRC's first act against the client after that day, or that of an agency in its name."""
    acts = [e for e in view.events(*_NEXT_ACTS, actor="hmrc") if e.date > since]
    acts += [e for e in collections(view) if e.date > since]
    return sorted(acts, key=lambda e: (e.date, e.kind))[:1]


def _settled_soon(view: CaseView, since: date) -> bool:
    act = view.first(*_SETTLING, after=since)
    return act is not None and (act.date - since).days <= SOON


def collections(view: CaseView) -> tuple[Event, ...]:
    """Demands and visits, and letters in which HMRC or an agency for it asks for a sum, one for each paper."""
    asked = {p.span.document for p in view.facts.positions if p.matter == "debt" and p.holds and p.actor != "client"}
    found = {e.span.document: e for e in reversed(view.events("demand_issued", "visit"))}
    for event in view.events("notice_issued", "letter_from_hmrc", "third_party_report"):
        profile = view.profiles.get(event.span.document)
        own = profile is not None and profile.written_on == event.date and profile.kind in _DUNNING
        if own and event.span.document in asked:
            found.setdefault(event.span.document, event)
    return tuple(sorted(found.values(), key=lambda e: (e.date, e.span)))


_DUNNING = ("hmrc_letter", "hmrc_notice", "third_party_letter", "other")


def _hmrc_records(view: CaseView) -> list[tuple[date, Span]]:
    """Letters about the effect that HMRC's own reply says it has read, with the day that it gives."""
    found = []
    for said in view.statements("distress", "told_hmrc_of_circumstances", actor="hmrc"):
        written = getattr(view.profiles.get(said.span.document), "written_on", None)
        found += [(m.date, said.span) for m in find_dates(said.span.quote, reference=written) if m.complete]
    return found


def _enforcement(scene: Scene) -> Iterator[Failure]:
    """Collection of a debt after it had been disputed, put on hold or given up."""
    view = scene.view
    wrongful = [(e, why) for e in collections(view) if (why := _why_not_collect(scene, e))]
    if not wrongful:
        return
    acts = [e for e, _ in wrongful]
    admitted = scene.admits(r"visit|enforce|demand|collect|debt|recall|gone out")
    withdrawn = view.first("withdrawal", "correction", after=acts[0].date)
    told = "; ".join(f"{_act(e)} on {day(e.date)}, {why}" for e, why in wrongful)
    since = f". HMRC gave it up on {day(withdrawn.date)}" if withdrawn else ""
    because = f"HMRC went on to collect: {told}{since}."
    disputed = [e for e in view.our_letters if e.date < acts[-1].date]
    events = (*disputed[-1:], *acts)
    holds = tuple(p.span for p in view.facts.positions if p.matter == "hold" and p.actor == "hmrc")
    spans = tuple(dict.fromkeys((*spans_of(events), *admitted, *holds)))
    yield Failure("enforcement_of_disputed_debt", because, events, spans, bool(admitted))


def _act(event: Event) -> str:
    if event.kind == "visit":
        return "a visit"
    if event.kind in _NAMES:
        return _NAMES[event.kind]
    return "a letter of a collection agency" if event.kind == "third_party_report" else "a demand"


_NAMES: dict[EventKind, str] = {
    "review_reply": "the second review",
    "penalty_issued": "a penalty",
    "assessment_issued": "an assessment",
    "coding_notice": "a coding notice",
    "calculation_issued": "a calculation",
    "notice_issued": "a notice",
}


def _why_not_collect(scene: Scene, act: Event) -> str:
    """Why that demand should not have been made on that day, empty where the papers show no reason."""
    view = scene.view
    for conflict in view.facts.conflicts:
        if act.span.document not in {s.document for s in conflict.statements}:
            continue
        if conflict.what.startswith("whether collection was on hold"):
            return "while it had put collection on hold"
        if "asks for what HMRC had already given up" in conflict.why_preferred:
            return "after it had said in writing that nothing was owed"
    disputed = [e for e in view.our_letters if e.date < act.date]
    dropped = view.first("withdrawal", "correction", after=act.date)
    owned = any(
        c.preferred == "not owed" and act.span.document in {s.document for s in c.statements}
        for c in view.facts.conflicts
    )
    if disputed and (dropped or owned or scene.admits(r"visit|enforce|demand|collect|debt")):
        return f"although the debt had been disputed in writing on {day(disputed[-1].date)}"
    return ""


def _agent(scene: Scene) -> Iterator[Failure]:
    """HMRC would not deal with the agent; where nothing shows an authority, it is said so."""
    view = scene.view
    denied = [*_denials(view)]
    if not denied:
        return
    refused = {span for _, span in denied}
    held = tuple(s.span for s in view.statements("authority_held") if s.span not in refused)
    held += tuple(p.span for p in view.facts.positions if p.matter == "authority" and p.holds and p.span not in refused)
    given = view.events("authority_given")
    on = denied[0][0]
    when = f"On {day(on)} HMRC" if on else "HMRC"
    since = f", lodged on {day(given[0].date)}" if given and on and given[0].date < on else ""
    though = f" although we were authorised{since}" if given or held else ", saying that it held no authority of ours"
    because = f"{when} would not accept our authority or deal with us{though}."
    admitted = scene.admits(r"correctly completed|should not have been (returned|refused|rejected)|authori[st]")
    spans = tuple(dict.fromkeys((*(span for _, span in denied), *held, *admitted, *spans_of(given))))
    yield Failure("agent_not_recognised", because, given, spans, bool(admitted))


def _denials(view: CaseView) -> list[tuple[date | None, Span]]:
    """HMRC's refusals, and what our papers say of them, the earliest first."""
    rows = [(view.said_on(s), s.span) for s in view.statements("authority_denied", actor="hmrc")]
    rows += [(p.said_on, p.span) for p in view.facts.positions if p.matter == "authority" and not p.holds]
    unique = {span: (on, span) for on, span in reversed(rows)}
    return sorted(unique.values(), key=lambda row: (row[0] or view.intake.opened_on, row[1]))


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
    told = [s.span for s in view.statements("refusal", "not_upheld", "no_trace", actor="hmrc")]
    told += [p.span for p in view.facts.positions if p.matter == "answer"]
    said = list(dict.fromkeys(s for s in told if s.document == reply.span.document and says(s.quote, _MISSING)))
    sent = _enclosed(view, request, said)
    if not sent:
        return
    papers = listed(word for word, _ in sent)
    because = (
        f"The second review of {day(reply.date)} says that it had no {papers}, though our request of"
        f" {day(request.date)} enclosed it."
    )
    spans = (*spans_of((request, reply)), *said, *(span for _, span in sent))
    yield Failure("evidence_overlooked", because, (request, reply), tuple(dict.fromkeys(spans)))


def _fees_refused(scene: Scene) -> Iterator[Failure]:
    """A reply that refuses fees as a class; CRG5225 provides for reasonable additional ones."""
    view = scene.view
    replies = {e.span.document: e for e in view.events("complaint_reply", "review_reply")}
    told = [p.span for p in view.facts.positions if p.matter == "answer"]
    said = [q for q in (*told, *view.quotes) if q.document in replies and says(q.quote, _NO_FEES)]
    if said:
        reply = replies[said[0].document]
        because = f'HMRC\'s reply of {day(reply.date)} refuses fees as a class: "{quotable(said[0].quote)}".'
        yield Failure("poor_complaint_handling", because, (reply,), (said[0], reply.span), also=("CRG5225",))


_NO_FEES = (
    r"\b(fees|accountants?|agents?|professional (costs|fees|advice))\b.{0,80}\b(matter of choice|own choice|"
    r"do not (meet|pay|reimburse)|never (meet|pay)|not something (we|HMRC) pay)"
)


def _enclosed(view: CaseView, request: Event, said: list[Span]) -> list[tuple[str, Span]]:
    """The kinds of paper that the reply misses and that our request of that day speaks of."""
    papers = {p.document for p in view.facts.documents if p.author == "agent" and p.written_on == request.date}
    mine = [s for s in view.quotes if s.document in papers | {request.span.document}]
    found: dict[str, Span] = {}
    for word in _PAPERS:
        missed = any(says(s.quote, rf"\b{word}") for s in said)
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
    _fees_refused,
)
