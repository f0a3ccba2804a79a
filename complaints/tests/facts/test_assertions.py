"""Five ways or so of saying each thing, none of them from a bundle."""

from datetime import date

import pytest

from complaints.facts.assertions import find_assertions
from complaints.facts.records import Actor, DocumentKind, DocumentProfile
from complaints.facts.view import Unit


def told(text: str, kind: DocumentKind = "hmrc_letter", speaker: Actor = "hmrc") -> set[tuple[str, bool]]:
    on = date(2025, 3, 4)
    profile = DocumentProfile("a.pdf", kind, speaker, None, on, None, "", "a letter")
    unit = Unit("a.pdf", 1, 0, len(text), text, speaker, on)
    return {(p.matter, p.holds) for p in find_assertions([unit], profile)}


@pytest.mark.parametrize(
    "words",
    [
        "Your repayment was sent to your bank on 3 March 2025.",
        "A cheque for £410.20 has been issued.",
        "The refund has already been paid.",
        "We have released the repayment.",
        "We issued a payable order last week.",
    ],
)
def test_a_repayment_is_said_to_have_gone_out(words):
    assert ("paid", True) in told(words)


@pytest.mark.parametrize(
    "words",
    [
        "The cheque was stopped before it was posted.",
        "order recalled by accounts on the 3rd",
        "The refund never left our office.",
        "The BACS payment was rejected by the bank.",
        "The repayment has not been sent.",
    ],
)
def test_a_repayment_is_said_in_a_talk_not_to_have_gone(words):
    assert ("paid", False) in told(words, "call_note", "agent")


@pytest.mark.parametrize(
    "words",
    [
        "No repayment has been issued.",
        "The refund will be paid when the check is over.",
        "Interest charged on 2 May was cancelled.",
        "If the cheque is stopped, tell us.",
    ],
)
def test_what_is_only_to_come_or_concerns_another_sum_is_no_payment(words):
    assert not {m for m, _ in told(words)} & {"paid"}


@pytest.mark.parametrize(
    "words",
    [
        "HMRC cannot change the entry.",
        "we can't remove it from here",
        "She said they are not able to amend it.",
        "he is unable to correct the code",
        "only the employer can do that",
    ],
)
def test_hmrc_says_that_it_has_no_power(words):
    assert ("power", False) in told(words, "call_note", "agent")


@pytest.mark.parametrize(
    "words",
    [
        "The penalty remains payable.",
        "The surcharge still stands.",
        "The charges are correct.",
        "The assessment was correctly issued.",
        "The penalty has been upheld.",
    ],
)
def test_a_charge_is_maintained(words):
    assert ("charge", True) in told(words)


@pytest.mark.parametrize(
    "words",
    [
        "the penalty will be cancelled when it is keyed",
        "charge will drop off by itself",
        "no need to appeal",
        "you do not need to appeal",
        "the surcharge should come off",
    ],
)
def test_a_charge_is_said_in_a_talk_to_fall_away(words):
    assert ("charge", False) in told(words, "call_note", "agent")


def test_the_same_years_are_full_and_not_full():
    assert ("state", True) in told("The years 2018-19 and 2019-20 are full.")
    assert ("state", False) in told("2018/19 is not full.")
