"""A row tells what happened, a point is called by what it is about, a request names what is to be put right."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from complaints.analysis.records import Remedy
from complaints.facts.records import ComplaintPoint, Event, Invoice, Span
from knowledge.digest import load_digest
from letters.drafting import draft_letters
from letters.drafting.points import described, label_of
from letters.drafting.sentences import agreeing, answering
from letters.drafting.telling import is_bare
from letters.drafting.variety import varied
from letters.drafting.wording import quotable
from letters.export import letter_text
from letters.records import Block, Sentence
from letters.tests.samples import PRACTICE, finder, profile, repayment, second_review


def text_of(sample):
    return letter_text(
        draft_letters(sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, pages=sample.pages)[0]
    )


@pytest.mark.parametrize(
    "text",
    [
        "We wrote to HMRC",
        "We rang HMRC's Employer Helpline",
        "HMRC wrote about Capital Allowances",
        "HMRC's receipt for the return of 3 March 2025 was issued",
        "Date it was sold",
        "Chaser letter",
        "No change -> 2nd letter",
        "They looked at the account and it had not been moved",
        "HMRC wrote that it would think",
    ],
)
def test_a_line_that_says_nothing_is_bare(text):
    assert is_bare(text)


@pytest.mark.parametrize(
    "text",
    [
        "We wrote asking HMRC to issue the repayment",
        "We rang HMRC: the adviser said that the claim was on hold",
        "HMRC demanded £14,247.02",
        "HMRC wrote that the checks had been completed",
        "The demand was withdrawn",
    ],
)
def test_a_line_that_tells_a_happening_is_not_bare(text):
    assert not is_bare(text)


def test_a_bare_letter_is_filled_from_its_paper_or_left_out():
    sample = repayment()
    events = tuple(
        replace(e, summary="HMRC wrote about the repayment") if e.kind == "letter_from_hmrc" else e
        for e in sample.facts.events
    )
    text = text_of(replace(sample, facts=replace(sample.facts, events=events)))
    assert "HMRC wrote about" not in text
    assert "20 May 2025 | HMRC undertook to issue the repayment" in text


def point(label, text):
    return ComplaintPoint(1, label, text, Span("complaint.docx", None, 0, len(text), text))


def test_a_heading_of_its_own_is_the_label_of_a_point():
    assert label_of(point("Wrong advice", "2. Wrong advice. On 4 May 2025 we were told nothing.")) == "Wrong advice"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("HMRC has charged £310.20 for month 4 that is not due.", "The charge of £310.20"),
        ("On 6 May 2025 your helpline told us to wait.", "What we were told on 6 May 2025"),
        ("Neither of our letters, of 1 March 2025 and 9 April 2025, was answered.",
         "Our letters of 1 March 2025 and 9 April 2025"),
        ("The company has paid bank costs and additional fees.", "The costs incurred"),
        ("On 8 July 2025 HMRC took £310.20 out of another repayment.", "The £310.20 taken on 8 July 2025"),
    ],
)  # fmt: skip
def test_a_point_without_a_heading_is_called_by_what_it_is_about(text, label):
    assert described(text) == label
    assert label_of(point(" ".join(text.split()[:8]), f"1. {text}")) == label


def test_a_request_names_the_record_and_the_letters_one_request_each():
    sample = repayment()
    fix = Remedy("process_fix", None, ("CRG2025",), True, "", "correction of the record and an answer to the letters")
    remedies = (*sample.analysis.remedies, fix)
    asked = text_of(replace(sample, analysis=replace(sample.analysis, remedies=remedies))).split("What we ask")[1]
    assert "correction of the record and an answer" not in asked.lower()
    assert "A written answer to our letter" in asked
    assert "to 3 February 2025." in asked
    assert "A named officer and a date for what HMRC undertook on 20 May 2025" in asked


def test_points_left_unanswered_are_put_again_together():
    text = text_of(second_review())
    assert text.index("was upheld on") < text.index("is put again") < text.index("1. Point 2: ")


def test_several_letters_say():
    assert agreeing("HMRC's letters of 9 June 2023 and 5 July 2023 says so") == (
        "HMRC's letters of 9 June 2023 and 5 July 2023 say so"
    )


def test_a_document_named_a_moment_ago_is_introduced_in_another_way():
    said = Sentence("HMRC's letter of 9 June 2023 says (exhibit 2): “It is on hold”.", "fact")
    block = Block("paragraph", (said, said, said))
    openings = [" ".join(s.text.split()[:3]) for s in varied([block])[0].sentences]
    assert len(set(openings)) == 3
    assert all(s.text.endswith("(exhibit 2): “It is on hold”.") for s in varied([block])[0].sentences)


def with_payment(document, quote):
    """The repayment of the sample, told by one paper."""
    sample = repayment()
    texts = {**sample.texts, document: f"{sample.texts[document]} {quote}"}
    at = finder(texts)
    event = Event(date(2025, 8, 20), "repayment_made", "hmrc", "HMRC repaid £2,480.15", at(document, quote), "key")
    facts = replace(sample.facts, events=(*sample.facts.events, event))
    return text_of(replace(sample, facts=facts, texts=texts))


@pytest.mark.parametrize(
    ("document", "who"), [("bank.pdf", "The letter from Aire Bank"), ("mail.eml", "Ms Oakshott's email")]
)
def test_a_repayment_that_only_a_bank_or_the_client_tells_of_is_told_as_theirs(document, who):
    text = with_payment(document, "HMRC repaid £2,480.15 to the account on 20 August 2025.")
    row = next(line for line in text.splitlines() if line.startswith("20 August 2025 | "))
    assert row.startswith(f"20 August 2025 | {who}")
    assert "reports of this day: “HMRC repaid £2,480.15 to the account on 20 August 2025”" in row


def test_a_repayment_that_hmrc_shows_is_told_as_made():
    text = with_payment("statement.pdf", "HMRC repaid £2,480.15 to the account on 20 August 2025.")
    assert "20 August 2025 | HMRC repaid £2,480.15" in text


@pytest.mark.parametrize(
    "words", ["What you can do next", "How we dealt with the complaint", "Have you had anything from HMRC at all?"]
)
def test_a_heading_or_a_question_is_not_quoted_as_a_statement(words):
    assert not quotable(words)
    assert quotable("What we told you on the telephone was wrong, and it was not corrected.")


def test_a_row_that_only_asks_is_bare():
    assert is_bare("A third party wrote: “Have you had anything from HMRC at all?”")


def test_a_sum_that_was_only_claimed_is_not_called_repayable():
    sample = repayment()
    claimed = tuple(
        replace(a, role="repayment_claimed") if a.role == "repayment_due" else a for a in sample.facts.amounts
    )
    opening = text_of(replace(sample, facts=replace(sample.facts, amounts=claimed))).split("What happened")[0]
    assert "£2,480.15 is repayable" in text_of(sample).split("What happened")[0]
    assert "is repayable" not in opening


def with_bill(*asked):
    """A roofer's bill among the papers, of which the remedies ask for the sums given."""
    sample = repayment()
    line = "Scaffold put back up, customer waiting on HMRC refund | 145.00"
    texts = {**sample.texts, "roof.pdf": f"Marl Roofing. Invoice 19. {line}. To pay £8,785.00. Paid 15 August 2025"}
    at = finder(texts)
    paper = profile("roof.pdf", "invoice", "third_party", date(2025, 8, 12), "invoice 19 from Marl Roofing")
    bill = Invoice("19", "third_party", date(2025, 8, 12), None, None, None, Decimal("8785.00"), (),
                   at("roof.pdf", "Invoice 19"))  # fmt: skip
    charged = Event(date(2025, 8, 12), "charge_incurred", "third_party", "Marl Roofing charged £8,785.00",
                    at("roof.pdf", "£8,785.00"), "key")  # fmt: skip
    facts = replace(
        sample.facts,
        documents=(*sample.facts.documents, paper),
        invoices=(bill,),
        events=(*sample.facts.events, charged),
    )
    remedies = tuple(
        Remedy("direct_costs", Decimal(sum_), ("CRG5025",), True, "", "", (at("roof.pdf", line),)) for sum_ in asked
    )
    analysis = replace(sample.analysis, remedies=(*sample.analysis.remedies, *remedies))
    return text_of(replace(sample, facts=facts, analysis=analysis, texts=texts))


