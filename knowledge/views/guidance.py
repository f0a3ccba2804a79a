"""Pages to search and read the guidance."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from knowledge.comparison import Piece, changes_between
from knowledge.models import Section, SectionVersion
from knowledge.search import search
from knowledge.selectors import history_of, section_named, sections_by_manual, visible_sections
from knowledge.services.comparing import text_of
from knowledge.views.shared import caller
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
    found = search(query, on=on, limit=LIMIT, practice_id=caller(request).practice_id)
    context = {
        "query": query,
        "on": on.isoformat() if on else "",
        "fault": fault,
        "sources": list(manuals),
        "manual": manual,
        "results": [result for result in found.results if manual in ("", result.section.manual)],
        "archived": found.archived,
        "doubtful": bool(found.results) and found.answerable < settings.CHAT_LEAST_ANSWERABLE,
        "manuals": {} if query else {name: rows for name, rows in manuals.items() if manual in ("", name)},
    }
    return page(request, "knowledge/guidance.html", context, title="Guidance")


@require_safe
def section(request: HttpRequest, identifier: str = "", pk: int | None = None) -> HttpResponse:
    """One section with every version of it that is stored, and what changed between two, ?old= and ?new=.

    By its own number, or by an identifier, which leads to the reader's own section first (knowledge.selectors).
    """
    require(request.user, "guidance.view")
    found = _found(request, identifier, pk)
    versions = list(history_of(caller(request), found)) if found else []
    if found is None or not versions:
        raise Http404("no such section")
    current = next((version for version in versions if version.is_current), versions[0])
    old, new = _chosen(versions, request.GET.get("old", "")), _chosen(versions, request.GET.get("new", ""))
    context = {
        "section": found,
        "current": current,
        "versions": versions,
        "old": old,
        "new": new,
        "changes": _changes(old, new) if old and new else (),
    }
    return page(request, "knowledge/section.html", context, title=current.identifier)


def _found(request: HttpRequest, identifier: str, pk: int | None) -> Section | None:
    if pk is not None:
        return visible_sections(caller(request)).filter(pk=pk).first()
    return None if "\0" in identifier else section_named(caller(request), identifier)


def _chosen(versions: Sequence[SectionVersion], written: str) -> SectionVersion | None:
    return next((version for version in versions if str(version.pk) == written), None)


def _changes(old: SectionVersion, new: SectionVersion) -> tuple[Piece, ...]:
    return changes_between(f"{old.title}\n\n{text_of(old)}", f"{new.title}\n\n{text_of(new)}")


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, "The day must be written as YYYY-MM-DD; the guidance as it is now is shown."
