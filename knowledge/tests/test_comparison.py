"""Comparing texts: resemblance, findings, figures that disagree, merging, and what changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.comparison import (
    changes_between,
    compare,
    containment,
    digest_of,
    figures_of,
    marked,
    merged,
    most_telling,
    resemblance,
    shingles,
    sketch_of,
)

WORDS = st.lists(
    st.sampled_from(
        ["heron", "swan", "pays", "£5", "£10", "within", "3", "days", "2", "weeks", "CRG5225", "the", ".", "\n"]
    ),
    max_size=40,
)
TEXTS = WORDS.map(" ".join)
FIRST = (2076140755415903397, 2158588234955319308)  # of its sketch, in every process and on every machine
HERONS = "A heron that is late is paid £25 for each reply, and the reply comes within 10 working days of the question."


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_resemblance_is_of_both_alike_and_stays_between_nothing_and_all(one: str, other: str) -> None:
    a, b = shingles(one), shingles(other)
    assert resemblance(a, b) == resemblance(b, a)
    assert 0 <= resemblance(a, b) <= containment(a, b) <= 1
    assert resemblance(a, a) == 1


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_what_is_found_of_two_texts_does_not_hang_on_their_order(one: str, other: str) -> None:
    forth, back = compare(one, other), compare(other, one)
    assert forth.similarity == back.similarity
    assert (forth.finding == "identical") == (back.finding == "identical") == (digest_of(one) == digest_of(other))


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_text_is_identical_to_itself_in_other_lines_and_case(text: str) -> None:
    assert compare(text, f"  {text.upper()}\n").finding == "identical"


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_the_pieces_make_both_texts_again(old: str, new: str) -> None:
    pieces = changes_between(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


@given(TEXTS, st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=2)), max_size=3))
@settings(max_examples=100, deadline=None)
def test_marking_loses_no_letter(text: str, wanted: list[tuple[str, list[str]]]) -> None:
    assert "".join(piece for piece, _ in marked(text, wanted)) == text


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_text_merged_with_itself_says_nothing_twice(text: str) -> None:
    assert merged(text, text) == text.strip()


def test_a_sketch_is_the_same_everywhere_and_finds_what_shares_a_passage() -> None:
    long = " ".join(
        f"The {number} heron waits for a reply from pond {word}." for number, word in enumerate("abcdefghij")
    )
    assert sketch_of(shingles(HERONS))[:2] == FIRST
    assert set(sketch_of(shingles(HERONS))) <= shingles(HERONS)
    assert set(sketch_of(shingles(HERONS))) & set(sketch_of(shingles(f"{long} {HERONS}")))
    assert sketch_of(frozenset()) == ()


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        ("The heron is paid £25.", "The heron is paid £30.", ["money"]),
        ("The heron is paid £25.", "The heron is paid twenty-five pounds.", []),
        ("Answer the heron within two weeks.", "Answer the heron within 14 days.", []),
        ("Answer the heron within two weeks.", "Answer the heron within 15 days.", ["period"]),
        ("Interest on ponds is 2.5%.", "Interest on ponds is 2.50 per cent.", []),
        ("Interest on ponds is 2.5%.", "Interest on ponds is 3%.", ["percentage"]),
        ("Ponds opened on 1 April 2024.", "Ponds opened on 1 May 2024.", ["date"]),
        ("For ponds and herons see CRG5225.", "For ponds and herons see CRG 5225.", []),
        ("For ponds and herons see CRG5225.", "For ponds and herons see CRG6050.", ["section"]),
        ("Herons are paid £25. Swans are paid £40.", "Swans are paid £40. Herons are paid £25.", []),
        ("Herons are paid £25 to £50.", "Herons are paid £25.", []),
        ("Herons are paid £25.", "Lighthouses cost £9,000 to paint each spring.", []),
    ],
)
def test_figures_disagree_where_the_same_is_said_with_another_one(one: str, other: str, kinds: list[str]) -> None:
    found = compare(one, other, same_section=True)
    assert [pair.kind for pair in found.disagreements] == kinds
    assert (found.finding == "conflicting") is bool(kinds)
    assert [pair.kind for pair in compare(other, one, same_section=True).disagreements] == kinds


def test_sentences_of_texts_that_have_nothing_else_in_common_must_be_much_the_same() -> None:
    said = "A letter from the office about the heron pond costs £5. "
    first = said + "Boats are painted in the spring by people who like the sea and its many colours."
    second = (
        said.replace("£5", "£6")
        + "Chess is played on winter evenings, with tea, under a lamp, among old friends of ours."
    )
    assert compare(first, second).finding == "conflicting"
    assert (
        compare("It costs £5. Boats sail.", "It costs £6. Chess is for the winter evenings of old friends.").finding
        == "new"
    )


def test_the_most_telling_finding_counts() -> None:
    assert most_telling([]) == "new"
    assert most_telling(["overlapping", "conflicting", "near_duplicate"]) == "conflicting"
    assert most_telling(["conflicting", "identical"]) == "identical"


def test_a_figure_stands_where_it_says() -> None:
    text = "By 3 March 2024 pay £1,250.50 or 4% within six weeks (CRG4025)."
    assert all(text[figure.start : figure.end] == figure.text for figure in figures_of(text))
    assert {figure.kind for figure in figures_of(text)} == {"money", "period", "percentage", "date", "section"}


def test_figures_are_marked_in_their_sentence_alone() -> None:
    text = "Swans cost £25. Herons cost £25."
    assert marked(text, [("Herons cost £25.", ["£25"])]) == (
        ("Swans cost £25. Herons cost ", False),
        ("£25", True),
        (".", False),
    )
