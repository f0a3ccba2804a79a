"""A change of a section is asked for: what may be asked, and by whom; a run of the case then makes it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from django.conf import settings
from django.db import transaction

from complaints.models import CaseRun, Complaint
from complaints.services import start_run
from letters.editing import UnfitEdit
from letters.models import Letter
from letters.services.approval import newest_version
from letters.services.composing import draft_of
from letters.services.drafting import TONES, UnknownTone
from letters.services.editing import LetterLocked
from letters.services.versions import locked_letter
from letters.services.writing import NoModel
from letters.status import takes_versions
from letters.weaving import section_piece
from lightpoint.errors import Conflict
from lightpoint.llm import is_configured
from users.models import User
from users.permissions import require

Change = Literal["reword", "tone", "restore", "renew"]
CHANGES: Final[tuple[Change, ...]] = get_args(Change)
NO_MODEL: Final = (
    "No model is set up here, so a change cannot be asked for in words. Edit the section by hand, change its tone, or "
    "have it written anew."
)


class ChangeUnderWay(Conflict):
    """Another change of a section of this case is being worked on."""

    code = "change-under-way"


class ChangeNotMade(Conflict):
    """The section stays as it was; the words say why."""

    code = "change-not-made"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to become of a section: `words` say it for "reword", `tone` names it for "tone"."""

    change: Change
    section: int
    words: str = ""
    tone: str = ""


def start_change(*, letter: Letter, asked: Asked, expected_version: int, by: User, now: datetime) -> CaseRun:
    """Have a section of the newest version changed as `asked`. The same press again finds the run that is at it.

    Raises StaleVersion, LetterLocked, UnfitEdit, UnknownTone, NoModel without a model for "reword", ChangeUnderWay and
    NotAllowed. The options of the run hold what was asked for, whatever becomes of it.
    """
    require(by, "letter.edit")
    _check_asked(asked)
    with transaction.atomic():
        Complaint.objects.select_for_update(no_key=True).get(pk=letter.complaint_id)
        locked = locked_letter(letter=letter, expected_version=expected_version)
        check_open(locked)
        piece = section_piece(draft_of(newest_version(locked)), asked.section)
        if piece is None:
            raise UnfitEdit(f"The letter has no section {asked.section}")
        options = {"letter": letter.pk, "expected_version": expected_version, "title": piece.title, **asdict(asked)}
        live = locked.complaint.runs.filter(kind=CaseRun.Kind.REFINE, state__in=CaseRun.LIVE).first()
        if live is None:
            return start_run(complaint=locked.complaint, kind=CaseRun.Kind.REFINE, by=by, now=now, options=options)
    if live.options != options:
        raise ChangeUnderWay("Another change in this case is being made; ask again when that is done")
    return live


def _check_asked(asked: Asked) -> None:
    if asked.change not in CHANGES:
        raise UnfitEdit(f"There is no change {asked.change!r}; choose one of: {', '.join(CHANGES)}")
    if asked.words and asked.change != "reword":
        raise UnfitEdit("Words are for having a section reworded; no other change heeds them")
    if asked.tone and asked.change != "tone":
        raise UnfitEdit("A tone is named to change the tone alone")
    if asked.change == "tone" and asked.tone not in TONES:
        raise UnknownTone(f"There is no tone {asked.tone!r}; choose one of: {', '.join(TONES)}.")
    if asked.change == "reword":
        _check_words(asked.words)


def _check_words(words: str) -> None:
    if not words.strip():
        raise UnfitEdit("Say in words what is to be changed")
    if len(words) > settings.LETTER_REQUEST_CHARACTERS:
        raise UnfitEdit(f"Say it in at most {settings.LETTER_REQUEST_CHARACTERS} characters")
    if any(not (character.isprintable() or character in "\n\t") for character in words):
        raise UnfitEdit("The request has characters that cannot be seen; type it again")
    if not is_configured():
        raise NoModel(NO_MODEL)


def check_open(letter: Letter) -> None:
    if not takes_versions(letter.state):
        raise LetterLocked(f"This letter is {letter.get_state_display().lower()}; reopen it to change it")
