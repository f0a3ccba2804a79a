"""Pages into the database: every page its own transaction, each change a new version, nothing overwritten."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from knowledge.ingestion.client import Client
from knowledge.ingestion.crawling import Kept, Memory, crawl
from knowledge.ingestion.reading import find_files, read_file
from knowledge.ingestion.records import Page, Problem, UnreadablePageError
from knowledge.models import Section, SectionVersion, Source
from knowledge.services.chunking import end_chunks, rechunk
from knowledge.services.versions import Outcome, body_hash, drop_caches, lock_versions, put_in_place, version_name
from lightpoint.progress import NullProgress, Progress
from users.models import Practice, User

LICENCE: Final = "Open Government Licence v3.0"
LICENCE_URL: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
READING, STORING, FETCHING = "reading", "storing", "fetching"
CARRIED: Final = ("requires", "figures", "topics", "keywords", "standards", "addresses", "in_force_from")


@dataclass(frozen=True, slots=True)
class SourceWanted:
    """Where a page comes from, for a section that is not there yet. Without a practice it is the platform's."""

    name: str
    kind: str = "manual"
    practice: Practice | None = None
    publisher: str = ""
    licence: str = ""
    licence_url: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """The version that now holds for the page, and how it came there; `older`: what is there is of a later day."""

    outcome: Outcome
    version: SectionVersion
    older: bool = False


@dataclass(slots=True)
class IngestReport:
    """What a run did, as identifiers by outcome, and the files of which nothing came."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def note(self, stored: Stored) -> None:
        names: list[str] = getattr(self, stored.outcome)
        names.append(stored.version.identifier)


@transaction.atomic
def store_page(page: Page, *, source: SourceWanted, now: datetime, by: User | None = None) -> Stored:
    """Store `page` as the version of its section that holds now, unless it is that already, and chunk it.

    Changed words with a later page date are a new version, valid from that day; with none they correct what was there.
    A page older than the one that is there changes nothing. The digest's account goes over to the new version.
    """
    lock_versions()
    section = _section(page, source)
    old = SectionVersion.objects.current().select_related("section__source").filter(section=section).first()
    page = page if page.page_date is None or page.page_date <= now.date() else replace(page, page_date=None)
    if old is not None and (_is_same(page, old) or _is_older(page, old)):
        rechunk(old)
        return Stored("unchanged", old, older=not _is_same(page, old))
    new = _new_version(page, section, old, now=now)
    outcome = put_in_place(new, old=old, starts=_start_of_change(page, old) if old else None, now=now, by=by)
    if old is not None:
        end_chunks(old)
    rechunk(new)
    drop_caches()
    return Stored(outcome, new)


def ingest_paths(
    paths: Sequence[Path],
    *,
    practice: Practice | None,
    now: datetime,
    progress: Progress | None = None,
    kind: str = "",
    source_name: str = "",
) -> IngestReport:
    """Read the files of `paths` and store their pages. May be stopped anywhere and run again.

    Files of which nothing comes are in the report; the rest goes on. Without `practice` pages are the platform's.
    `kind` and `source_name` take the place of what the pages tell.
    """
    progress, report = progress or NullProgress(), IngestReport()
    pages = _read(list(find_files(list(paths))), report, progress)

    def wanted(page: Page) -> SourceWanted:
        return source_of(page, practice=practice, kind=kind, name=source_name)

    _store(_without_rivals(pages, report), wanted, report, now=now, progress=progress)
    return report


def ingest_manual(
    manual: str,
    *,
    client: Client,
    memory: Memory,
    now: datetime,
    practice: Practice | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Read a manual from GOV.UK and store its pages as they come. May be stopped anywhere and run again.

    Pages that are as `memory` knows them are neither sent again nor stored. Raises FetchError, with what came before it
    stored.
    """
    progress, report = progress or NullProgress(), IngestReport()
    progress.start(FETCHING, None)
    for found in crawl(client, manual, memory, lambda kept: _holds(kept, practice)):
        if found.page is None:
            report.problems.append(Problem(found.path, found.fault))
        elif rival := memory.holder_of(found.page.identifier, but=found.path):
            told = f"It is {found.page.identifier} as {rival} is, which holds."
            report.problems.append(Problem(found.path, told))
        else:
            stored = store_page(found.page, source=source_of(found.page, practice=practice), now=now)
            found.stored_as = (stored.version.identifier, stored.version.body_sha256)
            report.note(stored)
        progress.advance(FETCHING, found.path.rpartition("/")[2])
    return report


