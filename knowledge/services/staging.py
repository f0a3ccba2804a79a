"""Uploads wait, are compared with what is held, and a person decides. Every step is audited and can be taken back.

approve   becomes the version that holds from its page's date on (else from today); what stood before holds for events
          before that day. A section that is not there yet is made.
replace   takes the place of a version of the same owner, for every day for which that one held; it stays, superseded.
merge     the same, with the words of both, which the person has read and may have changed.
reject    nothing is made.
undo      the version that was made is superseded, the one before stands again, and the upload waits again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from knowledge.anonymising import anonymise
from knowledge.comparison import merged
from knowledge.models import Section, SectionVersion, Source, StagedSection
from knowledge.selectors import versions_seen_by, visible_staged, visible_versions
from knowledge.services.changes import follow_change, follow_sharing
from knowledge.services.comparing import compare_with_held, text_of
from knowledge.services.ingestion import CARRIED
from knowledge.services.versions import body_hash, lock_versions, put_in_place, version_name
from knowledge.staging_status import NEEDS_TARGET, STATE_AFTER, WAITING, Decision, may_move, open_decisions
from lightpoint.errors import Conflict, InvalidInput, NotAllowed
from lightpoint.rest.etag import check_version
from users.models import Practice, User
from users.permissions import require
from users.services import record_audit

PRECEDENT: Final = "precedent"
LONGEST: Final = 400_000  # characters of a section
OWN_PUBLISHER: Final = "the practice"
OWN_LICENCE: Final = "not published"
# What the digest says of a page stays with the section until the digest says otherwise.
ACCOUNT: Final = ("digest_version", *CARRIED)


class DecisionNotAllowed(Conflict):
    """The upload cannot be moved to that state from where it is."""

    code = "decision-not-allowed"


class UnfitTarget(InvalidInput):
    """Only a version that holds now, and that the same owner has, can be replaced or merged with."""

    code = "unfit-target"


class SectionMoved(Conflict):
    """The section has changed since, so that what was asked no longer fits it."""

    code = "section-moved"


@dataclass(frozen=True, slots=True)
class UploadedPage:
    """A section as it was read out of a file."""

    identifier: str
    title: str
    body: str
    url: str = ""
    page_date: date | None = None
    page_date_role: str = "updated"
    archived: bool = False
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody decided: with `target` for merge and replace, and for merge the `text`, where it was edited."""

    decision: Decision
    target: int | None = None
    text: str | None = None


@transaction.atomic
def stage_upload(
    *, pages: Sequence[UploadedPage], kind: str, source_name: str, by: User, now: datetime
) -> list[StagedSection]:
    """Keep `pages` until somebody decides about them, each compared with what `by` may see.

    They are the practice's of `by`, or the platform's where `by` is its staff. Precedents are anonymised first. Raises
    NotAllowed, and InvalidInput for nothing to stage, for a section that is too long, or a source of another kind.
    """
    require(by, "guidance.curate")
    name = " ".join(source_name.split())
    if not name:
        raise InvalidInput("A source has a name")
    _check_source(by.practice, name, kind)
    usable = [_anonymous(page) if kind == PRECEDENT else page for page in pages if page.body.strip()]
    if not usable:
        raise InvalidInput("There are no words in what was sent")
    return [_stage(page, kind=kind, source_name=name, by=by, now=now) for page in usable]


@transaction.atomic
def compare_again(*, staged: StagedSection, by: User, now: datetime) -> StagedSection:
    """Compare an upload that waits with what is held now. Raises DecisionNotAllowed once it is decided."""
    row = _locked(staged, by, None)
    if row.state != WAITING:
        raise DecisionNotAllowed("It has been decided about: take that back first")
    _compare(row)
    _save(row, "finding", "compared")
    _tell("compared", row, by, now, old={}, new={"finding": row.finding})
    return row


@transaction.atomic
def decide(
    *, staged: StagedSection, judged: Judgement, by: User, now: datetime, expected_version: int | None = None
) -> StagedSection:
    """Do what was judged about `staged`. Raises NotAllowed, StaleVersion, DecisionNotAllowed, UnfitTarget."""
    row = _locked(staged, by, expected_version)
    state = STATE_AFTER[judged.decision]
    if not may_move(row.state, state):
        choices = ", ".join(open_decisions(row.state)) or "nothing, until that is taken back"
        raise DecisionNotAllowed(f"It is {row.state}; what can be decided is: {choices}")
    if (judged.decision in NEEDS_TARGET) != (judged.target is not None):
        raise UnfitTarget("Name the version to replace or to merge with, and only for these two")
    made, ended = None, None
    if judged.decision != "reject":
        made, ended = _stored(row, judged, by, now)
        follow_change(made=made, touched=[ended] if ended else [])
    row.state, row.result, row.replaces, row.decided_by, row.decided_at = state, made, ended, by, now
    _save(row, "state", "result", "replaces", "decided_by", "decided_at")
    labels = {"result": made and str(made), "replaces": ended and str(ended)}
    _tell(state, row, by, now, old={"state": WAITING}, new={"state": state, **labels})
    return row


