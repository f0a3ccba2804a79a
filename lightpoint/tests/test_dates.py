from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightpoint.language.dates import find_dates, find_months, find_partial_dates, format_date, full_year
from lightpoint.language.tax_years import find_tax_years

REFERENCE = date(2025, 10, 13)
STYLES = ("%d/%m/%Y", "%d.%m.%y", "%d-%b-%Y", "%a %d %B %Y", "%d %b %y", "%d%b%Y", "%Y-%m-%d")


def days(text: str, reference: date | None = None) -> list[str]:
    return [mention.date.isoformat() for mention in find_dates(text, reference=reference)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 March 2024", "2024-03-04"),
        ("4th Mar 24", "2024-03-04"),
        ("12/11/2024", "2024-11-12"),
        ("12/11/24", "2024-11-12"),
        ("24.6.24", "2024-06-24"),
        ("05.11.2025", "2025-11-05"),
        ("18-Sep-2024", "2024-09-18"),
        ("28 JAN 26", "2026-01-28"),
        ("28JAN26", "2026-01-28"),
        ("14February2025", "2025-02-14"),
        ("Mon 28 Oct 2024   14.05 - 15.00", "2024-10-28"),
        ("Fri 2 May 2025", "2025-05-02"),
        ("Tuesday, 7th of October 2025", "2025-10-07"),
        ("23rd September 2024", "2024-09-23"),
        ("the 3rd day of May 1999", "1999-05-03"),
        ("March 4, 2024", "2024-03-04"),
        ("Sept. 23rd, 2024", "2024-09-23"),
        ("4 Mar '24", "2024-03-04"),
        ("2025-06-02", "2025-06-02"),
        ("2024-10-21T10:00:00Z", "2024-10-21"),
        ("09.06.2025 10:30", "2025-06-09"),
        ("12 / 06 / 2025", "2025-06-12"),
        ("signed on 4 \nNovember 2024", "2024-11-04"),
        ("approved 16.09.2024.", "2024-09-16"),
        ("29/02/2024", "2024-02-29"),
        ("Period 01 04 2023", "2023-04-01"),
        ("1/2/71", "1971-02-01"),
        ("5 April 2024-15 May 2024", "2024-04-05"),
    ],
)
def test_a_complete_date_is_read_in_every_dress_of_the_papers(text: str, expected: str) -> None:
    found = find_dates(text)
    assert found[0].date.isoformat() == expected
    assert found[0].complete
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(
    "text",
    [
        "April 2025",
        "before May 24.",
        "the tax year 2023-24 and 2024/25",
        "returns for 07/23, 10/23 and 01/24",
        "form SA/ABC 03/24",
        "Our ref CCT1/25/40917 and VCT/1/25-99120",
        "call VH-140624-2217, receipt PTA-CH-20250612-7714",
        "£12.06 and £4.03.24",
        "ring 0300 200 3310",
        "sort code 12-10-24",
        "open 24/7 for 1/2 of the year",
        "31 February 2024",
        "31/04/2024",
        "the 12 may be wrong",
        "section 3.2.14",
        "the 1st tier and the 2nd review",
        "server 10.11.12.13",
        "page 1/12",
        "3 Marchmont Road",
        "12 decimals",
    ],
)
def test_no_date_is_read_out_of_other_figures(text: str) -> None:
    assert days(text, REFERENCE) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 and 9 March 2023", ["2023-03-04", "2023-03-09"]),
        ("1 February, 9 March and 22 June 2023", ["2023-02-01", "2023-03-09", "2023-06-22"]),
        ("our letters of 12 November and 8 January 2025", ["2024-11-12", "2025-01-08"]),
        ("28 December to 4 January 2025", ["2024-12-28", "2025-01-04"]),
        ("between 3 and 5 May 2024", ["2024-05-03", "2024-05-05"]),
        ("6-9 March 2024", ["2024-03-06", "2024-03-09"]),
        ("the 15th, 16th and 19th of May 2023", ["2023-05-15", "2023-05-16", "2023-05-19"]),
        ("6 April 2024 to 5 April 2025", ["2024-04-06", "2025-04-05"]),
        ("01/05/23 - 31/07/23", ["2023-05-01", "2023-07-31"]),
        ("01/05/23-31/07/23", ["2023-05-01", "2023-07-31"]),
        ("Flat 2, 9 March 2024", ["2024-03-09"]),
        ("invoice 12 and 4 March 2024", ["2024-03-04"]),
    ],
)
def test_days_that_share_a_month_or_a_year_are_all_read(text: str, expected: list[str]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        ("our call of 28 October", date(2025, 6, 1), "2024-10-28"),
        ("Letter of 23/9 not logged", date(2024, 10, 28), "2024-09-23"),
        ("notice issued 15/09 again", date(2025, 10, 2), "2025-09-15"),
        ("The address was changed 12/06.", date(2025, 10, 2), "2025-06-12"),
        ("this morning's post, dated the 8th.", date(2025, 10, 13), "2025-10-08"),
        ("we spoke on the 30th and agreed", date(2025, 3, 2), "2025-01-30"),
        ("will be paid by 31 January", date(2025, 10, 7), "2026-01-31"),
        ("the next payday is 28 November", date(2025, 11, 18), "2025-11-28"),
        ("run on 28/11 - will be another", date(2025, 11, 18), "2025-11-28"),
        ("NB. nothing by 11/11", date(2024, 10, 28), "2024-11-11"),
        ("had not arrived by 4 March", date(2025, 3, 10), "2025-03-04"),
        ("The return was due by 31 October.", date(2026, 2, 17), "2025-10-31"),
        ("please reply by the 5th.", date(2025, 3, 10), "2025-04-05"),
        ("Friday 19 September he wrote", date(2025, 9, 22), "2025-09-19"),
        ("29 February", date(2025, 9, 22), "2024-02-29"),
        ("repayment agreed 11/8.", date(2025, 11, 20), "2025-08-11"),
        ("your letter of 12th inst.", date(2025, 11, 20), "2025-11-12"),
    ],
)
def test_a_bare_day_is_resolved_by_its_reference_and_the_words_around_it(
    text: str, reference: date, expected: str
) -> None:
    found = find_dates(text, reference=reference)
    assert [mention.date.isoformat() for mention in found] == [expected]
    assert not found[0].complete


