"""Which Charter standard and which sections each failing is about, and what each kind of redress rests on.

Charter titles are those of the HMRC Charter of 30 July 2024; the sections are of the Complaints and Remedy Guidance.
`strength` orders the failings of a letter: what HMRC has itself accepted is raised further by the rule that finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.analysis.records import CharterStandard, Failing, RemedyKind


@dataclass(frozen=True, slots=True)
class Standard:
    """`sections` are what the failing is about; the first is the one that a letter cites if it cites only one."""

    charter: CharterStandard
    sections: tuple[str, ...]
    strength: int


STANDARDS: Mapping[Failing, Standard] = {
    "delay": Standard("Being responsive", ("CRG4050", "CRG4025", "CRG5525"), 80),
    "unanswered_correspondence": Standard("Being responsive", ("CRG5525", "CRG4025", "CRG4050"), 72),
    "broken_undertaking": Standard("Getting things right", ("CRG3025", "CRG4050"), 90),
    "wrong_statement": Standard("Getting things right", ("CRG3025",), 60),
    "personal_situation_ignored": Standard(
        "Being aware of your personal situation", ("CRG6050", "CRG6075", "CRG6125"), 55
    ),
    "misleading_advice": Standard("Getting things right", ("CRG3175", "CRG3200"), 78),
    "incomplete_reply": Standard("Being responsive", ("CRG6150", "CRG3025"), 82),
    "evidence_overlooked": Standard("Being responsive", ("CRG6150", "CRG5100", "CRG3200"), 84),
    "lost_documents": Standard("Getting things right", ("CRG5575", "CRG3025"), 88),
    "inconsistent_information": Standard("Getting things right", ("CRG3200", "CRG3025"), 50),
    "data_breach": Standard("Keeping your data secure", ("CRG3150", "CRG3250"), 86),
    "report_not_logged": Standard("Being responsive", ("CRG3025", "CRG3150"), 62),
    "repeated_error": Standard("Getting things right", ("CRG3025",), 92),
    "system_error": Standard("Making things easy", ("CRG3250", "CRG5550"), 64),
    "calculation_error": Standard("Getting things right", ("CRG3025",), 68),
    "registration_error": Standard("Getting things right", ("CRG3025",), 87),
    "coding_error": Standard("Getting things right", ("CRG3025",), 66),
    "enforcement_of_disputed_debt": Standard("Treating you fairly", ("CRG3025",), 85),
    "agent_not_recognised": Standard("Recognising that someone can represent you", ("CRG3025",), 65),
    "prolonged_enquiry": Standard("Treating you fairly", ("CRG3100", "CRG3050", "CRG3075"), 76),
    "poor_complaint_handling": Standard("Being responsive", ("CRG6150", "CRG4050"), 58),
    "discourtesy": Standard("Mutual respect", ("CRG3025", "CRG6050"), 57),
    "other_mistake": Standard("Getting things right", ("CRG3025",), 45),
}

REMEDY_BASIS: Mapping[RemedyKind, tuple[str, ...]] = {
    "repayment": ("CRG2025",),
    "interest": ("CRG4025", "CRG5525"),
    "apology": ("CRG2025",),
    "professional_costs": ("CRG5225", "CRG5100", "CRG5275"),
    "direct_costs": ("CRG5025", "CRG5100"),
    "worry_and_distress": ("CRG6050", "CRG6075"),
    "poor_complaint_handling": ("CRG6150",),
    "process_fix": ("CRG2025",),
}