@transaction.atomic
def undo(*, staged: StagedSection, by: User, now: datetime, expected_version: int | None = None) -> StagedSection:
    """Take the decision back. Raises NotAllowed, StaleVersion, DecisionNotAllowed, and SectionMoved where a later
    version has taken the place of the one that the decision made.
    """
    row = _locked(staged, by, expected_version)
    if not may_move(row.state, WAITING):
        raise DecisionNotAllowed("Nothing has been decided about it yet")
    made, ended, old = row.result, row.replaces, row.state
    if made is not None:
        _withdraw(made, ended, now)
        follow_change(made=None, touched=[made, *([ended] if ended else [])])
    row.state, row.result, row.replaces, row.decided_by, row.decided_at = WAITING, None, None, None, None
    _compare(row)
    _save(row, "state", "result", "replaces", "decided_by", "decided_at", "finding", "compared")
    labels = {"withdrawn": made and str(made), "restored": ended and str(ended)}
    _tell("decision_undone", row, by, now, old={"state": old}, new={"state": WAITING, **labels})
    return row


def merged_text(*, staged: StagedSection, target: SectionVersion) -> str:
    """What a merge of the two says unless the person changes it: the held text, then what only the upload says."""
    return merged(text_of(target), staged.body)


def share_source(*, source: Source, by: User, now: datetime) -> Source:
    """Let every practice see the precedents of `source`, a source of the practice of `by`, from now on."""
    return _set_shared(source, by, now, shared=True)


def unshare_source(*, source: Source, by: User, now: datetime) -> Source:
    """Let only the practice that owns them see the precedents of `source`. Letters and answers that cite them stay."""
    return _set_shared(source, by, now, shared=False)


@transaction.atomic
def _set_shared(source: Source, by: User, now: datetime, *, shared: bool) -> Source:
    require(by, "guidance.share")
    row = Source.objects.select_related("practice").select_for_update(of=("self",), no_key=True).get(pk=source.pk)
    _check_owner(row.practice_id, by)
    if row.kind != PRECEDENT or row.practice is None:
        raise Conflict("Only the precedents of a practice can be shared")
    if row.shared != shared:
        row.shared = shared
        row.save(update_fields=["shared"])
        follow_sharing(row)
        word = "shared" if shared else "unshared"
        record_audit(
            action=f"guidance.{word}",
            target=row,
            at=now,
            actor=by,
            practice=row.practice,
            old={"shared": not shared},
            new={"shared": shared},
        )
    return row


def _stage(page: UploadedPage, *, kind: str, source_name: str, by: User, now: datetime) -> StagedSection:
    if len(page.body) > LONGEST:
        raise InvalidInput(f"{page.identifier} is longer than {LONGEST:,} characters: send it in parts")
    row = StagedSection(
        practice=by.practice,
        kind=kind,
        source_name=source_name[:200],
        identifier=page.identifier[:80],
        title=page.title[:300],
        body=page.body,
        body_sha256=body_hash(page.body),
        url=page.url[:400],
        page_date=page.page_date,
        page_date_role=page.page_date_role,
        archived=page.archived,
        file_name=page.file_name[:255],
        created_by=by,
        created_at=now,
    )
    _compare(row)
    row.save()
    new = {"identifier": row.identifier, "kind": kind, "finding": row.finding}
    record_audit(action="guidance.staged", target=row, at=now, actor=by, practice=row.practice, new=new)
    return row


def _anonymous(page: UploadedPage) -> UploadedPage:
    """The page without whom it is about; its file and its address may name them too."""
    body = anonymise(page.body).text
    return UploadedPage(
        identifier=f"precedent-{body_hash(body)[:10]}",
        title=anonymise(page.title).text,
        body=body,
        page_date=page.page_date,
        page_date_role=page.page_date_role,
        archived=page.archived,
    )


def _compare(row: StagedSection) -> None:
    """With what the owner of the upload sees, whoever asks: the platform's staff see more."""
    held = versions_seen_by(row.practice_id)
    row.finding, row.compared = compare_with_held(row.body, identifier=row.identifier, held=held)


def _locked(staged: StagedSection, by: User, expected_version: int | None) -> StagedSection:
    require(by, "guidance.curate")
    rows = visible_staged(by).select_related("practice", "result", "replaces")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=staged.pk)
    check_version(expected=expected_version, current=row.version)
    return row


def _stored(
    row: StagedSection, judged: Judgement, by: User, now: datetime
) -> tuple[SectionVersion, SectionVersion | None]:
    """The version that the decision makes, and the one that it ends or supersedes."""
    lock_versions()
    if judged.target is None:
        section = _section(row)
        old = SectionVersion.objects.current().filter(section=section).first()
        starts = _start_after(row, old, now) if old else None
        new = _version(row, section, row.body, old=old, now=now)
        new.valid_from = None if old else _end_of_last(section)
    else:
        old, starts = _target(row, judged.target, by), None
        body = row.body if judged.decision == "replace" else _merged_words(row, old, judged.text)
        new = _version(row, old.section, body, old=old, now=now)
    put_in_place(new, old=old, starts=starts, now=now, by=by)
    return new, old


