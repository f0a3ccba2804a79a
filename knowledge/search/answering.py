"""Whether what was found answers the question: a calibrated signal of 0 to 1. Pure."""

import math
from collections.abc import Sequence

from knowledge.search.features import Weighing
from knowledge.search.ranking import Scored


def answerability(ranked: Sequence[Scored], passages: Sequence[Sequence[str]], weighing: Weighing) -> float:
    """How likely it is that one of the sections, best first, answers. `passages` are words of the first of them."""
    if not ranked:
        return 0.0
    best = ranked[0].features
    return 1 / (1 + math.exp(-8 * (best["question_both"] - 0.4)))
