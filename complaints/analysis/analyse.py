"""Facts and guidance in, conclusions out. Pure and deterministic: the same case gives the same analysis."""

from collections.abc import Sequence
from datetime import date

from complaints.analysis.breaches import find_breaches
from complaints.analysis.complaint_type import classify_complaint
from complaints.analysis.costs import build_costs
from complaints.analysis.deadlines import find_deadlines
from complaints.analysis.delays import Period, find_periods
from complaints.analysis.failures import Scene
from complaints.analysis.intervals import find_intervals, moments
from complaints.analysis.offers import Plan
from complaints.analysis.records import Analysis, Delay
from complaints.analysis.remedies import find_remedies
from complaints.analysis.route import decide_route
from complaints.analysis.unanswered import find_unanswered
from complaints.analysis.view import CaseView
from complaints.analysis.waits import find_waits
from complaints.analysis.weaknesses import find_weaknesses
from complaints.analysis.wishes import find_refused_wishes
from complaints.analysis.wording import Guidance
from complaints.facts.records import Facts, Intake

MOST_DELAYS = 25


def analyse(facts: Facts, intake: Intake, guidance: Guidance) -> Analysis:
    """What the case amounts to. Every section named is in `guidance` and not archived."""
    view = CaseView(facts, intake)
    periods = find_periods(view)
    unanswered = find_unanswered(view)
    breaches = find_breaches(Scene(view, periods, unanswered), guidance)
    route = decide_route(view, breaches)
    costs = build_costs(view)
    plan = Plan(view, route, breaches, costs)
    remedies = find_remedies(plan, guidance)
    return Analysis(
        route=route,
        complaint_type=classify_complaint(view, route, breaches),
        delays=_delays(view, periods),
        breaches=breaches,
        remedies=remedies,
        costs=costs,
        deadlines=find_deadlines(plan),
        unanswered_points=unanswered,
        upheld=tuple(f for f in facts.findings if f.outcome in ("upheld", "partly_upheld")),
        conflicts=facts.conflicts,
        weaknesses=find_weaknesses(plan, remedies, guidance),
        refused_wishes=find_refused_wishes(plan, remedies, guidance),
    )


def _delays(view: CaseView, periods: Sequence[Period]) -> tuple[Delay, ...]:
    """The periods that failings rest on, then further lengths of time to choose from; one for each pair of days."""
    found: dict[tuple[date, date], Delay] = {}
    for delay in (*(p.delay for p in periods), *find_intervals(view), *find_waits(view, moments(view))):
        found.setdefault((delay.start, delay.end), delay)
    kept = list(found)[: max(MOST_DELAYS, len(periods))]
    return tuple(found[days] for days in sorted(kept))
