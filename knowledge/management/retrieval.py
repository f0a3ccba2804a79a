"""What `evaluate retrieval` and `bench retrieval` share: the knowledge base made ready, and predictions from search."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from knowledge.search import search
from knowledge.services.chunking import embed_missing
from knowledge.services.ingestion import ingest_paths
from lightpoint.progress import NullProgress

RESULTS: Final = 10
Predict = Callable[[dict[str, Any]], dict[str, Any]]


def prepared(guidance: Path | None) -> Predict:
    """Predictions by search over what is stored, once the pages of `guidance` are in it and all has its vectors."""
    if guidance is not None:
        ingest_paths([guidance], practice=None, now=timezone.now(), progress=NullProgress())
    embed_missing()
    return predict


def predict(row: dict[str, Any]) -> dict[str, Any]:
    """The prediction for one question, as ../shared/data/score.py reads it."""
    found = search(row["question"], practice_id=None, limit=RESULTS)
    return {
        "id": row["id"],
        "ranked": [hit.identifier for hit in found.results],
        "answerable": round(found.answerable, 6),
    }
