"""What papers take to be the case, in the words of different writers, and where two of them disagree."""

from datetime import date

import pytest

from complaints.facts.opposites import position_conflicts
from complaints.facts.positions import find_positions, thing_in
from complaints.facts.records import (
    Actor,
    Amount,
    Conflict,
    DocumentFacts,
    DocumentKind,
    DocumentProfile,
    Matter,
    Position,
    Span,
)
from complaints.facts.view import Unit
from lightpoint.language.money import find_amounts

HMRC_SAYS: list[tuple[Matter, bool, str]] = [
    ("receipt", False, "We have no record of receiving any payment for this period."),
    ("receipt", False, "I have searched and cannot find the claim you describe."),
    ("receipt", False, "You have not sent the records we asked for."),
    ("receipt", False, "Your form has not been received."),
    ("receipt", False, "We are unable to trace the cheque."),
    ("receipt", True, "Your claim reached us on 19 June 2025."),
    ("receipt", True, "Thank you for your letter which we received on 24 May 2024."),
    ("receipt", True, "I have now traced the payment."),
    ("receipt", True, "I have had all the documents since 30 June 2023."),
    ("debt", True, "Total to pay | £1,286.86"),
    ("debt", True, "You owe £90.00 and it is overdue."),
    ("debt", False, "You owe nothing."),
    ("debt", False, "The sum of £906.12 was not due."),
    ("debt", False, "The charge of £860.00 has been cancelled."),
    ("debt", False, "The demand was withdrawn on 12 June 2025."),
    ("hold", True, "The charge is on hold while we look into it."),
    ("hold", True, "Collection has been suspended until 27 February 2026."),
    ("hold", True, "We will not take any action to recover it."),
    ("authority", False, "The agent name is not recognised."),
    ("authority", False, "We hold no authority for your firm."),
    ("authority", False, "We cannot discuss this with you."),
    ("authority", True, "Both forms were correctly completed."),
    ("contact", False, "You have not contacted us about this debt."),
    ("contact", False, "We have had no response from you."),
    ("contact", True, "Thank you for your letter of 9 October 2025."),
    ("filing", False, "You do not need to send us returns for that period."),
    ("filing", True, "You have not sent your return for the month ended 5 June 2025."),
]
NOT_SAID: list[tuple[Matter, bool, str]] = [
    ("receipt", True, "Once we have received the form we will write again."),
    ("debt", False, "The interest will be removed once it has been moved."),
    ("debt", False, "The adviser should not have told you that nothing was repayable."),
    ("hold", True, "I was kept on hold for 38 minutes."),
    ("debt", True, "There is nothing overdue."),
]


def _profile(name: str, kind: DocumentKind, author: Actor, written: str) -> DocumentProfile:
    return DocumentProfile(name, kind, author, None, date.fromisoformat(written), None, "", f"the paper {name}")


def _found(text: str, kind: DocumentKind = "hmrc_letter", author: Actor = "hmrc") -> list[Position]:
    profile = _profile("x.pdf", kind, author, "2026-01-10")
    return list(find_positions([Unit("x.pdf", 1, 0, len(text), text, author, profile.written_on)], profile))


@pytest.mark.parametrize(("matter", "holds", "text"), HMRC_SAYS)
def test_a_position_is_read_from_hmrcs_words(matter: Matter, holds: bool, text: str) -> None:
    assert (matter, holds) in {(p.matter, p.holds) for p in _found(text)}


@pytest.mark.parametrize(("matter", "holds", "text"), NOT_SAID)
def test_words_that_only_sound_like_it_take_no_position(matter: Matter, holds: bool, text: str) -> None:
    assert (matter, holds) not in {(p.matter, p.holds) for p in _found(text)}


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        ("payment", "no record of receiving any payment for this return"),
        ("disclosure", "Your disclosure reached us"),
        ("documents", "Thank you for the 41 invoices"),
        ("return", "an Employer Payment Summary for month 8"),
        ("claim", "an amended return and a claim for repayment"),
    ],
)
def test_the_thing_is_the_most_particular_one(thing: str, text: str) -> None:
    assert thing_in(text) == thing


def test_a_hold_runs_to_the_day_that_is_named() -> None:
    (hold,) = _found("Has put a hold on collection to 27/2.", "call_note", "agent")
    assert hold.on == date(2026, 2, 27)


