"""Working days and months in the nations of the United Kingdom. Pure.

Bank holidays are those of GOV.UK (https://www.gov.uk/bank-holidays): from 2012 as they stand in the snapshot shipped
with the govuk-bank-holidays package, and for 2007 to 2011 by the Banking and Financial Dealings Act 1971, Schedule 1,
with substitute days and the royal wedding of 2011. Counting follows HMRC letters: the day after the start is day 1,
Saturdays, Sundays and bank holidays of the nation are left out, and the end counts.
"""

import calendar
import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal, get_args

Nation = Literal["england-and-wales", "scotland", "northern-ireland"]
Calendar = Literal["england-and-wales", "scotland", "northern-ireland", "uk-any"]
Convention = Literal["next-day", "roll-then-next", "inclusive"]

FIRST_YEAR = 2007
NATIONS: tuple[Nation, ...] = get_args(Nation)
_DAY = timedelta(days=1)


class OutsideHolidayTable(ValueError):
    """A count touches a day for which the bank holidays are not known."""


@dataclass(frozen=True, slots=True)
class HolidaySnapshot:
    """Where the bank holidays come from and the days they cover."""

    id: str
    source: str
    first_day: date
    last_day: date


@cache
def holiday_snapshot() -> HolidaySnapshot:
    """Return the bank holiday table in use; its id belongs in every deadline that was counted with it."""
    last_year = min(max(days).year for days in _published().values())
    return HolidaySnapshot(
        id=f"govuk-bank-holidays-to-{last_year}",
        source="GOV.UK bank holidays, offline copy; 2007 to 2011 by rule",
        first_day=date(FIRST_YEAR, 1, 1),
        last_day=date(last_year, 12, 31),
    )


def snapshot_warning(deadline: date) -> str | None:
    """Return a warning where `deadline` lies outside the bank holidays known, else None."""
    snapshot = holiday_snapshot()
    if snapshot.first_day <= deadline <= snapshot.last_day:
        return None
    return (
        f"The bank holidays known ({snapshot.id}) cover {snapshot.first_day.year} to {snapshot.last_day.year}; "
        f"{deadline.isoformat()} lies outside, so this date may move."
    )


@cache
def bank_holidays(nation: Calendar) -> frozenset[date]:
    """Return every bank holiday of `nation` that the snapshot covers; "uk-any" is a holiday in any nation."""
    if nation == "uk-any":
        return frozenset().union(*(bank_holidays(one) for one in NATIONS))
    published = _published()[nation]
    first_published = min(published).year
    by_rule = {day for year in range(FIRST_YEAR, first_published) for day in _holidays_by_rule(year, nation)}
    return frozenset(by_rule) | published


def is_working_day(day: date, nation: Calendar) -> bool:
    """Say whether `day` is neither a Saturday, a Sunday nor a bank holiday. OutsideHolidayTable beyond the table."""
    if snapshot_warning(day):
        raise OutsideHolidayTable(snapshot_warning(day))
    return day.weekday() < 5 and day not in bank_holidays(nation)


def working_days_between(start: date, end: date, nation: Calendar) -> int:
    """Count working days after `start` up to and with `end`; negative where `end` is before `start`."""
    if end < start:
        return -working_days_between(end, start, nation)
    for day in (start, end):
        if snapshot_warning(day):
            raise OutsideHolidayTable(snapshot_warning(day))
    weeks, rest = divmod((end - start).days, 7)
    odd = sum((end - i * _DAY).weekday() < 5 for i in range(rest))
    lost = sum(start < day <= end and day.weekday() < 5 for day in bank_holidays(nation))
    return weeks * 5 + odd - lost


def add_working_days(start: date, days: int, nation: Calendar, convention: Convention = "next-day") -> date:
    """Return the day that is `days` working days from `start`; negative counts back.

    "next-day": the first working day after the start is day 1. "roll-then-next": a start that is no working day is
    first moved to the next one. "inclusive": a start that is a working day is itself day 1.
    """
    step = _DAY if days >= 0 else -_DAY
    day, left = start, abs(days)
    if convention == "roll-then-next":
        while not is_working_day(day, nation):
            day += step
    elif convention == "inclusive" and left and is_working_day(day, nation):
        left -= 1
    while left:
        day += step
        left -= is_working_day(day, nation)
    return day


