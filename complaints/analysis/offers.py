"""What the rules of redress are given and yield. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from complaints.analysis.records import Breach, CostsSchedule, RemedyKind, RouteDecision
from complaints.analysis.view import CaseView
from complaints.facts.records import Span


@dataclass(frozen=True, slots=True)
class Plan:
    """The case as far as it has been concluded: route, failings and costs."""

    view: CaseView
    route: RouteDecision
    breaches: tuple[Breach, ...]
    costs: CostsSchedule | None

    @property
    def has_complaint(self) -> bool:
        """Whether redress is asked for anywhere: in a complaint, or of the Adjudicator."""
        routes = (self.route.route, *self.route.secondary_routes)
        return any(r in ("complaint", "adjudicator", "out_of_time") for r in routes)

    @property
    def appeals(self) -> bool:
        """Whether a decision is appealed, as the main matter or beside it."""
        return "appeal" in (self.route.route, *self.route.secondary_routes)

    def failed(self, *failings: str) -> bool:
        return any(b.failing in failings for b in self.breaches)


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy before its sections are checked; an empty `basis` takes that of the kind."""

    kind: RemedyKind
    amount: Decimal | None
    allowed: bool
    why: str
    basis: tuple[str, ...] = ()
    ask: str = ""
    spans: tuple[Span, ...] = ()
    condition: str = ""
