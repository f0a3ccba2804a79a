"""From draft to sent: a colleague looks, a named person answers for it, it leaves, and another may take its place."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from complaints.services import note
from complaints.services.wording import LONGEST_LINE, prose
from letters.models import Dispatch, Letter, LetterVersion, Review
from letters.services.versions import locked_letter, touch
from letters.status import ANSWERED_FOR, may_move, version_state
from lightpoint.errors import Conflict, InvalidInput
from users.models import User
from users.permissions import may, require
from users.services import record_audit

LONGEST_COMMENT: Final = 2_000


class LetterMoveNotAllowed(Conflict):
    """The letter cannot go to that state from where it is."""

    code = "letter-move-not-allowed"


class LetterBlocked(Conflict):
    """The ledger does not bear out every sentence of the newest version."""

    code = "letter-blocked"


class ApproverMissing(Conflict):
    """Nobody who may approve letters answers for this one any more."""

    code = "approver-missing"


@dataclass(frozen=True, slots=True)
class Sending:
    """How a letter left: on which day, by which of Dispatch.Method, under which reference."""

    sent_on: date
    method: str
    reference: str = ""


@transaction.atomic
def ask_for_review(*, letter: Letter, expected_version: int, by: User, now: datetime, comment: str = "") -> Letter:
    """Ask a colleague to look at the newest version. Raises LetterMoveNotAllowed, NotAllowed and StaleVersion."""
    require(by, "letter.review")
    locked = _moving(letter, Letter.State.IN_REVIEW, expected_version)
    _review(locked, Review.Verdict.ASKED, comment, by, now)
    touch(letter=locked, now=now, state=Letter.State.IN_REVIEW)
    return locked


@transaction.atomic
def return_letter(*, letter: Letter, expected_version: int, by: User, now: datetime, comment: str) -> Letter:
    """Send the letter back to its author.

    Raises InvalidInput without a reason, LetterMoveNotAllowed, NotAllowed and StaleVersion.
    """
    require(by, "letter.review")
    if not comment.strip():
        raise InvalidInput("Say in the comment what is to be changed")
    locked = _moving(letter, Letter.State.DRAFT, expected_version, only_from=Letter.State.IN_REVIEW)
    _review(locked, Review.Verdict.RETURNED, comment, by, now)
    touch(letter=locked, now=now, state=Letter.State.DRAFT)
    return locked


@transaction.atomic
def approve_letter(*, letter: Letter, expected_version: int, by: User, now: datetime, comment: str = "") -> Letter:
    """Answer for the newest version, which takes no change from then on.

    Raises LetterBlocked where the ledger does not bear it out, LetterMoveNotAllowed, NotAllowed and StaleVersion.
    """
    require(by, "letter.approve")
    locked = _moving(letter, Letter.State.APPROVED, expected_version)
    _check_released(newest_version(locked))
    _review(locked, Review.Verdict.APPROVED, comment, by, now)
    touch(letter=locked, now=now, state=Letter.State.APPROVED, by=by)
    return locked


@transaction.atomic
def lock_letter(*, letter: Letter, expected_version: int, by: User, now: datetime, comment: str = "") -> Letter:
    """Freeze the approved text for sending: its files are the final ones.

    Raises ApproverMissing where the approver may not approve letters any more, LetterBlocked, LetterMoveNotAllowed,
    NotAllowed and StaleVersion.
    """
    require(by, "letter.send")
    locked = _moving(letter, Letter.State.LOCKED, expected_version)
    _lock(locked, by, now, comment)
    return locked


@transaction.atomic
def reopen_letter(*, letter: Letter, expected_version: int, by: User, now: datetime, comment: str = "") -> Letter:
    """Unlock a letter: an approved or locked one to be changed, a sent one to be superseded by a later version.

    What was sent stays as it was sent. Raises LetterMoveNotAllowed, NotAllowed and StaleVersion.
    """
    require(by, "letter.approve")
    locked = locked_letter(letter=letter, expected_version=expected_version)
    if locked.state not in ANSWERED_FOR:
        raise LetterMoveNotAllowed(f"This letter is {locked.get_state_display().lower()}: it can be changed as it is")
    _review(locked, Review.Verdict.REOPENED, comment, by, now)
    touch(letter=locked, now=now, state=Letter.State.DRAFT)
    return locked


@transaction.atomic
def send_letter(*, letter: Letter, sending: Sending, expected_version: int, by: User, now: datetime) -> Dispatch:
    """Record that the locked version left the practice; an earlier one that had been sent is superseded by it.

    An approved version is locked first, in the same transaction. Raises InvalidInput for a day to come, before the
    approval or a method that is not known; what `lock_letter` raises; LetterMoveNotAllowed and StaleVersion.
    """
    require(by, "letter.send")
    locked = locked_letter(letter=letter, expected_version=expected_version)
    target = Letter.State.LOCKED if locked.state == Letter.State.APPROVED else Letter.State.SENT
    _check_move(locked, target, told=Letter.State.SENT)
    _check_sending(locked, sending, now)
    version = newest_version(locked)
    if Dispatch.objects.filter(version=version).exists():
        raise LetterMoveNotAllowed("This version has been sent already; edit it before it is sent again")
    if target == Letter.State.LOCKED:
        _lock(locked, by, now, "")
    _check_answered_for(locked)
    reference = " ".join(prose(sending.reference, "The reference", longest=LONGEST_LINE).split())
    dispatch = Dispatch.objects.create(
        version=version, sent_on=sending.sent_on, method=sending.method, reference=reference, by=by, at=now
    )
    _supersede(locked, version)
    touch(letter=locked, now=now, state=Letter.State.SENT)
    how = f"{dispatch.get_method_display().lower()}{', ' + reference if reference else ''}"
    _tell(locked, "sent", f"sent on {sending.sent_on:%-d %B %Y} by {how}", by, now, version=version.number)
    return dispatch


def newest_version(letter: Letter) -> LetterVersion:
    """The version that reviews, approval and sending are about. Every letter has one."""
    return letter.versions.order_by("-number")[0]


def _lock(letter: Letter, by: User, now: datetime, comment: str) -> None:
    _check_released(newest_version(letter))
    _check_answered_for(letter)
    _review(letter, Review.Verdict.LOCKED, comment, by, now)
    touch(letter=letter, now=now, state=Letter.State.LOCKED, by=by)


def _supersede(letter: Letter, version: LetterVersion) -> None:
    """The version that was sent before, if any, is superseded by `version`."""
    sent = Dispatch.objects.filter(version__letter=letter, superseded_by=None).exclude(version=version)
    earlier = sent.order_by("-pk").first()
    if earlier is None:
        return
    stands = version_state(letter.state, newest=False, dispatched=True, superseded=False)
    if not may_move(stands, "superseded"):
        raise LetterMoveNotAllowed(f"A version that is {stands} cannot become superseded")
    earlier.superseded_by = version
    earlier.save(update_fields=["superseded_by"])


def _check_released(version: LetterVersion) -> None:
    if not version.released:
        raise LetterBlocked("The ledger blocks this letter: " + " ".join(version.problems))


def _check_answered_for(letter: Letter) -> None:
    approver = letter.approved_by
    if approver is None or not may(approver, "letter.approve"):
        name = approver or "Nobody"
        raise ApproverMissing(f"{name} may not approve letters any more; reopen the letter and have it approved again")


def _check_sending(letter: Letter, sending: Sending, now: datetime) -> None:
    if sending.method not in Dispatch.Method.values:
        raise InvalidInput(f"There is no way {sending.method!r}; choose one of: {', '.join(Dispatch.Method.values)}")
    if sending.sent_on > timezone.localdate(now):
        raise InvalidInput("A letter cannot have been sent on a day to come")
    approved_on = timezone.localdate(letter.approved_at) if letter.approved_at else sending.sent_on
    if sending.sent_on < approved_on:
        raise InvalidInput(f"The letter was approved on {approved_on:%-d %B %Y}; it cannot have left before")


def _moving(letter: Letter, to: str, expected_version: int, only_from: str | None = None) -> Letter:
    locked = locked_letter(letter=letter, expected_version=expected_version)
    if only_from and locked.state != only_from:
        raise _refused(locked, to)
    _check_move(locked, to, told=to)
    return locked


def _check_move(letter: Letter, to: str, *, told: str) -> None:
    if not may_move(letter.state, to):
        raise _refused(letter, told)


def _refused(letter: Letter, to: str) -> LetterMoveNotAllowed:
    target = Letter.State(to).label.lower()
    return LetterMoveNotAllowed(f"This letter is {letter.get_state_display().lower()}; it cannot become {target}")


def _review(letter: Letter, verdict: str, comment: str, by: User, now: datetime) -> None:
    version = newest_version(letter)
    comment = prose(comment, "The comment", longest=LONGEST_COMMENT)
    Review.objects.create(version=version, verdict=verdict, comment=comment, by=by, name=by.name or by.email, at=now)
    _tell(letter, verdict, Review.Verdict(verdict).label.lower(), by, now, version=version.number, comment=comment)


def _tell(letter: Letter, action: str, text: str, by: User, now: datetime, **values: Any) -> None:
    number = values.get("version")
    note(complaint=letter.complaint, text=f"{letter.get_type_display()}, version {number}: {text}", by=by, now=now)
    record_audit(
        action=f"letter.{action}",
        target=letter,
        practice=letter.complaint.practice,
        actor=by,
        new=values,
        at=now,
    )
