"""A colleague leaves: their open cases go to somebody else in the same transaction."""

from datetime import datetime

from django.db import transaction

from complaints.models import Complaint
from complaints.services.intake import UnfitAssignee, assign_complaint
from users.models import User
from users.services import deactivate_user


@transaction.atomic
def hand_over_cases(*, colleague: User, to: User | None, by: User | None, now: datetime) -> int:
    """Give every open case of `colleague` to `to`. Returns how many. Raises UnfitAssignee, also where `to` is missing.

    Cases that nobody is to have stay visible to managers, but nobody would look after them: so `to` may only be left
    out when there are none.
    """
    cases = Complaint.objects.filter(assigned_to=colleague).exclude(status=Complaint.Status.CLOSED)
    waiting = list(cases.order_by("pk"))
    if waiting and (to is None or to.pk == colleague.pk):
        raise UnfitAssignee(f"{colleague} has {len(waiting)} open cases: say which colleague takes them over")
    for complaint in waiting:
        assign_complaint(complaint=complaint, to=to, by=by, now=now)
    return len(waiting)


@transaction.atomic
def deactivate_colleague(
    *,
    user: User,
    now: datetime,
    by: User | None = None,
    hand_over_to: User | None = None,
    expected_version: int | None = None,
) -> int:
    """Close the account of `user` and hand their open cases to `hand_over_to`. Returns how many were handed over.

    The account is closed first: whoever is giving the user a case meanwhile waits, and is then refused. Raises
    UnfitAssignee, and what users.services.deactivate_user raises.
    """
    deactivate_user(user=user, by=by, now=now, expected_version=expected_version)
    return hand_over_cases(colleague=user, to=hand_over_to, by=by, now=now)
