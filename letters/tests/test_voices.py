"""Whose paper it is, and who did what on a day, as the facts have it."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from complaints.facts.records import Facts
from letters.records import DocumentSource
from letters.tests.samples import repayment
from letters.voices import doer_faults, owner_faults, speaker_faults

FACTS = repayment().facts
LETTER = "It will be issued within 14 days of the date of this letter"
Faults = Callable[[str, Sequence[DocumentSource], Facts], Iterator[str]]


def faults(check: Faults, text: str, document: str, quote: str = "words") -> list[str]:
    return list(check(text, [DocumentSource(document, 1, quote)], FACTS))


@pytest.mark.parametrize(
    ("true", "false", "document"),
    [
        (
            "HMRC's calculation showed £2,480.15 overpaid.",
            "Our calculation showed £2,480.15 overpaid.",
            "calculation.pdf",
        ),
        (
            "No answer came to our letter of 14 March 2025.",
            "No answer came to HMRC's letter of 14 March 2025.",
            "chaser.docx",
        ),
        (
            "HMRC's Self Assessment statement of 18 August 2025 has it.",
            "Our Self Assessment statement of 18 August 2025 has it.",
            "statement.pdf",
        ),
        (
            "Our note of the call of 7 April 2025 was made at the time.",
            "HMRC's note of the call of 7 April 2025 was made at the time.",
            "note.txt",
        ),
    ],
)
def test_a_paper_is_of_the_side_that_wrote_it(true: str, false: str, document: str) -> None:
    assert faults(owner_faults, true, document) == []
    assert [fault.split(":")[0] for fault in faults(owner_faults, false, document)] == ["role"]


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("HMRC's reply does not deal with our complaint.", "letter.pdf"),  # another paper than the one that is cited
        ("HMRC wrote: “Our statement showed nothing”.", "statement.pdf"),  # its own words
        ("HMRC answered our letter of 1 January 2019.", "letter.pdf"),  # a paper that nobody has
    ],
)
def test_what_the_papers_do_not_settle_is_no_fault(text: str, document: str) -> None:
    assert faults(owner_faults, text, document) == []


@pytest.mark.parametrize(
    ("true", "false", "document"),
    [
        (
            "20 May 2025: HMRC wrote that the repayment was authorised",
            "20 May 2025: we wrote that the repayment was authorised",
            "letter.pdf",
        ),
        ("14 March 2025: We wrote to HMRC", "14 March 2025: HMRC wrote to the agent", "chaser.docx"),
    ],
)
def test_a_line_of_the_chronology_has_whoever_the_event_has(true: str, false: str, document: str) -> None:
    assert faults(doer_faults, true, document) == []
    assert [fault.split(":")[0] for fault in faults(doer_faults, false, document)] == ["role"]


def test_days_and_events_of_other_papers_say_nothing_of_who_did_it() -> None:
    assert faults(doer_faults, "20 May 2025: We wrote to HMRC", "chaser.docx") == []
    assert faults(doer_faults, "7 April 2025: We rang HMRC", "note.txt") == []


def test_what_hmrc_undertook_in_a_letter_we_did_not() -> None:
    assert faults(speaker_faults, "On 20 May 2025 HMRC undertook to issue it.", "letter.pdf", LETTER) == []
    assert faults(speaker_faults, "On 20 May 2025 we undertook to issue it.", "letter.pdf", LETTER)
