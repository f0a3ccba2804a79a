"""Where a section of the guidance is used: what a change of it touches."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from knowledge.selectors import history_of, visible_sections
from letters.selectors import uses_of_sections
from letters.views.shared import caller
from lightpoint.pages import page
from lightpoint.pages.lists import BoundedPaginator
from users.permissions import require

ON_A_PAGE = 50


@require_safe
def uses(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters that rest on a section, with the version that each cites; ?all=1 with the cases that are over."""
    section = get_object_or_404(visible_sections(caller(request)), pk=pk)
    require(request.user, "letter.view")
    versions = list(history_of(caller(request), section))
    everything = request.GET.get("all") == "1"
    rows = uses_of_sections(versions, viewer=caller(request), open_only=not everything)
    shown = BoundedPaginator(rows.order_by("-created_at", "-pk"), ON_A_PAGE).get_page(request.GET.get("p"))
    current = next((row.version for row in versions if row.is_current), None)
    context = {"section": section, "shown": shown, "current": current, "everything": everything}
    return page(request, "letters/uses.html", context, title=f"{section.identifier}: where it is used")
