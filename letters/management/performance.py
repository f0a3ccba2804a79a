"""The page and the plot of `bench letters`, which tell where the time and the money of a letter go."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from letters.management.plots import page, stacked_bars
from letters.management.presses import AGAIN, NOTES, OWN

Figures = Mapping[str, Any]
PARTS: Final = (NOTES, "analysis", "facts", "structure", "compose", "tone", AGAIN, OWN)


def write_docs(folder: Path, run: Figures, arms: Mapping[str, Figures], targets: Mapping[str, Figures]) -> None:
    """Write letters.md and letters.svg to `folder`; `run` says how the figures were found."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "letters.md").write_text("\n".join(_page(run, arms, targets)) + "\n", encoding="utf-8")
    seconds = stacked_bars("Seconds from the press", "s", _parts(arms, "seconds_by"), parts=PARTS, digits=1)
    cost = stacked_bars("US dollars a case, notes included", "$", _parts(arms, "cost_by"), parts=PARTS, digits=3)
    (folder / "letters.svg").write_text(page([seconds, cost]), encoding="utf-8")


def _parts(arms: Mapping[str, Figures], which: str) -> dict[str, Mapping[str, float]]:
    return {name: arm[which] for name, arm in arms.items()}


def _page(run: Figures, arms: Mapping[str, Figures], targets: Mapping[str, Figures]) -> list[str]:
    load = run["load"]
    return [
        "# Where the time and the money of a letter go",
        "",
        "Written by `manage.py bench letters --write-docs`. Seconds are those of the simulated provider while a press"
        " waits for it, and real ones while the product works; docs/adr/0022 says what the baseline is.",
        "",
        f"{run['cases']} cases, rounds: {run['rounds']}; a simulated second in {run['time_scale']} real ones while a"
        f" press waits; load of the machine {load['before']} before and {load['after']} after, on two cores;"
        f" the baseline beside itself: {run['aa']}.",
        "",
        "![Seconds and dollars by stage, for each arm](letters.svg)",
        "",
        "## Arms",
        "",
        *_table(
            ("arm", "presses", "P50 s", "P95 s", "text in sight, P95 s", "mean $", "dearest $", "calls", "words"),
            [_arm(name, arm) for name, arm in arms.items()],
        ),
        "",
        "`words` is the smallest share of the baseline's words in a case.",
        "",
        *_stages("Seconds by stage, mean", "seconds_by", arms, 2),
        "",
        *_stages("US dollars by stage, mean", "cost_by", arms, 4),
        "",
        "## Targets",
        "",
        *_table(
            ("", "what", "found", "target"),
            [("holds" if t["holds"] else "**misses**", name, t["found"], t["target"]) for name, t in targets.items()],
        ),
    ]


def _arm(name: str, arm: Figures) -> tuple[object, ...]:
    sight, words = arm.get("sight"), arm.get("words", "")
    seconds, cost = arm["seconds"], arm["cost"]
    shown = sight["p95"] if sight else ""
    return name, arm["presses"], seconds["p50"], seconds["p95"], shown, cost["mean"], cost["most"], arm["calls"], words


def _stages(title: str, which: str, arms: Mapping[str, Figures], digits: int) -> list[str]:
    stages = tuple(part for part in PARTS if any(part in arm[which] for arm in arms.values()))
    rows = [(name, *(_shown(arm[which].get(stage), digits) for stage in stages)) for name, arm in arms.items()]
    return [f"## {title}", "", *_table(("arm", *stages), rows)]


def _shown(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> list[str]:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
