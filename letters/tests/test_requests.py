"""A request carries what bears on the sum or the thing that it names, and nothing else."""

from dataclasses import replace
from decimal import Decimal

import pytest

from complaints.analysis.records import Remedy
from knowledge.digest import load_digest
from letters.drafting import draft_letters
from letters.drafting.requests import bearing
from letters.records import DocumentSource, Sentence
from letters.tests.samples import PRACTICE, SAMPLES, Sample, repayment
from lightpoint.language.money import find_amounts


def requests_of(sample: Sample) -> list[Sentence]:
    letters = draft_letters(sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, pages=sample.pages)
    return [s for letter in letters for s in letter.sentences() if s.kind == "ask"]


def documents_of(sentence: Sentence) -> list[DocumentSource]:
    return [source for source in sentence.sources if isinstance(source, DocumentSource)]


def with_remedy(sample: Sample, kind: str, ask: str = "") -> Sample:
    """The sample, with a remedy whose evidence is that of a failing."""
    spans = tuple(s for b in sample.analysis.breaches[:2] for s in b.spans[:1])
    assert spans
    remedy = Remedy(kind, None, ("CRG2025",), True, "", ask, spans)  # type: ignore[arg-type]
    others = tuple(r for r in sample.analysis.remedies if r.kind != kind)
    return replace(sample, analysis=replace(sample.analysis, remedies=(*others, remedy)))


def test_an_apology_rests_on_the_guidance_and_shows_no_paper():
    asked = requests_of(with_remedy(repayment(), "apology", "a written apology and an explanation of the delay"))
    apologies = [s for s in asked if "apology" in s.text.lower() or s.text.startswith("An explanation")]
    assert len(apologies) == 2
    assert all(documents_of(s) == [] and s.sources for s in apologies)


def test_what_is_to_be_put_right_shows_the_words_that_it_is_about():
    asked = requests_of(with_remedy(repayment(), "process_fix", "correction of the record"))
    promised = next(s for s in asked if s.text.startswith("A named officer and a date for what HMRC undertook"))
    assert [source.document for source in documents_of(promised)] == ["letter.pdf"]
    record = next(s for s in asked if s.text.startswith("Correction of HMRC's record"))
    assert [source.document for source in documents_of(record)] == ["receipt.eml", "letter.pdf"]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_request_for_a_sum_of_the_papers_shows_only_places_with_that_sum(name):
    for sentence in requests_of(SAMPLES[name]()):
        sums = {m.value for m in find_amounts(sentence.text)}
        papers = [s for s in documents_of(sentence) if not s.document.endswith(".xlsx")]
        for paper in papers if sums else []:
            assert sums & {m.value for m in find_amounts(paper.quote)}, sentence.text


def test_only_the_places_of_a_figure_bear_on_a_sum():
    sample = repayment()
    due = next(a for a in sample.facts.amounts if a.role == "repayment_due")
    other = sample.facts.statements[0].span
    remedy = Remedy("repayment", Decimal("2480.15"), ("CRG2025",), True, "", "", (due.span, other))
    assert bearing(remedy) == (due.span,)
    assert bearing(replace(remedy, amount=None)) == ()
    assert bearing(replace(remedy, kind="professional_costs")) == (due.span, other)


def test_the_request_for_a_further_review_shows_no_paper_of_a_sum_that_it_does_not_name():
    for sentence in (s for name in SAMPLES for s in requests_of(SAMPLES[name]()) if "second review" in s.text):
        assert bool(documents_of(sentence)) == bool(find_amounts(sentence.text))
