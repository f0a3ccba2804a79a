"""The rows of letters. One module for each part."""

from letters.models.experiments import Assignment, Experiment, LetterRating, PipelineComparison
from letters.models.letters import Letter, LetterVersion, Sentence, SentenceSource
from letters.models.prompting import GoldenRun, PromptVersion, StageSettings
from letters.models.reviews import Dispatch, Review
from letters.models.stages import Receipt, StageResult

__all__ = [
    "Assignment",
    "Dispatch",
    "Experiment",
    "GoldenRun",
    "Letter",
    "LetterRating",
    "LetterVersion",
    "PipelineComparison",
    "PromptVersion",
    "Receipt",
    "Review",
    "Sentence",
    "SentenceSource",
    "StageResult",
    "StageSettings",
]
