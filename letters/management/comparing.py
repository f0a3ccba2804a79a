"""Pipelines beside each other on bundles: what `manage.py compare_pipelines` measures."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from letters.pipelines import PipelineName
from letters.prompting import shipped_prompts
from letters.services.receipts import UNPRICED, total
from letters.services.trials import Trial, prepare_bundle, try_pipeline


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """An arm over all bundles. Shares are means over bundles, from 0 to 1; None where no model was asked."""

    pipeline: str
    letters: int
    released: int
    quality: float | None
    first_try: float | None
    replaced: float | None
    words: int
    cost: str
    seconds: float

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def run_bundles(
    folders: Sequence[Path], pipelines: Sequence[PipelineName], now: datetime
) -> Iterator[tuple[str, PipelineName, Trial]]:
    """Every bundle by every pipeline, the arms interleaved; nothing that one asked serves another. Raises BundleError.

    Drafts of the shipped prompts, charged to the platform.
    """
    for folder in folders:
        prepared = prepare_bundle(folder)
        for pipeline in pipelines:
            trial = try_pipeline(
                prepared,
                pipeline=pipeline,
                prompts=shipped_prompts(),
                practice=None,
                by=None,
                now=now,
                purpose="comparison",
            )
            yield folder.name, pipeline, trial


def figures_of(pipeline: str, trials: Sequence[Trial]) -> ArmFigures:
    """What the drafts of one arm come to."""
    written = [found for trial in trials if (found := trial.written) is not None]
    cost = total([trial.cost for trial in trials])
    return ArmFigures(
        pipeline=pipeline,
        letters=sum(len(trial.outcome.letters) for trial in trials),
        released=sum(not trial.problems for trial in trials),
        quality=_mean(qualities_of(trials)),
        first_try=_mean([one.first_try for one in written]),
        replaced=_mean([one.share_replaced for one in written]),
        words=sum(trial.words for trial in trials),
        cost=UNPRICED if cost is None else f"{cost:.4f}",
        seconds=round(sum(trial.seconds for trial in trials), 2),
    )


def qualities_of(trials: Sequence[Trial]) -> list[float]:
    """The quality of each draft that models wrote."""
    return [quality for trial in trials if (quality := trial.quality) is not None]


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
