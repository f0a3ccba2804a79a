"""Pages for those who run a practice."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lightpoint.pages import page
from tickets.selectors import management_figures, practice_overview
from users.models import User
from users.permissions import may


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """How many cases stand where; for managers also who has them, how old they are, letters, tickets and minutes."""
    user = request.user
    if isinstance(user, User) and may(user, "management.view"):
        figures = management_figures(user, now=timezone.localtime())
        return page(request, "tickets/management.html", {"figures": figures}, title="Overview")
    return page(request, "tickets/overview.html", {"overview": practice_overview(user)}, title="Overview")
