"""What the benchmarks reckon with; no benchmark is run here, and nothing is timed."""

import json

import pytest
from django.core.management import call_command

from lightpoint.benchmarks import limits
from lightpoint.benchmarks.harness import Ratio, medians, ratio, take_turns
from lightpoint.benchmarks.limits import most_in_window
from lightpoint.benchmarks.server import Load
from lightpoint.management.commands.bench import MODULES


def test_the_arms_take_turns_and_none_is_always_first() -> None:
    asked: list[str] = []
    arms = {name: (lambda name=name: asked.append(name)) for name in ("a", "b", "c")}
    samples = take_turns(arms, rounds=4, calls=5)
    turns = [tuple(asked[start : start + 3]) for start in range(0, len(asked), 3)]
    assert all(set(turn) == {"a", "b", "c"} for turn in turns)
    assert len({turn[0] for turn in turns}) == 3
    assert {name: [len(round_) for round_ in rounds] for name, rounds in samples.items()} == dict.fromkeys(
        "abc", [5] * 4
    )


def test_a_ratio_is_that_of_the_rounds_and_lies_in_its_interval() -> None:
    base = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    found = ratio([2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 21.0], base)
    assert found.value == 2.0
    assert found.low == 2.0
    assert 2.0 <= found.high <= 3.0
    assert ratio(base, base) == Ratio(1.0, 1.0, 1.0)


def test_a_ratio_is_the_same_each_time_it_is_reckoned() -> None:
    top, base = [3.0, 5.0, 4.0, 6.0, 9.0], [2.0, 3.0, 3.0, 2.0, 5.0]
    assert ratio(top, base) == ratio(top, base)


@pytest.mark.parametrize(("value", "even"), [(0.94, False), (0.95, True), (1.05, True), (1.06, False)])
def test_an_arm_that_differs_from_itself_by_more_than_a_twentieth_voids_the_run(value: float, even: bool) -> None:
    assert Ratio(value, value, value).is_even is even


def test_the_median_of_each_round_is_taken() -> None:
    assert medians([[1.0, 9.0, 2.0], [4.0]]) == [2.0, 4.0]


@pytest.mark.parametrize(
    ("times", "most"),
    [([], 0), ([5], 1), ([0, 10, 20], 2), ([0, 10, 10, 10], 4), ([0, 11, 22, 33], 1), ([0, 5, 11, 12], 3)],
)
def test_the_fullest_window_is_found_with_both_of_its_edges(times: list[int], most: int) -> None:
    assert most_in_window(times, 10) == most


def test_answers_of_500_and_missing_ones_are_seen() -> None:
    load = Load()
    load.statuses.update([200, 429, 500, 503, 0])
    load.seconds += [0.1]
    figures = limits._figures_of(load)
    assert (figures["answers_5xx"], figures["no_answer"], figures["answers_200"]) == (2, 1, 1)


@pytest.mark.parametrize("holds", [True, False])
def test_the_last_line_is_json_and_the_exit_code_says_whether_it_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], holds: bool
) -> None:
    monkeypatch.setattr(limits, "run", lambda console: console.print("on the way") or {"figure": 1.5, "holds": holds})
    code = 0
    try:
        call_command("bench", "limits")
    except SystemExit as ending:
        code = int(ending.code or 0)
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"bench": "limits", "figure": 1.5, "holds": holds}
    assert code == (0 if holds else 1)


def test_what_benchmarks_are_made_of_is_not_offered_as_one() -> None:
    assert {"cache", "limits", "web", "embeddings", "models", "retrieval", "search"} <= set(MODULES)
    assert not {"crowd", "harness", "server", "site", "walk"} & set(MODULES)
