"""Letters that a model helps to write: pure arrangements of stages over what the embedded drafter has verified."""

from letters.pipelines.cards import parts_of
from letters.pipelines.judging import Bench
from letters.pipelines.records import PIPELINES, Call, Outcome, Paper, Part, PipelineName, Replaced, Reply, Stage
from letters.pipelines.sight import SeenSection, Sight, section_states
from letters.pipelines.writing import Desk, note_calls, write_letters

__all__ = [
    "PIPELINES",
    "Bench",
    "Call",
    "Desk",
    "Outcome",
    "Paper",
    "Part",
    "PipelineName",
    "Replaced",
    "Reply",
    "SeenSection",
    "Sight",
    "Stage",
    "note_calls",
    "parts_of",
    "section_states",
    "write_letters",
]
