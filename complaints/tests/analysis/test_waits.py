"""Lengths of time drawn from the acts of a case: where each begins, where it ends, and that none is told twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from complaints.analysis.records import Delay
from complaints.analysis.view import CaseView
from complaints.analysis.waits import find_waits, told_acts
from complaints.tests.analysis.cases import Case, on

OPENED = on("2025-06-02")
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2025, 6, 1))


def waits(case: Case) -> dict[tuple[str, str], Delay]:
    view = CaseView(case.facts(), case.intake)
    return {(d.start.isoformat(), d.end.isoformat()): d for d in find_waits(view, view.happened)}


def claim() -> Case:
    case = Case().doc("c.docx", "agent_letter", "2025-01-06", by="agent")
    return case.event("claim_made", "2025-01-06", "c.docx", by="agent")


def test_what_nobody_has_settled_runs_to_the_day_of_the_case() -> None:
    found = waits(claim())["2025-01-06", "2025-06-02"]
    assert found.open
    assert found.what == "since the claim of 6 January 2025, with the matter still open"


def test_a_claim_runs_to_hmrcs_first_paper_after_it() -> None:
    found = waits(claim().doc("h.pdf", "hmrc_letter", "2025-02-17"))["2025-01-06", "2025-02-17"]
    assert found.what == "from the claim of 6 January 2025 to HMRC's first paper after it"
    assert not found.open


def test_a_receipt_is_a_paper_and_the_letter_after_it_another() -> None:
    case = claim().doc("r.eml", "hmrc_receipt", "2025-01-09").doc("h.pdf", "hmrc_letter", "2025-02-17")
    assert {("2025-01-06", "2025-01-09"), ("2025-01-06", "2025-02-17")} <= set(waits(case))


def test_a_claim_that_was_settled_ends_with_the_act() -> None:
    case = claim().doc("s.pdf", "hmrc_letter", "2025-03-03").event("repayment_made", "2025-03-03", "s.pdf")
    found = waits(case)
    assert ("2025-01-06", "2025-03-03") in found
    assert ("2025-01-06", "2025-06-02") not in found


def test_a_charge_for_what_hmrc_had_runs_from_what_it_had() -> None:
    case = Case().doc("r.eml", "hmrc_receipt", "2025-01-06").event("return_received", "2025-01-06", "r.eml")
    case.doc("p.pdf", "hmrc_notice", "2025-03-10").event("penalty_issued", "2025-03-10", "p.pdf")
    assert ("2025-01-06", "2025-03-10") in waits(case)


def test_what_hmrc_did_runs_to_its_being_put_right_or_goes_on() -> None:
    case = Case().doc("d.pdf", "hmrc_notice", "2025-01-06").event("demand_issued", "2025-01-06", "d.pdf")
    assert waits(case)["2025-01-06", "2025-06-02"].what.endswith("which has not been put right")
    case.doc("w.pdf", "hmrc_letter", "2025-04-07").event("withdrawal", "2025-04-07", "w.pdf")
    assert waits(case)["2025-01-06", "2025-04-07"].what.endswith("to its being put right")


def test_a_promise_runs_from_its_day_and_from_the_day_that_was_promised() -> None:
    case = Case().doc("h.pdf", "hmrc_letter", "2025-02-03").promise("2025-02-03", "2025-02-17", "pay it", "h.pdf")
    found = waits(case)
    assert found["2025-02-17", "2025-06-02"].what == "from the day promised, 17 February 2025, which is not kept"
    assert ("2025-02-03", "2025-06-02") in found


def test_a_promise_kept_in_time_is_no_wait() -> None:
    case = Case().doc("h.pdf", "hmrc_letter", "2025-02-03").promise("2025-02-03", "2025-02-17", "pay it", "h.pdf")
    case.doc("s.pdf", "bank_statement", "2025-02-14", by="third_party")
    case.event("repayment_made", "2025-02-14", "s.pdf")
    assert not any(key[0] in ("2025-02-03", "2025-02-17") for key in waits(case))


def test_an_act_told_with_its_day_is_one_and_a_possible_one_is_not() -> None:
    case = Case().doc("h.pdf", "hmrc_letter", "2025-03-10")
    case.said("quotation", "h.pdf", "The credit was set off against another period on 3 March 2025")
    case.said("quotation", "h.pdf", "The credit would be set off on 7 April 2025 if nothing came")
    view = CaseView(case.facts(), case.intake)
    assert [act[0] for act in told_acts(view)] == [on("2025-03-03")]


@given(st.lists(st.tuples(DAYS, st.sampled_from(["claim_made", "letter_to_hmrc", "demand_issued"])), max_size=6), DAYS)
def test_each_wait_is_told_once_ends_after_it_began_and_never_after_the_day_of_the_case(
    rows: list[tuple[date, str]], wrote: date
) -> None:
    case = Case().doc("h.pdf", "hmrc_letter", wrote.isoformat()).doc("c.docx", "agent_letter", "2025-01-06", by="agent")
    for day, kind in rows:
        by = "hmrc" if kind == "demand_issued" else "agent"
        case.event(kind, day.isoformat(), "c.docx", by=by)  # type: ignore[arg-type]
    view = CaseView(case.facts(), case.intake)
    found = find_waits(view, view.happened)
    assert len({(d.start, d.end) for d in found}) == len(found)
    for delay in found:
        assert delay.start < delay.end <= OPENED
        assert delay.calendar_days == (delay.end - delay.start) // timedelta(days=1)
        assert 0 <= delay.working_days <= delay.calendar_days