def test_a_bill_that_is_not_claimed_stays_out_of_the_chronology():
    assert "8,785" not in with_bill("145.00")
    assert "Marl Roofing charged £8,785.00" in with_bill("8785.00")


def test_the_line_of_a_bill_says_what_was_charged_for():
    assert "“Scaffold put back up, customer waiting on HMRC refund”" in with_bill("145.00")


def test_a_yet_goes_with_the_sentence_that_it_answers():
    had, lost = Sentence("HMRC's receipt shows the form.", "fact"), Sentence("Yet HMRC's letter says no.", "fact")
    assert answering((had, lost), (had, lost)) == (had, lost)
    assert [s.text for s in answering((lost,), (had, lost))] == ["HMRC's letter says no."]


def test_a_notice_and_a_letter_say():
    assert agreeing("HMRC's notice of 2 October 2025 and letter of 19 January 2026 says so") == (
        "HMRC's notice of 2 October 2025 and letter of 19 January 2026 say so"
    )


def test_words_led_in_by_on_this_are_not_led_in_twice():
    said = Sentence("On this HMRC's letter of 9 June 2023 says: “It is on hold”.", "fact")
    block = Block("paragraph", (said, said))
    assert not any("As on" in s.text or "words of on" in s.text for s in varied([block])[0].sentences)
