import pytest

from knowledge.terms import expand_terms, figure_tokens, question_synonyms


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("a W&D payment", "a payment for worry and distress", "wd"),
        ("my SA return", "a Self-Assessment return", "sa"),
        ("go to ADR", "alternative dispute resolution", "adr"),
        ("ask CCAST", "the Central Complaints Advice and Support Team", "ccast"),
        ("complain to the AO", "complain to the Adjudicator’s Office", "ao"),
        ("poor NI record", "your National Insurance record", "ni"),
        ("PCH payment", "poor complaint handling", "pch"),
    ],
)
def test_an_abbreviation_and_what_it_is_short_for_share_a_word(one: str, other: str, shared: str) -> None:
    assert shared in expand_terms(one)
    assert shared in expand_terms(other)


def test_an_abbreviation_is_written_out() -> None:
    assert expand_terms("W&D for IHT") == ("iht", "inheritance tax", "wd", "worry and distress")


def test_letters_inside_a_word_are_no_abbreviation() -> None:
    assert expand_terms("The vatman said a chart of saints") == ()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("£1,000", ("gbp1000",)),
        ("£1000.", ("gbp1000",)),
        ("1,000 pounds", ("gbp1000",)),
        ("£1k", ("gbp1000",)),
        ("£2.50", ("gbp2p5",)),
        ("£5 million", ("gbp5000000",)),
        ("from £25 to £500", ("gbp25", "gbp500")),
        ("6 weeks", ("6weeks",)),
        ("six-week wait", ("6weeks",)),
        ("5 to 6 weeks", ("5weeks", "6weeks")),
        ("fifteen working days", ("15days", "15workingdays")),
        ("7.25% or 8 per cent", ("7p25percent", "8percent")),
        ("second tier", ("tier2",)),
        ("Tier 2", ("tier2",)),
        ("CRG5225 of 2023", ()),
    ],
)
def test_a_figure_is_one_word_however_it_is_written(text: str, tokens: tuple[str, ...]) -> None:
    assert figure_tokens(text) == tokens


def test_a_question_also_asks_in_the_words_of_the_guidance() -> None:
    assert question_synonyms("Compensation for stress?") == ("redress", "payment", "worry and distress", "wd")
