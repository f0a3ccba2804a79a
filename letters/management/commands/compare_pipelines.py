"""manage.py compare_pipelines --bundles FOLDER: each pipeline on each bundle, and whether two_stage is good enough."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand
from django.test.utils import override_settings
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from complaints.bundles import BundleError
from letters.management.comparing import ArmFigures, figures_of, qualities_of, run_bundles
from letters.management.simulated import Liar, reworded
from letters.pipelines import PIPELINES, PipelineName
from letters.quality import GATE, passes_gate
from letters.services import keep_comparison
from letters.services.offers import BESIDE, GATED
from letters.services.trials import Trial
from lightpoint.errors import DomainError
from lightpoint.llm import is_configured
from lightpoint.llm.simulator import Simulator
from lightpoint.management.preparation import ensure_ready


class Command(BaseCommand):
    help = (
        "Draft each bundle by each pipeline and compare them: quality, sections that pass the ledger at the first try, "
        "sections replaced, words, cost, seconds. Without a key only the embedded drafter is asked. With a provider of "
        "yours and enough bundles (EXPERIMENT_LEAST_DRAFTS) the result is kept, and two_stage is offered by it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bundles", type=Path, required=True, help="a bundle, or a folder of bundles")
        parser.add_argument("--pipelines", nargs="+", choices=PIPELINES, help="all of them, unless named")
        parser.add_argument("--simulated", action="store_true", help="ask simulated models; nothing is kept")
        parser.add_argument("--lies", type=float, default=0.0, help="share of what simulated models say that is a lie")
        parser.add_argument("--json", action="store_true", help="print JSON in place of a table")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            ensure_ready()
            with _provider(options["simulated"], options["lies"]):
                wanted = options["pipelines"] or PIPELINES
                names = [name for name in wanted if name == "embedded" or is_configured()]
                trials = self._trials(_bundles(options["bundles"]), cast(list[PipelineName], names))
        except (BundleError, DomainError, OSError) as error:
            self.stderr.write(f"compare_pipelines: {' '.join(str(error).split())}")
            sys.exit(2)
        figures = [figures_of(name, trials[name]) for name in names]
        qualities = {name: qualities_of(trials[name]) for name in names}
        least = settings.EXPERIMENT_LEAST_DRAFTS
        if not options["simulated"]:
            keep_comparison(qualities=qualities, source="bundles", least=least, now=timezone.now())
        verdict = _verdict(qualities, least)
        if options["json"]:
            told = {"arms": [one.plain() for one in figures], "verdict": verdict, "simulated": options["simulated"]}
            self.stdout.write(json.dumps(told, indent=1))
        else:
            _show(figures, verdict)

    def _trials(self, folders: list[Path], names: list[PipelineName]) -> dict[str, list[Trial]]:
        found: dict[str, list[Trial]] = {name: [] for name in names}
        for bundle, name, trial in run_bundles(folders, names, timezone.now()):
            found[name].append(trial)
            self.stderr.write(f"{bundle} by {name}: {trial.seconds:.1f} s")
        return found


@contextmanager
def _provider(simulated: bool, lies: float) -> Iterator[None]:
    """The provider of the settings, or a simulated one whose models reword what they are given, or lie."""
    if not simulated:
        yield
        return
    simulator = Simulator(answer=Liar(lies) if lies else reworded, time_scale=0.1)
    with simulator as provider, override_settings(**provider.settings()):
        yield


def _bundles(source: Path) -> list[Path]:
    if (source / "case.json").is_file():
        return [source]
    folders = sorted(path.parent for path in source.glob("*/case.json"))
    if not folders:
        raise BundleError(f"no folder in {source} holds a case.json")
    return folders


def _verdict(qualities: dict[str, list[float]], least: int) -> str:
    one, other = qualities.get(GATED, []), qualities.get(BESIDE, [])
    if not one or not other:
        return f"{GATED} and {BESIDE} were not both written by models: nothing is said of {GATED}"
    reached = (sum(one) / len(one)) / (sum(other) / len(other)) if sum(other) else 0.0
    told = f"{GATED} has {reached:.1%} of {BESIDE}'s quality over {len(one)} bundles (at least {GATE:.0%}): it "
    if min(len(one), len(other)) < least:
        return f"{told}is not decided by fewer than {least}"
    return told + ("may be offered" if passes_gate(one, other, least=least) else "may not be offered")


def _show(figures: list[ArmFigures], verdict: str) -> None:
    console = Console()
    table = Table(title="Pipelines compared")
    for heading in ("pipeline", "released", "quality", "first try", "replaced", "words", "US dollars", "seconds"):
        table.add_column(heading)
    for one in figures:
        shares = [f"{share:.3f}" if share is not None else "" for share in (one.quality, one.first_try, one.replaced)]
        table.add_row(one.pipeline, str(one.released), *shares, str(one.words), one.cost, f"{one.seconds:.1f}")
    console.print(table)
    console.print(verdict, markup=False)
