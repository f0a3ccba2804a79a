"""The writes of letters. One module for each part; this is the door to all of them."""

from letters.pipelines import PIPELINES
from letters.services.ai_settings import UnfitSettings, Wanted, as_wanted, clear_stage_settings, set_stage_settings
from letters.services.approval import (
    LetterBlocked,
    LetterMoveNotAllowed,
    Sending,
    approve_letter,
    ask_for_review,
    newest_version,
    reopen_letter,
    return_letter,
    send_letter,
)
from letters.services.drafting import TONES, UnknownPipeline, UnknownTone, draft_case
from letters.services.editing import LetterLocked, NothingChanged, edit_letter, edit_letter_section
from letters.services.experiments import (
    Arm,
    ExperimentMoveNotAllowed,
    Plan,
    UnfitExperiment,
    arm_of,
    change_percent,
    create_experiment,
    standing_of,
    start_experiment,
    stop_experiment,
    watch_experiments,
)
from letters.services.golden import NoModel, perform_golden_run, start_golden_run
from letters.services.offers import PipelineNotOffered, compare_cases, keep_comparison, offered_pipelines
from letters.services.prompts import (
    NothingToReset,
    PromptExists,
    PromptNotTested,
    UnfitPrompt,
    activate_prompt,
    reset_prompt,
    write_prompt,
)
from letters.services.ratings import UnfitRating, rate_letter
from letters.services.runs import start_draft, work_on_draft, work_on_letters

__all__ = [
    "PIPELINES",
    "TONES",
    "Arm",
    "ExperimentMoveNotAllowed",
    "LetterBlocked",
    "LetterLocked",
    "LetterMoveNotAllowed",
    "NoModel",
    "NothingChanged",
    "NothingToReset",
    "PipelineNotOffered",
    "Plan",
    "PromptExists",
    "PromptNotTested",
    "Sending",
    "UnfitExperiment",
    "UnfitPrompt",
    "UnfitRating",
    "UnfitSettings",
    "UnknownPipeline",
    "UnknownTone",
    "Wanted",
    "activate_prompt",
    "approve_letter",
    "arm_of",
    "as_wanted",
    "ask_for_review",
    "change_percent",
    "clear_stage_settings",
    "compare_cases",
    "create_experiment",
    "draft_case",
    "edit_letter",
    "edit_letter_section",
    "keep_comparison",
    "newest_version",
    "offered_pipelines",
    "perform_golden_run",
    "rate_letter",
    "reopen_letter",
    "reset_prompt",
    "return_letter",
    "send_letter",
    "set_stage_settings",
    "standing_of",
    "start_draft",
    "start_experiment",
    "start_golden_run",
    "stop_experiment",
    "watch_experiments",
    "work_on_draft",
    "work_on_letters",
    "write_prompt",
]
