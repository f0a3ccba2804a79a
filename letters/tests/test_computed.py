"""What the drafter computed is worked out again before the ledger believes it."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.computed import Known, vet
from letters.tests.samples import repayment
from lightpoint.calendars import working_days_between
from lightpoint.language.dates import format_date
from lightpoint.language.money import format_money

KNOWN = Known(repayment().facts, "england-and-wales", date(2025, 9, 1), "")
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2026, 6, 1))


def length(start: date, end: date, working: int) -> str:
    return f"{working} working days and {(end - start).days} days from {format_date(start)} to {format_date(end)}"


@given(DAYS, st.integers(min_value=1, max_value=400), st.integers(min_value=-3, max_value=3))
def test_a_length_stands_only_when_it_is_right(start, days, error):
    end = start + timedelta(days=days)
    told = length(start, end, max(0, working_days_between(start, end, "england-and-wales") + error))
    right = max(0, working_days_between(start, end, "england-and-wales") + error) == working_days_between(
        start, end, "england-and-wales"
    )
    assert vet(told, KNOWN) == (told if right else "")


def test_a_length_beyond_the_bank_holidays_does_not_stand():
    assert vet(length(date(2035, 1, 2), date(2035, 2, 2), 23), KNOWN) == ""


@given(
    st.lists(
        st.tuples(st.integers(min_value=1, max_value=600), st.integers(min_value=1000, max_value=40000)),
        min_size=1,
        max_size=4,
    ),
    st.integers(min_value=0, max_value=1),
)
def test_costs_stand_only_when_minutes_rates_and_totals_agree(lines, error):
    parts, total = [], Decimal(0)
    for minutes, pence in lines:
        rate = Decimal(pence) / 100
        worth = (rate * minutes / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
        total += worth
        parts.append(f"senior: {minutes} minutes at {format_money(rate)} an hour, {format_money(worth)}")
    minutes = sum(m for m, _ in lines)
    told = f"{'; '.join(parts)}. In all {minutes} minutes and {format_money(total + error)}."
    assert vet(told, KNOWN) == ("" if error else told)


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ("HMRC undertook on 20 May 2025 to issue the repayment by 3 June 2025.", True),
        ("HMRC undertook on 20 May 2025 to issue the repayment by 4 June 2025.", False),
        ("“the return was received on 30 April 2025” gives 30 April 2025", True),
        ("“the return was received on 30 April 2025” gives 1 May 2025", False),
        ("The letter of 20 May 2025 names £2,480.15.", True),
        ("The letter of 20 May 2025 names £2,480.16.", False),
        ("The letter of 21 May 2019 says so.", False),
    ],
)
def test_a_statement_stands_as_far_as_the_case_holds_it(told, stands):
    assert bool(vet(told, KNOWN)) == stands


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ("£587.92 plus VAT £117.58 is £705.50", True),
        ("£587.92 plus VAT £117.59 is £705.51", False),
        ("£587.92 plus VAT £117.58 is £706.50", False),
    ],
)
def test_vat_is_worked_out_again(told, stands):
    assert bool(vet(told, KNOWN)) == stands
