import importlib.util
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightpoint import calendars
from lightpoint.calendars import (
    NATIONS,
    Nation,
    OutsideHolidayTable,
    add_months,
    add_working_days,
    bank_holidays,
    deadline_prediction,
    holiday_snapshot,
    is_working_day,
    snapshot_warning,
    working_days_between,
)

SHARED = Path(__file__).resolve().parents[3] / "shared"
VECTORS = SHARED / "data" / "deadlines" / "vectors.jsonl"
CASES = SHARED / "cases"

nations = st.sampled_from(NATIONS)
covered = st.dates(date(2008, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize("year", range(2012, 2029))
def test_the_rules_and_the_published_days_agree(nation: Nation, year: int) -> None:
    published = {day for day in bank_holidays(nation) if day.year == year}
    assert calendars._holidays_by_rule(year, nation) == published


@pytest.mark.parametrize(
    ("day", "nation", "works"),
    [
        (date(2011, 4, 29), "scotland", False),  # royal wedding
        (date(2012, 6, 4), "england-and-wales", False),
        (date(2012, 6, 5), "northern-ireland", False),
        (date(2012, 5, 28), "scotland", True),
        (date(2020, 5, 4), "england-and-wales", True),
        (date(2020, 5, 8), "england-and-wales", False),
        (date(2022, 6, 3), "scotland", False),
        (date(2022, 9, 19), "northern-ireland", False),
        (date(2023, 5, 8), "england-and-wales", False),
        (date(2007, 11, 30), "scotland", False),  # St Andrew's Day
        (date(2008, 12, 1), "scotland", False),  # its substitute
        (date(2010, 1, 4), "scotland", False),  # substitute of 2 January
        (date(2010, 1, 4), "england-and-wales", True),
        (date(2010, 12, 28), "england-and-wales", False),
        (date(2009, 7, 13), "northern-ireland", False),
        (date(2007, 3, 19), "northern-ireland", False),
        (date(2009, 3, 17), "england-and-wales", True),
        (date(2009, 3, 17), "uk-any", False),
        (date(2011, 4, 25), "scotland", True),  # Easter Monday is none there
        (date(2027, 12, 28), "scotland", False),
        (date(2024, 3, 2), "scotland", False),  # a Saturday
    ],
)
def test_known_days_are_what_gov_uk_says(day: date, nation: calendars.Calendar, works: bool) -> None:
    assert is_working_day(day, nation) is works


def test_the_day_after_the_start_is_day_one_and_the_end_counts() -> None:
    assert working_days_between(date(2025, 3, 3), date(2025, 3, 4), "scotland") == 1
    assert working_days_between(date(2025, 3, 7), date(2025, 3, 10), "scotland") == 1
    assert working_days_between(date(2025, 3, 7), date(2025, 3, 7), "scotland") == 0
    assert working_days_between(date(2025, 4, 17), date(2025, 4, 22), "england-and-wales") == 1
    assert working_days_between(date(2025, 4, 17), date(2025, 4, 22), "scotland") == 2
    assert working_days_between(date(2025, 4, 22), date(2025, 4, 17), "scotland") == -2


def test_the_three_conventions_differ_on_a_weekend_and_on_a_working_start() -> None:
    saturday, monday = date(2025, 3, 1), date(2025, 3, 3)
    assert add_working_days(saturday, 1, "scotland") == monday
    assert add_working_days(saturday, 1, "scotland", "roll-then-next") == date(2025, 3, 4)
    assert add_working_days(saturday, 1, "scotland", "inclusive") == monday
    assert add_working_days(monday, 1, "scotland") == date(2025, 3, 4)
    assert add_working_days(monday, 1, "scotland", "inclusive") == monday
    assert add_working_days(monday, -1, "scotland") == date(2025, 2, 28)
    assert add_working_days(monday, 0, "scotland", "inclusive") == monday
    assert add_working_days(saturday, 0, "scotland") == saturday


@given(covered, st.integers(1, 120), nations)
def test_adding_and_counting_working_days_agree(start: date, count: int, nation: Nation) -> None:
    end = add_working_days(start, count, nation)
    assert is_working_day(end, nation)
    assert working_days_between(start, end, nation) == count


@given(covered, st.integers(0, 400), nations)
def test_counting_equals_looking_at_every_day(start: date, length: int, nation: Nation) -> None:
    days = [start + timedelta(days=n) for n in range(1, length + 1)]
    expected = sum(is_working_day(day, nation) for day in days)
    assert working_days_between(start, start + timedelta(days=length), nation) == expected


def test_months_end_on_the_same_day_or_on_the_last_one() -> None:
    assert add_months(date(2025, 10, 13), 6) == date(2026, 4, 13)
    assert add_months(date(2024, 8, 31), 6) == date(2025, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2025, 1, 15), -2) == date(2024, 11, 15)
    assert add_months(date(2024, 12, 1), 12) == date(2025, 12, 1)


def test_a_deadline_beyond_the_snapshot_is_a_warning_and_a_count_beyond_it_an_error() -> None:
    snapshot = holiday_snapshot()
    assert snapshot.last_day >= date(2028, 12, 31)
    assert snapshot_warning(snapshot.last_day) is None
    beyond = snapshot.last_day + timedelta(days=1)
    assert str(snapshot.last_day.year) in (snapshot_warning(beyond) or "")
    with pytest.raises(OutsideHolidayTable):
        add_working_days(snapshot.last_day, 1, "scotland")
    with pytest.raises(OutsideHolidayTable):
        working_days_between(date(2006, 12, 1), date(2007, 2, 1), "scotland")


def test_an_unknown_nation_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown nation"):
        deadline_prediction({"start": "2025-01-02", "working_days": 3, "nation": "wales"})


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared working-day vectors are not in a user's clone")
def test_every_shared_vector_is_answered_rightly() -> None:
    rows = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [row["id"] for row in rows if deadline_prediction(row) != row["expected"]] == []


@pytest.mark.skipif(not CASES.exists(), reason="the shared case bundles are not in a user's clone")
def test_every_delay_of_the_shared_cases_is_counted_rightly() -> None:
    wrong, counted = [], 0
    for path in sorted(CASES.glob("*/expected.json")):
        nation = json.loads((path.parent / "case.json").read_text(encoding="utf-8"))["client"]["nation"]
        for delay in json.loads(path.read_text(encoding="utf-8"))["delays"]:
            start, end = date.fromisoformat(delay["from"]), date.fromisoformat(delay["to"])
            others = delay.get("wrong_if_other_calendar") or {}
            answers = {nation: delay["working_days"], **others}
            wrong += [(path.parent.name, delay) for n, d in answers.items() if working_days_between(start, end, n) != d]
            counted += 1
    assert counted > 0
    assert wrong == []


@pytest.mark.skipif(not CASES.exists(), reason="the shared case bundles are not in a user's clone")
@pytest.mark.parametrize("nation", NATIONS)
def test_the_independent_table_of_the_shared_checker_agrees(nation: Nation) -> None:
    theirs = _checker().HOLIDAYS[nation]
    ours = {day for day in bank_holidays(nation) if 2023 <= day.year <= 2027}
    assert ours == theirs


def _checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_bundle", CASES / "check_bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_read_in_any_locale():
    code = "from lightpoint.calendars import holiday_snapshot; print(holiday_snapshot().id)"
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=calendars_root(), capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == holiday_snapshot().id, done.stderr


def calendars_root():
    return Path(calendars.__file__).resolve().parents[1]
