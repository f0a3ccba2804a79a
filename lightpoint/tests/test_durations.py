import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightpoint.language.durations import find_durations, parse_minutes
from lightpoint.language.numbers import number_in_words, parse_number_words


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("10 working days", "10", "working_day", ""),
        ("a 30-working-day target", "30", "working_day", ""),
        ("15 business days", "15", "working_day", ""),
        ("ten days", "10", "day", ""),
        ("14 clear days", "14", "day", ""),
        ("14 (fourteen) days", "14", "day", ""),
        ("within 28 days", "28", "day", "within"),
        ("twenty-one days", "21", "day", ""),
        ("a hundred and five days", "105", "day", ""),
        ("Six weeks on", "6", "week", ""),
        ("a fortnight", "2", "week", ""),
        ("more than nine months", "9", "month", "more than"),
        ("over a year", "1", "year", "over"),
        ("a further 10 days", "10", "day", "a further"),
        ("38 mins on hold", "38", "minute", ""),
        ("half an hour", "30", "minute", ""),
        ("two and a half hours", "2.5", "hour", ""),
        ("a year and a half", "1.5", "year", ""),
        ("6½ hours", "6.5", "hour", ""),
        ("18months", "18", "month", ""),
        ("a twelve-month period", "12", "month", ""),
        ("10\nworking days", "10", "working_day", ""),
    ],
)
def test_a_length_of_time_is_read_with_its_unit(text: str, value: str, unit: str, qualifier: str) -> None:
    (found,) = find_durations(text)
    assert (str(found.value), found.unit, found.qualifier) == (value, unit, qualifier)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("text", ["5 to 10 working days", "5-10 working days", "between 5 and 10 working days"])
def test_a_range_gives_both_of_its_ends(text: str) -> None:
    assert [(mention.value, mention.unit) for mention in find_durations(text)] == [
        (5, "working_day"),
        (10, "working_day"),
    ]


@pytest.mark.parametrize(
    "text", ["the year 2024", "year ended 5 April 2024", "£132 a day", "£150 an hour", "a few days", "day 1", "s37(7)"]
)
def test_years_rates_and_vague_words_are_no_lengths(text: str) -> None:
    assert find_durations(text) == []


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("80", 80),
        ("1:20", 80),
        ("1h 20m", 80),
        ("1.5 hrs", 90),
        ("80 mins", 80),
        ("1 hour 5 minutes", 65),
        ("soon", None),
    ],
)
def test_a_cell_of_a_time_sheet_is_read_as_minutes(cell: str, minutes: int | None) -> None:
    assert parse_minutes(cell) == minutes


@given(st.integers(0, 999))
def test_every_number_in_words_is_read_back(number: int) -> None:
    assert parse_number_words(number_in_words(number)) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [("eleven", 11), ("a dozen", 12), ("two thousand and five", 2005), ("1,250", 1250), ("several", None), ("", None)],
)
def test_number_words_are_read_or_refused(words: str, number: int | None) -> None:
    assert parse_number_words(words) == number
