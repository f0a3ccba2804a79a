"""How well a pipeline wrote, by one fixed formula over the figures of the ledger. Pure.

A section is worth 1 where it stood as the model wrote it, 0.9 where it stood when asked for once more, 0.5 where
sentences of it had to be the embedded drafter's, and 0 where all of it had to. The quality of a drafting is the mean
over its sections, and 0 where the ledger blocks a letter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

AT_FIRST, AGAIN, MENDED, REPLACED = 1.0, 0.9, 0.5, 0.0
GATE: Final = 0.95  # of the quality of three_stage, that two_stage must have to be offered
EXACT: Final = 9  # decimals to which means are compared


@dataclass(frozen=True, slots=True)
class Written:
    """What came of the sections of a drafting, by the sections that its receipt names."""

    sections: int
    at_first: int
    again: int
    mended: int
    replaced: int

    @property
    def quality(self) -> float:
        """The mean worth of a section, 0 to 1."""
        worth = AT_FIRST * self.at_first + AGAIN * self.again + MENDED * self.mended + REPLACED * self.replaced
        return worth / self.sections if self.sections else 0.0

    @property
    def first_try(self) -> float:
        """The share of the sections that stood at the first try."""
        return self.at_first / self.sections if self.sections else 0.0

    @property
    def share_replaced(self) -> float:
        """The share of the sections that stayed the embedded drafter's."""
        return self.replaced / self.sections if self.sections else 1.0


def written_of(receipt: Mapping[str, Any]) -> Written | None:
    """The figures of a receipt; None where no model was asked for a section."""
    told = receipt.get("sections") or {}
    replaced = {one["section"] for one in told.get("replaced", ())}
    stood = set(told.get("written", ())) - replaced
    if not stood | replaced or not receipt.get("calls"):
        return None
    mended = {one["section"] for one in told.get("mended", ())} & stood
    again = set(told.get("asked_again", ())) & stood - mended
    at_first = stood - mended - again
    return Written(len(stood | replaced), len(at_first), len(again), len(mended), len(replaced))


def quality_of(receipt: Mapping[str, Any]) -> float | None:
    """The quality of a drafting by its receipt, 0 to 1; None where no model was asked for a section."""
    found = written_of(receipt)
    if found is None:
        return None
    return 0.0 if receipt.get("checks", {}).get("unsupported") else found.quality


def passes_gate(two_stage: Sequence[float], three_stage: Sequence[float], *, least: int) -> bool:
    """Whether two_stage may be offered: of `least` drafts each, its mean quality is GATE of three_stage's or more.

    Drafts of no quality at all, as those of a provider that fails, show nothing.
    """
    if min(len(two_stage), len(three_stage)) < max(1, least):
        return False
    one, other = _mean(two_stage), _mean(three_stage)
    return other > 0 and round(one - GATE * other, EXACT) >= 0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
