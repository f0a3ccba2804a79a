from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightpoint.language.money import find_amounts, format_money


def values(text: str) -> list[str]:
    return [str(mention.value) for mention in find_amounts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("£1,234.50", "1234.50"),
        ("£86400.00 in all", "86400.00"),
        ("a charge of £100.", "100.00"),
        ("£1.5m", "1500000.00"),
        ("£1.5 million", "1500000.00"),
        ("£60k", "60000.00"),
        ("GBP 1,200", "1200.00"),
        ("1,200 GBP", "1200.00"),
        ("£ 12.50", "12.50"),
        ("￡164.27", "164.27"),
        ("£6.324.40", "6324.40"),
        ("five hundred pounds", "500.00"),
        ("cost 50p", "0.50"),
    ],
)
def test_a_sum_with_its_currency_is_explicit(text: str, expected: str) -> None:
    (found,) = find_amounts(text)
    assert (str(found.value), found.explicit) == (expected, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Payment received, thank you 5,400.00", ["5400.00"]),
        ("Loss per accounts (71,260)", ["71260.00"]),
        ("86400.00", ["86400.00"]),
        ("(25 mins) 27.08", ["27.08"]),
        ("05 JAN 26 Standing order 1,150.00 9,402.11", ["1150.00", "9402.11"]),
        ("Interest 12.50 4,100.00", ["12.50", "4100.00"]),
        ("Fee 412.00\nPostage 8.50\n", ["412.00", "8.50"]),
    ],
)
def test_figures_of_a_table_are_sums_without_a_sign(text: str, expected: list[str]) -> None:
    assert values(text) == expected
    assert not any(mention.explicit for mention in find_amounts(text))


@pytest.mark.parametrize(
    "text",
    [
        "14.05 - 15.00 (38 mins on hold)",
        "typed at 10.40 the same day",
        "on 24.6.24 and 09.06.2025",
        "interest at 7.75% or 6.50 per cent",
        "UTR 5184402917K",
        "phone 0300 200 3310",
        "$1,200.00 and €500.00",
        "page 3.75",
        "6.50 hours",
        "code 1257L",
        "the grand total",
    ],
)
def test_other_figures_are_no_sums(text: str) -> None:
    assert values(text) == []


def test_a_rounding_is_told_from_a_figure() -> None:
    found = {mention.text: mention for mention in find_amounts("6.3k, sixteen grand, about £900, over £40 and £41.20")}
    assert [text for text, mention in found.items() if mention.approximate] == ["6.3k", "sixteen grand", "£900"]
    assert found["£40"].qualifier == "over"
    assert found["£900"].qualifier == "about"
    assert found["£41.20"].qualifier == ""


@pytest.mark.parametrize(
    ("text", "negative"),
    [
        ("Less: car benefit (5,640)", True),
        ("Less: car benefit (£5,640)\nTotal", True),
        ("the benefit (£5,640) was removed", False),
        ("Balance -£45.00", True),
        ("120.00CR", True),
        ("120.00-", True),
        ("£25-£500", False),
    ],
)
def test_brackets_minus_and_credit_make_a_sum_negative_but_never_its_value(text: str, negative: bool) -> None:
    found = find_amounts(text)
    assert found[0].negative is negative
    assert found[0].value > 0


def test_both_ends_of_a_range_are_read() -> None:
    assert values("usually £25-£500") == ["25.00", "500.00"]
    assert values("usually £25-500") == ["25.00", "500.00"]
    assert values("£25 to £500") == ["25.00", "500.00"]


def test_a_pound_sign_that_heads_a_column_takes_no_figure_from_the_next_line() -> None:
    assert values("Due £ Credit £\n31/01/2024 Payment 5,400.00") == ["5400.00"]


def test_money_is_written_with_pence_and_thousands() -> None:
    assert format_money(Decimal("1234.5")) == "£1,234.50"
    assert format_money(Decimal("-5")) == "-£5.00"
    assert format_money(Decimal("0.005")) == "£0.01"
    assert format_money(Decimal(100), pence=False) == "£100"
    assert format_money(Decimal("100.10"), pence=False) == "£100.10"


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10**9), places=2))
def test_every_sum_written_is_read_back(value: Decimal) -> None:
    (found,) = find_amounts(f"HMRC owes {format_money(value)} to her.")
    assert found.value == value


@given(st.text(alphabet="0123456789,.£km()- \n%p", max_size=50))
def test_mentions_never_overlap_and_always_quote_the_text(text: str) -> None:
    end = 0
    for mention in find_amounts(text):
        assert mention.start >= end
        assert text[mention.start : mention.end] == mention.text
        assert mention.value >= 0
        end = mention.end
