"""Notes of talks in small letters: where their sentences end, who speaks, and what HMRC promised by when."""

import pytest

from complaints.tests.facts.papers import happened, read

NOTE = """OAKSHOTT LYLE  tel note   G Pennyfeather
Tues 4/11/25  10.05 - 10.50   PL
{line}, spoke to "Moira". ref ZX-041125-77

"""
LETTER = """HM Revenue & Customs
BX9 1AS

Mr G Pennyfeather
1 The Lane
Ludlow SY8 9ZZ

4 November 2025

Dear Mr Pennyfeather

{words}

Yours sincerely
A Person
"""


def promises(words: str, line: str = "VAT helpline") -> list[tuple[str, str]]:
    facts = read(NOTE.format(line=line) + words, name="call 4 nov.txt")
    return [(promise.what, str(promise.due_on)) for promise in facts.undertakings]


@pytest.mark.parametrize(
    ("words", "what", "due"),
    [
        ("she can see it. will be moved within 15 working days.", "move it", "2025-11-25"),
        ('fix - she will release it today. "should be with you by 18/11"', "release it that day", "2025-11-18"),
        ("he has sent it on. it will be corrected by 28/11.", "correct it", "2025-11-28"),
        ("she said a payment would be made by Fri 21/11.", "make a payment", "2025-11-21"),
        ("never sent. promised payment by 25/11.", "make the payment", "2025-11-25"),
        ("a re-run did it, he thinks. will be put right in 4 weeks.", "put it right", "2025-12-02"),
        ("she'll get payroll to reissue it by the 20th.", "get payroll to reissue it", "2025-11-20"),
        ("they will ring back by Friday.", "ring back", "2025-11-07"),
        ("merged in error. to be corrected by 30/11, he said.", "correct it", "2025-11-30"),
        (
            "deductions to be stopped and £412.00 refunded by 1 December, she says.",
            "stop deductions and refund £412.00",
            "2025-12-01",
        ),
        ("the charge will be written off within 6 weeks", "write off the charge", "2025-12-16"),
        ('fix - will pay it over. "within 10 working days, you have my word"', "pay it over", "2025-11-18"),
    ],
)
def test_a_jotted_promise_has_its_deed_and_its_day(words: str, what: str, due: str) -> None:
    assert promises(words) == [(what, due)]


@pytest.mark.parametrize(
    "words",
    [
        "closed the call 10.50, letter written up straight after.",
        "note typed up 11.20 same day.",
        "told her we will write by 20/11.",
        "asked when it will be dealt with - no answer.",
        "check 24/11.",
    ],
)
def test_what_we_mean_to_do_is_no_promise_of_hmrcs(words: str) -> None:
    assert promises(words) == []


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("The penalty will be cancelled and £100.00 refunded within 21 days.", "cancel the penalty and refund £100.00"),
        (
            "Your record has been sent to the technical team and will be put right within 20 working days.",
            "put Mr Pennyfeather's record right",
        ),
        (
            "The surcharge will be set aside and the balance reallocated to VAT within 10 working days.",
            "set the surcharge aside and reallocate the balance to VAT",
        ),
    ],
)
def test_a_promise_of_a_letter_is_an_infinitive(words: str, what: str) -> None:
    assert [promise.what for promise in read(LETTER.format(words=words)).undertakings] == [what]


def test_what_we_told_the_adviser_is_not_hmrcs_word() -> None:
    facts = read(NOTE.format(line="child benefit helpline") + "told her client is in tears over it.", name="call.txt")
    said = {(s.kind, s.actor) for s in facts.statements}
    assert ("distress", "agent") in said
    assert ("distress", "hmrc") not in said


def test_a_reminder_to_ourselves_is_no_happening() -> None:
    facts = read(NOTE.format(line="CT helpline") + "no trace of it.\ncheck 24/11.", name="call.txt")
    assert happened(facts, "2025-11-24") == []


def test_a_record_that_went_back_is_hmrcs_doing() -> None:
    words = "- both quarters went back to unpaid on 14 July. she cannot say why."
    assert ("other", "hmrc") in happened(read(NOTE.format(line="VAT helpline") + words, name="call.txt"), "2025-07-14")


@pytest.mark.parametrize(
    "words",
    [
        "Letter of 23/9 not logged as far as he can see.",
        "she has no trace of a letter of 23/9.",
        "he can't find the letter of 23/9 on her record.",
        "letter of 23/9 was scanned but nobody has looked at it, she says.",
    ],
)
def test_a_letter_that_hmrc_looks_for_in_its_post_is_not_one_of_hmrcs(words: str) -> None:
    facts = read(NOTE.format(line="VAT helpline") + words, name="call 4 nov.txt")
    told = [(event.kind, event.actor) for event in facts.events if str(event.date) == "2025-09-23"]
    assert told == [("letter_to_hmrc", "agent")]


def test_a_letter_that_hmrcs_adviser_speaks_of_as_sent_is_hmrcs() -> None:
    facts = read(
        NOTE.format(line="VAT helpline") + "she says a letter of 23/9 asked for the invoices.", name="call.txt"
    )
    told = [event.actor for event in facts.events if str(event.date) == "2025-09-23"]
    assert told == ["hmrc"]
