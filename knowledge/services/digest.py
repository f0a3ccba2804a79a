"""Writes of the guidance: bring the shipped digest into the database, version by version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from knowledge.digest import GuidanceSection, load_digest
from knowledge.models import Section, SectionVersion, Source
from knowledge.selectors import LIST, PAGES, SEARCH
from lightpoint.cache import invalidate
from lightpoint.progress import NullProgress, Progress
from users.models import User
from users.services import record_audit

LICENCE = "Open Government Licence v3.0"
LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
PUBLISHER = "HM Revenue & Customs and the Adjudicator's Office, on GOV.UK"
STEP = "guidance"


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
    `digest` is the one that ships unless given. Entries that are no longer in it keep their versions.
    """
    progress = progress or NullProgress()
    entries = load_digest() if digest is None else digest
    current = _current_versions()
    outcomes: dict[str, list[str]] = {"added": [], "changed": [], "corrected": [], "unchanged": []}
    progress.start(STEP, len(entries))
    for entry in entries.values():
        outcomes[_store(entry, current.get(entry.id), now=now, by=by)].append(entry.id)
        progress.advance(STEP, entry.id)
    if len(outcomes["unchanged"]) < len(entries):
        for kept in (LIST, PAGES, SEARCH):
            invalidate(kept.name, practice=None)
    return LoadReport(
        added=tuple(outcomes["added"]),
        changed=tuple(outcomes["changed"]),
        corrected=tuple(outcomes["corrected"]),
        unchanged=len(outcomes["unchanged"]),
    )


def _current_versions() -> dict[str, SectionVersion]:
    """The current version of each section, locked, so that two loads at once do not both add one."""
    Source.objects.select_for_update().order_by("pk").first()
    rows = SectionVersion.objects.current().select_for_update(of=("self",)).order_by("pk")
    return {row.identifier: row for row in rows}


def _store(entry: GuidanceSection, old: SectionVersion | None, *, now: datetime, by: User | None) -> str:
    if old is None:
        new = _add_version(entry, valid_from=entry.in_force_from, now=now)
        outcome = "added"
    elif old.digest_version == entry.version:
        return "unchanged"
    elif (starts := _start_of_change(entry, old)) is not None:
        SectionVersion.objects.filter(pk=old.pk).update(valid_to=starts)
        new, outcome = _add_version(entry, valid_from=starts, now=now), "changed"
    else:
        SectionVersion.objects.filter(pk=old.pk).update(superseded_at=now)
        new, outcome = _add_version(entry, valid_from=old.valid_from, now=now), "corrected"
    record_audit(
        action=f"guidance.{outcome}",
        target=new,
        at=now,
        actor=by,
        old={"version": old.version} if old else None,
        new={"version": new.version},
    )
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


def _add_version(entry: GuidanceSection, *, valid_from: date | None, now: datetime) -> SectionVersion:
    return SectionVersion.objects.create(
        section=_section(entry),
        identifier=entry.id,
        version=entry.version,
        digest_version=entry.version,
        title=entry.title,
        requires=entry.requires,
        figures=[[figure.value, figure.role] for figure in entry.figures],
        topics=list(entry.topics),
        keywords=list(entry.keywords),
        standards=[[standard.name, standard.promise] for standard in entry.standards],
        addresses=[[list(address.taxes), list(address.lines)] for address in entry.addresses],
        page_date=entry.page_date,
        page_date_role=entry.page_date_role,
        in_force_from=entry.in_force_from,
        archived=entry.archived,
        url=entry.url,
        valid_from=valid_from,
        retrieved_at=now,
    )


def _section(entry: GuidanceSection) -> Section:
    source, _made = Source.objects.get_or_create(
        name=entry.manual, defaults={"publisher": PUBLISHER, "licence": LICENCE, "licence_url": LICENCE_URL}
    )
    section, _made = Section.objects.get_or_create(identifier=entry.id, defaults={"source": source})
    return section
