"""What HMRC did or did not do, for each failing: one or two FACT sentences from the events and spans of the breach."""

import re
from collections.abc import Callable, Iterator, Sequence

from complaints.analysis.records import Breach, UnansweredPoint
from complaints.facts.records import Conflict, Event, Span, StatementKind, Undertaking
from letters.drafting.case import Case
from letters.drafting.events import dated, event_sentences, told_of
from letters.drafting.failing_delay import delay_facts, measured
from letters.drafting.points import labels_listed
from letters.drafting.quotes import accepting, best_quote, quotation
from letters.drafting.sentences import fact
from letters.drafting.telling import is_bare
from letters.drafting.trial import first_that_holds, holds
from letters.drafting.wording import (
    HAS_TERM,
    cited,
    day,
    listed,
    own_possessive,
    pick,
    plural,
    quotable,
    short_quote,
    too_long,
    upper_first,
    words_in,
)
from letters.records import Sentence

Composer = Callable[[Case, Breach, int], tuple[Sentence, ...]]


def facts_of_failing(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    """At most two sentences; the general composer where the special one finds nothing to go by."""
    composer = COMPOSERS.get(breach.failing, general)
    return composer(case, breach, place) or general(case, breach, place)


def general(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    """The events of the breach, newest two, and the best words of HMRC where they say more."""
    told = _telling(case, breach.events)
    sentences = event_sentences(case, told)
    span = telling_quote(case, breach, used=" ".join(s.text for s in sentences))
    if span and len(sentences) < 2 and (not sentences or _theirs(case, span)):
        said = quotation(case, span, place)
        sentences = (said, *sentences) if place % 2 else (*sentences, said)
    return sentences[:2]


def repeated_facts(case: Case, breach: Breach, _place: int) -> tuple[Sentence, ...]:
    """The correction, and after it the same error again."""
    own = [e for e in dict.fromkeys(breach.events) if e.actor == "hmrc" and not is_bare(told_of(case, e))]
    return event_sentences(case, sorted(own, key=lambda e: e.date)[-2:])[:2] if len(own) > 1 else ()


def telling_quote(case: Case, breach: Breach, *, used: str = "") -> Span | None:
    """The words that show the failing: a statement of the kind that is about it, else the best span of the breach."""
    kinds = _SAID_OF.get(breach.failing, ())
    about = [s.span for s in case.statements(*kinds) if s.span in breach.spans or s.span.document in breach.documents]
    return best_quote(case, about, used=used) or best_quote(case, breach.spans, used=used)


def _theirs(case: Case, span: Span) -> bool:
    """Whether words are HMRC's, or those of a note or another's paper: our own letters show no failing of HMRC's."""
    return case.author(span.document) != "agent" or case.is_note(span.document)


_SAID_OF: dict[str, tuple[StatementKind, ...]] = {
    "report_not_logged": ("would_not_log",),
    "lost_documents": ("no_trace",),
    "system_error": ("system_error",),
    "registration_error": ("keying_error", "admission"),
    "repeated_error": ("system_error", "admission"),
    "agent_not_recognised": ("authority_denied",),
    "enforcement_of_disputed_debt": ("admission",),
    "evidence_overlooked": ("refusal",),
    "data_breach": ("address_not_updated",),
}


def _telling(case: Case, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events that say what HMRC did: its own before others', at most two, in date order; none that says nothing."""
    said = [e for e in dict.fromkeys(events) if not is_bare(told_of(case, e))]
    ranked = sorted(said, key=lambda e: (e.actor != "hmrc", e.importance != "key", e.date))
    return tuple(sorted(ranked[:2], key=lambda e: e.date))


def unanswered_facts(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    """The letters that had no answer, by date. Where HMRC accepts it, its own words follow and say the rest."""
    letters = [e for e in breach.events if e.kind in ("letter_to_hmrc", "application_made", "complaint_made")]
    if not letters:
        return ()
    dates = listed(day(e.date) for e in letters)
    noun = "letters" if len(letters) > 1 else "letter"
    how = [dated(case, e) for e in letters]
    if breach.accepted and accepting(case, breach):
        return (fact(case, f"We wrote to HMRC on {dates}", [e.span for e in letters], computed=how),)
    verb = "were" if len(letters) > 1 else "was"
    shape = pick(("Our {noun} of {dates} {verb} not answered", "No answer came to our {noun} of {dates}"), place)
    spans = [*(e.span for e in letters), *_no_reply_spans(case, breach)]
    computed = [*how, f"Our {noun} of {dates} had no answer: no answer came, and the {noun} {verb} not answered."]
    return (fact(case, shape.format(noun=noun, dates=dates, verb=verb), spans, computed=computed),)


def _no_reply_spans(case: Case, breach: Breach) -> list[Span]:
    said = case.statements("no_reply", "admission", "upheld")
    return [s.span for s in said if s.span in breach.spans or s.span.document in breach.documents][:2]


def undertaking_facts(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    """What HMRC undertook and when, then what shows that it was not done."""
    promises = promises_of(case, breach)
    if not promises:
        return ()
    later = _after(case, breach, promises)
    found = first_that_holds(case, _undertook(case, promises, later, place))
    return (found, *_not_done(case, promises, later, breach)) if found else ()


def _undertook(case: Case, promises: Sequence[Undertaking], later: Sequence[Event], place: int) -> Iterator[Sentence]:
    """Both promises in one sentence where they fit, else the last of them, in HMRC's words where they can be quoted."""
    computed = [_promise_evidence(p) for p in promises]
    clear = not any(VAGUE.search(p.what) for p in promises)
    text = upper_first(" and ".join(_promise_clause(p, at) for at, p in enumerate(promises)))
    shown = [*(p.span for p in promises), *(e.span for e in later[:1])]
    if len(promises) == 2 and clear and words_in(text) <= 36:
        broken = pick(("; both undertakings were broken", "; both were left undone"), place)
        yield fact(case, text + broken, shown, computed=computed)
    last, clause = promises[-1], _promise_clause(promises[-1], 0)
    spans = [last.span, *(e.span for e in later[:1])]
    if quotable(last.span.quote):
        quoted_in = cited(last.span.quote)
        if not VAGUE.search(last.what) and words_in(clause) + words_in(quoted_in) <= 38:
            yield fact(case, upper_first(f"{clause}: {quoted_in}"), spans, computed=computed)
        short = f"{clause.split(' to ', 1)[0]} as follows: {quoted_in}"
        yield fact(case, upper_first(short), [last.span], computed=computed)
    yield fact(case, upper_first(clause), spans, computed=computed)


VAGUE = re.compile(r"\b(it|this|that|these|those|them|she|he|they)\b")


def _promise_evidence(promise: Undertaking) -> str:
    due = f" by {day(promise.due_on)}" if promise.due_on else " (no date given)"
    return f"HMRC undertook on {day(promise.made_on)} to {promise.what}{due} ({promise.derivation}). {_BROKEN}"


_BROKEN = "It was not kept: both undertakings were broken, both were left undone."


def promises_of(case: Case, breach: Breach) -> list[Undertaking]:
    own = [u for u in case.facts.undertakings if u.span in breach.spans]
    near = [u for u in case.facts.undertakings if u.span.document in breach.documents]
    due = sorted(own or near, key=lambda u: (u.due_on is not None, u.made_on))
    unlike = {(u.made_on, u.span.quote): u for u in due}
    return sorted(list(unlike.values())[-2:], key=lambda u: u.made_on)


def _promise_clause(promise: Undertaking, at: int) -> str:
    how = {"phone": " by telephone", "webchat": " by webchat", "email": " by email", "post": " by letter"}
    who = "HMRC" if at == 0 else "it"
    due = f" by {day(promise.due_on)}" if promise.due_on and not HAS_TERM.search(promise.what) else ""
    what = own_possessive(f"HMRC to {promise.what.rstrip('. ')}").removeprefix("HMRC to ")
    return f"on {day(promise.made_on)} {who} undertook{how.get(promise.channel, '')} to {what}{due}"


def _after(case: Case, breach: Breach, promises: Sequence[Undertaking]) -> list[Event]:
    """What shows, once the day had gone by, that nothing had been done."""
    last = max(p.due_on or p.made_on for p in promises)
    said = {p.span for p in promises}
    own = [e for e in breach.events if e.date >= last and e.span not in said]
    seen = [e for e in case.events("account_checked", "statement_issued") if e.date >= last and e.importance == "key"]
    return [e for e in own or seen if not is_bare(told_of(case, e))]


def _not_done(
    case: Case, promises: Sequence[Undertaking], later: Sequence[Event], breach: Breach
) -> tuple[Sentence, ...]:
    for event in reversed(later):
        told = [s for s in event_sentences(case, [event]) if holds(case, s)]
        if told:
            return tuple(told)
    last = promises[-1]
    if last.due_on and last.due_on < case.dated and breach.delay and breach.delay.start == last.due_on:
        overdue = plural(breach.delay.working_days, "working day")
        texts = [
            f"By the date of this letter {overdue} had passed since {day(last.due_on)}, and it was still not done",
            f"By the date of this letter {overdue} had passed since {day(last.due_on)}",
        ]
        how = [measured(breach.delay), f"On {day(breach.delay.end)}, the date of this letter, it was still not done."]
        found = first_that_holds(case, (fact(case, text, [last.span], computed=how) for text in texts))
        return (found,) if found else ()
    return ()


def conflict_facts(case: Case, breach: Breach, _place: int) -> tuple[Sentence, ...]:
    """Two papers quoted against each other: the conflict that the breach is about."""
    near = [(_nearness(breach, conflict), conflict) for conflict in case.facts.conflicts]
    best = max(near, key=lambda pair: pair[0], default=(0, None))
    if best[1] is None or not best[0]:
        return ()
    return _contradicted(case, best[1]) or contradiction(case, best[1])


def _nearness(breach: Breach, conflict: Conflict) -> int:
    """How much a conflict has to do with a breach: shared words count most, then its kind, then shared papers."""
    quotes = [span.quote for span in breach.spans]
    words = sum(any(s.quote in quote or quote in s.quote for quote in quotes) for s in conflict.statements)
    papers = len({s.document for s in conflict.statements} & {*breach.documents, *(s.document for s in breach.spans)})
    kind = (breach.failing == "inconsistent_information") == (conflict.kind == "deadline")
    return 4 * words + papers + (2 if kind and papers else 0)


def _contradicted(case: Case, conflict: Conflict) -> tuple[Sentence, ...]:
    """The statement that is not preferred, where the paragraph on conflicts has shown both."""
    wrong = [s for s in conflict.statements if s.value != conflict.preferred and quotable(s.quote)]
    if conflict.preferred is None or conflict not in case.analysis.conflicts or not wrong:
        return ()
    said = min(wrong, key=lambda side: case.author(side.document) != "hmrc")
    text = f"{upper_first(case.called(said.document))} says: {cited(said.quote)}"
    return (fact(case, text, [said]),)


def contradiction(case: Case, conflict: Conflict) -> tuple[Sentence, ...]:
    """Two statements side by side, in one sentence where they fit."""
    sides = [s for s in conflict.statements if quotable(s.quote)][:2]
    if len(sides) < 2:
        return ()
    late, early = sorted(sides, key=lambda s: case.written_on(s.document) or case.dated, reverse=True)
    said = [f"{case.called(s.document)} has {cited(s.quote)}" for s in (late, early)]
    text = upper_first(", whereas ".join(said))
    if not too_long(f"{text} (exhibits 10 and 11)"):
        return (fact(case, text, [late, early]),)
    return tuple(fact(case, upper_first(words), [side]) for words, side in zip(said, (late, early), strict=True))


def told_facts(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    """When HMRC was told of the circumstances."""
    told = [s for s in case.statements("told_hmrc_of_circumstances") if s.span.document in breach.documents]
    dates = [(case.written_on(s.span.document) or s.on, s) for s in told]
    known = [(on, s) for on, s in dates if on]
    if not known:
        return ()
    shape = pick(
        ("HMRC was told on {dates} of the effect on {client}.", "On {dates} HMRC was told of the effect on {client}."),
        place,
    )
    text = shape.format(client=_affected(case), dates=listed(day(on) for on, _ in known))
    return (fact(case, text, [s.span for _, s in known]),)


def _affected(case: Case) -> str:
    return case.client if case.is_person else "the individual concerned"


def advice_facts(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    """The advice in the words of the note, and that the note was made at the time."""
    spans = [s.span for s in case.statements("advice") if s.span.document in breach.documents]
    notes = [s for s in (*spans, *breach.spans) if case.is_note(s.document)]
    fullest = sorted(notes, key=lambda s: (-words_in(short_quote(s.quote)), s))
    span = best_quote(case, fullest) or best_quote(case, [*spans, *breach.spans])
    if span is None:
        return ()
    note = [s for s in case.statements("made_same_day") if s.span.document == span.document]
    said = quotation(case, span, place)
    if not note:
        return (said,)
    made = fact(case, f"{upper_first(case.called(span.document))} was made at the time", [note[0].span, span])
    return (said, made)


def lost_facts(case: Case, breach: Breach, _place: int) -> tuple[Sentence, ...]:
    """What shows that HMRC had the papers, then HMRC's words that it could not find them."""
    conflict = next((c for c in case.analysis.conflicts if c.kind == "receipt" and _nearness(breach, c)), None)
    gone = [s.span for s in case.statements("no_trace") if quotable(s.span.quote) and s.span in breach.spans]
    if conflict is None:
        return ()
    had = next((s for s in conflict.statements if s.value == conflict.preferred and cited(s.quote) != "“”"), None)
    lost = gone[0] if gone else next((s for s in conflict.statements if s.value != conflict.preferred), None)
    if had is None or lost is None or cited(lost.quote) == "“”":
        return ()
    first = fact(case, upper_first(f"{case.called(had.document)} shows receipt: {cited(had.quote)}"), [had])
    plain = fact(case, upper_first(f"{case.called(had.document)} says: {cited(had.quote)}"), [had])
    shown = first_that_holds(case, (first, plain))
    after = fact(case, f"Yet {case.called(lost.document)} says: {cited(lost.quote)}", [lost])
    return (shown, after) if shown else ()


def disclosure_facts(case: Case, breach: Breach, _place: int) -> tuple[Sentence, ...]:
    """When HMRC was told of the right address, and what it sent elsewhere afterwards. Nobody is named."""
    changed = [e for e in breach.events if e.kind == "address_changed"]
    sent = [e for e in breach.events if e.actor == "hmrc" and e.kind not in ("address_changed", "correction")]
    after = [e for e in sent if not changed or e.date > changed[0].date]
    if not changed or not after:
        return ()
    dates = listed(day(e.date) for e in after)
    letters = "a letter" if len(after) == 1 else "letters"
    text = f"HMRC was told of the change of address on {day(changed[0].date)}, yet sent {letters} of {dates} elsewhere"
    return (
        fact(
            case,
            text,
            [changed[0].span, *(e.span for e in after)],
            computed=[dated(case, e) for e in (*changed, *after)],
        ),
    )


def incomplete_facts(case: Case, _breach: Breach, _place: int) -> tuple[Sentence, ...]:
    """Which numbered points have no answer, and in which reply."""
    left = case.analysis.unanswered_points
    replies = [e for e in case.events("complaint_reply", "review_reply") if e.span.document in {u.reply for u in left}]
    if not left or not replies:
        return ()
    numbers = [str(u.point) for u in left]
    noun = "points" if len(left) > 1 else "point"
    name, raised = case.called(left[0].reply), case.called(left[0].raised_in)
    verb = "have" if len(left) > 1 else "has"
    texts = [
        f"{upper_first(noun)} {points} of {raised} {verb} no answer in {name}"
        for points in dict.fromkeys((_with_labels(case, left), listed(numbers)))
    ]
    spans = [*(u.span for u in left), replies[0].span]
    said = [fact(case, text, spans, computed=[f"{text}."]) for text in texts if not too_long(text)]
    found = first_that_holds(case, said)
    return (found,) if found else ()


def _with_labels(case: Case, left: Sequence[UnansweredPoint]) -> str:
    found = [p for u in left for p in case.facts.points if (p.number, p.span) == (u.point, u.span)]
    return labels_listed(found) if len(found) == len(left) else listed(str(u.point) for u in left)


def overlooked_facts(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    """What we sent, in the words with which we sent it, and HMRC's answer as if it had not come."""
    said = sorted(case.statements("fee_paid", "made_same_day", "refusal", "no_trace"), key=lambda s: s.kind)
    near = [s.span for s in said if s.span.document in breach.documents] + list(breach.spans)
    sent = best_quote(case, (s for s in near if case.author(s.document) == "agent" and not case.is_note(s.document)))
    refused = best_quote(case, (s for s in near if case.author(s.document) == "hmrc"))
    return tuple(quotation(case, span, place + at) for at, span in enumerate((sent, refused)) if span)


def handling_facts(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    return delay_facts(case, breach, place) if breach.delay else ()


COMPOSERS: dict[str, Composer] = {
    "delay": delay_facts,
    "prolonged_enquiry": delay_facts,
    "unanswered_correspondence": unanswered_facts,
    "broken_undertaking": undertaking_facts,
    "wrong_statement": conflict_facts,
    "inconsistent_information": conflict_facts,
    "personal_situation_ignored": told_facts,
    "misleading_advice": advice_facts,
    "data_breach": disclosure_facts,
    "incomplete_reply": incomplete_facts,
    "evidence_overlooked": overlooked_facts,
    "lost_documents": lost_facts,
    "repeated_error": repeated_facts,
    "poor_complaint_handling": handling_facts,
}
