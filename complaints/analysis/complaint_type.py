"""The type of complaint, which decides the template: the first whose failings lead. Pure."""

from collections.abc import Sequence

from complaints.analysis.records import Breach, ComplaintType, Failing, RouteDecision
from complaints.analysis.view import CaseView

# In this order: what names the case before what accompanies it.
_BY_FAILING: tuple[tuple[ComplaintType, frozenset[Failing]], ...] = (
    ("prolonged_enquiry", frozenset({"prolonged_enquiry"})),
    ("lost_documents", frozenset({"lost_documents"})),
    ("repeated_system_error", frozenset({"repeated_error", "system_error"})),
    ("data_breach", frozenset({"data_breach"})),
    ("registration_or_assessment_error", frozenset({"registration_error", "enforcement_of_disputed_debt"})),
    ("coding_error", frozenset({"coding_error", "calculation_error"})),
    ("agent_authority", frozenset({"agent_not_recognised"})),
    ("misleading_advice", frozenset({"misleading_advice"})),
)


def classify_complaint(view: CaseView, route: RouteDecision, breaches: Sequence[Breach]) -> ComplaintType:
    failings = {b.failing for b in breaches}
    if route.route == "appeal" and view.events("penalty_issued") and "lost_documents" not in failings:
        return "penalty_in_error"
    if route.tier == 2 and failings & {"incomplete_reply", "evidence_overlooked"}:
        return "poor_complaint_handling"
    held_back = any(b.failing == "delay" and b.delay and b.delay.open for b in breaches)
    for kind, words in _BY_FAILING:
        if kind == "misleading_advice" and held_back and _by_time(view, failings) == "repayment_delay":
            return "repayment_delay"
        if failings & words:
            return kind
    return _by_time(view, failings)


def _by_time(view: CaseView, failings: set[Failing]) -> ComplaintType:
    owed = any(a.role in ("repayment_due", "repayment_claimed", "repayment_outstanding") for a in view.facts.amounts)
    if "delay" in failings and owed:
        return "repayment_delay"
    if "unanswered_correspondence" in failings:
        return "unanswered_correspondence"
    if failings & {"poor_complaint_handling", "incomplete_reply"}:
        return "poor_complaint_handling"
    return "general"
