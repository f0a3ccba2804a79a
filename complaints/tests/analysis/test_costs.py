from dataclasses import replace
from decimal import Decimal

import pytest

from complaints.analysis.heaps import classify
from complaints.analysis.records import CostsSchedule
from complaints.facts.records import TimeEntry
from complaints.tests.analysis.cases import Case, on


def schedule(case: Case) -> CostsSchedule:
    costs = case.analyse().costs
    assert costs is not None
    return costs


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


def test_time_of_a_grade_without_a_rate_is_not_said_to_be_in_the_sum() -> None:
    case = Case().time("2025-01-10", "consultant", 60, "Chase HMRC").time("2025-01-13", "senior", 30, "Chase again")
    costs = case.analyse().costs
    assert costs is not None
    assert (costs.additional.minutes, costs.additional.total) == (30, Decimal("45.00"))
    assert [span.quote for span in costs.additional.spans] == ["Chase again"]
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


ADDITIONAL = """
Letter to HMRC re missing repayment
Telephone call to helpline, 50 mins on hold
Second chaser
Rang Debt Management about demand
Reply to debt collectors
Call with client about bailiff letter
Re-register client for online services
Check account: payment not allocated
Trace cheque with bank
Prepare replacement 64-8
Copy of P60 to HMRC for the third time
Resend records HMRC say they never had
Write to officer asking for closure of check
Meeting with client to explain wrong tax code
Amend P11D figures as HMRC keyed them wrong
Email to MP
Reconcile HMRC statement to payments
Download receipts as proof of filing
VAT return: HMRC say not received, send receipt
Refile corporation tax return lost by HMRC
Update client on delay
Reading HMRC letter of 4 May
Explain penalty to client, ring HMRC
Call to bank about returned payment
Webchat
Set up time to pay while dispute continues
Send certified copy of contract again
Objecting to assessment raised in error
Review HMRC letter
Review of correspondence, letter to officer
Ask HMRC for a hold on collection
"""
COMPLAINING = """
Draft complaint
Formal complaint letter to HMRC
Tier 2 escalation
Consider HMRC complaint response
Adjudicator referral
Ask for second review
Second-tier request
Complaints: phone call from handler
Discuss complaint with client
Amend draft complaint following partner review
Stage 2 complaint
"""
EXCLUDED = """
Invoice 2231
Raise bill
Prepare bill for client
Time summary for the complaint
Fee breakdown for HMRC
Working out our costs for the claim
Totting up hours
Grounds of appeal
Notice of appeal to HMRC
Skeleton argument and bundle for hearing
Request for statutory review
Penalty appeal
Independent review request to HMRC
Report to ICO
Subject access request
Corporation tax return to 31 March 2025
SA return 2023/24
Prepare annual accounts
October payroll
P11Ds
Payroll run
Dividend planning
Pension contribution query
Chat about remortgage
Budget meeting
Quarterly VAT return
Sending bank statements requested by the inspector
Respond to information notice
Answer HMRC check letter
Discuss will and LPA
Fee protection insurance claim form
Engagement letter
"""


@pytest.mark.parametrize(
    ("narrative", "heap"),
    [(line, "additional") for line in ADDITIONAL.strip().splitlines()]
    + [(line, "complaint") for line in COMPLAINING.strip().splitlines()]
    + [(line, "excluded") for line in EXCLUDED.strip().splitlines()],
)
def test_accounts_of_work_as_practices_write_them_go_to_their_heap(narrative: str, heap: str) -> None:
    row = entry(narrative)
    assert classify(row, complained="review" not in narrative or heap != "excluded") == heap


def test_a_review_that_nobody_could_have_had_of_a_complaint_is_that_of_a_decision() -> None:
    case = Case().time("2025-01-10", "senior", 40, "Review request with representations")
    assert [row.minutes for row in schedule(case).excluded] == [40]
    case = Case().doc("reply.pdf", "hmrc_complaint_reply", "2025-01-02", tier=1)
    case = case.event("complaint_reply", "2025-01-02", "reply.pdf").time("2025-01-10", "senior", 40, "Review request")
    assert schedule(case).complaint.minutes == 40


def test_the_same_row_in_two_papers_counts_once() -> None:
    case = Case().time("2025-01-10", "senior", 60, "Chase HMRC").time("2025-01-10", "senior", 60, "Chase HMRC")
    assert schedule(case).additional.minutes == 120
    row = case.parts["time"][1]
    assert isinstance(row, TimeEntry)
    case.parts["time"][1] = replace(row, span=case.span("time.pdf", "Chase HMRC"))
    assert schedule(case).additional.minutes == 60


@pytest.mark.parametrize("grade", ["Snr", "SENIOR", "seniors", "Tax senior"])
def test_a_grade_is_known_in_its_short_forms(grade: str) -> None:
    assert schedule(Case().time("2025-01-10", grade, 60, "Chase HMRC")).additional.total == Decimal("90.00")
