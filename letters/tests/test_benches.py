"""What letters are measured with; no benchmark is run here."""

import json
import xml.etree.ElementTree as ET
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from letters.management.benchmarks.letters import ARMS, LIED_TO, PARALLEL, SEEDS, SEEDS_AGAIN, Case, _arm, _targets
from letters.management.lying import LiesTold, stands
from letters.management.performance import write_docs
from letters.management.plots import page, stacked_bars
from letters.management.presses import Press, Presses, _Watch
from letters.management.simulated import LIES, Liar, Lie, reworded
from lightpoint.llm.simulator import Simulator

SECTIONS = frozenset({"a", "b"})


def press(seconds: float, cost: str, **more: object) -> Press:
    given = {"words": 1000, "sections": SECTIONS, "statements": 50, "sight": 2.0} | more
    return Press(seconds, Decimal(cost), 9, {"tone": seconds}, {"tone": Decimal(cost)}, **given)


def measured(**parallel: object) -> dict:
    """The targets, where `parallel` is as given and all else is well."""
    case = Case("a case", None, press(2.0, "0"))  # type: ignore[arg-type]
    found = {name: [(case, press(50.0, "0.1"))] for name in ARMS}
    found[SEEDS] = found[SEEDS_AGAIN] = [(case, Press(380.0, Decimal("1.05"), 4, {}, {}))]
    found[PARALLEL] = [(case, press(**({"seconds": 40.0, "cost": "0.26"} | parallel)))]
    found[LIED_TO] = [(case, press(40.0, "0.26"))]
    return _targets({name: _arm(made) for name, made in found.items()}, found)


def missed(**parallel: object) -> list[str]:
    return [name for name, held in measured(**parallel).items() if not held["holds"]]


def test_all_targets_hold_for_a_letter_that_is_quick_cheap_and_whole() -> None:
    assert missed() == []


@pytest.mark.parametrize(
    ("parallel", "names"),
    [
        ({"seconds": 43.0}, ["parallel, times as quick, P50", "parallel, times as quick, P95"]),
        ({"cost": "0.27"}, ["parallel, dearest case, US dollars"]),
        ({"sight": 3.1}, ["parallel, seconds to text in sight, P95"]),
        ({"sight": None}, ["parallel, seconds to text in sight, P95"]),
        ({"words": 799}, ["parallel, fewest words to the baseline's"]),
        ({"sections": frozenset({"a"})}, ["parallel, sections missing"]),
        ({"unverified": 1}, ["parallel, FACTs and RULEs that do not hold"]),
    ],
)
def test_a_target_that_is_missed_is_told(parallel, names) -> None:
    assert missed(**parallel) == names


def test_the_seeds_take_and_cost_what_they_told_of_themselves() -> None:
    with Simulator(time_scale=0.1) as provider, override_settings(**provider.settings()):
        presses = Presses(provider, 0.1)
        provider.answer = presses.answered
        first, second = presses.seeds(0), presses.seeds(1)
    for made in (first, second):
        assert abs(made.cost - Decimal("1.05")) < Decimal("0.001")
        assert 300 < made.seconds < 480
        assert list(made.seconds_by) == ["analysis", "facts", "structure", "tone"]
    assert first.seconds != second.seconds
    assert not any(call.cached for call in provider.calls)


def test_text_is_in_sight_when_a_section_with_words_is_told_of_first() -> None:
    with Simulator(time_scale=0.001) as provider:
        watch = _Watch(provider, 0.001, started=provider.now)
        watch.tell("run", {"paragraphs": ["no text"]})
        watch.tell("text", {"paragraphs": []})
        assert watch.sight is None
        watch.tell("text", {"paragraphs": ["Dear Sir"]})
        seen = watch.sight
        watch.tell("text", {"paragraphs": ["We complain."]})
        assert watch.sight == seen is not None


def test_a_folder_without_cases_is_named(tmp_path) -> None:
    with pytest.raises(CommandError, match=r"holds a case\.json: name a folder of bundles with --cases"):
        call_command("bench", "letters", cases=tmp_path)


def test_a_benchmark_refuses_what_it_does_not_take(tmp_path) -> None:
    with pytest.raises(CommandError, match="limits takes no cases"):
        call_command("bench", "limits", cases=tmp_path)


