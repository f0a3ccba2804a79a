"""Pages to search and read the guidance. Everyone who is signed in sees all of it: it belongs to no practice."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.selectors import search_sections, section_history, sections_by_manual

LIMIT = 20
QUERY_CHARACTERS = 500


@require_safe
@login_required
def guidance(request: HttpRequest) -> HttpResponse:
    """The sections that answer ?q=, or all of them by manual; ?on= keeps to what was in force on that day."""
    query = request.GET.get("q", "").replace("\0", " ").strip()[:QUERY_CHARACTERS]
    on, fault = _day(request.GET.get("on", ""))
    context = {
        "query": query,
        "on": request.GET.get("on", ""),
        "fault": fault,
        "results": search_sections(query, on=on, limit=LIMIT) if query else (),
        "manuals": {} if query else sections_by_manual(on),
    }
    return render(request, "knowledge/guidance.html", context)


@require_safe
@login_required
def section(request: HttpRequest, identifier: str) -> HttpResponse:
    """One section with every version of it that is stored."""
    versions = list(section_history(identifier)) if "\0" not in identifier else []
    if not versions:
        raise Http404("no such section")
    current = next((version for version in versions if version.is_current), versions[0])
    return render(request, "knowledge/section.html", {"current": current, "versions": versions})


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, "The day must be written as YYYY-MM-DD; the guidance as it is now is shown."
