"""Cases on the first page: by state, the user's own, deadlines near, and the newest work. Six queries at most."""

from datetime import date, timedelta
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from complaints.models import CaseAnalysis, Complaint
from complaints.selectors import cases_by_state, visible_complaints, visible_runs
from complaints.views.shared import caller
from lightpoint.dashboard import Part
from users.models import User
from users.permissions import may

SHOWN: Final = 8
LOOKED_AT: Final = 60  # of the user's cases, for deadlines
AHEAD: Final = timedelta(days=60)
OVER: Final = (Complaint.Status.RESOLVED, Complaint.Status.CLOSED)


def parts(request: HttpRequest) -> tuple[Part, ...]:
    """The cards of cases for the user of `request`."""
    user = caller(request)
    if not may(user, "complaint.view"):
        return ()
    mine = visible_complaints(user).filter(assigned_to=user).exclude(status__in=OVER).select_related("client")
    runs = visible_runs(user).select_related("complaint__client").order_by("-created_at", "-pk")
    return (
        Part("complaints/part_states.html", "Cases", {"states": _states(user)}, wide=True),
        Part("complaints/part_mine.html", "My cases", {"cases": mine.order_by("-opened_on", "-pk")[:SHOWN]}),
        Part("complaints/part_deadlines.html", "Deadlines in my cases", {"deadlines": _deadlines(mine)}),
        Part("complaints/part_runs.html", "Newest work", {"runs": runs[:SHOWN]}),
    )


def _states(user: User) -> list[tuple[str, str, int]]:
    """State, its label and how many cases the user sees in it."""
    counts = cases_by_state(user)
    return [(state, str(label), counts.get(state, 0)) for state, label in Complaint.Status.choices]


def _deadlines(mine: QuerySet[Complaint]) -> list[dict[str, Any]]:
    """The next deadlines that the newest analyses of the user's cases tell. One query."""
    newest = CaseAnalysis.objects.filter(complaint=OuterRef("pk")).order_by("-version")
    rows = mine.annotate(told=Subquery(newest.values("analysis__deadlines")[:1]))[:LOOKED_AT]
    today = timezone.localdate()
    found = [
        {"case": row, "on": date.fromisoformat(one["date"]), "what": one["what"], "kind": one["kind"]}
        for row in rows
        for one in row.told or ()
    ]
    near = [one for one in found if today <= one["on"] <= today + AHEAD]
    return sorted(near, key=lambda one: (one["on"], one["case"].pk))[:SHOWN]
