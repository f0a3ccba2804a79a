"""Letters of each strand: to whom, in which order, what is asked and what never is, and what carries each sentence."""

import re
from dataclasses import replace
from datetime import date

import pytest

from knowledge.digest import load_digest
from letters.drafting import draft_letters
from letters.export import letter_text
from letters.records import DocumentSource, DraftLetter, SectionSource
from letters.tests.samples import PRACTICE, SAMPLES, Sample, adjudicator, data_breach, penalty, repayment, second_review
from lightpoint.grounding import check_sentence


def drafted(sample: Sample, **more: object) -> tuple[DraftLetter, ...]:
    return draft_letters(
        sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, pages=sample.pages, **more
    )


def text_of(sample: Sample, at: int = 0, **more: object) -> str:
    return letter_text(drafted(sample, **more)[at])


def test_a_first_complaint_has_its_parts_in_order():
    text = text_of(repayment())
    parts = """PAYE and Self Assessment Complaints|1 September 2025|Formal complaint|12345 67895|We act for|
What happened|Where HMRC fell short|Effect and cost|What we ask|requested by us|Yours faithfully|Enclosures|Annex"""
    parts = parts.replace("\n", "").split("|")
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


def test_both_dates_of_a_conflict_are_shown_with_the_better_evidenced_one():
    text = text_of(repayment())
    assert "3 February 2025" in text
    assert "30 April 2025" in text
    assert "We rely on 3 February 2025" in text


def test_nothing_refused_is_asked_for():
    assert "£900" not in text_of(repayment())
    assert "distress" not in text_of(second_review())
    assert "£100.00" not in text_of(penalty(), 1).split("What we ask")[1]


def test_unbilled_fees_are_said_to_be_unbilled():
    text = text_of(repayment())
    assert "has not yet been invoiced" in text
    assert "once it has been invoiced and paid" in text


def test_tone_changes_words_and_no_figure():
    texts = {tone: text_of(repayment(), tone=tone) for tone in ("measured", "firm", "robust")}
    assert len(set(texts.values())) == 3
    figures = {
        tone: [s.sources for s in drafted(repayment(), tone=tone)[0].sentences() if s.kind == "fact"] for tone in texts
    }
    assert figures["measured"] == figures["firm"] == figures["robust"]


def test_the_title_stands_only_where_the_papers_state_it():
    sample = repayment()
    untitled = replace(sample, facts=replace(sample.facts, parties=()))
    assert "We act for Ms Margit Oakshott" in text_of(sample)
    assert "We act for Margit Oakshott" in text_of(untitled)


def test_a_second_review_answers_the_reply_point_by_point():
    text = text_of(second_review())
    assert "by someone who took no part in the first" in text
    assert re.search(r"Point 1 \([^)]+\) was upheld on 21 July 2025", text)
    assert "1. Point 2: " in text
    assert "Each point left unanswered is put again" in text
    assert "Corporation Tax Services" in text.split("Formal complaint")[0]


def test_the_adjudicator_is_told_of_both_reviews_and_of_receipt():
    text = text_of(adjudicator())
    for part in (
        "V1/2201",
        "V2/2201",
        "4 February 2025",
        "2 June 2025",
        "reached us on 5 June 2025",
        "5 December 2025",
    ):
        assert part in text
    assert "We ask for no decision on any question of tax" in text
    assert "second review" in text
    assert "further review" not in text


def test_a_late_submission_asks_to_be_accepted_late():
    text = text_of(adjudicator(opened_on=date(2026, 2, 2)))
    assert "We ask that the complaint be accepted late" in text
    assert "is in time" not in text


def test_an_appeal_is_in_time_from_the_notice_and_offers_a_review():
    appeal, complaint = drafted(penalty())
    text = letter_text(appeal)
    assert appeal.recipient == "Trusts, HM Revenue and Customs, BX9 1EL"
    assert "penalty of £100.00" in text
    assert "TP/26/771" in text
    assert "to 18 March 2026, and this appeal is made within it" in text
    assert "statutory review" in text
    assert not re.search(r"\bCharter\b", text)
    assert complaint.type == "complaint_tier_1"


def test_a_concern_for_the_commissioner_stands_beside_the_complaint():
    complaint, concern = drafted(data_breach())
    assert (complaint.type, concern.type) == ("complaint_tier_1", "ico")
    text = letter_text(concern)
    assert "Information Commissioner's Office" in text
    assert "8 September 2025" in text
    assert "reimburse" not in text


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_facts_have_documents_and_rules_have_sections(name):
    for letter in drafted(SAMPLES[name]()):
        for sentence in letter.sentences():
            kinds = {type(source) for source in sentence.sources}
            assert sentence.kind != "fact" or DocumentSource in kinds
            assert sentence.kind != "rule" or SectionSource in kinds


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_quotation_stands_in_its_document(name):
    sample = SAMPLES[name]()
    for letter in drafted(sample):
        for source in (s for sentence in letter.sentences() for s in sentence.sources):
            if isinstance(source, DocumentSource):
                assert source.quote in sample.texts[source.document]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_facts_and_rules_are_borne_out_by_their_evidence(name):
    for letter in drafted(SAMPLES[name]()):
        for sentence in letter.sentences():
            if sentence.kind in ("fact", "rule"):
                verdict = check_sentence(sentence.text, sentence.evidence)
                assert verdict.supported, (sentence.text, verdict.reasons)
                assert verdict.assertions, sentence.text


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_same_case_gives_the_same_letters(name):
    assert drafted(SAMPLES[name]()) == drafted(SAMPLES[name]())


def test_exhibits_are_numbered_by_date_and_only_those_relied_on():
    letter = drafted(repayment())[0]
    assert [e.number for e in letter.exhibits] == list(range(1, len(letter.exhibits) + 1))
    assert [e.document for e in letter.exhibits][:2] == ["receipt.eml", "calculation.pdf"]
    assert letter.exhibits[4].pages == "page 1"


def test_without_page_texts_the_quotations_alone_are_evidence():
    sample = repayment()
    letter = draft_letters(sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE)[0]
    assert letter_text(letter).startswith("Wharfedale & Finch LLP")
