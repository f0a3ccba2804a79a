"""The type of complaint follows the failing that names the case, then what time and money say."""

import pytest

from complaints.analysis.complaint_type import classify_complaint
from complaints.analysis.records import Breach, Failing, RouteDecision
from complaints.analysis.view import CaseView
from complaints.tests.analysis.cases import Case


def classified(*failings: Failing, route: str = "complaint", tier: int | None = 1, case: Case | None = None) -> str:
    found = case or Case()
    decision = RouteDecision(route, (), tier, "", "", ())  # type: ignore[arg-type]
    breaches = [Breach(f, None, (), "", (), (), (), 50) for f in failings]
    return classify_complaint(CaseView(found.facts(), found.intake), decision, breaches)


def owed() -> Case:
    return Case().doc("r.eml", "hmrc_receipt", "2025-01-06").amount("812.00", "repayment_due", "r.eml")


def penalised() -> Case:
    return Case().doc("p.pdf", "hmrc_notice", "2025-01-06").event("penalty_issued", "2025-01-06", "p.pdf")


@pytest.mark.parametrize(
    ("failings", "kind"),
    [
        (("lost_documents", "delay"), "lost_documents"),
        (("system_error", "data_breach"), "repeated_system_error"),
        (("data_breach", "coding_error"), "data_breach"),
        (("enforcement_of_disputed_debt",), "registration_or_assessment_error"),
        (("calculation_error",), "coding_error"),
        (("prolonged_enquiry", "agent_not_recognised"), "prolonged_enquiry"),
        (("agent_not_recognised",), "agent_authority"),
        (("misleading_advice",), "misleading_advice"),
        (("unanswered_correspondence",), "unanswered_correspondence"),
        (("poor_complaint_handling",), "poor_complaint_handling"),
        (("delay",), "general"),
        ((), "general"),
    ],
)
def test_the_failing_that_names_the_case_decides(failings: tuple[Failing, ...], kind: str) -> None:
    assert classified(*failings) == kind


def test_a_delay_with_money_owed_is_a_late_repayment() -> None:
    assert classified("delay", case=owed()) == "repayment_delay"


def test_a_second_review_of_points_left_out_is_of_the_handling() -> None:
    assert classified("lost_documents", "incomplete_reply", tier=2) == "poor_complaint_handling"
    assert classified("lost_documents", "incomplete_reply", tier=1) == "lost_documents"


def test_an_appeal_beside_a_penalty_is_about_the_penalty_unless_papers_were_lost() -> None:
    assert classified("wrong_statement", route="appeal", tier=None, case=penalised()) == "penalty_in_error"
    assert classified("lost_documents", route="appeal", tier=None, case=penalised()) == "lost_documents"
