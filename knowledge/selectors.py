"""Reads of the guidance: who may see what, one section, all of them, or those that answer a question.

What is the platform's everybody sees. What a practice owns is seen by that practice alone, and its shared precedents by
all. Letters are drafted from the platform's sections alone, and of these from those that the digest gives an account
of: `stored_sections` and what is read through it.

An identifier is unique among what one owner has, so that an address with an identifier in it may mean several sections.
It leads to the reader's own section, else to the platform's, else to the shared one that is oldest (`named`). A section
under its own number, or its source beside the identifier, is exact.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from knowledge.digest.records import Figure, GuidanceSection, PageDateRole, PostalAddress, Standard
from knowledge.models import (
    SEARCH_CONFIG,
    Section,
    SectionVersion,
    SectionVersionQuerySet,
    Source,
    StagedSection,
)
from knowledge.ranking import named_sections, query_terms
from knowledge.ranking import section_id as normal_id
from lightpoint.cache import Entry, get_or_compute
from lightpoint.codec import from_plain, to_plain
from users.models import User
from users.permissions import may

Somebody: TypeAlias = User | AnonymousUser
CombinableQuery: TypeAlias = SearchQuery | CombinedSearchQuery
LIST = Entry("guidance.list", ttl=timedelta(hours=1), stale=timedelta(hours=1))
PAGES = Entry("guidance.pages", ttl=timedelta(minutes=15), stale=timedelta(hours=1))


def visible_sources(user: Somebody) -> QuerySet[Source]:
    """The sources that `user` may see: the platform's, those of their practice, and what others share."""
    return Source.objects.filter(_seen_by(user, practice="practice", shared="shared"))


def visible_sections(user: Somebody) -> QuerySet[Section]:
    """The sections of the sources that `user` may see."""
    seen = _seen_by(user, practice="practice", shared="source__shared")
    return Section.objects.select_related("source").filter(seen)


def visible_versions(user: Somebody) -> SectionVersionQuerySet:
    """Every version of the sections that `user` may see, with its source."""
    seen = _seen_by(user, practice="section__practice", shared="section__source__shared")
    return SectionVersion.objects.select_related("section__source").filter(seen)


def platform_versions() -> SectionVersionQuerySet:
    """Every version of the platform's sections, with its source: what everybody sees alike."""
    return SectionVersion.objects.select_related("section__source").filter(section__practice__isnull=True)


def versions_seen_by(practice_id: int | None) -> SectionVersionQuerySet:
    """Every version that people of a practice see; None: that the platform itself has, and what practices share."""
    owned = Q(section__practice__isnull=True) | Q(section__source__shared=True)
    own = Q(section__practice=practice_id) if practice_id is not None else Q()
    return SectionVersion.objects.select_related("section__source").filter(owned | own)


def visible_staged(user: Somebody) -> QuerySet[StagedSection]:
    """The uploads of the practice of `user`, decided or not; staff of the platform see all of them."""
    if not may(user, "guidance.view") or not isinstance(user, User):
        return StagedSection.objects.none()
    return StagedSection.objects.all() if user.is_superuser else StagedSection.objects.filter(practice=user.practice_id)


def _seen_by(user: Somebody, *, practice: str, shared: str) -> Q:
    if not may(user, "guidance.view") or not isinstance(user, User):
        return Q(pk__in=())
    if user.is_superuser:
        return Q()
    return Q(**{f"{practice}__isnull": True}) | Q(**{practice: user.practice_id}) | Q(**{shared: True})


def own_first(user: Somebody, practice: str) -> Case:
    """For ordering: 0 for what the practice of `user` owns, 1 for the platform's, 2 for what others share."""
    own = user.practice_id if isinstance(user, User) else None
    whens = [When(**{f"{practice}__isnull": True}, then=1)]
    if own is not None:
        whens.insert(0, When(**{practice: own}, then=0))
    return Case(*whens, default=2, output_field=IntegerField())


def section_named(user: Somebody, identifier: str, *, source: int | None = None) -> Section | None:
    """The section that an address means, by the rule at the top; "crg 5225" is CRG5225."""
    rows = visible_sections(user).filter(identifier__in={identifier, known_section(identifier)})
    if source is not None:
        rows = rows.filter(source=source)
    return rows.order_by(own_first(user, "practice"), "pk").first()


def sources_with_counts(user: Somebody) -> QuerySet[Source]:
    """The sources that `user` may see, each with `held`: how many of its sections have a version that holds now."""
    current = SectionVersion.objects.current().filter(section__source=OuterRef("pk")).order_by()
    counted = current.values("section__source").annotate(number=Count("pk")).values("number")
    return visible_sources(user).annotate(held=Coalesce(Subquery(counted), 0))


def comparisons_seen(user: Somebody, staged: StagedSection) -> list[tuple[dict[str, Any], SectionVersion]]:
    """What `staged` was found to resemble, each with the version as it stands, of those that `user` may see now."""
    numbers = [one["version_id"] for one in staged.compared]
    rows = visible_versions(user).in_bulk(numbers)
    return [(one, rows[one["version_id"]]) for one in staged.compared if one["version_id"] in rows]


def sees_more_than_the_platform(user: Somebody) -> bool:
    """Whether there is anything for `user` beside the platform's sections: then their lists are not everybody's.

    One query, or none (cache): it is kept with the lists, and ends with them.
    """
    if not isinstance(user, User) or user.is_superuser:
        return True
    return get_or_compute(
        PAGES,
        practice=None,
        parts=["owned", user.practice_id],
        compute=lambda: visible_sections(user).filter(practice__isnull=False).exists(),
    )


def guidance_index(on: date | None = None) -> Mapping[str, GuidanceSection]:
    """Every section by identifier, as it is now or as it was in force on the day `on`; archived ones are marked.

    Archived sections are in it so that a citation of one can be told from a citation of nothing.
    """
    rows = sections_standing(on).order_by("identifier")
    return MappingProxyType({row.identifier: as_guidance_section(row) for row in rows})


def section_in_force(section_id: str, on: date) -> GuidanceSection | None:
    """The section that may be cited for an event of the day `on`, or None. "crg 5225" finds CRG5225."""
    identifier = known_section(section_id)
    row = stored_sections().in_force(on).citable().filter(identifier=identifier).first()
    return as_guidance_section(row) if row else None


def section_history(section_id: str) -> QuerySet[SectionVersion]:
    """Every stored version of a section of the platform, the latest first."""
    versions = stored_sections().filter(section__identifier=known_section(section_id))
    return versions.order_by("-retrieved_at", "-pk")


def history_of(user: Somebody, section: Section) -> QuerySet[SectionVersion]:
    """Every version of `section` that `user` may see, the latest first."""
    return visible_versions(user).filter(section=section).order_by("-retrieved_at", "-pk")


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


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def known_section(written: str) -> str:
    """The identifier that somebody means: "crg 5225" is CRG5225."""
    return normal_id(written) or written


def stored_sections() -> SectionVersionQuerySet:
    """Every version of the platform's sections of which the digest gives an account, with its source."""
    rows = SectionVersion.objects.select_related("section__source")
    return rows.filter(section__practice__isnull=True).exclude(requires="")


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