def _holds(kept: Kept, practice: Practice | None) -> bool:
    """Whether what was fetched is what the section says now, and not something that was stored since."""
    versions = SectionVersion.objects.current().filter(section__practice=practice, identifier=kept.identifier)
    return versions.filter(body_sha256=kept.body_sha256).exists()


def source_of(page: Page, *, practice: Practice | None, kind: str = "", name: str = "") -> SourceWanted:
    """The source that a page tells of, where it is the platform's; else the notes of the practice."""
    if practice is not None:
        kind = kind or "practice_note"
        return SourceWanted(
            name or "Practice notes", kind, practice, publisher=practice.name, licence="All rights reserved"
        )
    publisher = page.publisher or "HM Revenue & Customs"
    return SourceWanted(
        name or page.source_name or ("HMRC Charter" if page.kind == "charter" else "GOV.UK guidance"),
        kind or page.kind or "manual",
        publisher=publisher,
        licence=LICENCE,
        licence_url=LICENCE_URL,
    )


def _read(files: Sequence[Path], report: IngestReport, progress: Progress) -> list[tuple[str, Page]]:
    pages: list[tuple[str, Page]] = []
    progress.start(READING, len(files))
    for file in files:
        try:
            pages.append((file.name, read_file(file)))
        except UnreadablePageError as error:
            report.problems.append(Problem(file.name, str(error)))
        progress.advance(READING, file.name)
    return pages


def _without_rivals(pages: Iterable[tuple[str, Page]], report: IngestReport) -> list[tuple[str, Page]]:
    """Pages by day, the oldest first. Of two that differ, of one section and day, the first holds; else no run would
    find what the run before it left."""
    ordered = sorted(pages, key=lambda pair: (pair[1].page_date or date.min, pair[0]))
    first: dict[tuple[str, date | None], tuple[str, str]] = {}
    kept: list[tuple[str, Page]] = []
    for name, page in ordered:
        words = body_hash(page.body)
        rival, known = first.setdefault((page.identifier, page.page_date), (name, words))
        if known == words:
            kept.append((name, page))
        else:
            report.problems.append(Problem(name, f"It is {page.identifier} as {rival} is, and says something else."))
    return kept


def _store(
    pages: Sequence[tuple[str, Page]],
    wanted: Callable[[Page], SourceWanted],
    report: IngestReport,
    *,
    now: datetime,
    progress: Progress,
) -> None:
    progress.start(STORING, len(pages))
    for _name, page in pages:
        report.note(store_page(page, source=wanted(page), now=now))
        progress.advance(STORING, page.identifier)


def _section(page: Page, wanted: SourceWanted) -> Section:
    found = (
        Section.objects.filter(practice=wanted.practice, identifier=page.identifier).select_related("source").first()
    )
    if found is not None:
        return found
    source, _made = Source.objects.get_or_create(
        practice=wanted.practice,
        name=wanted.name,
        defaults={
            "kind": wanted.kind,
            "publisher": wanted.publisher,
            "licence": wanted.licence,
            "licence_url": wanted.licence_url,
        },
    )
    return Section.objects.create(source=source, practice=wanted.practice, identifier=page.identifier)


def _is_same(page: Page, old: SectionVersion) -> bool:
    return (old.body_sha256, old.archived) == (body_hash(page.body), page.archived)


def _is_older(page: Page, old: SectionVersion) -> bool:
    """Whether what is there was on the page on a later day. What the digest says alone is no page."""
    return bool(old.body and page.page_date and old.page_date and page.page_date < old.page_date)


def _start_of_change(page: Page, old: SectionVersion) -> date | None:
    """The day from which a changed page holds; None where it only corrects.

    The day of a print is one on which it held, which says nothing of the day before where no page was there.
    """
    if page.page_date is None or (page.page_date_role == "printed" and not old.body):
        return None
    later = old.page_date is None or page.page_date > old.page_date
    return page.page_date if later and (old.valid_from is None or page.page_date > old.valid_from) else None


def _new_version(page: Page, section: Section, old: SectionVersion | None, *, now: datetime) -> SectionVersion:
    digest_version, words = old.digest_version if old else "", body_hash(page.body)
    keeps_date = old is not None and old.page_date is not None and page.page_date is None
    return SectionVersion(
        section=section,
        identifier=section.identifier,
        version=version_name(digest_version=digest_version, body_sha256=words),
        digest_version=digest_version,
        body=page.body,
        body_sha256=words,
        title=old.title if old and digest_version else page.title,
        page_date=old.page_date if old and keeps_date else page.page_date,
        page_date_role=old.page_date_role if old and keeps_date else page.page_date_role,
        archived=page.archived,
        url=page.url or (old.url if old else ""),
        retrieved_at=now,
        **{name: getattr(old, name) for name in CARRIED if old},
    )
