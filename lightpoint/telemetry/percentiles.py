"""Percentiles of what was measured one by one, and of what was counted in buckets. Pure."""

import math
from collections.abc import Mapping, Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 to 1) of them do not exceed (nearest rank); 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def bucket_percentile(buckets: Mapping[float, float], share: float) -> float:
    """The same from a histogram: upper bound to the number of values up to it, the last bound being infinite.

    Values are taken to lie evenly within a bucket, as Prometheus' histogram_quantile does. Above the last finite bound
    that bound is answered with: the true value is larger.
    """
    bounds = sorted(buckets)
    total = buckets[bounds[-1]] if bounds else 0.0
    below, lower = 0.0, 0.0
    for bound in bounds:
        if total and buckets[bound] >= share * total:
            if math.isinf(bound):
                return lower
            within = buckets[bound] - below
            return lower + (bound - lower) * ((share * total - below) / within if within else 1.0)
        below, lower = buckets[bound], bound
    return 0.0
