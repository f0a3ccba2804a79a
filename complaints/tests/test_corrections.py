"""Facts without what a person struck, and with what holds instead. Pure."""

from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal

import pytest

from complaints.facts.corrections import FactCorrection, corrected, strikes
from complaints.facts.records import Amount, DocumentFacts, DocumentProfile, Event, Span


def span(document, quote):
    return Span(document, 1, 0, len(quote), quote)


def profile(name):
    return DocumentProfile(name, *_profile_rest())


def _profile_rest():
    missing = [f for f in fields(DocumentProfile) if f.default is MISSING and f.default_factory is MISSING]
    return [None if "None" in str(f.type) else "" for f in missing[1:]]


WRONG, RIGHT = "received on 3 March 2025", "received on 5 March 2025"
EVENT = Event(date(2025, 3, 3), "return_received", "hmrc", "HMRC received the return", span("a.pdf", WRONG), "key")
OTHER = Event(date(2025, 4, 1), "call", "agent", "we rang HMRC", span("a.pdf", "rang on 1 April 2025"), "key")
SUM = Amount(Decimal(40), "repayment_due", span("a.pdf", "a repayment of £40"))
PARTS = (DocumentFacts(profile("a.pdf"), events=(EVENT, OTHER), amounts=(SUM,)), DocumentFacts(profile("b.pdf")))


def test_nothing_changes_without_corrections() -> None:
    assert corrected(PARTS, ()) == PARTS


def test_a_struck_event_is_gone_and_the_words_are_remembered() -> None:
    first, second = corrected(PARTS, [FactCorrection(span("a.pdf", WRONG))])
    assert (first.events, first.amounts) == ((OTHER,), (SUM,))
    assert [one.quote for one in first.struck] == [WRONG]
    assert second == PARTS[1]


def test_the_right_day_stands_in_the_paper_that_shows_it() -> None:
    shown = span("b.pdf", RIGHT)
    first, second = corrected(PARTS, [FactCorrection(span("a.pdf", WRONG), day=date(2025, 3, 5), shown=shown)])
    assert first.events == (OTHER,)
    assert [(event.date, event.span, event.summary) for event in second.events] == [
        (date(2025, 3, 5), shown, EVENT.summary)
    ]


def test_the_right_amount_takes_the_place_of_the_wrong_one() -> None:
    shown = span("b.pdf", "a repayment of £400")
    one = FactCorrection(span("a.pdf", "a repayment of £40"), amount=Decimal(400), shown=shown)
    first, second = corrected(PARTS, [one])
    assert first.amounts == ()
    assert [(amount.value, amount.role, amount.span) for amount in second.amounts] == [
        (Decimal(400), "repayment_due", shown)
    ]


@pytest.mark.parametrize(
    ("struck", "words", "falls"),
    [
        (WRONG, WRONG, True),
        (WRONG, "Received on  3 March 2025.", True),
        (WRONG, "It was received on 3 March 2025", True),
        ("3 March", "received on 3 March 2025 and then kept for months without a word to anybody", False),
        (WRONG, RIGHT, False),
        ("", WRONG, False),
    ],
)
def test_what_rests_on_words_falls_with_them_and_with_little_more(struck, words, falls) -> None:
    assert strikes(struck, words) is falls
