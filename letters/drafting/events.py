"""Events in words: a line of the chronology, a clause of a sentence, and how a document comes to the date."""

import re
from collections.abc import Sequence

from complaints.facts.records import Event
from letters.drafting.case import Case
from letters.drafting.sentences import fact
from letters.drafting.wording import (
    beginnings,
    cited,
    day,
    finished,
    flat,
    lower_first,
    own_possessive,
    quoted,
    too_long,
    upper_first,
)
from letters.records import Sentence

_STRAIGHT = re.compile(r'(?<![^\s(])"([^"]+)"')
_QUOTES_ALL = re.compile(r'^([^"]*: )"(.*".*)"$')  # one long quotation with others inside it
_AGAIN = re.compile(r" on \d{1,2} \w+ \d{4},? and again$")  # "... and again on" the day that the row itself gives
_CITATION = " (exhibits 10 and 11)"


def told_of(case: Case, event: Event) -> str:
    """An event without a final full stop. What became of a letter that went astray is told without the people in it."""
    if case.is_private and event.kind == "disclosure" and event.actor != "hmrc":
        return "a letter from HMRC reached somebody for whom it was not meant"
    if is_reported_payment(case, event):
        return f"{upper_first(case.called(event.span.document))} reports of this day: {cited(event.span.quote)}"
    summary = flat(event.summary).rstrip(". ")
    summary = _AGAIN.sub(" again", summary)
    whole = _QUOTES_ALL.match(summary)
    return f"{whole.group(1)}{quoted(whole.group(2))}" if whole else own_possessive(_STRAIGHT.sub(r"“\1”", summary))


def is_reported_payment(case: Case, event: Event) -> bool:
    """A repayment that only a paper of a third party or of the client tells of: it is told as theirs to vouch for.

    A bank's statement of account and HMRC's own papers show a payment.
    """
    profile = case.profile(event.span.document)
    if event.kind != "repayment_made" or profile is None or " | " in event.span.quote:
        return False
    told = any(_same_payment(case, event, other) for other in case.events("repayment_made"))
    return not told and profile.author in ("third_party", "client") and profile.kind != "bank_statement"


def _same_payment(case: Case, event: Event, other: Event) -> bool:
    profile = case.profile(other.span.document)
    shown = profile is not None and (profile.author == "hmrc" or profile.kind == "bank_statement")
    return shown and other.date == event.date


def event_clause(case: Case, event: Event) -> str:
    """ "on 14 February 2025 HMRC wrote that ..." without a final full stop; another paper's words need no "on"."""
    told = told_of(case, event)
    for verb in ("says", "reports"):
        if f" {verb} of this day: " in told:
            return lower_first(told.replace(f" {verb} of this day: ", f" {verb}: "))
    return f"on {day(event.date)} {lower_first(told_of(case, event))}"


def dated(case: Case, event: Event) -> str:
    """How the words of a document come to the date of an event, for the ledger."""
    return f"“{event.span.quote}” is dated {day(event.date)}: {told_of(case, event)}"


def _fitting(clause: str) -> str:
    """The clause, or the longest of its beginnings that makes a readable sentence."""
    if not too_long(clause + _CITATION):
        return clause
    return next((part for part in beginnings(clause) if not too_long(part + _CITATION)), clause)


def event_sentences(case: Case, events: Sequence[Event]) -> tuple[Sentence, ...]:
    """One sentence for two events where they fit, else one for each."""
    if not events:
        return ()
    clauses = [event_clause(case, event) for event in events]
    together = upper_first(", and ".join(clauses))
    plain = not any(mark in together for mark in ";:“")
    if len(events) == 2 and plain and not too_long(together + _CITATION):
        how = [dated(case, event) for event in events]
        return (fact(case, finished(together), [event.span for event in events], computed=how),)
    return tuple(
        fact(case, finished(upper_first(_fitting(clause))), [event.span], computed=[dated(case, event)])
        for clause, event in zip(clauses, events, strict=True)
    )
