import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightpoint.language.normalise import find_loose, squeeze


def test_squeezing_unifies_white_space_quotes_and_dashes() -> None:
    assert squeeze("  It\u00a0isn\u2019t \n\u201chere\u201d \u2013 so\u00adon\u200b ") == 'It isn\'t "here" - soon'


@pytest.mark.parametrize(
    ("needle", "haystack", "found"),
    [
        (
            "within 14 days of the date",
            "issued within 14 days of the date \nof this letter",
            "within 14 days of the date",
        ),
        ("it isn't here", "He said “It isn’t\nhere”.", "It isn’t\nhere"),
        ("14February 2025", "Date 14 February 2025", "14 February 2025"),
        ("overpayment", "an over-\npayment of tax", "over-\npayment"),
        ("first-tier", "the first-\ntier review", "first-\ntier"),
        ("2023-24", "the year 2023–24 is", "2023–24"),
        ("£100", "£1000 or £100.", "£100"),
        ("5 May", "on 15 May and 5 May", "5 May"),
        ("office", "the oﬃce", "oﬃce"),
    ],
)
def test_words_are_found_whatever_their_spacing_quotes_and_case(needle: str, haystack: str, found: str) -> None:
    span = find_loose(needle, haystack)
    assert span is not None
    assert haystack[slice(*span)] == found


@pytest.mark.parametrize(
    ("needle", "haystack"),
    [
        ("£100", "£1000"),
        ("100", "£100.50"),
        ("art", "a party"),
        ("", "anything"),
        ("  ", "any thing"),
        ("234", "1,234"),
    ],
)
def test_half_words_half_figures_and_nothing_are_not_found(needle: str, haystack: str) -> None:
    assert find_loose(needle, haystack) is None


def test_a_part_of_a_word_is_found_when_asked_for() -> None:
    assert find_loose("art", "a party", whole_words=False) == (3, 6)


def test_the_search_can_begin_further_on() -> None:
    assert find_loose("no", "no and no", start=1) == (7, 9)


@given(st.text(alphabet="abC’' \n–-“”1", max_size=40), st.text(alphabet="xy. ", max_size=10))
def test_a_text_is_found_in_itself_between_others(needle: str, around: str) -> None:
    haystack = f"{around} {needle} {around}"
    span = find_loose(needle, haystack, whole_words=False)
    assert (span is None) == (not needle.strip())
    if span:
        assert (
            squeeze(haystack[slice(*span)]).replace(" ", "").casefold() == squeeze(needle).replace(" ", "").casefold()
        )
