"""A person changes a letter: the new words go through the ledger, and become a version of their own."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from complaints.models import Document
from complaints.services import note
from knowledge.selectors import guidance_index
from letters.editing import SentenceEdit, UnfitEdit, edit_section, edit_sentences
from letters.models import Letter, LetterVersion
from letters.records import DocumentSource, DraftLetter, SectionSource
from letters.services.composing import checks_of
from letters.services.versions import Making, locked_letter, store_version
from letters.status import takes_versions
from lightpoint.codec import digest, from_plain, to_plain
from lightpoint.errors import Conflict
from users.models import User
from users.services import record_audit


class LetterLocked(Conflict):
    """An approved or sent letter takes no new version."""

    code = "letter-locked"


class NothingChanged(UnfitEdit):
    """The edit leaves every sentence as it is."""

    code = "nothing-changed"


def edit_letter(
    *, letter: Letter, edits: Sequence[SentenceEdit], expected_version: int, by: User, now: datetime
) -> LetterVersion:
    """A new version with `edits` made to the newest one, checked by the ledger.

    Raises StaleVersion, LetterLocked, UnfitEdit and NothingChanged. A version that the ledger does not bear out is
    kept, blocked, with its reasons: nothing that somebody typed is lost.
    """
    _check_sources(letter, edits)
    return _edited(letter, lambda draft: edit_sentences(draft, edits), expected_version, by, now)


def edit_letter_section(
    *, letter: Letter, section: int, text: str, expected_version: int, by: User, now: datetime
) -> LetterVersion:
    """As `edit_letter`, for all paragraphs under the heading number `section`."""
    return _edited(letter, lambda draft: edit_section(draft, section, text), expected_version, by, now)


def _edited(
    letter: Letter, edit: Callable[[DraftLetter], DraftLetter], expected_version: int, by: User, now: datetime
) -> LetterVersion:
    base = letter.versions.select_related("analysis").order_by("-number")[0]
    before = from_plain(DraftLetter, base.draft)
    after = edit(before)
    if after == before:
        raise NothingChanged("The letter says this already")
    checked = checks_of(letter.complaint, base.analysis, guidance_index()).checked(after)
    with transaction.atomic():
        locked = locked_letter(letter=letter, expected_version=expected_version)
        if not takes_versions(locked.state):
            raise LetterLocked(f"This letter is {locked.get_state_display().lower()}; reopen it to change it")
        key = digest([base.pk, to_plain(after)])
        making = Making(
            base.analysis, base.pipeline, base.tone, key, author=by, base=base, origin=LetterVersion.Origin.EDITED
        )
        version = store_version(letter=locked, draft=checked, making=making, now=now)
        _tell(version, by, now)
    return version


def _check_sources(letter: Letter, edits: Sequence[SentenceEdit]) -> None:
    """What an editor points at must be a paper of the case, or a section that is there."""
    named = [source for edit in edits for source in edit.sources or ()]
    papers = set(Document.objects.filter(complaint_id=letter.complaint_id).values_list("name", flat=True))
    guidance = guidance_index() if any(isinstance(source, SectionSource) for source in named) else {}
    for source in named:
        if isinstance(source, DocumentSource) and source.document not in papers:
            raise UnfitEdit(f"The case has no paper {source.document}")
        if isinstance(source, SectionSource) and source.section not in guidance:
            raise UnfitEdit(f"There is no section {source.section}")


def _tell(version: LetterVersion, by: User, now: datetime) -> None:
    letter = version.letter
    state = "every statement verified" if version.released else f"blocked by {len(version.problems)}"
    note(
        complaint=letter.complaint,
        text=f"{letter.get_type_display()}: version {version.number}, {state}",
        by=by,
        now=now,
    )
    record_audit(
        action="letter.edited",
        target=letter,
        practice=letter.complaint.practice,
        actor=by,
        new={"version": version.number, "base": version.base.number if version.base else None},
        at=now,
    )
