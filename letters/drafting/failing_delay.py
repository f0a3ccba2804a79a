"""How long a matter took: from which step to which, in working days, and the last sign of life."""

import re
from collections.abc import Iterator

from complaints.analysis.records import Breach, Delay
from complaints.facts.records import Span
from letters.drafting.case import Case
from letters.drafting.events import dated
from letters.drafting.sentences import fact
from letters.drafting.trial import first_that_holds
from letters.drafting.wording import cited, day, flat, lower_first, pick, plural, quotable, short_quote, upper_first
from letters.records import Sentence


def measured(delay: Delay) -> str:
    """The derivation of a period, for the ledger."""
    working, calendar = plural(delay.working_days, "working day"), plural(delay.calendar_days, "day")
    dates = f"from {day(delay.start)} to {day(delay.end)}"
    return (
        f"{working} and {calendar} {dates} is the time that went by and had passed {delay.what}; it took {working} "
        f"from the one to the other; by the date of this letter, {day(delay.end)}, {working} had passed."
    )


def delay_facts(case: Case, breach: Breach, place: int) -> tuple[Sentence, ...]:
    """How long it took, then the last sign of life."""
    delay = breach.delay
    if delay is None:
        return ()
    spans = list(delay.spans) or list(breach.spans)
    computed = [measured(delay), *(dated(case, e) for e in breach.events)]
    texts = _open(case, delay, place) if delay.open else _closed(delay, place)
    first = first_that_holds(case, (fact(case, upper_first(text), spans, computed=computed) for text in texts))
    if first is None:
        return ()
    return (first, *_state_since(case, breach, first))


_OPEN = (
    "by the date of this letter {days} had passed since {start}",
    "since {start}, {days} have passed to the date of this letter",
    "the wait since {closed} had come to {days} by the date of this letter",
)
_CLOSED = (
    "it took {days} from {closed} to {end}",
    "from {closed} to {end}, {days} passed",
    "between {closed} and {end}, {days} went by",
)


def _open(case: Case, delay: Delay, place: int) -> Iterator[str]:
    days = plural(delay.working_days, "working day")
    plain = _event_of(case, delay) or day(delay.start)
    for start in dict.fromkeys((_step(_first_step(delay), delay), plain, day(delay.start))):
        for at in range(place, place + len(_OPEN) if start else place):
            yield pick(_OPEN, at).format(days=days, start=start, closed=_closed_off(start))


def _closed(delay: Delay, place: int) -> Iterator[str]:
    days = plural(delay.working_days, "working day")
    first, last = _first_step(delay), _last_step(delay)
    if first and last:
        end = f"{last} on {day(delay.end)}"
        if " that " in last:
            end = f"{last.replace(' that ', f' on {day(delay.end)} that ', 1)}"
        yield pick(_CLOSED, place).format(days=days, closed=_closed_off(_step(first, delay)), end=end)
    yield pick(_CLOSED, place).format(days=days, closed=day(delay.start), end=day(delay.end))


def _closed_off(step: str) -> str:
    """A day with a clause after it, closed by a comma: "23 June 2025, the day by which it was due,"."""
    return f"{step}," if re.search(r"\d{4}, \w", step) else step


_TAIL = re.compile(r", not kept$|, which has not come$| with the \w+ still to come$")


def _first_step(delay: Delay) -> str:
    """The step at which a period begins, from "from our letter of ... to HMRC's first reply"."""
    text = _TAIL.sub("", flat(delay.what)).removeprefix("from ")
    if text.startswith(("the day by which", "HMRC's promise")):
        return text
    return text.split(" to ")[0] if text != flat(delay.what) else ""


def _last_step(delay: Delay) -> str:
    text = _TAIL.sub("", flat(delay.what)).removeprefix("from ")
    if text.startswith(("the day by which", "HMRC's promise")) or " to " not in text:
        return ""
    return text.split(" to ", 1)[1].replace("first reply or act on it", "first answer or step")


def _step(step: str, delay: Delay) -> str:
    """The step with its day: "the claim of 18 September 2024", "28 February 2025, the day by which ..."."""
    start = day(delay.start)
    if not step or start in step:
        return step
    if step.startswith("the day by which"):
        return f"{start}, {step}"
    return f"{step} of {start}" if re.fullmatch(r"(?:the|our) \w+", step) else f"{step} on {start}"


def _event_of(case: Case, delay: Delay) -> str:
    """ "18 September 2024, when HMRC received the return" where an event of that day and those words is short."""
    for event in case.facts.events:
        if event.date == delay.start and event.span in delay.spans:
            summary = event.summary.rstrip(". ,")
            if not any(mark in summary for mark in ':;,"') and len(summary.split()) <= 12:
                return f"{day(delay.start)}, when {lower_first(summary)}"
    return ""


def _state_since(case: Case, breach: Breach, first: Sentence) -> tuple[Sentence, ...]:
    """Words of ours or HMRC's that show an open matter unresolved, quoted from the newest paper that has them."""
    if breach.delay is None or not breach.delay.open:
        return ()
    said = [s.span for s in case.statements("not_processed") if quotable(s.span.quote) and _still(case, s.span)]
    newest = [s for s in reversed(said) if s in breach.spans or s.document in breach.documents]
    if not newest or short_quote(newest[0].quote) in first.text:
        return ()
    span = newest[0]
    shape = "{document} still has {words}" if case.author(span.document) == "hmrc" else "{document} says: {words}"
    text = shape.format(document=case.called(span.document), words=cited(span.quote))
    return (fact(case, upper_first(text), [span]),)


_STILL = re.compile(r"\b(not?|nothing|pending|outstanding|still|awaiting|unprocessed|yet)\b|n['’]t\b", re.IGNORECASE)


def _still(case: Case, span: Span) -> bool:
    """Whether words say that something has not been done yet; a notice speaks of the client, not of HMRC."""
    profile = case.profile(span.document)
    return _STILL.search(span.quote) is not None and (profile is None or profile.kind != "hmrc_notice")
