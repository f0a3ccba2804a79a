from decimal import Decimal

import pytest

from complaints.analysis.heaps import classify
from complaints.facts.records import TimeEntry
from complaints.tests.analysis.cases import Case, on


def entry(narrative: str, *, additional: bool | None = True) -> TimeEntry:
    case = Case()
    return TimeEntry(on("2025-01-01"), "AB", "senior", 30, narrative, additional, "", case.span("t.xlsx", narrative))


@pytest.mark.parametrize(
    ("narrative", "heap"),
    [
        ("Letter to HMRC chasing refund", "additional"),
        ("Resubmit lost P11D return", "additional"),
        ("Prepare duplicate IHT400 return", "additional"),
        ("Draft complaint", "complaint"),
        ("Consider tier one response", "complaint"),
        ("Write second review request", "complaint"),
        ("Raise fee note", "excluded"),
        ("Prepare invoice for extra time", "excluded"),
        ("Draft appeal against surcharge", "excluded"),
        ("Brief counsel for tribunal hearing", "excluded"),
        ("Prepare CT600 and accounts", "excluded"),
        ("Year-end planning meeting", "excluded"),
        ("Chasing client for bank statements", "excluded"),
    ],
)
def test_flagged_work_goes_to_its_heap(narrative: str, heap: str) -> None:
    assert classify(entry(narrative)) == heap


def test_work_that_the_sheet_does_not_flag_is_ordinary() -> None:
    assert classify(entry("Letter to HMRC chasing refund", additional=False)) == "ordinary"


def test_without_a_flag_only_work_on_the_mistake_counts() -> None:
    assert classify(entry("Helpline re wrong coding", additional=None)) == "additional"
    assert classify(entry("Quarterly bookkeeping", additional=None)) == "ordinary"


def test_minutes_are_added_per_grade_and_rounded_half_up() -> None:
    case = Case().time("2025-01-10", "junior", 20, "Chase HMRC").time("2025-01-20", "Junior", 25, "Call helpline")
    costs = case.time("2025-02-01", "senior", 7, "Webchat").analyse().costs
    assert costs is not None
    lines = [(line.grade, line.minutes, line.total) for line in costs.additional.lines]
    assert lines == [("junior", 45, Decimal("35.25")), ("senior", 7, Decimal("10.50"))]
    assert costs.additional.total == Decimal("45.75")


def test_half_a_penny_goes_up() -> None:
    costs = Case().time("2025-01-10", "junior", 23, "Chase HMRC").analyse().costs
    assert costs is not None
    assert costs.additional.total == Decimal("18.02")  # 18.01666...
    costs = (
        Case()
        .with_intake(hourly_rates=(("junior", Decimal("45.30")),))
        .time("2025-01-10", "junior", 1, "Chase")
        .analyse()
        .costs
    )
    assert costs is not None
    assert costs.additional.total == Decimal("0.76")  # 0.755


def test_a_grade_without_a_rate_is_said_and_left_out() -> None:
    costs = Case().time("2025-01-10", "consultant", 60, "Chase HMRC").analyse().costs
    assert costs is not None
    assert costs.additional.total == 0
    assert "consultant" in costs.note


def test_vat_is_claimed_only_where_it_is_charged_and_borne() -> None:
    case = Case().time("2025-01-10", "senior", 60, "Chase HMRC")
    case.invoice("77", "90.00", "18.00", issued="2025-02-01", paid="2025-02-10")
    borne = case.analyse().costs
    assert borne is not None
    assert (borne.vat_charged, borne.claim_total) == (True, Decimal("108.00"))
    recovered = case.with_intake(references=(("vrn", "999000000"),)).analyse().costs
    assert recovered is not None
    assert (recovered.vat_reclaimable, recovered.claim_total) == (True, Decimal("90.00"))


def test_the_flat_rate_scheme_leaves_the_vat_with_the_client() -> None:
    case = Case().with_intake(references=(("vrn", "999000000"),), client_kind="partnership")
    case.time("2025-01-10", "senior", 60, "Chase HMRC").doc("m.eml", "email", "2025-02-02", by="client")
    case.invoice("77", "90.00", "18.00", issued="2025-02-01", paid="2025-02-10")
    case.said("quotation", "m.eml", "we are on the flat rate scheme", by="client")
    costs = case.analyse().costs
    assert costs is not None
    assert costs.claim_total == Decimal("108.00")


def test_nothing_that_shows_vat_is_none_and_not_false() -> None:
    costs = Case().time("2025-01-10", "senior", 60, "Chase HMRC").analyse().costs
    assert costs is not None
    assert costs.vat_charged is None
    assert not costs.billed


def test_excluded_rows_are_priced_and_refused() -> None:
    analysis = Case().time("2025-01-10", "senior", 40, "Draft appeal").analyse()
    refused = [r for r in analysis.remedies if not r.allowed]
    assert [(r.kind, r.amount, r.basis) for r in refused] == [
        ("professional_costs", Decimal("60.00"), ("CRG5475", "CRG5500"))
    ]


def test_no_time_record_gives_no_schedule() -> None:
    assert Case().analyse().costs is None
