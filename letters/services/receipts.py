"""The receipt of a drafting: its lines, what they come to, and how it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from complaints.models import CaseRun, Complaint
from letters.models import Receipt
from letters.pipelines import Stage
from lightpoint.llm import Usage

UNPRICED: Final = "unpriced"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A call of a model, or an answer that was kept.

    Seconds, tokens and cost are those of this drafting alone; `saved` is what a kept answer had cost. `outcome` is
    "ok", "kept" or the code of an error.
    """

    stage: Stage
    letter: int
    about: tuple[str, ...]
    prompt_version: str
    prompt_number: int
    again: bool
    model: str
    tier: str
    reason: str
    usage: Usage | None
    cost: Decimal | None
    seconds: float
    outcome: str
    saved: Decimal | None = None

    def plain(self) -> dict[str, Any]:
        """The line as the receipt holds it."""
        usage = self.usage or Usage(0, 0)
        return {
            "stage": self.stage,
            "letter": self.letter,
            "about": list(self.about) if self.stage != "facts" else [key[:12] for key in self.about],
            "tier": self.tier,
            "reason": self.reason,
            "model": self.model,
            "prompt_version": self.prompt_version,
            "prompt": f"version {self.prompt_number} of the practice" if self.prompt_number else "shipped",
            "tokens": {"input": usage.sent, "cached": usage.cached, "output": usage.written},
            "cost": UNPRICED if self.cost is None else str(self.cost),
            "seconds": round(self.seconds, 3),
            "outcome": self.outcome,
            "again": self.again,
            **({} if self.saved is None else {"saved": str(self.saved)}),
        }


def total(costs: Sequence[Decimal | None]) -> Decimal | None:
    """The sum; None where one of them is not known."""
    if any(cost is None for cost in costs):
        return None
    return sum((cost for cost in costs if cost), Decimal(0))


def keep_receipt(
    *, complaint: Complaint, run: CaseRun | None, key: str, pipeline: str, payload: Mapping[str, Any], now: datetime
) -> bool:
    """Keep what was used and paid for the letters of `key`. Returns whether it was not there yet.

    A worker that finishes what a lost one had all but ended finds its receipt, and leaves it as it is.
    """
    told = {"practice": complaint.practice, "pipeline": pipeline, "payload": payload, "created_at": now}
    if run is None:
        Receipt.objects.create(complaint=complaint, inputs_hash=key, **told)
        return True
    rows = Receipt.objects.filter(complaint=complaint)
    return rows.get_or_create(run=run, inputs_hash=key, defaults={"complaint": complaint, **told})[1]
