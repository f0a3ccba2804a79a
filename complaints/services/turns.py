"""Whose turn it is: a practice has at most RUNS_PER_PRACTICE runs at work, so that it cannot take every worker."""

from typing import Final

from django.conf import settings

from complaints.models import CaseRun
from users.models import Practice

LONGEST: Final = 60.0  # seconds until a run asks for its turn again


def must_wait(run: CaseRun) -> float | None:
    """Seconds after which `run`, which waits, is to ask again; None where it is its turn.

    The practice's row is held until the end of the transaction, so that two workers do not both see the last place
    free. Those at the back of a long line ask less often.
    """
    practice_id = run.complaint.practice_id
    Practice.objects.select_for_update(no_key=True).get(pk=practice_id)
    rows = CaseRun.objects.filter(complaint__practice_id=practice_id)
    most: int = settings.RUNS_PER_PRACTICE
    if rows.filter(state=CaseRun.State.RUNNING).count() < most:
        return None
    before = rows.filter(state=CaseRun.State.QUEUED, pk__lt=run.pk).count()
    pause: float = settings.RUN_TURN_SECONDS
    return min(LONGEST, pause * (1 + before // most))
