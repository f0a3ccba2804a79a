"""The writes of cases. One module for each part; this is the door to all of them."""

from complaints.services.corrections import (
    CorrectedAlready,
    Holds,
    UnfitCorrection,
    correct_fact,
    withdraw_correction,
)
from complaints.services.intake import (
    CaseIntake,
    MoveNotAllowed,
    NumbersUsedUp,
    UnfitAssignee,
    assign_complaint,
    edit_complaint,
    import_bundle,
    move_complaint,
    open_complaint,
    rename_client,
)
from complaints.services.notices import mail_of_draft
from complaints.services.offline import WorkedOut, work_out
from complaints.services.papers import NothingToRetry, Upload, add_context, retry_document, upload_documents
from complaints.services.people import deactivate_colleague, hand_over_cases
from complaints.services.reading import analyse_complaint, extract_facts, read_documents, waiting_documents
from complaints.services.runs import (
    RIGHTS,
    NotFailed,
    NotLive,
    RunProgress,
    RunTaken,
    cancel_run,
    perform_run,
    restart_run,
    revive_runs,
    start_run,
)
from complaints.services.timeline import add_note, note

__all__ = [
    "RIGHTS",
    "CaseIntake",
    "CorrectedAlready",
    "Holds",
    "MoveNotAllowed",
    "NotFailed",
    "NotLive",
    "NothingToRetry",
    "NumbersUsedUp",
    "RunProgress",
    "RunTaken",
    "UnfitAssignee",
    "UnfitCorrection",
    "Upload",
    "WorkedOut",
    "add_context",
    "add_note",
    "analyse_complaint",
    "assign_complaint",
    "cancel_run",
    "correct_fact",
    "deactivate_colleague",
    "edit_complaint",
    "extract_facts",
    "hand_over_cases",
    "import_bundle",
    "mail_of_draft",
    "move_complaint",
    "note",
    "open_complaint",
    "perform_run",
    "read_documents",
    "rename_client",
    "restart_run",
    "retry_document",
    "revive_runs",
    "start_run",
    "upload_documents",
    "waiting_documents",
    "withdraw_correction",
    "work_out",
]
