"""What the ledger would not bear out is said more shortly, quoted or left out, and no letter breaks on a thin case."""

from dataclasses import replace

import pytest

from knowledge.digest import load_digest
from letters.craft import craft_faults
from letters.drafting import draft_letters
from letters.drafting.wording import beginnings
from letters.export import letter_text, write_pdf
from letters.ledger import check_letter, release_problems
from letters.tests.samples import NO_FACTS, PRACTICE, SAMPLES, Facts, RouteDecision, repayment

ROUTES = ("complaint", "appeal", "ico", "adjudicator", "out_of_time")


def drafted(sample, **more):
    return draft_letters(
        sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, pages=sample.pages, **more
    )


@pytest.mark.parametrize("tone", ["measured", "firm", "robust"])
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_drafted_letter_may_be_released(name, tone):
    sample = SAMPLES[name]()
    for letter in drafted(sample, tone=tone):
        checked = check_letter(letter, sample.facts, load_digest(), sample.intake.nation, pages=sample.pages)
        assert release_problems(checked) == ()


def with_summary(summary):
    sample = repayment()
    events = tuple(replace(e, summary=summary) if e.kind == "letter_from_hmrc" else e for e in sample.facts.events)
    return replace(sample, facts=replace(sample.facts, events=events))


def test_a_chronology_line_with_a_false_clause_keeps_its_beginning():
    text = letter_text(
        drafted(with_summary("HMRC wrote that it had authorised the repayment; it enclosed £9,999.00"))[0]
    )
    assert "9,999" not in text
    assert "20 May 2025 | " in text


def test_a_line_that_nothing_bears_out_becomes_a_quotation():
    text = letter_text(drafted(with_summary("HMRC paid £9,999.00 into the account of Mr Jasper Quill"))[0])
    assert "Quill" not in text
    assert "20 May 2025 | HMRC undertook to issue the repayment" in text


def test_beginnings_are_cut_at_clauses_and_never_inside_a_quotation():
    assert beginnings("HMRC wrote to us at once; it said “so; and so” today, which was wrong") == [
        "HMRC wrote to us at once; it said “so; and so” today",
        "HMRC wrote to us at once",
    ]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_any_case_can_be_drafted_by_any_route(name, route):
    sample = SAMPLES[name]()
    decision = RouteDecision(route, (), 2 if route == "complaint" else None, "", "", ())
    letters = drafted(replace(sample, analysis=replace(sample.analysis, route=decision)))
    assert [craft_faults(letter) for letter in letters] == [() for _ in letters]


@pytest.mark.parametrize("route", ROUTES)
def test_a_case_without_facts_gives_a_letter_that_is_not_released(route):
    sample = repayment()
    analysis = replace(
        sample.analysis,
        route=RouteDecision(route, (), 1, "", "", ()),
        breaches=(),
        remedies=(),
        costs=None,
        conflicts=(),
    )
    letters = draft_letters(sample.intake, Facts(**NO_FACTS), analysis, load_digest(), PRACTICE)
    assert letters
    for letter in letters:
        assert write_pdf(letter, PRACTICE).startswith(b"%PDF")
