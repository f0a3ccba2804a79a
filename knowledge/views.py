"""Pages to search and read the guidance. Everyone who is signed in sees all of it: it belongs to no practice."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from knowledge.selectors import search_sections, section_history, sections_by_manual
from lightpoint.pages import page
from users.permissions import require

LIMIT = 20
QUERY_CHARACTERS = 500


@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    """The sections that answer ?q=, or all of them by manual; ?manual= and ?on= narrow what is looked through."""
    require(request.user, "guidance.view")
    query = request.GET.get("q", "").replace("\0", " ").strip()[:QUERY_CHARACTERS]
    on, fault = _day(request.GET.get("on", ""))
    manuals = sections_by_manual(on)
    manual = request.GET.get("manual", "")
    results = search_sections(query, on=on, limit=LIMIT, practice_id=_practice(request)) if query else ()
    context = {
        "query": query,
        "on": on.isoformat() if on else "",
        "fault": fault,
        "sources": list(manuals),
        "manual": manual,
        "results": [result for result in results if manual in ("", result.section.manual)],
        "manuals": {} if query else {name: rows for name, rows in manuals.items() if manual in ("", name)},
    }
    return page(request, "knowledge/guidance.html", context, title="Guidance")


def _practice(request: HttpRequest) -> int | None:
    """Whose guidance is looked through beside the platform's."""
    return getattr(request.user, "practice_id", None)


@require_safe
def section(request: HttpRequest, identifier: str) -> HttpResponse:
    """One section with every version of it that is stored."""
    require(request.user, "guidance.view")
    versions = list(section_history(identifier)) if "\0" not in identifier else []
    if not versions:
        raise Http404("no such section")
    current = next((version for version in versions if version.is_current), versions[0])
    context = {"current": current, "versions": versions}
    return page(request, "knowledge/section.html", context, title=current.identifier)


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, "The day must be written as YYYY-MM-DD; the guidance as it is now is shown."