def test_a_bare_day_without_a_reference_is_left_out_but_kept_as_a_partial_date() -> None:
    assert find_dates("on 28 October we rang") == []
    assert [(p.day, p.month, p.year, p.text) for p in find_partial_dates("on 28 October we rang")] == [
        (28, 10, None, "28 October")
    ]


def test_the_full_stop_of_a_sentence_is_no_part_of_a_date() -> None:
    assert [m.text for m in find_dates("by 15 July. On 4 Mar. 2024 too.", reference=REFERENCE)] == [
        "15 July",
        "4 Mar. 2024",
    ]


def test_a_month_of_a_year_is_a_month_and_no_date() -> None:
    assert [(m.year, m.month, m.text) for m in find_months("from Nov 2024 to February 2025, not 4 May 2024")] == [
        (2024, 11, "Nov 2024"),
        (2025, 2, "February 2025"),
    ]


def test_years_of_two_digits_turn_at_seventy() -> None:
    assert (full_year("69"), full_year("70"), full_year("2003")) == (2069, 1970, 2003)


@given(
    st.dates(date(1990, 1, 1), date(2069, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d.%m.%y", "%d-%b-%Y", "%a %d %B %Y"])
)
def test_every_day_written_out_is_read_back(day: date, style: str) -> None:
    assert days(f"We wrote on {format_date(day)} about it.") == [day.isoformat()]
    if day.year >= 1970:
        assert days(f"Received {day.strftime(style)}, thank you") == [day.isoformat()]


@given(st.text(alphabet="0123456789/-. MayJunthe,:£\n", max_size=60))
def test_mentions_never_overlap_and_always_quote_the_text(text: str) -> None:
    end = 0
    for mention in find_dates(text, reference=REFERENCE):
        assert mention.start >= end
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("for 2023-24 and 2024/25", ["2023-24", "2024-25"]),
        ("the year 2023 to 2024", ["2023-24"]),
        ("1999-2000", ["1999-00"]),
        ("tax year 22/23", ["2022-23"]),
        ("the tax year ended 5 April 2024", ["2023-24"]),
        ("ref ABC/2023-24 and 2023-25, 2024-06-05", []),
    ],
)
def test_tax_years_are_read_where_two_years_follow_each_other(text: str, names: list[str]) -> None:
    assert [mention.name for mention in find_tax_years(text)] == names


def test_a_tax_year_runs_from_6_april_to_5_april() -> None:
    year = find_tax_years("2023-24")[0]
    assert (year.begins, year.ends) == (date(2023, 4, 6), date(2024, 4, 5))
