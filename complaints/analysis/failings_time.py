"""Failings of time: delay, letters without answer, promises not kept, checks without end, slow complaint handling.

Whether a delay is unreasonable follows CRG4050: first contact to resolution, inactivity, keeping the customer
informed; a missed published standard is not unreasonable by itself, so no rule here counts days against one.
"""

from collections.abc import Iterator
from datetime import date

from complaints.analysis.delays import Period, first_reply, repayment_began
from complaints.analysis.failures import Failure, FailureRule, Scene, spans_of
from complaints.analysis.promises import broken, is_standing, kept_by
from complaints.analysis.records import Delay
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, days, listed, says, squash, upper_first
from complaints.facts.records import Event, Span, Undertaking
from lightpoint.language.dates import find_dates

# complain-about-hmrc: "normally ... within 6 weeks of receiving your complaint"; a little more is no failing.
LONG_FIRST, LONG_SECOND = 63, 84
PATIENCE = 28  # days after which a letter without an answer may be complained of; our own measure, never cited
_UNANSWERED = r"(not|never)( been)? (answer|action|acted|repli|dealt)|unanswered|overlooked|ignored"
_IGNORED = rf"{_UNANSWERED}|(no|lack of a|without a|never a) (reply|response|answer)|\bput with\b|mislaid|filed|missed"
_LATE = r"\bsooner\b|\bearlier\b|time (it|this) has taken|delay in (repl|respond|answer)|\blate repl"
_LETTERS = r"\bletters?\b|correspondence"
_DELAYED = r"\bdelay|too long|unallocated|not (been )?processed|backlog|in good time|sooner"


def _long(delay: Delay) -> str:
    return f"{days(delay.calendar_days)} ({days(delay.working_days, working=True)})"


def _delay(scene: Scene) -> Iterator[Failure]:
    """One delay: the money first, else the longest wait for an answer, a decision or a promised act."""
    main = scene.longest("payment") or scene.longest("application") or _other_wait(scene)
    if main is None:
        return
    view, delay = scene.view, main.delay
    admitted = scene.admits(_DELAYED)
    still = ", and it is still not resolved" if delay.open else ""
    because = f"{upper_first(delay.what)}: {_long(delay)}, {day(delay.start)} to {day(delay.end)}{still}."
    if admitted:
        because += " HMRC has accepted that it was at fault."
    proof = _still_open(view) if delay.open else ()
    began = repayment_began(view) if main.kind == "payment" else main.began
    events = tuple(e for e in (began, *proof) if e)
    about = scene.admits(r"repay|refund|claim|payment") if main.kind == "payment" else ()
    spans = tuple(dict.fromkeys((*delay.spans, *admitted, *about, *(e.span for e in proof), *_not_processed(scene))))
    chased = tuple(e.span for e in view.our_letters) if main.kind == "payment" else ()
    yield Failure("delay", because, events, tuple(dict.fromkeys(spans + chased)), bool(admitted), delay)


def _other_wait(scene: Scene) -> Period | None:
    """A wait for an act; a letter that was never answered is a failing of its own and is counted there."""
    ignored = set(_ignored(scene))
    if scene.of("review"):
        return scene.longest("review")
    letters = [p for p in scene.of("letter") if p.began not in ignored and p.delay.calendar_days >= PATIENCE]
    given = [u for u in scene.view.facts.undertakings if u.due_on]
    due = {on for u in given for on in (u.made_on, u.due_on)}
    promises = [p for p in scene.of("promise") if p.delay.start in due]
    acts = [*letters, *promises] or [*scene.of("promise")] or list(scene.of("enquiry", "notice", "documents"))
    return max(acts, key=lambda p: (p.delay.calendar_days, p.delay.start), default=None)


def _not_processed(scene: Scene) -> tuple[Span, ...]:
    return tuple(s.span for s in scene.view.statements("not_processed"))


def _still_open(view: CaseView) -> tuple[Event, ...]:
    """The last paper that shows the state unchanged."""
    seen = [e for e in view.events("account_checked", "statement_issued", "third_party_report")]
    return tuple(seen[-2:])


