"""Fitted weights: what tells is weighed, what does not is not, and what was learnt from is not what is tried."""

import numpy as np
import pytest

from knowledge.search.fitting import Judged, fit_answering, fit_ranking, in_folds


def judged(seed: int, sections: int = 12) -> Judged:
    """The first feature tells the section that answers, the second is noise, the third tells against it."""
    chance = np.random.default_rng(seed)
    gains = np.zeros(sections)
    gains[chance.integers(sections)] = 2.0
    features = chance.random((sections, 3))
    features[:, 0] = 0.5 * features[:, 0] + gains / 4
    features[:, 2] -= gains / 4
    return Judged(features, gains)


def test_the_ranking_weighs_what_tells_and_nothing_below_zero():
    weights = fit_ranking([judged(seed) for seed in range(60)], penalty=1.0)
    assert weights[0] > 5 * weights[1]
    assert weights[2] == 0
    unseen = judged(999)
    assert np.argmax(unseen.features @ weights) == np.argmax(unseen.gains)


def test_questions_whose_answer_was_not_found_teach_nothing():
    told = [judged(seed) for seed in range(20)]
    lost = Judged(told[0].features, np.zeros(12))
    assert fit_ranking([*told, lost], 1.0).tolist() == fit_ranking(told, 1.0).tolist()


def test_a_larger_penalty_keeps_the_weights_smaller():
    told = [judged(seed) for seed in range(20)]
    assert np.linalg.norm(fit_ranking(told, 100.0)) < np.linalg.norm(fit_ranking(told, 1.0))


def test_the_line_tells_the_answered_from_the_others_on_the_signals_as_they_are():
    chance = np.random.default_rng(3)
    answered = [bool(number % 2) for number in range(200)]
    signals = [{"said": 40 + 3 * yes + chance.standard_normal(), "noise": chance.standard_normal()} for yes in answered]
    line = fit_answering(signals, answered, [1.0] * 200, penalty=1.0)
    values = [line.base + sum(line.weights[name] * one[name] for name in one) for one in signals]
    assert sum((value > 0) == yes for value, yes in zip(values, answered, strict=True)) > 180
    assert abs(line.weights["noise"]) < line.weights["said"] / 3


def test_a_question_that_counts_for_more_moves_the_line():
    signals = [{"said": value} for value in (0.0, 1.0, 2.0, 3.0)]
    answered = [False, True, False, True]
    even = fit_answering(signals, answered, [1.0] * 4, penalty=1.0)
    yes = fit_answering(signals, answered, [1.0, 9.0, 1.0, 9.0], penalty=1.0)
    assert yes.base + yes.weights["said"] > even.base + even.weights["said"]


@pytest.mark.parametrize(("count", "folds"), [(80, 6), (7, 5)])
def test_folds_try_each_place_once_and_never_what_was_learnt_from(count, folds):
    found = in_folds(count, folds, seed=4)
    assert sorted(place for _learnt, tried in found for place in tried) == list(range(count))
    assert all(not set(learnt) & set(tried) and len(learnt) + len(tried) == count for learnt, tried in found)
