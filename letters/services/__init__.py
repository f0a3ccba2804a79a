"""The writes of letters. One module for each part; this is the door to all of them."""

from letters.pipelines import PIPELINES
from letters.services.approval import (
    ApproverMissing,
    LetterBlocked,
    LetterMoveNotAllowed,
    Sending,
    approve_letter,
    ask_for_review,
    lock_letter,
    newest_version,
    reopen_letter,
    return_letter,
    send_letter,
)
from letters.services.asking import CHANGES, Asked, ChangeNotMade, ChangeUnderWay, NoModel, start_change
from letters.services.drafting import TONES, UnknownPipeline, UnknownTone, draft_case
from letters.services.editing import LetterLocked, NothingChanged, edit_letter, edit_letter_section
from letters.services.runs import start_draft, work_on_draft, work_on_letters

__all__ = [
    "CHANGES",
    "PIPELINES",
    "TONES",
    "ApproverMissing",
    "Asked",
    "ChangeNotMade",
    "ChangeUnderWay",
    "LetterBlocked",
    "LetterLocked",
    "LetterMoveNotAllowed",
    "NoModel",
    "NothingChanged",
    "Sending",
    "UnknownPipeline",
    "UnknownTone",
    "approve_letter",
    "ask_for_review",
    "draft_case",
    "edit_letter",
    "edit_letter_section",
    "lock_letter",
    "newest_version",
    "reopen_letter",
    "return_letter",
    "send_letter",
    "start_change",
    "start_draft",
    "work_on_draft",
    "work_on_letters",
]
