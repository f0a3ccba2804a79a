"""The measures of ../shared/data/score.py that are needed inside. Pure."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

DEEP: Final = 10


def ranking_scores(relevant: Mapping[str, int], ranked: Sequence[str]) -> tuple[float, float]:
    """nDCG@10 (gain: the grade) and recall@5, given the grade of each section that answers."""
    gain = sum(relevant.get(section, 0) / math.log2(place + 2) for place, section in enumerate(ranked[:DEEP]))
    ideal = sum(g / math.log2(place + 2) for place, g in enumerate(sorted(relevant.values(), reverse=True)[:DEEP]))
    return gain / ideal, len(set(ranked[:5]) & set(relevant)) / len(relevant)


def auroc(yes: Sequence[float], no: Sequence[float]) -> float:
    """How likely one of `yes` is above one of `no`; equals count half."""
    return sum((one > two) + 0.5 * (one == two) for one in yes for two in no) / (len(yes) * len(no))
