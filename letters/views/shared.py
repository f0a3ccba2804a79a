"""What the pages of letters share: the letter that the user may see, and the case around it."""

from collections.abc import Mapping
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from complaints.models import Complaint
from complaints.selectors import newest_runs
from letters.models import Letter, LetterVersion
from letters.selectors import visible_letters, visible_versions
from lightpoint.pages import page
from users.models import User
from users.permissions import require
from users.roles import Action

CASE = ("complaint__client", "complaint__practice", "complaint__assigned_to")


def caller(request: HttpRequest) -> User:
    """Who uses the page; the admin has let them in."""
    return cast(User, request.user)


def found_letter(request: HttpRequest, pk: int, action: Action) -> Letter:
    """The letter, for somebody who may do `action`. Http404 for one that the user may not see, else NotAllowed."""
    rows = visible_letters(caller(request)).select_related(*CASE, "approved_by")
    letter = get_object_or_404(rows, pk=pk)
    require(request.user, action)
    return letter


def found_version(request: HttpRequest, pk: int, action: Action) -> LetterVersion:
    """The version, as `found_letter` finds letters."""
    near = [f"letter__{name}" for name in (*CASE, "approved_by")]
    version = get_object_or_404(visible_versions(caller(request)).select_related(*near, "author", "base"), pk=pk)
    require(request.user, action)
    return version


def case_page(
    request: HttpRequest,
    template: str,
    complaint: Complaint,
    context: Mapping[str, object],
    *,
    title: str,
    status: int = 200,
) -> HttpResponse:
    """A page of letters under the heading of their case."""
    frame = {"complaint": complaint, "runs": newest_runs(complaint), "tab": "letters", "now": timezone.now()}
    return page(request, template, {**frame, **context}, title=title, status=status)
