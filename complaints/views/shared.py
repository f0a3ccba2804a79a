"""What the pages of a case share: the case that the user may see, and the frame around it."""

from collections.abc import Mapping
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from complaints.models import Complaint
from complaints.selectors import newest_runs, visible_complaints
from lightpoint.pages import page
from users.models import User
from users.permissions import require
from users.roles import Action


def caller(request: HttpRequest) -> User:
    """Who uses the page; the admin has let them in."""
    return cast(User, request.user)


def found_complaint(request: HttpRequest, pk: int, action: Action) -> Complaint:
    """The case, for somebody who may do `action`. Http404 for one that the user may not see, else NotAllowed."""
    rows = visible_complaints(caller(request)).select_related("client", "practice", "assigned_to", "created_by")
    complaint = get_object_or_404(rows, pk=pk)
    require(request.user, action)
    return complaint


def case_page(
    request: HttpRequest,
    template: str,
    complaint: Complaint,
    context: Mapping[str, object],
    *,
    tab: str,
    status: int = 200,
) -> HttpResponse:
    """A page of `complaint` under its heading, with its tabs and the state of the work on it."""
    frame = {"complaint": complaint, "runs": newest_runs(complaint), "tab": tab, "now": timezone.now()}
    return page(request, template, {**frame, **context}, title=complaint.reference, status=status)