def _start_after(row: StagedSection, old: SectionVersion, now: datetime) -> date:
    """The day from which the upload holds after `old`."""
    if row.page_date and old.page_date and row.page_date < old.page_date:
        raise UnfitTarget(f"{old} is of {old.page_date}, which is later than the upload: replace it if it is wrong")
    starts = row.page_date or now.date()
    if old.valid_from is not None and starts <= old.valid_from:
        raise UnfitTarget(f"{old} holds from {old.valid_from} on, which is not earlier: replace it instead")
    return starts


def _end_of_last(section: Section) -> date | None:
    """The day after the last for which a version of `section` holds, where all of them are ended."""
    last = SectionVersion.objects.standing().filter(section=section).order_by("-valid_to").first()
    return last.valid_to if last else None


def _merged_words(row: StagedSection, target: SectionVersion, edited: str | None) -> str:
    if not target.body:
        raise UnfitTarget(f"Of {target} only the digest's account is held, not the page: replace it")
    text = merged_text(staged=row, target=target) if edited is None else edited.strip()
    if not text or len(text) > LONGEST:
        raise InvalidInput(f"The merged text has between 1 and {LONGEST:,} characters")
    return anonymise(text).text if row.kind == PRECEDENT else text


def _target(row: StagedSection, pk: int, by: User) -> SectionVersion:
    """The version to replace. Raises UnfitTarget."""
    found = visible_versions(by).filter(pk=pk, section__practice=row.practice_id).first()
    if found is None:
        raise UnfitTarget("There is no such version among those of the same owner")
    if not found.is_current:
        raise UnfitTarget(f"{found} does not hold any more: compare again")
    if found.section.source.kind != row.kind:
        raise UnfitTarget(f"{found} is held as {found.section.source.get_kind_display().lower()}")
    return found


def _section(row: StagedSection) -> Section:
    """The section that the upload belongs to, made where it is missing."""
    owner = {"publisher": OWN_PUBLISHER, "licence": OWN_LICENCE} if row.practice_id else {}
    details = {"kind": row.kind, **owner}
    source, _made = Source.objects.get_or_create(practice=row.practice, name=row.source_name, defaults=details)
    section, _made = Section.objects.get_or_create(
        practice=row.practice, identifier=row.identifier, defaults={"source": source}
    )
    if section.source.kind != row.kind:
        raise UnfitTarget(f"{section} is held as {section.source.get_kind_display().lower()}, in {section.source}")
    return section


def _version(
    row: StagedSection, section: Section, body: str, *, old: SectionVersion | None, now: datetime
) -> SectionVersion:
    """A version with the words of `body`, not stored yet."""
    account = {name: getattr(old, name) for name in ACCOUNT} if old else {}
    digest_version = old.digest_version if old else ""
    return SectionVersion(
        section=section,
        identifier=section.identifier,
        version=version_name(digest_version=digest_version, body_sha256=body_hash(body)),
        title=row.title,
        body=body,
        body_sha256=body_hash(body),
        page_date=(dated := row if row.page_date or old is None else old).page_date,
        page_date_role=dated.page_date_role,
        archived=row.archived,
        url=row.url or (old.url if old else ""),
        retrieved_at=now,
        **account,
    )


def _withdraw(made: SectionVersion, ended: SectionVersion | None, now: datetime) -> None:
    """Supersede `made`, which nothing may have followed, and let `ended` hold as it did before."""
    lock_versions()
    made.refresh_from_db(fields=("valid_to", "superseded_at"))
    if not made.is_current:
        raise SectionMoved(f"{made} has been followed by another version: take that decision back first")
    made.superseded_at = now
    SectionVersion.objects.filter(pk=made.pk).update(superseded_at=now)
    if ended is None:
        return
    ended.valid_to, ended.superseded_at = None, None
    try:
        with transaction.atomic():
            SectionVersion.objects.filter(pk=ended.pk).update(valid_to=None, superseded_at=None)
    except IntegrityError as error:
        raise SectionMoved(f"{ended} cannot hold again: another version holds for some of its days") from error


def _check_source(practice: Practice | None, name: str, kind: str) -> None:
    held = Source.objects.filter(practice=practice, name=name).first()
    if held is not None and held.kind != kind:
        raise InvalidInput(f"{name} holds {held.get_kind_display().lower()}: name another source")


def _check_owner(practice_id: int | None, by: User) -> None:
    if not by.is_superuser and practice_id != by.practice_id:
        raise NotAllowed("It belongs to another practice")


def _save(row: StagedSection, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def _tell(
    word: str, row: StagedSection, by: User, now: datetime, *, old: dict[str, object], new: dict[str, object]
) -> None:
    record_audit(action=f"guidance.{word}", target=row, at=now, actor=by, practice=row.practice, old=old, new=new)
