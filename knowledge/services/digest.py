"""Writes of the guidance: bring the shipped digest into the database, version by version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from knowledge.digest import GuidanceSection, load_digest
from knowledge.models import Section, SectionVersion, Source
from knowledge.services.chunking import end_chunks, rechunk_all
from knowledge.services.versions import Outcome, drop_caches, lock_versions, put_in_place, version_name
from lightpoint.progress import NullProgress, Progress
from users.models import User

LICENCE = "Open Government Licence v3.0"
LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
PUBLISHER = "HM Revenue & Customs and the Adjudicator's Office, on GOV.UK"
STEP = "guidance"
KINDS = {"HMRC Charter": "charter"}  # of the digest's sources; the others are manuals


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, as identifiers: first versions, pages that changed, our words corrected; and how many stayed."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    corrected: tuple[str, ...]
    unchanged: int


@transaction.atomic
def load_digest_into_database(
    *,
    now: datetime,
    by: User | None = None,
    digest: Mapping[str, GuidanceSection] | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Store a version of each section whose entry is not the current one. A second run stores nothing.

    An entry with a later page date, or a later day from which it is in force, ends the period of the version before
    it. Any other change is a correction of our words: it takes over the period, and the old version stays, superseded.
    What the page itself says, where it was ingested, goes over to the new version. `digest` is the one that ships
    unless given. Entries that are no longer in it keep their versions. Chunks are brought up to date with all of it.
    """
    progress = progress or NullProgress()
    entries = load_digest() if digest is None else digest
    lock_versions()
    current, sections = _current_versions(entries), _sections(entries)
    outcomes: dict[str, list[str]] = {"added": [], "changed": [], "corrected": [], "unchanged": []}
    progress.start(STEP, len(entries))
    for entry in entries.values():
        old, section = current.get(entry.id), sections[entry.id]
        outcomes[_store(entry, section, old, now=now, by=by)].append(entry.id)
        progress.advance(STEP, entry.id)
    if len(outcomes["unchanged"]) < len(entries):
        drop_caches()
        current = _current_versions(entries)
    rechunk_all(current.values())
    return LoadReport(
        added=tuple(outcomes["added"]),
        changed=tuple(outcomes["changed"]),
        corrected=tuple(outcomes["corrected"]),
        unchanged=len(outcomes["unchanged"]),
    )


def _current_versions(identifiers: Iterable[str]) -> dict[str, SectionVersion]:
    """The platform's current version of each of these sections."""
    rows = SectionVersion.objects.current().filter(section__practice=None, identifier__in=list(identifiers))
    return {row.identifier: row for row in rows.select_related("section__source").defer("search")}


def _store(
    entry: GuidanceSection, section: Section, old: SectionVersion | None, *, now: datetime, by: User | None
) -> Outcome:
    if old is not None and old.digest_version == entry.version:
        return "unchanged"
    starts = _start_of_change(entry, old) if old else None
    outcome = put_in_place(_new_version(entry, section, old, now=now), old=old, starts=starts, now=now, by=by)
    if old is not None:
        end_chunks(old)
    return outcome


def _start_of_change(entry: GuidanceSection, old: SectionVersion) -> date | None:
    """The day from which a changed page holds; None where the page is the same and only our words differ."""
    if entry.in_force_from and _later(entry.in_force_from, old.in_force_from):
        return entry.in_force_from
    if entry.page_date and _later(entry.page_date, old.page_date) and _later(entry.page_date, old.valid_from):
        return entry.page_date
    return None


def _later(new: date, old: date | None) -> bool:
    return old is None or new > old


def _new_version(
    entry: GuidanceSection, section: Section, old: SectionVersion | None, *, now: datetime
) -> SectionVersion:
    """The version of `entry`, with the words of the page that `old` holds and, where it is newer, the page's state."""
    body, body_sha256 = (old.body, old.body_sha256) if old else ("", "")
    newer = old if old and old.page_date and entry.page_date and old.page_date > entry.page_date else entry
    return SectionVersion(
        section=section,
        identifier=entry.id,
        version=version_name(digest_version=entry.version, body_sha256=body_sha256),
        digest_version=entry.version,
        body=body,
        body_sha256=body_sha256,
        title=entry.title,
        requires=entry.requires,
        figures=[[figure.value, figure.role] for figure in entry.figures],
        topics=list(entry.topics),
        keywords=list(entry.keywords),
        standards=[[standard.name, standard.promise] for standard in entry.standards],
        addresses=[[list(address.taxes), list(address.lines)] for address in entry.addresses],
        page_date=newer.page_date,
        page_date_role=newer.page_date_role,
        in_force_from=entry.in_force_from,
        archived=newer.archived,
        url=entry.url,
        valid_from=entry.in_force_from,
        retrieved_at=now,
    )


def _sections(entries: Mapping[str, GuidanceSection]) -> dict[str, Section]:
    """The section of each entry, made where there is none."""
    sources = {manual: _source(manual) for manual in sorted({entry.manual for entry in entries.values()})}
    standing = Section.objects.filter(practice=None, identifier__in=list(entries)).select_related("source")
    found = {section.identifier: section for section in standing}
    missing = [
        Section(identifier=entry.id, source=sources[entry.manual])
        for entry in entries.values()
        if entry.id not in found
    ]
    return found | {section.identifier: section for section in Section.objects.bulk_create(missing)}


def _source(manual: str) -> Source:
    made = {"publisher": PUBLISHER, "licence": LICENCE, "licence_url": LICENCE_URL}
    kind = KINDS.get(manual, "manual")
    return Source.objects.get_or_create(practice=None, name=manual, defaults={"kind": kind, **made})[0]
