"""Pages for those who run a practice."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tickets.selectors import practice_overview


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """How many cases stand where."""
    return render(request, "tickets/overview.html", {"overview": practice_overview(request.user)})  # type: ignore[arg-type]
