"""Browse what is held by source, and share precedents."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from knowledge.models import Source
from knowledge.models.guidance import KINDS
from knowledge.selectors import sources_with_counts, visible_sources, visible_versions
from knowledge.services.staging import share_source, unshare_source
from knowledge.views.shared import caller
from lightpoint.errors import DomainError
from lightpoint.pages import page, tell
from lightpoint.pages.lists import BoundedPaginator
from users.permissions import may, require

SOURCE = "admin:knowledge_source_change"
ON_A_PAGE = 100


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Every source that the reader may see, by kind, with how many sections it holds. One query."""
    require(request.user, "guidance.view")
    order = [kind for kind, _ in KINDS]
    rows = sorted(sources_with_counts(caller(request)), key=lambda row: (order.index(row.kind), row.name, row.pk))
    kinds = [(dict(KINDS)[kind], list(held)) for kind, held in groupby(rows, key=lambda row: row.kind)]
    return page(request, "knowledge/sources.html", {"kinds": kinds, "reader": caller(request)}, title="Sources")


@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One source: the sections of it that hold now."""
    require(request.user, "guidance.view")
    found = get_object_or_404(visible_sources(caller(request)), pk=pk)
    rows = visible_versions(caller(request)).current().filter(section__source=found).defer("body", "requires")
    shown = BoundedPaginator(rows.order_by("identifier", "pk"), ON_A_PAGE).get_page(request.GET.get("p"))
    own = found.practice_id is not None and found.practice_id == caller(request).practice_id
    sharable = own and found.kind == "precedent" and may(request.user, "guidance.share")
    context = {"source": found, "shown": shown, "own": own, "sharable": sharable}
    return page(request, "knowledge/source.html", context, title=found.name)


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Let every practice see the precedents of the source."""
    found = _found(request, pk)
    try:
        share_source(source=found, by=caller(request), now=timezone.now())
        tell(request, done="Every practice sees these precedents now.")
    except DomainError as error:
        tell(request, refused=[str(error)])
    return redirect(SOURCE, pk)


@require_POST
def unshare(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the practice alone see them."""
    found = _found(request, pk)
    try:
        unshare_source(source=found, by=caller(request), now=timezone.now())
        tell(request, done="Only your practice sees these precedents now.")
    except DomainError as error:
        tell(request, refused=[str(error)])
    return redirect(SOURCE, pk)


def _found(request: HttpRequest, pk: int) -> Source:
    found = get_object_or_404(visible_sources(caller(request)), pk=pk)
    require(request.user, "guidance.share")
    return found
