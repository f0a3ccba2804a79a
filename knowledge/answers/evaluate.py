"""The guard run on pairs of questions, as `manage.py evaluate semantic_cache` does. Pure but for the vectors given."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from knowledge.answers.guard import Judge, judged_same, same_answer


def predict_pairs(
    rows: Sequence[Mapping[str, Any]], *, embed: Callable[[Sequence[str]], Any], judge: Judge | None = None
) -> list[dict[str, Any]]:
    """For each row with "id", "a" and "b": {"id", "hit"}; `embed` gives unit vectors, one row a text."""
    texts = sorted({row[side] for row in rows for side in ("a", "b")})
    vectors = dict(zip(texts, embed(texts), strict=True)) if texts else {}
    return [
        {"id": row["id"], "hit": _hit(row["a"], row["b"], float(np.dot(vectors[row["a"]], vectors[row["b"]])), judge)}
        for row in rows
    ]


def _hit(a: str, b: str, similarity: float, judge: Judge | None) -> bool:
    proved = same_answer(a, b, similarity).same
    return proved or (judge is not None and judged_same(a, b, similarity, judge))
