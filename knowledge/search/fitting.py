"""How the weights of knowledge/search/weights.py are found from judged questions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float64]
STEPS, STEP = 300, 0.3  # of Adam, whose means forget by these parts
FIRST, SECOND = 0.9, 0.99
NEWTON_STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class Judged:
    """The sections that a question found: `features` of shape (sections, features), `gains` of shape (sections,)."""

    features: Rows
    gains: Rows


@dataclass(frozen=True, slots=True)
class Line:
    """A weight for each feature, and what is added to their sum."""

    weights: Mapping[str, float]
    base: float


def fit_ranking(judged: Sequence[Judged], penalty: float) -> Rows:
    """A weight not below 0 for each feature: ListNet's softmax over the sections of a question against its gains.

    Cao and others (2007), "Learning to rank: from pairwise approach to listwise approach"; `penalty` is that of L2 over
    all questions. Questions without a relevant section among those found teach nothing and are left out.
    """
    told = [one for one in judged if one.gains.sum() > 0]
    weights = np.ones(told[0].features.shape[1])
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        slope = penalty * weights / len(told)
        for one in told:
            slope = slope + one.features.T @ (_softmax(one.features @ weights) - one.gains / one.gains.sum()) / len(
                told
            )
        mean, square = FIRST * mean + (1 - FIRST) * slope, SECOND * square + (1 - SECOND) * slope**2
        move = (mean / (1 - FIRST**step)) / (np.sqrt(square / (1 - SECOND**step)) + 1e-8)
        weights = np.maximum(weights - STEP * move, 0)
    return weights


def fit_answering(
    signals: Sequence[Mapping[str, float]], answered: Sequence[bool], counted: Sequence[float], penalty: float
) -> Line:
    """A logistic regression by Newton's method; `counted` says how much each question counts.

    The penalty is that of L2 on the standardised signals; the weights that are given are for the signals as they are.
    """
    names = list(signals[0])
    rows = np.array([[one[name] for name in names] for one in signals])
    wanted, weighed = np.array(answered, dtype=float), np.array(counted, dtype=float)
    centre, spread = rows.mean(0), rows.std(0) + 1e-9
    plain = np.c_[(rows - centre) / spread, np.ones(len(rows))]
    against = np.r_[np.full(len(names), penalty), 1e-6]
    found = np.zeros(plain.shape[1])
    for _ in range(NEWTON_STEPS):
        likely = 1 / (1 + np.exp(-plain @ found))
        curve = plain.T @ (plain * (weighed * likely * (1 - likely))[:, None]) + np.diag(against)
        found = found - np.linalg.solve(curve, plain.T @ (weighed * (likely - wanted)) + against * found)
    weights = found[:-1] / spread
    return Line(dict(zip(names, weights.tolist(), strict=True)), float(found[-1] - weights @ centre))


def in_folds(count: int, folds: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """(learnt from, tried on) for each fold, as places."""
    order = np.random.default_rng(seed).permutation(count).tolist()
    return [([place for place in order if place not in set(order[n::folds])], order[n::folds]) for n in range(folds)]


def _softmax(scores: Rows) -> Rows:
    raised = np.exp(scores - scores.max())
    part: Rows = raised / raised.sum()
    return part