def _unanswered(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    admitted = scene.admits(_LETTERS)
    ignored = _ignored(scene)
    if not ignored:
        return
    own_words = tuple(e.span for e in view.facts.events if e.kind == "letter_to_hmrc" and _is_admission(scene, e))
    admitted = (*admitted, *own_words) if _admitted_days(scene) else ()
    dates = listed(day(e.date) for e in ignored)
    plural = "Our letters" if len(ignored) > 1 else "Our letter"
    be = "were" if len(ignored) > 1 else "was"
    because = f"{plural} of {dates} {be} never answered on the substance."
    if admitted:
        because = f"{plural} of {dates} {be} received and not acted on, as HMRC accepts."
    told = spans_of((), view.statements("no_reply"))
    replies = tuple(e.span for letter in ignored if (e := first_reply(view, letter)))
    spans = tuple(dict.fromkeys((*spans_of(ignored), *told, *admitted, *replies)))
    longest = max((p.delay for p in scene.of("letter")), key=lambda d: d.calendar_days, default=None)
    yield Failure("unanswered_correspondence", because, ignored, spans, bool(admitted), longest)


def _ignored(scene: Scene) -> tuple[Event, ...]:
    """Letters that HMRC admits it did not act on, and those whose reply shows no knowledge of them."""
    view = scene.view
    named = _admitted_days(scene)
    found = [letter for letter in view.our_letters if letter.date in named or _went_unanswered(view, letter)]
    return tuple(e for e in found if not _only_enclosed(view, e))


def _admitted_days(scene: Scene) -> set[date]:
    """The days of the letters that HMRC's admissions name; all our letters where an admission names none."""
    view = scene.view
    days_named: set[date] = set()
    letters = {letter.date for letter in view.our_letters if letter.actor == "agent"}
    for span in scene.admits(_LETTERS):
        if says(span.quote, _LATE) or not says(span.quote, _IGNORED):
            continue
        profile = view.profiles.get(span.document)
        written = (profile.written_on if profile else None) or view.intake.opened_on
        named = {m.date for m in find_dates(span.quote, reference=written)} & letters
        days_named |= named or (letters if says(span.quote, r"\byour letters\b") else set())
    return days_named | {e.date for e in view.facts.events if e.date in letters and _is_admission(scene, e)}


def _is_admission(scene: Scene, event: Event) -> bool:
    """HMRC's own words that a letter was not answered; that it was answered late is said of an answer."""
    by_hmrc = event.kind == "letter_to_hmrc" and scene.view.author(event.span.document) == "hmrc"
    return by_hmrc and says(event.span.quote, _UNANSWERED) and not says(event.span.quote, _LATE)


def _only_enclosed(view: CaseView, letter: Event) -> bool:
    """A covering letter asks for no answer: it sends something and asks at most for its return or a receipt."""
    if any(e.date == letter.date for e in view.events("documents_sent", "return_filed", "application_made")):
        return True
    words = " ".join(q.quote for q in view.quotes if q.document == letter.span.document)
    sends = says(words, r"\b(enclos|attach|herewith)")
    asks = says(words, r"please (?!return|find|acknowledge|note)|no reply|remind|chas|when (will|can)|look forward")
    return sends and not asks


def _went_unanswered(view: CaseView, letter: Event) -> bool:
    """No reply at all, or a letter in reply that shows no knowledge of ours. An act done on it is an answer."""
    reply = first_reply(view, letter)
    if reply is None:
        return (view.intake.opened_on - letter.date).days > PATIENCE
    if reply.kind not in ("letter_from_hmrc", "complaint_reply", "review_reply"):
        return False
    mentioned = any(e.date == letter.date and e.span.document == reply.span.document for e in view.facts.events)
    return not mentioned


def _promises(scene: Scene) -> Iterator[Failure]:
    view = scene.view
    promises = broken(view)
    if not promises:
        return
    count = {1: "One undertaking was", 2: "Two undertakings were"}.get(
        len(promises), f"{len(promises)} undertakings were"
    )
    told = "; ".join(_promise(view, p) for p in promises)
    events = tuple(
        e for p in promises for e in view.happened if e.date == p.made_on and e.span.document == p.span.document
    )
    proof = _still_open(view)
    spans = tuple(dict.fromkeys((*(p.span for p in promises), *(e.span for e in proof), *_not_processed(scene))))
    latest = max((p.delay for p in scene.of("promise")), key=lambda d: d.start, default=None)
    yield Failure("broken_undertaking", f"{count} not kept: {told}.", tuple(dict.fromkeys(events)), spans, delay=latest)


def _promise(view: CaseView, promise: Undertaking) -> str:
    if is_standing(promise):
        return f"on {day(promise.made_on)} HMRC undertook to {squash(promise.what)} and then did otherwise"
    kept = kept_by(view, promise)
    by = f", due by {day(promise.due_on)}" if promise.due_on else ""
    end = f", done only on {day(kept.date)}" if kept else ", not done"
    return f"on {day(promise.made_on)} HMRC undertook to {squash(promise.what)}{by}{end}"


def _enquiry(scene: Scene) -> Iterator[Failure]:
    view, period = scene.view, scene.longest("enquiry")
    if period is None or period.began is None:
        return
    admitted = scene.admits(r"enquir|check|prolong|interven")
    chased = [e for e in view.our_letters if e.date > period.delay.start]
    if not (admitted or chased):
        return
    sent = view.first("documents_sent", on_or_after=period.delay.start)
    had = f"; what HMRC had asked for was sent on {day(sent.date)}" if sent else ""
    still = " and is still open" if period.delay.open else ""
    because = f"The check opened on {day(period.delay.start)} ran for {_long(period.delay)}{still}{had}."
    spans = tuple(dict.fromkeys((*period.delay.spans, *spans_of(chased), *admitted)))
    events = tuple(e for e in (period.began, sent, *chased) if e)
    also = ("CRG3125",) if any(_from_others(view, q) for q in view.quotes) else ()
    yield Failure("prolonged_enquiry", because, events, spans, bool(admitted), period.delay, also)


def _from_others(view: CaseView, span: Span) -> bool:
    """HMRC's word that its check rests on what somebody else told it (CRG3125)."""
    return view.author(span.document) == "hmrc" and says(span.quote, _THIRD_PARTY)


_THIRD_PARTY = (
    r"\binformation (that )?(we|HMRC|I) (hold|held|received|have|had|obtained)\b|\bthird[- ]party (information|data)\b|"
    r"\b(reported|supplied|provided|disclosed|notified) to (us|HMRC) by\b|"
    r"\b(your|the) (bank|employer|platform|letting agent|customer|supplier) (has |have )?"
    r"(told|informed|reported|notified|advised)\b"
)


def _took(delay: Delay) -> str:
    return f"{delay.what}, {_long(delay)} to {day(delay.end)}" if delay.open else f"{delay.what} it took {_long(delay)}"


def _slow_complaint(scene: Scene) -> Iterator[Failure]:
    """Six weeks is the norm that HMRC publishes for the first tier; it publishes none for the second."""
    first = min(
        (p for p in scene.of("complaint") if p.began and p.began.kind != "review_requested"),
        key=lambda p: p.delay.calendar_days,
        default=None,
    )
    second = next((p for p in scene.of("complaint") if p.began and p.began.kind == "review_requested"), None)
    late = [
        p for p, days_long in ((first, LONG_FIRST), (second, LONG_SECOND)) if p and p.delay.calendar_days > days_long
    ]
    if not late:
        return
    told = []
    if first in late and first:
        told.append(f"HMRC says that it normally answers within six weeks; {_took(first.delay)}")
    if second in late and second:
        told.append(_took(second.delay))
    because = upper_first("; ".join(told))
    because += ". The norm is not a limit, and what matters is whether the time was reasonable."
    events = tuple(p.began for p in late if p.began)
    spans = tuple(dict.fromkeys(s for p in late for s in p.delay.spans))
    yield Failure("poor_complaint_handling", because, events, spans, delay=late[0].delay)


RULES: tuple[FailureRule, ...] = (_promises, _delay, _unanswered, _enquiry, _slow_complaint)
