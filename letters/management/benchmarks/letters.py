"""Letters by each pipeline, beside `three_stage` as the seeds ran it, over the shared cases on a simulated provider.

The seeds' four calls have the classes and tokens that they declared; the arms of ours run the product as it is, each
press for a case whose papers are read, with nothing of a letter kept. All arms take turns in one run. The seeds' code
cannot be run here: what their letter has is taken to be the embedded drafter's letter of the same case, which all
arms are compared with in words and sections. Models answer with what they are given, some of it reworded; in one more
arm a fifth of what they say is a lie: what that costs in sections asked for again is shown beside the rest.

Targets: `parallel` is nine times as quick as the seeds at P50 and P95, shows text within 3 s, costs a quarter at most
in every case with its notes, and in each arm letters have 0.8 of the words, all sections, and hold as to every FACT
and RULE.
"""

import os
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.core.management.base import CommandError
from django.test import override_settings
from django.utils import timezone
from rich.console import Console

from complaints.bundles import load_bundle
from complaints.models import Complaint
from complaints.services import extract_facts, import_bundle, read_documents
from knowledge.services import load_digest_into_database
from letters.management.bundles import practice_for
from letters.management.performance import write_docs
from letters.management.presses import Press, Presses
from letters.management.simulated import Liar, reworded
from letters.services import draft_case
from lightpoint.benchmarks.harness import EVEN, SEED, Figures
from lightpoint.benchmarks.server import own_database
from lightpoint.llm.simulator import Config, Simulator
from lightpoint.progress import NullProgress

CASES: Final = settings.BASE_DIR.parent / "shared" / "cases"
ROUNDS, TIME_SCALE = 2, 0.1
SEEDS, SEEDS_AGAIN, PARALLEL, LIED_TO = (
    "three_stage of the seeds",
    "the same again",
    "parallel",
    "parallel, a fifth lies",
)
ARMS: Final = (SEEDS, SEEDS_AGAIN, "three_stage", "two_stage", "template", PARALLEL, LIED_TO, "embedded")
LIES: Final = 0.2
SEEDS_PRESSES: Final = 5  # a turn: they cost no time, and what a draw of four speeds comes to varies
QUICKER: Final = 4.0  # than the others, the waiting of arms that ask one question at a time
QUICKER_AT_LEAST, COST_AT_MOST, WORDS_AT_LEAST, SIGHT_AT_MOST = 9.0, Decimal("0.25"), 0.8, 3.0


@dataclass(frozen=True, slots=True)
class Case:
    """A bundle as a complaint, and the letter that the seeds' is taken to be."""

    name: str
    complaint: Complaint
    baseline: Press


Presses_of = dict[str, list[tuple[Case, Press]]]


def run(
    console: Console,
    *,
    cases: Path = CASES,
    rounds: int = ROUNDS,
    time_scale: float = TIME_SCALE,
    write_to: Path | None = None,
) -> Figures:
    """Measure, and say what holds. With `write_to` the figures are written there as a page and a plot too."""
    folders = _folders(cases)
    load = os.getloadavg()[0]
    with own_database(), _provider(time_scale) as presses:
        opened = [_opened(folder, presses) for folder in folders]
        found = _in_turn(presses, opened, rounds, console)
    figures = {name: _arm(made) for name, made in found.items()}
    targets = _targets(figures, found)
    for name, held in targets.items():
        console.print(f"{'holds' if held['holds'] else 'misses'}: {name}: {held['found']} (target {held['target']})")
    aa = figures[SEEDS_AGAIN]["seconds"]["p50"] / figures[SEEDS]["seconds"]["p50"]
    run_of: Figures = {
        "cases": len(opened),
        "rounds": rounds,
        "time_scale": time_scale,
        "load": {"before": round(load, 1), "after": round(os.getloadavg()[0], 1)},
        "aa": round(aa, 3),
    }
    if write_to:
        write_docs(write_to, run_of, figures, targets)
        console.print(f"Written: {write_to / 'letters.md'} and letters.svg")
    even = EVEN[0] <= aa <= EVEN[1]
    return {
        **run_of,
        "arms": figures,
        "targets": targets,
        "void": not even,
        "holds": even and all(held["holds"] for held in targets.values()),
    }


def _folders(cases: Path) -> list[Path]:
    folders = sorted(path.parent for path in cases.glob("*/case.json"))
    if not folders:
        raise CommandError(
            f"No folder in {cases} holds a case.json: name a folder of bundles with --cases", returncode=2
        )
    return folders


@contextmanager
def _provider(time_scale: float) -> Iterator[Presses]:
    """A provider of the issue's classes, and no budget that is a bound."""
    with Simulator(Config(seed=SEED), time_scale=time_scale) as provider:
        presses = Presses(provider, time_scale)
        provider.answer = presses.answered
        with override_settings(**provider.settings(), LLM_CAPS=dict.fromkeys(settings.LLM_CAPS)):
            yield presses


def _opened(folder: Path, presses: Presses) -> Case:
    """The bundle as a case whose papers are read."""
    now = timezone.now()
    load_digest_into_database(now=now)
    bundle = load_bundle(folder, max_file_bytes=settings.DOCUMENT_MAX_BYTES, max_files=settings.BUNDLE_MAX_DOCUMENTS)
    complaint = import_bundle(practice=practice_for(bundle.intake), bundle=bundle, by=None, now=now)
    read_documents(complaint=complaint, progress=NullProgress())
    extract_facts(complaint=complaint, now=now, progress=NullProgress())
    draft_case(complaint=complaint, by=None, now=now, pipeline="embedded")  # its analysis is kept, as after an upload
    return Case(folder.name, complaint, presses.ours(complaint, "embedded"))


