"""Several letters in one scan, several calls in one log: each part has its own day, author and kind."""

from dataclasses import replace
from datetime import date

from complaints.documents.records import Page, ReadDocument
from complaints.facts import extract_document
from complaints.tests.facts.papers import happened, intake, read

CASE = replace(intake(), opened_on=date(2026, 3, 2))
LOG = """Pennyfeather / HMRC phone log

2025
rang 3/11, 50 mins incl queue. CGT line, "Delphine". Money is there. She will move it in 10 working days.
   She put no blame on us.
rang 24/11. different adviser, "Tom". Not moved. Nobody has picked up the request.

2026
rang 27/1 - Debt Management. "Hannah" has put a hold on collection to 27/2.
"""
LETTERS = (
    "HM Revenue & Customs\nVAT Repayment Verification\nBX9 1WR\n4 September 2025\n\nG Pennyfeather\n\nDear Customer\n\n"
    "Our check is finished. The repayment has been authorised.\n\nYours faithfully\nC Boon",
    "HM Revenue & Customs\nVAT Repayment Verification\nBX9 1WR\n10 September 2025\n\nG Pennyfeather\n\nDear Customer\n"
    "You have not sent the records we asked for.\n\nYours faithfully\nP Moss",
)


def scan(*pages: str) -> ReadDocument:
    return ReadDocument(
        "scan.pdf", "application/pdf", "0" * 64, tuple(Page(i, text, "pdf") for i, text in enumerate(pages, 1))
    )


def days(text: str, name: str = "calls.txt") -> list[str]:
    return [str(part.written_on) for part in read(text, CASE, name).parts]


def test_each_entry_of_a_log_is_a_call_of_its_day() -> None:
    facts = read(LOG, CASE, "calls.txt")
    assert [str(p.written_on) for p in facts.parts] == ["2025-11-03", "2025-11-24", "2026-01-27"]
    assert happened(facts, "2025-11-24")[0] == ("call", "agent")
    assert facts.undertakings[0].due_on == date(2025, 11, 17)


def test_a_day_without_a_year_follows_the_entry_above() -> None:
    assert days("Calls\n6/11/25 rang the helpline.\n10/12 rang again.\n14/1 rang once more.") == [
        "2025-11-06",
        "2025-12-10",
        "2026-01-14",
    ]
    assert days("HMRC calls 2024\nMon 4 March: rang VAT line\nTues 9 April: rang VAT line again") == [
        "2024-03-04",
        "2024-04-09",
    ]


def test_a_note_of_one_call_stays_whole() -> None:
    assert days("Call note\n4/11/24 at 10.05 Customs helpline\nAdviser said nothing was needed.") == []


def test_letters_on_their_own_pages_are_letters_of_their_own() -> None:
    facts = extract_document(scan(*LETTERS), CASE)
    assert facts.profile.summary_name == "HMRC's letters of 4 September 2025 and 10 September 2025"
    assert ("letter_from_hmrc", "hmrc") in happened(facts, "2025-09-10")
    assert all(
        e.span.quote == scan(*LETTERS).pages[(e.span.page or 1) - 1].text[e.span.start : e.span.end]
        for e in facts.events
    )


def test_letters_below_each_other_are_parted_at_the_farewell() -> None:
    facts = extract_document(scan("\n\n".join(LETTERS)), CASE)
    assert [str(part.written_on) for part in facts.parts] == ["2025-09-04", "2025-09-10"]


def test_the_second_page_of_a_letter_is_no_letter() -> None:
    more = "What happens next\nYou can appeal within 30 days of the date of this letter.\nS Kirk\nReview Officer"
    assert extract_document(scan(LETTERS[0], more), CASE).parts == ()