def test_thirty_days_for_the_tribunal_run_from_the_conclusion() -> None:
    limits = _found("You can appeal to the tribunal within 30 days of the date of this letter.")
    assert [(p.thing, p.on) for p in limits if p.matter == "deadline"] == [("tribunal", date(2026, 2, 9))]


def test_our_note_that_a_reply_came_gives_its_day() -> None:
    came = _found("HMRC's second reply came in the post today.", "email", "agent")
    assert [p.on for p in came if p.matter == "arrival"] == [date(2026, 1, 10)]


def _part(name: str, kind: DocumentKind, author: Actor, written: str, text: str) -> DocumentFacts:
    profile = _profile(name, kind, author, written)
    positions = tuple(find_positions([Unit(name, 1, 0, len(text), text, author, profile.written_on)], profile))
    span = Span(name, 1, 0, len(text), text)
    sums = tuple(Amount(m.value, "other", span) for m in find_amounts(text))
    return DocumentFacts(profile, positions=positions, amounts=sums)


def _conflicts(*parts: DocumentFacts) -> list[Conflict]:
    return list(position_conflicts(parts))


def test_a_payment_traced_later_contradicts_the_letter_that_missed_it() -> None:
    (conflict,) = _conflicts(
        _part("a.pdf", "hmrc_letter", "hmrc", "2025-09-18", "We have no record of receiving your payment."),
        _part("b.pdf", "hmrc_letter", "hmrc", "2025-12-02", "We received the payment on 1 July 2025."),
    )
    assert (conflict.what, conflict.preferred) == ("whether HMRC received the payment", "received 1 July 2025")


def test_a_demand_for_what_was_given_up_is_a_conflict() -> None:
    (conflict,) = _conflicts(
        _part("a.pdf", "hmrc_letter", "hmrc", "2025-04-14", "The interest of £412.38 was cancelled."),
        _part("b.pdf", "third_party_letter", "third_party", "2025-09-22", "The sum of £412.38 is overdue."),
    )
    assert conflict.preferred == "not owed"
    assert "already given up" in conflict.why_preferred


def test_collection_during_a_hold_is_a_conflict() -> None:
    found = _conflicts(
        _part("a.pdf", "hmrc_letter", "hmrc", "2025-01-27", "The charge is on hold."),
        _part("b.pdf", "third_party_letter", "third_party", "2025-04-08", "HMRC has asked us to collect £908.35."),
    )
    assert [c.preferred for c in found] == ["on hold"]


def test_a_demand_before_the_hold_is_none() -> None:
    assert not _conflicts(
        _part("a.pdf", "hmrc_letter", "hmrc", "2025-04-27", "The charge is on hold."),
        _part("b.pdf", "third_party_letter", "third_party", "2025-04-08", "HMRC has asked us to collect £908.35."),
    )


def test_automatic_receipts_of_two_submissions_do_not_disagree() -> None:
    assert not _conflicts(
        _part("a.eml", "hmrc_receipt", "hmrc", "2025-05-14", "Your property return was received on 14 May 2025."),
        _part("b.eml", "hmrc_receipt", "hmrc", "2025-07-21", "Your return was received on 21 July 2025."),
    )


def test_two_days_of_receipt_of_one_thing_disagree() -> None:
    (conflict,) = _conflicts(
        _part("a.pdf", "hmrc_letter", "hmrc", "2024-05-30", "Your disclosure was received on 24 May 2024."),
        _part("b.pdf", "hmrc_notice", "hmrc", "2025-10-03", "Your disclosure reached us on 19 July 2024."),
    )
    assert conflict.preferred == "2024-05-24"


def test_a_later_message_does_not_move_the_last_day_for_the_tribunal() -> None:
    conclusion = "You can appeal to the tribunal within 30 days of the date of this letter."
    (conflict,) = _conflicts(
        _part("a.pdf", "hmrc_letter", "hmrc", "2026-01-08", conclusion),
        _part("b.eml", "email", "hmrc", "2026-01-15", "You have until 13 February 2026 to go to the tribunal."),
    )
    assert (conflict.kind, conflict.preferred) == ("deadline", "2026-02-07")
