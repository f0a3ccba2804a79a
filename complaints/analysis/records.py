"""What the analysis concludes from the facts. Pure, frozen, no Django."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from complaints.facts.records import Conflict, Event, Finding, Span

RouteName = Literal["complaint", "appeal", "ico", "adjudicator", "out_of_time"]
Tier = Literal[1, 2]

CharterStandard = Literal[
    "Getting things right",
    "Making things easy",
    "Being responsive",
    "Treating you fairly",
    "Being aware of your personal situation",
    "Recognising that someone can represent you",
    "Keeping your data secure",
    "Mutual respect",
]

# One word for each way in which HMRC can fall short. The drafter has a paragraph for each of them.
Failing = Literal[
    "delay",  # money or a decision is late
    "unanswered_correspondence",
    "broken_undertaking",
    "wrong_statement",  # HMRC's own papers contradict what it says
    "personal_situation_ignored",
    "misleading_advice",
    "incomplete_reply",  # points of the complaint left out
    "evidence_overlooked",  # a reply passed over something that was sent
    "lost_documents",
    "inconsistent_information",  # two HMRC documents give different deadlines or instructions
    "data_breach",
    "report_not_logged",
    "repeated_error",
    "system_error",
    "calculation_error",
    "registration_error",
    "coding_error",
    "enforcement_of_disputed_debt",
    "agent_not_recognised",
    "prolonged_enquiry",
    "poor_complaint_handling",
    "discourtesy",
    "other_mistake",
]

RemedyKind = Literal[
    "repayment",
    "interest",
    "apology",
    "professional_costs",
    "direct_costs",
    "worry_and_distress",
    "poor_complaint_handling",
    "process_fix",
]

ComplaintType = Literal[
    "repayment_delay",
    "unanswered_correspondence",
    "coding_error",
    "registration_or_assessment_error",
    "misleading_advice",
    "lost_documents",
    "repeated_system_error",
    "data_breach",
    "poor_complaint_handling",
    "penalty_in_error",
    "prolonged_enquiry",
    "agent_authority",
    "general",
]


@dataclass(frozen=True, slots=True)
class RouteDecision:
    """Which instrument to draft. `strands` are the letters to write, the main one first."""

    route: RouteName
    secondary_routes: tuple[RouteName, ...]
    tier: Tier | None
    reason: str
    rule: str  # the name of the rule that fired
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Delay:
    start: date
    end: date
    working_days: int
    calendar_days: int
    what: str  # "from our first letter to HMRC's first reply"
    open: bool  # runs to the day the case was opened
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A standard that was missed. `events` and `spans` are the facts that support it, in the order the letter uses."""

    failing: Failing
    charter: CharterStandard | None
    guidance: tuple[str, ...]
    because: str
    events: tuple[Event, ...]
    spans: tuple[Span, ...]
    documents: tuple[str, ...]
    strength: int  # higher is stronger; the letter leads with the strongest
    accepted: bool = False  # HMRC has already accepted it
    delay: Delay | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    kind: RemedyKind
    amount: Decimal | None
    basis: tuple[str, ...]
    allowed: bool
    why: str
    ask: str = ""  # the request as a noun or infinitive phrase, empty where not allowed
    spans: tuple[Span, ...] = ()
    condition: str = ""  # what must happen first ("once invoiced and paid")


@dataclass(frozen=True, slots=True)
class CostLine:
    grade: str
    minutes: int
    rate: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class ExcludedRow:
    on: date
    minutes: int
    flagged_in_sheet: str
    why: str
    basis: tuple[str, ...]
    amount: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class CostsBlock:
    minutes: int
    lines: tuple[CostLine, ...]
    total: Decimal
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class CostsSchedule:
    """Additional work, cost of complaining and ordinary work kept apart; see cases/README.md, "Counting"."""

    document: str
    additional: CostsBlock
    complaint: CostsBlock
    ordinary_minutes: int
    excluded: tuple[ExcludedRow, ...]
    vat_charged: bool | None
    vat_reclaimable: bool
    vat_amount: Decimal
    claim_total: Decimal
    evidence: str  # what proves billing and payment
    billed: bool
    paid: bool
    note: str


@dataclass(frozen=True, slots=True)
class Deadline:
    what: str
    date: date
    kind: Literal["statutory", "target", "external", "requested"]
    derivation: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class UnansweredPoint:
    point: int
    what: str
    raised_in: str
    reply: str
    span: Span


@dataclass(frozen=True, slots=True)
class Weakness:
    """What HMRC will answer, and what helps against it."""

    text: str
    basis: tuple[str, ...]
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class RefusedWish:
    """Something the brief or the client wants that the letter must not do, and why."""

    wish: str
    why: str
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    route: RouteDecision
    complaint_type: ComplaintType
    delays: tuple[Delay, ...]
    breaches: tuple[Breach, ...]
    remedies: tuple[Remedy, ...]
    costs: CostsSchedule | None
    deadlines: tuple[Deadline, ...]
    unanswered_points: tuple[UnansweredPoint, ...]
    upheld: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    weaknesses: tuple[Weakness, ...]
    refused_wishes: tuple[RefusedWish, ...]
