"""Reads of the guidance: one section, all of them, or those that answer a question."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import TypeAlias, cast

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db.models import QuerySet

from knowledge.digest.records import Figure, GuidanceSection, PageDateRole, PostalAddress, Standard
from knowledge.models import SEARCH_CONFIG, SectionVersion, SectionVersionQuerySet
from knowledge.ranking import named_sections, query_terms
from knowledge.ranking import section_id as normal_id
from knowledge.search import SEARCH, Hit, search
from lightpoint.cache import Entry, get_or_compute
from lightpoint.codec import from_plain, to_plain

__all__ = [
    "LIST", "PAGES", "SEARCH", "as_guidance_section", "guidance_index", "having_words", "known_section",
    "search_condition", "search_sections", "section_history", "section_in_force", "sections_by_manual",
    "sections_standing", "stored_sections",
]  # fmt: skip
CombinableQuery: TypeAlias = SearchQuery | CombinedSearchQuery
LIST = Entry("guidance.list", ttl=timedelta(hours=1), stale=timedelta(hours=1))
PAGES = Entry("guidance.pages", ttl=timedelta(minutes=15), stale=timedelta(hours=1))


def guidance_index(on: date | None = None) -> Mapping[str, GuidanceSection]:
    """Every section by identifier, as it is now or as it was in force on the day `on`; archived ones are marked.

    Archived sections are in it so that a citation of one can be told from a citation of nothing.
    """
    rows = sections_standing(on).order_by("identifier")
    return MappingProxyType({row.identifier: as_guidance_section(row) for row in rows})


def section_in_force(section_id: str, on: date) -> GuidanceSection | None:
    """The section that may be cited for an event of the day `on`, or None. "crg 5225" finds CRG5225."""
    identifier = known_section(section_id)
    row = SectionVersion.objects.in_force(on).citable().filter(identifier=identifier).first()
    return as_guidance_section(row) if row else None


def section_history(section_id: str) -> QuerySet[SectionVersion]:
    """Every stored version of a section, the latest first."""
    versions = stored_sections().filter(section__identifier=known_section(section_id))
    return versions.order_by("-retrieved_at", "-pk")


def sections_by_manual(on: date | None = None) -> Mapping[str, tuple[GuidanceSection, ...]]:
    """The sections that may be cited, by manual. One query, or none (cache)."""
    plain = get_or_compute(LIST, practice=None, parts=[_iso(on)], compute=lambda: to_plain(_sections_by_manual(on)))
    return MappingProxyType(from_plain(dict[str, tuple[GuidanceSection, ...]], plain))


def _sections_by_manual(on: date | None) -> dict[str, list[GuidanceSection]]:
    found: dict[str, list[GuidanceSection]] = {}
    for section in guidance_index(on).values():
        if section.citable:
            found.setdefault(section.manual, []).append(section)
    return {manual: found[manual] for manual in sorted(found)}


def search_sections(
    query: str,
    *,
    on: date | None = None,
    include_archived: bool = False,
    limit: int = 10,
    practice_id: int | None = None,
) -> tuple[Hit, ...]:
    """The sections that answer `query`, best first; those that it names come before all others.

    `on` keeps to what was in force on that day. Without a practice, what is the platform's and what is shared. One
    query, or none (cache).
    """
    found = search(query, practice_id=practice_id, on=on, archived=include_archived, limit=limit)
    return found.results


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def known_section(written: str) -> str:
    """The identifier that somebody means: "crg 5225" is CRG5225."""
    return normal_id(written) or written


def stored_sections() -> SectionVersionQuerySet:
    """Every version of every section, with its source."""
    return SectionVersion.objects.select_related("section__source")


def sections_standing(on: date | None = None) -> SectionVersionQuerySet:
    """Of each section the version that holds now, or held for an event of the day `on`."""
    return stored_sections().current() if on is None else stored_sections().in_force(on)


def having_words(rows: SectionVersionQuerySet, words: str) -> SectionVersionQuerySet:
    """Those of `rows` that have any of `words`, or are named in them; none where they say nothing."""
    terms = query_terms(words)
    return rows.filter(search=search_condition(terms, named_sections(words))) if terms else rows.none()


def search_condition(terms: Iterable[str], named: Iterable[str]) -> CombinableQuery:
    """Any of the terms, or an identifier: identifiers are words of the search column, so one index serves both."""
    return reduce(or_, [_term_query(term) for term in (*terms, *named)])


def _term_query(term: str) -> SearchQuery:
    return SearchQuery(term, search_type="plain", config=SEARCH_CONFIG)


def as_guidance_section(row: SectionVersion) -> GuidanceSection:
    """The record of a stored version; `row.section.source` is read."""
    return GuidanceSection(
        id=row.identifier,
        title=row.title,
        manual=row.section.source.name,
        requires=row.requires,
        figures=tuple(Figure(*pair) for pair in row.figures),
        topics=tuple(row.topics),
        page_date=row.page_date,
        url=row.url,
        in_force_from=row.in_force_from,
        archived=row.archived,
        keywords=tuple(row.keywords),
        version=row.version,
        page_date_role=cast(PageDateRole, row.page_date_role),
        standards=tuple(Standard(*pair) for pair in row.standards),
        addresses=tuple(PostalAddress(tuple(taxes), tuple(lines)) for taxes, lines in row.addresses),
    )
