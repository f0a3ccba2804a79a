"""Whether one arm of an experiment is worse than the other, told at any time and as often as one likes. Pure.

Scores are from 0 to 1, higher is better. The k-th score of the challenger and the k-th of the baseline are a pair; what
is bet on is the mean of their difference. The wealth of a better who bets against "the challenger is not worse by more
than the margin" is, where that holds, a supermartingale that begins at 1, so that it ever reaches 1/alpha with a chance
of alpha at most (Ville 1939), whatever the scores are like and however often one looks. Bets are those of aGRAPA in
Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", JRSS B 86 (2024), section 5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

BOLDEST: Final = 0.5  # the share of the wealth that a bet risks at most


@dataclass(frozen=True, slots=True)
class Standing:
    """How an experiment stands: pairs of cases, the means of their scores, and the wealth of both betters so far.

    `against` is the most that the better against the challenger has ever had, `behind` that of the one who bets that
    the challenger is not worse by more than the margin.
    """

    pairs: int
    baseline: float
    challenger: float
    against: float
    behind: float

    def loses(self, alpha: float) -> bool:
        """Whether the challenger is worse by more than the margin; wrong in `alpha` of experiments at most."""
        return self.against >= 1 / alpha

    def holds(self, alpha: float) -> bool:
        """Whether it is not worse by more than the margin; wrong in `alpha` of experiments at most."""
        return self.behind >= 1 / alpha


def standing(pairs: Iterable[tuple[float, float]], margin: float) -> Standing:
    """How matters stand after `pairs` of scores, each the baseline's and the challenger's, in the order they came.

    Raises ValueError for a score or a margin that is not from 0 to 1.
    """
    if not 0 <= margin < 1:
        raise ValueError("a margin is from 0 up to 1")
    edge = (1 - margin) / 2  # of the mean of (1 + challenger - baseline) / 2, where the challenger is just good enough
    against, behind = _Better(edge), _Better(1 - edge)
    count, baseline, challenger = 0, 0.0, 0.0
    for one, other in pairs:
        if not (0 <= one <= 1 and 0 <= other <= 1):
            raise ValueError("scores are from 0 to 1")
        count, baseline, challenger = count + 1, baseline + one, challenger + other
        moved = (1 + other - one) / 2
        against.bet(moved)
        behind.bet(1 - moved)
    shared = max(1, count)
    return Standing(count, baseline / shared, challenger / shared, against.most, behind.most)


class _Better:
    """Bets that the mean of values from 0 to 1 is below `edge`; each bet rests on the values before it alone."""

    def __init__(self, edge: float) -> None:
        self._edge = edge
        self._wealth = self.most = 1.0
        self._count, self._sum, self._squares = 1, 0.5, 0.25  # as if one value had come, of no use to either side

    def bet(self, value: float) -> None:
        """Stake on the next value, and see it."""
        mean = self._sum / self._count
        gain = self._edge - mean
        stake = gain / (self._squares / self._count + gain * gain) if gain > 0 else 0.0
        stake = min(stake, BOLDEST / (1 - self._edge))
        self._wealth *= 1 + stake * (self._edge - value)
        self.most = max(self.most, self._wealth)
        self._count += 1
        self._sum += value
        self._squares += (value - self._sum / self._count) ** 2
