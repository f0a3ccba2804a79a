"""A case as a whole: merging, conflicts, order, and that a document's facts are its own."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from complaints.documents.reading import read_bytes
from complaints.documents.records import Page, ReadDocument
from complaints.facts import combine_facts, extract_document
from complaints.facts.records import DocumentFacts, Facts, Span
from complaints.facts.view import span_of
from complaints.tests.facts.papers import HMRC_HEAD, intake, paper

RECEIPT = paper(
    "Your Self Assessment return 2023-24 was received on 12 August 2024 at 16:42.\nSubmitted by agent: AB1234",
    "receipt.eml",
    {
        "From": "HMRC Online Services <noreply@hmrc.example>",
        "To": "filing@oakshottlyle.example",
        "Subject": "Self Assessment return 2023-24 received",
        "Date": "Mon, 12 Aug 2024 16:42:11 +0100",
    },
)
LATER = paper(
    HMRC_HEAD
    + """Date | 14 February 2025

Miss G Pennyfeather: repayment for the year ended 5 April 2024
Dear Agent
Our records show that your client's return was received on 21 October 2024. We have no trace of your letter of
3 September 2024.
Yours sincerely
P Alder
""",
    "letter.pdf",
)
LETTER = paper(
    """Oakshott Lyle LLP
1 High Street, Ludlow

3 September 2024

HM Revenue and Customs
BX9 1AS

Gareth Pennyfeather

Dear Sirs

We filed our client's return on 12 August 2024. Please issue the repayment.

Yours faithfully
P Lyle
""",
    "ours.docx",
)
NOTICE = paper(
    """Notice of penalty assessment
Mr G Pennyfeather
4 Mill Lane
Ludlow SY8 9ZZ
Date of notice 17 February 2026
Late filing penalty: £100.00
You must appeal within 30 days of the date of this notice.
""",
    "notice.pdf",
)
COVER = paper(
    HMRC_HEAD
    + """Date | 20 February 2026
Dear Agent
If your client wishes to appeal he has 30 days from the date of this letter to do so.
Yours sincerely
B Kent
""",
    "cover.pdf",
)


def case(*documents: ReadDocument) -> Facts:
    return combine_facts([extract_document(d, intake()) for d in documents], intake())


def test_two_dates_of_receipt_are_a_conflict_that_the_receipt_of_the_time_wins() -> None:
    found = case(RECEIPT, LATER, LETTER)
    conflict = next(c for c in found.conflicts if c.kind == "receipt" and c.preferred == "2024-08-12")
    assert {s.document for s in conflict.statements} == {"receipt.eml", "letter.pdf"}
    refuted = [e for e in found.events if e.date.isoformat() == "2024-10-21"]
    assert [e.importance for e in refuted] == ["context"]


def test_two_last_days_to_appeal_are_a_conflict_that_the_notice_wins() -> None:
    conflict = next(c for c in case(NOTICE, COVER).conflicts if c.kind == "deadline")
    assert conflict.preferred == "2026-03-19"
    assert {s.value for s in conflict.statements} == {"2026-03-19", "2026-03-22"}


def test_one_happening_has_one_key_event_and_the_document_itself_tells_it() -> None:
    told = [e for e in case(LETTER, LATER).events if e.date.isoformat() == "2024-09-03"]
    assert [(e.span.document, e.importance) for e in told] == [("ours.docx", "key"), ("letter.pdf", "context")]


def test_the_order_of_documents_makes_no_difference() -> None:
    documents = (RECEIPT, LATER, LETTER, NOTICE, COVER)
    assert case(*documents) == case(*reversed(documents))


def test_the_facts_of_a_document_do_not_depend_on_the_others() -> None:
    alone = extract_document(LETTER, intake())
    extract_document(LATER, intake())
    assert extract_document(LETTER, intake()) == alone


def test_the_clients_title_is_the_papers_own() -> None:
    assert any("Miss Pennyfeather's" in e.summary for e in case(LATER).events)
    assert all("Mr" not in e.summary and "Miss" not in e.summary for e in case(LETTER).events)


def spans_of(facts: DocumentFacts) -> list[tuple[int | None, int, int, str]]:
    groups = (facts.references, facts.amounts, facts.events, facts.undertakings, facts.statements, facts.points,
              facts.findings, facts.time_entries, facts.parties, facts.invoices, facts.injections)  # fmt: skip
    return [(f.span.page, f.span.start, f.span.end, f.span.quote) for group in groups for f in group]


@pytest.mark.parametrize("document", [RECEIPT, LATER, LETTER, NOTICE, COVER], ids=lambda d: d.name)
def test_every_span_is_verbatim(document: ReadDocument) -> None:
    text = document.pages[0].text
    for _page, start, end, quote in spans_of(extract_document(document, intake())):
        assert quote.strip() == quote != ""
        assert text[start:end] == quote


def test_an_unreadable_document_has_a_profile_and_no_facts() -> None:
    empty = ReadDocument("broken.pdf", "application/pdf", "0" * 64)
    facts = extract_document(empty, intake())
    assert (facts.events, facts.amounts, facts.references) == ((), (), ())


SHARED = Path(__file__).resolve().parents[4] / "shared" / "cases"
BUNDLES = sorted(p.parent.name for p in SHARED.glob("*/expected.json")) or ["none"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared case bundles are not beside this checkout")
@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_gold_facts_of_the_shared_bundles_are_found(bundle: str) -> None:
    gold = json.loads((SHARED / bundle / "expected.json").read_text())
    found = combined(SHARED / bundle)
    references = {_squeezed(r.value) for r in found.references}
    assert [r["value"] for r in gold["references"] if _squeezed(r["value"]) not in references] == []
    events = {(e.date.isoformat(), e.span.document) for e in found.events}
    missed = [e for e in gold["events"] if e["importance"] == "key" and (e["date"], e["document"]) not in events]
    assert [e["summary"] for e in missed] == []
    amounts = {(a.value, a.span.document, a.role) for a in found.amounts}
    wrong = [a for a in gold["amounts"] if (Decimal(a["value"]), a["document"], a["role"]) not in amounts]
    assert len(wrong) <= 0.1 * len(gold["amounts"])
    assert {i["document"] for i in gold["injections"]} == {i.span.document for i in found.injections}
    for conflict in gold["conflicts"]:
        sides = {s["document"] for s in conflict["statements"]}
        assert any(sides <= {s.document for s in c.statements} for c in found.conflicts)


def _squeezed(value: str) -> str:
    return re.sub(r"[^a-z0-9]", "", value.lower())


def combined(bundle: Path) -> Facts:
    """The facts of a bundle, read in this process."""
    told = json.loads((bundle / "case.json").read_text())
    client = told["client"]
    started = replace(
        intake(client["name"], client["kind"], client["nation"]),
        practice_name=told["practice"]["name"],
        agent_reference=told["practice"]["agent_reference"],
    )
    files = sorted((bundle / "documents").iterdir())
    documents = [d for f in files for d in read_bytes(f.name, f.read_bytes()) if d.problem is None]
    return combine_facts([extract_document(d, started) for d in documents], started)


def test_the_name_of_a_header_is_no_part_of_what_an_email_says() -> None:
    page = Page(None, "Subject: Return received\n\nThank you.", "eml")
    assert span_of("mail.eml", page, 0, 24).quote == "Return received"
    assert span_of("mail.eml", page, 26, 36) == Span("mail.eml", None, 26, 36, "Thank you.")
