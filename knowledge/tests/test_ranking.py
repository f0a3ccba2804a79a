"""Terms and identifiers, without a database."""

import pytest

from knowledge.ranking import MAX_TERMS, named_sections, query_terms, section_id


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("CRG5225", "CRG5225"),
        ("crg 5225", "CRG5225"),
        (" Crg-5225 ", "CRG5225"),
        ("CRG–5225", "CRG5225"),
        ("CRG_5225", "CRG5225"),
        ("CRG/5225", "CRG5225"),
        ("CRG: 5225", "CRG5225"),
        ("crg no. 5225", "CRG5225"),
        ("CRG52255", None),
        ("XCRG5225", None),
        ("charter", "charter"),
        ("HMRC Charter", "charter"),
        ("adjudicator", "adjudicator"),
        ("CRG52", None),
        ("5225", None),
        ("crg5225 delay", None),
    ],
)
def test_an_identifier_is_known_however_it_is_written(text, identifier):
    assert section_id(text) == identifier


def test_the_sections_a_question_names_are_found_in_their_order_and_once():
    assert named_sections("Compare CRG 6075 with crg5225 and CRG6075") == ("CRG6075", "CRG5225")
    assert named_sections("what of the year 5225?") == ()
    assert named_sections("see CRG–5225, page_crg_6075, or the CRG. 2024 was late") == ("CRG5225", "CRG6075")


def test_terms_are_lower_case_each_once_and_without_fillers():
    assert query_terms("How much, HOW much distress?") == ("how", "distress")


def test_a_question_of_fillers_alone_keeps_them():
    assert query_terms("much") == ("much",)


def test_what_stands_for_the_author_of_all_pages_is_not_written_out():
    assert query_terms("HMRC limit") == ("hmrc", "limit")


def test_an_abbreviation_is_written_out_beside_itself():
    assert query_terms("W&D limit") == ("w&d", "worry and distress", "limit")


def test_the_number_of_terms_is_bounded():
    assert len(query_terms(" ".join(f"word{number}" for number in range(100)))) == MAX_TERMS
