"""Letters that a model helps to write: pure arrangements of stages over what the embedded drafter has verified."""

from letters.pipelines.cards import parts_of
from letters.pipelines.judging import Bench
from letters.pipelines.records import PIPELINES, Call, Outcome, Paper, Part, PipelineName, Replaced, Reply, Stage
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
    "Stage",
    "note_calls",
    "parts_of",
    "write_letters",
]
