"""The rows of letters. One module for each part."""

from letters.models.letters import Letter, LetterVersion, Sentence, SentenceSource
from letters.models.prompting import GoldenRun, PromptVersion, StageSettings
from letters.models.reviews import Dispatch, Review
from letters.models.stages import Receipt, StageResult

__all__ = [
    "Dispatch",
    "GoldenRun",
    "Letter",
    "LetterVersion",
    "PromptVersion",
    "Receipt",
    "Review",
    "Sentence",
    "SentenceSource",
    "StageResult",
    "StageSettings",
]
