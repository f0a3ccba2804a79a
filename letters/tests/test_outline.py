"""Which letters, which failings first, and every template complete."""

from dataclasses import replace
from typing import get_args

import pytest

from complaints.analysis.records import CharterStandard, ComplaintType, Failing
from complaints.analysis.standards import STANDARDS
from knowledge.digest import load_digest
from letters.drafting.case import Case
from letters.drafting.failings import standard_sentence
from letters.outline import Claim, letter_types, outline_for
from letters.tests.samples import PRACTICE, Breach, adjudicator, data_breach, penalty, repayment, second_review
from letters.wordings import failing_templates, rule_templates, type_templates
from lightpoint.grounding import check_sentence


def test_every_complaint_type_failing_and_standard_has_its_template():
    assert set(type_templates()) == set(get_args(ComplaintType))
    assert set(failing_templates()) == set(get_args(Failing))
    assert set(get_args(CharterStandard)) <= set(rule_templates())
    assert len(type_templates()) >= 10


def test_sections_that_templates_cite_are_in_the_guidance():
    digest = load_digest()
    cited = {name.split("/")[0] for name in rule_templates()} - set(get_args(CharterStandard))
    assert {name for name in cited if name not in digest or digest[name].archived} == set()


@pytest.mark.parametrize(
    ("sample", "letters"),
    [
        (repayment, ("complaint_tier_1",)),
        (second_review, ("complaint_tier_2",)),
        (adjudicator, ("adjudicator",)),
        (penalty, ("appeal", "complaint_tier_1")),
        (data_breach, ("complaint_tier_1", "ico")),
    ],
)
def test_each_strand_has_its_letter(sample, letters):
    assert letter_types(sample().analysis) == letters


def test_failings_come_strongest_first_and_cite_a_section_once():
    outline = outline_for("complaint_tier_1", repayment().analysis, load_digest())
    assert [claim.breach.strength for claim in outline.claims] == [90, 80, 72, 60, 55]
    sections = [claim.section for claim in outline.claims if claim.section]
    assert len(sections) == len(set(sections))


def test_an_archived_section_is_never_cited():
    analysis = repayment().analysis
    breach = replace(analysis.breaches[0], guidance=("CRG2075",))
    outline = outline_for("complaint_tier_1", replace(analysis, breaches=(breach,)), load_digest())
    assert outline.claims[0].section == ""


def test_what_was_refused_is_not_in_the_outline():
    outline = outline_for("complaint_tier_1", repayment().analysis, load_digest())
    assert all(remedy.allowed for remedy in outline.remedies)


@pytest.mark.parametrize("failing", sorted(STANDARDS))
def test_sentences_on_standards_are_borne_out_by_the_guidance(failing):
    sample, standard = repayment(), STANDARDS[failing]
    case = Case(sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE)
    breach = Breach(failing, standard.charter, standard.sections, "", (), (), (), 1)
    for section in (*standard.sections, ""):
        for place in range(6):
            sentence = standard_sentence(case, Claim(breach, section, standard.charter), place)
            verdict = check_sentence(sentence.text, sentence.evidence)
            assert verdict.supported, (sentence.text, verdict.reasons)
            assert verdict.assertions, sentence.text
