import pytest

from lightpoint.language.english import (
    article,
    in_words,
    join_list,
    ordinal,
    plural,
    plural_of,
    possessive,
    sentence_case,
)


def test_a_list_is_joined_as_english_writes_it() -> None:
    assert join_list([]) == ""
    assert join_list(["a"]) == "a"
    assert join_list(["a", "b"]) == "a and b"
    assert join_list(["a", "b", "c"], word="or") == "a, b or c"
    assert join_list(["a, b", "c", "d"]) == "a, b; c; and d"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Miss Quill", "Miss Quill's"),
        ("Mr Jones", "Mr Jones's"),
        ("the trustees", "the trustees'"),
        ("the business", "the business's"),
        ("HMRC", "HMRC's"),
        ("", ""),
    ],
)
def test_a_name_takes_its_possessive(name: str, expected: str) -> None:
    assert possessive(name) == expected


@pytest.mark.parametrize(
    ("number", "noun", "expected"),
    [
        (1, "day", "1 day"),
        (73, "working day", "73 working days"),
        (2, "penalty", "2 penalties"),
        (1200, "box", "1,200 boxes"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, noun: str, expected: str) -> None:
    assert plural(number, noun) == expected


def test_small_numbers_are_words() -> None:
    assert (in_words(1), in_words(10), in_words(11), in_words(1200)) == ("one", "ten", "11", "1,200")
    assert plural(2, "letter", words=True) == "two letters"
    assert plural(0, "letter", words=True) == "0 letters"
    assert plural_of("first-tier reply") == "first-tier replies"
    assert plural_of("person") == "people"
    assert plural(3, "notice of assessment", "notices of assessment", words=True) == "three notices of assessment"


def test_ordinals_are_words_up_to_ten() -> None:
    assert [ordinal(n) for n in (1, 10, 11, 12, 21, 22, 103, 111)] == [
        "first", "tenth", "11th", "12th", "21st", "22nd", "103rd", "111th",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("HMRC letter", "an HMRC letter"),
        ("VAT return", "a VAT return"),
        ("UTR", "a UTR"),
        ("SA return", "an SA return"),
        ("unit", "a unit"),
        ("unanswered letter", "an unanswered letter"),
        ("hour", "an hour"),
        ("one-off payment", "a one-off payment"),
        ("apology", "an apology"),
        ("8 day wait", "an 8 day wait"),
    ],
)
def test_the_article_goes_by_sound(noun: str, expected: str) -> None:
    assert article(noun) == expected


def test_only_the_first_letter_is_raised() -> None:
    assert sentence_case("“the delay at HMRC”") == "“The delay at HMRC”"
    assert sentence_case("123") == "123"
