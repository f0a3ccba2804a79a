"""Reading and searching the guidance."""

from datetime import date

import pytest
from django.db import connection

from knowledge.embeddings import embed
from knowledge.models import SectionVersion
from knowledge.search import Hit, search
from knowledge.selectors import (
    guidance_index,
    search_condition,
    section_history,
    section_in_force,
    sections_by_manual,
)

pytestmark = pytest.mark.django_db


def results(query: str, **more: object) -> tuple[Hit, ...]:
    return search(query, practice_id=None, **more).results


@pytest.mark.parametrize(
    ("question", "identifier"),
    [
        ("Can a limited company be paid for distress?", "CRG6050"),
        ("How much is a worry and distress payment, £25 to £500?", "CRG6075"),
        ("Does HMRC pay VAT on fees if the client uses the flat rate scheme?", "CRG5400"),
        ("Where do I post a complaint about debt management?", "make-a-complaint"),
        ("How many months to go to the Adjudicator after the second review?", "adjudicator"),
        ("Does HMRC reimburse an invoice of the agent that the client has not paid, in extreme hardship?", "CRG5275"),
        ("They lost our passport and birth certificate", "CRG5575"),
        ("contingency fee arrangement", "CRG5375"),
        ("The checklist for whether a delay was unreasonable", "CRG4050"),
        ("letter with personal data sent to another person: data breach", "CRG3150"),
        ("Which Charter standard covers mutual respect?", "charter"),
        ("Is interest added to an ex gratia payment?", "CRG5200"),
        ("cost of preparing the invoice", "CRG5325"),
        ("HMRC sold leased goods at auction that were not the debtor's", "CRG5625"),
        ("The portal was down and we missed the deadline", "CRG5550"),
    ],
)
def test_a_plain_question_finds_its_section_among_the_first_three(guidance, question, identifier):
    assert identifier in [result.section.id for result in results(question, limit=3)]


@pytest.mark.parametrize("query", ["CRG5225", "CRG 5225", "crg5225", "crg-5225", "What does CRG 5225 say of delay?"])
def test_a_section_that_the_query_names_comes_first(guidance, query):
    first = results(query)[0]
    assert (first.section.id, first.score.named) == ("CRG5225", 1.0)


def test_every_section_is_first_for_its_own_identifier(guidance):
    for identifier in guidance_index():
        if identifier != "CRG2075":
            assert results(identifier, limit=1)[0].section.id == identifier


def test_a_search_takes_one_query(guidance, django_assert_num_queries):
    embed(["CRG4025 and how long a repayment may take"])
    with django_assert_num_queries(1):
        assert results("CRG4025 and how long a repayment may take", on=date(2025, 1, 1))


def test_the_index_takes_one_query(guidance, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(guidance_index()) == 61


def test_a_section_that_is_archived_is_found_only_when_asked_for(guidance):
    assert "CRG2075" not in [result.section.id for result in results("CRG2075 bouquets of flowers")]
    assert results("CRG2075", archived=True)[0].section.id == "CRG2075"
    assert section_in_force("CRG2075", date(2025, 1, 1)) is None
    assert guidance_index()["CRG2075"].archived
    assert all(section.citable for sections in sections_by_manual().values() for section in sections)


def test_the_charter_is_not_in_force_before_30_july_2024(guidance):
    assert section_in_force("charter", date(2024, 7, 29)) is None
    assert section_in_force("charter", date(2024, 7, 30)).id == "charter"
    assert "charter" not in guidance_index(date(2024, 7, 29))
    found = results("Charter standards", on=date(2024, 7, 29))
    assert "charter" not in [result.section.id for result in found]


def test_a_section_is_found_however_its_identifier_is_written(guidance):
    assert section_in_force("crg 5225", date(2025, 1, 1)).id == "CRG5225"
    assert [version.identifier for version in section_history("crg 5225")] == ["CRG5225"]


@pytest.mark.parametrize("query", ["", "   ", "the of and", "?!", "zyzzyva", "' & | ! ( ) : * \\"])
def test_a_query_that_says_nothing_finds_nothing(guidance, query):
    assert results(query) == ()


def test_marks_of_the_query_language_do_no_harm(guidance):
    assert results("delay & !(refund) | :* <-> 'late")[0].section.id


def test_the_limit_holds_and_the_order_is_the_same_twice(guidance):
    first = results("unreasonable delay by HMRC", limit=4)
    assert len(first) == 4
    assert first == results("unreasonable delay by HMRC", limit=4)
    assert [result.score.total for result in first] == sorted((r.score.total for r in first), reverse=True)


def test_the_snippet_marks_the_words_that_matched(guidance):
    result = results("bouquets helicopter", limit=1)[0]
    assert ("helicopter", True) in result.snippet
    assert "".join(words for words, _hit in result.snippet).strip("… ") in result.passage.text


def test_the_index_on_the_search_column_can_serve_the_condition_of_a_search(guidance):
    # The application may not ANALYZE, and 61 rows are read faster without an index: so the other ways are closed.
    condition = search_condition(("helicopter",), ("CRG5225",))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = SectionVersion.objects.filter(search=condition).order_by().values("pk").explain()
    assert "Bitmap Index Scan on section_version_search" in plan


def test_an_archived_section_that_is_named_is_told_and_not_shown(guidance):
    found = search("CRG2075", practice_id=None)
    assert found.archived == ("CRG2075",)
    assert found.answerable == 0
    assert "CRG2075" not in [hit.identifier for hit in found.results]
    assert search("CRG2075", practice_id=None, archived=True).archived == ()
    assert search("CRG5225", practice_id=None).archived == ()
