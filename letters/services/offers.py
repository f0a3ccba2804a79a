"""Whether two_stage is offered: only at 95% or more of three_stage's quality, by what was compared last."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from letters.models import PipelineComparison, Receipt
from letters.pipelines import PIPELINES, PipelineName
from letters.quality import passes_gate, quality_of
from lightpoint.errors import Conflict

GATED: Final = "two_stage"
BESIDE: Final = "three_stage"
MOST: Final = 500  # receipts of each that one comparison looks at


class PipelineNotOffered(Conflict):
    """The pipeline has not been shown to be as good as the one that it shortens."""

    code = "pipeline-not-offered"


def offered_pipelines() -> tuple[PipelineName, ...]:
    """The pipelines that people may choose. One query."""
    newest = PipelineComparison.objects.values_list("offers_two_stage", flat=True).first()
    return tuple(name for name in PIPELINES if name != GATED or newest)


def check_offered(pipeline: str | None) -> None:
    """Raise PipelineNotOffered for one that people may not choose now."""
    if pipeline == GATED and GATED not in offered_pipelines():
        raise PipelineNotOffered(
            "two_stage is offered when it has shown 95% of three_stage's quality: see manage.py compare_pipelines"
        )


def keep_comparison(
    *, qualities: Mapping[str, Sequence[float]], source: str, least: int, now: datetime
) -> PipelineComparison | None:
    """Keep the qualities of drafts by pipeline; whether two_stage is offered follows from them.

    None, and nothing is kept, of fewer than `least` drafts of either: they decide nothing.
    """
    if min(len(qualities.get(name, ())) for name in (GATED, BESIDE)) < max(1, least):
        return None
    figures = {
        name: {"drafts": len(values), "quality": round(sum(values) / len(values), 4)}
        for name, values in qualities.items()
        if values
    }
    offers = passes_gate(qualities.get(GATED, ()), qualities.get(BESIDE, ()), least=least)
    return PipelineComparison.objects.create(source=source, figures=figures, offers_two_stage=offers, created_at=now)


def compare_cases(*, now: datetime) -> PipelineComparison | None:
    """Compare the two by the receipts of the last EXPERIMENT_QUALITY_DAYS, where there are enough of both."""
    since = now - timedelta(days=settings.EXPERIMENT_QUALITY_DAYS)
    found: dict[str, list[float]] = {}
    for name in (GATED, BESIDE):
        rows = Receipt.objects.filter(pipeline=name, created_at__gte=since).exclude(payload__has_key="change")
        payloads = rows.order_by("-created_at", "-pk").values_list("payload", flat=True)[:MOST]
        found[name] = [quality for payload in payloads if (quality := quality_of(payload)) is not None]
    least = settings.EXPERIMENT_LEAST_DRAFTS
    return keep_comparison(qualities=found, source=PipelineComparison.Source.CASES, least=least, now=now)
