"""The writes of letters. One module for each part; this is the door to all of them."""

from letters.pipelines import PIPELINES
from letters.services.ai_settings import UnfitSettings, Wanted, as_wanted, clear_stage_settings, set_stage_settings
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
from letters.services.drafting import TONES, UnknownPipeline, UnknownTone, draft_case
from letters.services.editing import LetterLocked, NothingChanged, edit_letter, edit_letter_section
from letters.services.golden import perform_golden_run, start_golden_run
from letters.services.prompts import (
    NothingToReset,
    PromptExists,
    PromptNotTested,
    UnfitPrompt,
    activate_prompt,
    reset_prompt,
    write_prompt,
)
from letters.services.refining import CHANGES, Asked, ChangeNotMade, ChangeUnderWay, start_change
from letters.services.runs import start_draft, work_on_draft, work_on_letters
from letters.services.writing import NoModel

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
    "NothingToReset",
    "PromptExists",
    "PromptNotTested",
    "Sending",
    "UnfitPrompt",
    "UnfitSettings",
    "UnknownPipeline",
    "UnknownTone",
    "Wanted",
    "activate_prompt",
    "approve_letter",
    "as_wanted",
    "ask_for_review",
    "clear_stage_settings",
    "draft_case",
    "edit_letter",
    "edit_letter_section",
    "lock_letter",
    "newest_version",
    "perform_golden_run",
    "reopen_letter",
    "reset_prompt",
    "return_letter",
    "send_letter",
    "set_stage_settings",
    "start_change",
    "start_draft",
    "start_golden_run",
    "work_on_draft",
    "work_on_letters",
    "write_prompt",
]
