"""The check run on a row of a grounding set, for `manage.py evaluate grounding`. Pure."""

from collections.abc import Mapping
from typing import Any

from lightpoint.grounding.check import check_sentence
from lightpoint.grounding.records import Evidence


def predict(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the id and label of a row with `id`, `sentence` and `evidence` (a list of id and text)."""
    evidence = [Evidence(str(item["id"]), str(item["text"])) for item in row["evidence"]]
    verdict = check_sentence(str(row["sentence"]), evidence)
    return {"id": str(row["id"]), "label": "supported" if verdict.supported else "unsupported"}