def add_months(day: date, months: int) -> date:
    """Return the same day `months` calendar months on (or back); the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_weeks(day: date, weeks: int) -> date:
    """Return `day` plus whole weeks."""
    return day + timedelta(weeks=weeks)


def deadline_prediction(row: dict[str, object]) -> str:
    """Answer one row of the working-day vectors (start, working_days, nation, convention) as an ISO date."""
    nation, convention = str(row["nation"]), str(row.get("convention", "next-day"))
    if nation not in get_args(Calendar) or convention not in get_args(Convention):
        raise ValueError(f"unknown nation or convention: {nation}, {convention}")
    start = date.fromisoformat(str(row["start"]))
    return add_working_days(start, int(str(row["working_days"])), nation, convention).isoformat()  # type: ignore[arg-type]


@cache
def _published() -> dict[Nation, frozenset[date]]:
    """The table that ships with govuk-bank-holidays, read as the UTF-8 that it is whatever the locale."""
    table = resources.files("govuk_bank_holidays") / "bank-holidays.json"
    data = json.loads(table.read_text(encoding="utf-8"))
    return {
        nation: frozenset(date.fromisoformat(event["date"]) for event in data[nation]["events"]) for nation in NATIONS
    }


def _holidays_by_rule(year: int, nation: Nation) -> frozenset[date]:
    """Return the bank holidays of a year from the Act's rules, with the one-off days of 2007 to 2028."""
    easter = _easter(year)
    days = {easter - 2 * _DAY, _monday(year, 5, 1), _last_monday(year, 5)}
    if nation == "scotland":
        days |= {_monday(year, 8, 1), *_substituted(date(year, 11, 30))}
        days |= _substituted(date(year, 1, 1), date(year, 1, 2))
    else:
        days |= {easter + _DAY, _last_monday(year, 8)} | _substituted(date(year, 1, 1))
    if nation == "northern-ireland":
        days |= _substituted(date(year, 3, 17)) | _substituted(date(year, 7, 12))
    days |= _substituted(date(year, 12, 25), date(year, 12, 26))
    return frozenset(days - _MOVED.get(year, frozenset()) | _ONE_OFF.get(year, frozenset()))


_MOVED = {
    2012: frozenset({date(2012, 5, 28)}),  # to 4 June, Diamond Jubilee
    2020: frozenset({date(2020, 5, 4)}),  # to 8 May, 75 years of VE Day
    2022: frozenset({date(2022, 5, 30)}),  # to 2 June, Platinum Jubilee
}
_ONE_OFF = {
    2011: frozenset({date(2011, 4, 29)}),  # royal wedding
    2012: frozenset({date(2012, 6, 4), date(2012, 6, 5)}),
    2020: frozenset({date(2020, 5, 8)}),
    2022: frozenset({date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}),  # jubilee; state funeral
    2023: frozenset({date(2023, 5, 8)}),  # coronation
}


def _substituted(*days: date) -> set[date]:
    """Move each day that falls on a weekend to the next free weekday, keeping the others where they are."""
    fixed = {day for day in days if day.weekday() < 5}
    for weekend in sorted(set(days) - fixed):
        substitute = weekend
        while substitute.weekday() >= 5 or substitute in fixed:
            substitute += _DAY
        fixed.add(substitute)
    return fixed


def _monday(year: int, month: int, first: int) -> date:
    day = date(year, month, first)
    return day + (-day.weekday() % 7) * _DAY


def _last_monday(year: int, month: int) -> date:
    return _monday(year, month, calendar.monthrange(year, month)[1] - 6)


def _easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Butcher's algorithm, Nature, 20 April 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    skipped = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + skipped + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