def _in_turn(presses: Presses, cases: Sequence[Case], rounds: int, console: Console) -> Presses_of:
    chance = random.Random(SEED)  # noqa: S311 - an order, not a secret
    found: Presses_of = {name: [] for name in ARMS}
    order = list(ARMS)
    for number in range(rounds):
        for place, case in enumerate(cases):
            chance.shuffle(order)
            for name in order:
                made = _pressed(presses, name, case, number * len(cases) + place)
                found[name] += [(case, press) for press in made]
                told = f"{made[0].seconds:.1f} s, ${made[0].cost:.4f}, {made[0].calls} calls"
                console.print(f"Round {number + 1}, {case.name}, {name}: {told}", highlight=False, soft_wrap=True)
    return found


def _pressed(presses: Presses, name: str, case: Case, number: int) -> list[Press]:
    presses.answer = Liar(LIES, SEED + number) if name == LIED_TO else reworded
    if name in (SEEDS, SEEDS_AGAIN):
        first = 2 * number + (name == SEEDS_AGAIN)
        return [presses.seeds(SEEDS_PRESSES * first + place) for place in range(SEEDS_PRESSES)]
    pipeline = PARALLEL if name == LIED_TO else name
    return [presses.ours(case.complaint, pipeline, quicker=1.0 if pipeline == PARALLEL else QUICKER)]


def _arm(made: Sequence[tuple[Case, Press]]) -> dict[str, Any]:
    """The figures of one arm."""
    presses = [press for _, press in made]
    seconds = [press.seconds for press in presses]
    cost = [float(press.cost) for press in presses]
    sights = [press.sight for press in presses if press.sight is not None]
    figures: dict[str, Any] = {
        "presses": len(presses),
        "seconds": {"p50": _percentile(seconds, 50), "p95": _percentile(seconds, 95)},
        "cost": {"mean": round(sum(cost) / len(cost), 4), "most": round(max(cost), 4)},
        "calls": round(sum(press.calls for press in presses) / len(presses), 1),
        "seconds_by": _means(press.seconds_by for press in presses),
        "cost_by": _means(press.cost_by for press in presses),
    }
    if not presses[0].words:
        return figures
    statements = sum(press.statements for press in presses)
    return figures | {
        "sight": {"p95": _percentile(sights, 95), "most": round(max(sights), 2)} if sights else None,
        "words": round(min(press.words / case.baseline.words for case, press in made), 3),
        "missing_sections": sum(len(case.baseline.sections - press.sections) for case, press in made),
        "statements": statements,
        "verified": round(1 - sum(press.unverified for press in presses) / statements, 4),
        "released": sum(press.released for press in presses),
    }


def _percentile(values: Sequence[float], which: int) -> float:
    return round(float(np.percentile(values, which)), 2)


def _means(parts: Iterable[Mapping[str, float] | Mapping[str, Decimal]]) -> dict[str, float]:
    """The mean of each part over presses; one that a press does not have counts as nought."""
    sums: defaultdict[str, float] = defaultdict(float)
    count = 0
    for some in parts:
        count += 1
        for name, value in some.items():
            sums[name] += float(value)
    return {name: round(value / count, 4) for name, value in sums.items()}


def _targets(figures: Mapping[str, Any], found: Presses_of) -> dict[str, Any]:
    """Each target with what was found."""
    seeds, parallel = figures[SEEDS], figures[PARALLEL]
    bound = COST_AT_MOST * Decimal(str(seeds["cost"]["mean"]))
    targets: dict[str, Any] = {}

    def hold(name: str, found: object, target: str, *, holds: bool) -> None:
        targets[name] = {"found": found, "target": target, "holds": bool(holds)}

    for part in ("p50", "p95"):
        times = round(seeds["seconds"][part] / parallel["seconds"][part], 2)
        hold(
            f"parallel, times as quick, {part.upper()}",
            times,
            f">= {QUICKER_AT_LEAST:g}",
            holds=times >= QUICKER_AT_LEAST,
        )
    sight = parallel["sight"]
    hold(
        "parallel, seconds to text in sight, P95",
        sight["p95"] if sight else "not yet: no text is told of before the letter is kept",
        f"<= {SIGHT_AT_MOST:g}",
        holds=sight is not None and sight["p95"] <= SIGHT_AT_MOST,
    )
    most = figures[PARALLEL]["cost"]["most"]
    hold(f"{PARALLEL}, dearest case, US dollars", most, f"<= {bound:.4f}", holds=Decimal(str(most)) <= bound)
    for name, arm in figures.items():
        if "words" not in arm:
            continue
        hold(
            f"{name}, fewest words to the baseline's",
            arm["words"],
            f">= {WORDS_AT_LEAST}",
            holds=arm["words"] >= WORDS_AT_LEAST,
        )
        hold(f"{name}, sections missing", arm["missing_sections"], "0", holds=not arm["missing_sections"])
        unverified = sum(press.unverified for _, press in found[name])
        hold(
            f"{name}, FACTs and RULEs that do not hold",
            f"{unverified} of {arm['statements']}",
            "0",
            holds=not unverified,
        )
    return targets
