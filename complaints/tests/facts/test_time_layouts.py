"""Time records as different practices keep them: the same work must come out of every layout."""

from datetime import date
from decimal import Decimal

import pytest

from complaints.facts.timecells import flag_of, measure_of, minutes_of
from complaints.facts.timesheets import find_time_entries, has_time_table
from complaints.tests.facts.papers import paper

RATES = (("Partner", Decimal("210.00")), ("Tax Senior", Decimal("95.00")), ("clerk", Decimal("40.00")))
TODAY = date(2026, 2, 1)
CHASE, RETURN = "Letter chasing the refund", "VAT return for the quarter"


def rows(text: str) -> list[tuple[str, int, str, bool | None, str]]:
    """Day, minutes, grade, mark and account of each row."""
    entries = find_time_entries(paper(text, "time.xlsx"), RATES, TODAY)
    return [(e.on.isoformat(), e.minutes, e.grade, e.additional, e.narrative) for e in entries]


@pytest.mark.parametrize(
    "text",
    [
        f"""Date | Fee earner | Grade | Time | Narrative | Extra?
03/11/2025 | KL | Partner | 0:45 | {CHASE} | Y
04/11/2025 | MN | clerk | 1:30 | {RETURN} | N
Total | | | 2:15""",
        f"""Work done | Caused by HMRC? | When | Hrs | Who | Level
{CHASE} | yes | 3 Nov 2025 | 0.75 | KL | Partner
{RETURN} | | 4 Nov 2025 | 1.5 | MN | clerk
 | | | 2.25""",
        f"""Timesheet 2025

Day | Task | Duration | Person | Grade | Recharge to HMRC
3 Nov | {CHASE} | 45m | KL | Partner | x
4 Nov | {RETURN} | 1h 30m | MN | clerk
Sum | | 2h 15m""",
        f"""Grade | Initials | Date | Units (6 min) | Rate | Details | Chargeable
Partner | KL | 03.11.25 | 7.5 | 210.00 | {CHASE} | chargeable
clerk | MN | 04.11.25 | 15 | 40.00 | {RETURN} | non-chargeable""",
        f"""Date | Start | End | By | Grade | Description | Additional work
03/11/2025 | 10:05 | 10:50 | KL | Partner | {CHASE} | ✓
04/11/2025 | 09:00 | 10:30 | MN | clerk | {RETURN} |""",
        f"""Date | Staff | Grade | Mins | of which extra mins | Activity
03/11/2025 | KL | Partner | 45 | 45 | {CHASE}
04/11/2025 | MN | clerk | 90 | 0 | {RETURN}""",
        f"""Date | Name | Hourly rate | Minutes | Notes | Type
2025-11-03 | KL | £210.00 | 45 | {CHASE} | Additional
2025-11-04 | MN | £40.00 | 90 | {RETURN} | Routine""",
        f"""Date | Name | Grade | Minutes | Notes | Routine (Y/N)
03-Nov-2025 | KL | Partner | 45 | {CHASE} | N
04-Nov-2025 | MN | clerk | 90 | {RETURN} | Y""",
        f"""Date | Name | Grade | Hours | Mins | Notes | HMRC
03/11/2025 | KL | Partner | 0 | 45 | {CHASE} | TRUE
04/11/2025 | MN | clerk | 1 | 30 | {RETURN} | FALSE""",
        f"""KL = Partner
MN = clerk

Date\tWho\tMinutes\tWhat\tClaim
03/11/2025\tKL\t45\t{CHASE}\t1
04/11/2025\tMN\t90\t{RETURN}\t0""",
        f"""Partner
Date | Minutes | Narrative | Extra
03/11/2025 | 45 | {CHASE} | Yes - delay

clerk
Date | Minutes | Narrative | Extra
04/11/2025 | 90 | {RETURN} | No""",
        f"""Date      Who   Grade     Mins   Narrative                    Add'l
03/11/25  KL    Partner   45     {CHASE}    Y
04/11/25  MN    clerk     90     {RETURN}   N""",
    ],
)
def test_the_same_work_comes_out_of_every_layout(text: str) -> None:
    found = rows(text)
    assert [(day, minutes, grade.lower(), narrative) for day, minutes, grade, _, narrative in found] == [
        ("2025-11-03", 45, "partner", CHASE),
        ("2025-11-04", 90, "clerk", RETURN),
    ]
    assert [mark for *_, mark, _ in found] == [True, False]


