"""What a letter says HMRC upheld, beside the findings that the replies were read to hold. Pure."""

import re
from collections.abc import Collection, Iterator

from complaints.facts.records import Facts

_RULED = re.compile(
    r"(?P<verb>(?:did not|not|never)\s+(?:\w+\s+)?(?:uphold|upheld)|upheld|uphold|rejected|reject)\b"
    r"(?P<labels>[^“\".;]*(?:[“\"][^”\"]+[”\"][\s,and]*)+)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[“\"]([^”\"]+)[”\"]")


def finding_faults(text: str, documents: Collection[str], facts: Facts) -> Iterator[str]:
    """A point said to be upheld that the reply did not uphold, or the other way; points are told by their labels."""
    outcomes = {f.label.lower(): f.outcome for f in facts.findings if f.span.document in documents}
    for match in _RULED.finditer(text):
        favourable = match["verb"].lower() in ("upheld", "uphold")
        for label in _LABEL.findall(match["labels"]):
            outcome = outcomes.get(label.lower())
            contrary = {"upheld": not favourable, "not_upheld": favourable}.get(outcome or "", False)
            if contrary:
                yield f"negation: by the reply “{label}” was {str(outcome).replace('_', ' ')}"