def test_bars_are_as_long_as_what_they_stand_for_and_the_plot_is_well_formed() -> None:
    group = stacked_bars(
        "Time & money", "s", {"one": {"a": 10.0, "b": 30.0}, "two": {"b": 20.0}}, parts=("a", "b"), digits=1
    )
    drawn = ET.fromstring(page([group, group]))  # noqa: S314 - made above
    bars = [r for r in drawn.iter("{http://www.w3.org/2000/svg}rect") if r.get("height") == "22"][:3]
    widths = [float(bar.get("width", "0")) for bar in bars]
    assert widths[1] == pytest.approx(3 * widths[0], rel=0.01)
    assert widths[2] == pytest.approx(2 * widths[0], rel=0.01)
    assert float(bars[1].get("x", "0")) == pytest.approx(float(bars[0].get("x", "0")) + widths[0], abs=0.2)


def test_the_page_has_a_line_for_each_arm_and_target(tmp_path) -> None:
    case = Case("a case", None, press(2.0, "0"))  # type: ignore[arg-type]
    arms = {PARALLEL: _arm([(case, press(40.0, "0.2"))]), "embedded": _arm([(case, press(2.0, "0", sight=None))])}
    run = {"cases": 1, "rounds": 1, "time_scale": 0.1, "load": {"before": 1, "after": 2}, "aa": 1.0}
    write_docs(tmp_path, run, arms, {"quick": {"found": 9.5, "target": ">= 9", "holds": True}})
    written = (tmp_path / "letters.md").read_text()
    assert "| parallel | 1 | 40.0 | 40.0 | 2.0 | 0.2 |" in written
    assert "| holds | quick | 9.5 | >= 9 |" in written
    ET.parse(tmp_path / "letters.svg")  # noqa: S314 - made above


# Lies


def test_a_lie_is_found_with_the_exhibits_and_names_that_code_has_put_back() -> None:
    letter = "HMRC paid Mrs May £9.00 on 3 May 2024 (exhibits 2 and 6). It says (exhibit 1):\n“no”. All the same."
    assert stands("HMRC paid [CLIENT-ABCDE] £9.00 on 3 May 2024.", letter)
    assert stands("It says: “no”.", letter)
    assert not stands("HMRC paid [CLIENT-ABCDE] £9.00 on 4 May 2024.", letter)
    assert not stands("HMRC paid [CLIENT-ABCDE] £9.00 on 3 May 202.", letter)


def test_only_lies_in_released_letters_count() -> None:
    lies = [Lie("amounts", "It is £1.00.", "It is £2.00."), Lie("days", "On 1 May 2024.", "On 2 May 2024.")]
    case = SimpleNamespace(texts=("It is £2.00.", "On 2 May 2024."), problems=((), ("blocked",)))
    told = LiesTold()
    assert told.note(lies, case) == (2, 1)  # type: ignore[arg-type]
    assert told.figures == {"lies": 2, "by_kind": {"amounts": 1, "days": 1}, "in_released_letters": 1} | {
        "released": [{"kind": "amounts", "given": "It is £1.00.", "told": "It is £2.00."}]
    }


CARDS = (
    '<section id="s0.1" title="t" shape="prose">\n<paragraph>\n1 fact | HMRC wrote on 3 May 2024 of £9.00.\n'
    "2 rule | CRG4025 is about delays.\n3 form | That is all.\n</paragraph>\n</section>"
)
QUESTION = {"messages": [{"content": CARDS}], "response_format": {"of": "paragraphs"}}


def test_a_liar_tells_the_same_lies_each_time_and_every_kind_of_them() -> None:
    kinds: set[str] = set()
    for seed in range(30):
        first, second = Liar(1.0, seed), Liar(1.0, seed)
        assert first(QUESTION) == second(QUESTION)
        taken = first.take()
        kinds |= {lie.kind for lie in taken}
        assert len(taken) == 2  # nothing can be changed in the third sentence
        assert first.take() == ()
    assert kinds == {kind.__name__ for kind in LIES}
    assert json.loads(Liar(0.0)(QUESTION)) == json.loads(reworded(QUESTION))