def test_a_sheet_without_marks_leaves_them_open() -> None:
    text = f"Date | Grade | Minutes | Narrative\n03/11/2025 | Partner | 45 | {CHASE}\n"
    assert [mark for *_, mark, _ in rows(text)] == [None]


def test_a_star_marks_rows_where_no_column_does() -> None:
    text = f"Date | Grade | Mins | Narrative\n3/11/2025 | Partner | 45 | {CHASE} *\n4/11/2025 | clerk | 90 | {RETURN}\n"
    assert [mark for *_, mark, _ in rows(text)] == [True, False]


def test_a_row_that_is_partly_extra_is_two_rows() -> None:
    text = "Date | Grade | Minutes | Extra minutes | Work\n03/11/2025 | Partner | 60 | 20 | Call to the helpline\n"
    assert [(minutes, mark) for _, minutes, _, mark, _ in rows(text)] == [(20, True), (40, False)]


def test_a_blank_day_and_a_ditto_repeat_the_line_above() -> None:
    text = 'Date | Who | Grade | Mins | Work\n3/11/2025 | K | Partner | 20 | Call\n | " | " | 15 | File note of it\n'
    assert [(day, grade) for day, _, grade, *_ in rows(text)] == [("2025-11-03", "Partner")] * 2


@pytest.mark.parametrize("last", ["Total | | | 135", "Sub-total | | 135", "| Totals | | 135", "Grand total | 135"])
def test_totals_are_not_rows(last: str) -> None:
    text = f"Date | Work | Grade | Mins\n03/11/2025 | Call | Partner | 45\n04/11/2025 | Letter | clerk | 90\n{last}\n"
    assert sum(minutes for _, minutes, *_ in rows(text)) == 135


@pytest.mark.parametrize(
    ("cell", "measure", "minutes"),
    [
        ("0.75", "hours", 45),
        ("0:45", "minutes", 45),
        ("45m", "hours", 45),
        ("45 mins", "hours", 45),
        ("1h15", "minutes", 75),
        ("1 hr 15 mins", "minutes", 75),
        ("2 hours", "minutes", 120),
        ("½", "hours", 30),
        ("1¼ hrs", "minutes", 75),
        ("00:45:00", "hours", 45),
        ("1.30", "clock", 90),
        ("8", "units", 48),
        ("3 units", "minutes", 18),
        (".5", "hours", 30),
    ],
)
def test_a_cell_of_time_is_read_by_its_own_unit_or_its_columns(cell: str, measure: str, minutes: int) -> None:
    assert minutes_of(cell, measure) == minutes  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "measure"), [(["0.5", "1.25"], "hours"), (["30", "45"], "minutes"), (["1", "2"], "hours")]
)
def test_a_column_headed_time_is_hours_or_minutes_by_its_figures(cells: list[str], measure: str) -> None:
    assert measure_of(cells) == measure


@pytest.mark.parametrize(
    ("mark", "extra"),
    [
        ("Y", True), ("yes", True), ("x", True), ("✓", True), ("chargeable", True), ("extra", True),
        ("Yes - delay", True), ("HMRC error", True), ("recoverable", True), ("", False), ("N", False), ("no", False),
        ("non-chargeable", False), ("not claimable", False), ("routine", False), ("in fixed fee", False), ("?", None),
    ],
)  # fmt: skip
def test_a_mark_says_extra_or_not(mark: str, extra: bool | None) -> None:
    assert (flag_of(mark) if mark != "?" else None) is extra


@pytest.mark.parametrize(
    "text",
    [
        "Date | Description | Paid out | Paid in | Balance\n01/07/2025 | Salary | | 900.00 | 1,200.00\n",
        "Date | Item | Reply\n6 March 2024 | Your query | none\n",
        "Work | Net £\nVAT return | 145.00\n",
        "Date | Charge | Amount | Due by\n31/01/2025 | Balancing payment | 612.40 | 28/02/2025\n",
    ],
)
def test_other_tables_keep_no_time(text: str) -> None:
    assert not has_time_table(paper(text, "x.pdf"))
