"""How the product performs, from the figures of all processes and the newest records (lightpoint.telemetry.records)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lightpoint.telemetry.metrics import totals
from lightpoint.telemetry.percentiles import bucket_percentile, percentile
from lightpoint.telemetry.records import REQUESTS, SLOW_QUERIES, SLOW_REQUESTS, ring

SLOWEST = 10
Record = Mapping[str, str | int | float]
Buckets = dict[str, dict[float, float]]


@dataclass(frozen=True)
class RouteFigures:
    """A route of the URL table: times in milliseconds, queries and answers of 500 and more a request."""

    route: str
    requests: int
    p50: float
    p95: float
    p99: float
    queries: float
    failed: int


@dataclass(frozen=True)
class CacheFigures:
    """An entry of the cache: `hit_rate` is the share of look-ups that needed no computation by the one who asked."""

    name: str
    lookups: int
    hit_rate: float
    hits: int
    stale: int
    coalesced: int
    misses: int
    errors: int


@dataclass(frozen=True)
class Report:
    """`kept_from` is the time of the oldest request still kept one by one (seconds since 1970), None for none."""

    routes: Sequence[RouteFigures]
    caches: Sequence[CacheFigures]
    slowest_requests: Sequence[Record]
    slowest_queries: Sequence[Record]
    kept_from: float | None

    @property
    def requests(self) -> int:
        """All requests that the figures are of."""
        return sum(route.requests for route in self.routes)


def make_report(since: float | None) -> Report:
    """The report on all that was ever counted, or on the kept requests from `since` (seconds since 1970) on.

    Since when a look-up in the cache was made is not known, so that caches are always over everything.
    """
    samples = [(sample.name, sample.labels, sample.value) for metric in totals() for sample in metric.samples]
    kept = list(ring(REQUESTS).read())
    return Report(
        routes=_from_records(_from(kept, since)) if since is not None else _from_figures(samples),
        caches=_caches(samples),
        slowest_requests=_slowest(_from(ring(SLOW_REQUESTS).read(), since)),
        slowest_queries=_by_statement(_from(ring(SLOW_QUERIES).read(), since)),
        kept_from=float(kept[0]["at"]) if kept else None,
    )


def _from(records: Iterable[Record], since: float | None) -> list[Record]:
    return [record for record in records if since is None or float(record["at"]) >= since]


def _from_records(records: Iterable[Record]) -> list[RouteFigures]:
    by_route: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_route[str(record["route"])].append(record)
    return _busiest(_route_of_records(route, found) for route, found in by_route.items())


def _route_of_records(route: str, records: Sequence[Record]) -> RouteFigures:
    times = [float(record["milliseconds"]) for record in records]
    return RouteFigures(
        route=route,
        requests=len(records),
        p50=percentile(times, 0.50),
        p95=percentile(times, 0.95),
        p99=percentile(times, 0.99),
        queries=round(sum(float(record["queries"]) for record in records) / len(records), 2),
        failed=sum(1 for record in records if int(record["status"]) >= 500),
    )


def _from_figures(samples: Iterable[tuple[str, Mapping[str, str], float]]) -> list[RouteFigures]:
    buckets: Buckets = defaultdict(lambda: defaultdict(float))
    queries: dict[str, float] = defaultdict(float)
    failed: dict[str, float] = defaultdict(float)
    for name, labels, value in samples:
        route = labels.get("route", "")
        if name == "lightpoint_request_seconds_bucket":
            buckets[route][float(labels["le"])] += value
        elif name == "lightpoint_request_queries_sum":
            queries[route] += value
        elif name == "lightpoint_request_seconds_count" and labels["status"] == "5xx":
            failed[route] += value
    return _busiest(
        _route_of_buckets(route, found, queries[route], int(failed[route])) for route, found in buckets.items()
    )


def _route_of_buckets(route: str, buckets: Mapping[float, float], queries: float, failed: int) -> RouteFigures:
    requests = int(max(buckets.values()))
    p50, p95, p99 = (round(1000 * bucket_percentile(buckets, share), 2) for share in (0.50, 0.95, 0.99))
    return RouteFigures(route, requests, p50, p95, p99, round(queries / requests, 2) if requests else 0.0, failed)


def _busiest(routes: Iterable[RouteFigures]) -> list[RouteFigures]:
    return sorted((route for route in routes if route.requests), key=lambda route: (-route.requests, route.route))


def _caches(samples: Iterable[tuple[str, Mapping[str, str], float]]) -> list[CacheFigures]:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name, labels, value in samples:
        if name == "lightpoint_cache_total":
            counts[labels["name"]][labels["outcome"]] += int(value)
    return [_cache(name, found) for name, found in sorted(counts.items())]


def _cache(name: str, found: Mapping[str, int]) -> CacheFigures:
    spared = found["hits"] + found["stale"] + found["coalesced"]
    lookups = spared + found["misses"] + found["uncached"]
    return CacheFigures(
        name=name,
        lookups=lookups,
        hit_rate=round(spared / lookups, 4) if lookups else 0.0,
        hits=found["hits"],
        stale=found["stale"],
        coalesced=found["coalesced"],
        misses=found["misses"] + found["uncached"],
        errors=found["errors"],
    )


def _slowest(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: -float(record["milliseconds"]))[:SLOWEST]


def _by_statement(records: Sequence[Record]) -> list[Record]:
    """The slowest run of each statement, with how often it was slow."""
    times: dict[str, int] = defaultdict(int)
    worst: dict[str, Record] = {}
    for record in records:
        statement = str(record["statement"])
        times[statement] += 1
        if float(record["milliseconds"]) > float(worst.get(statement, {"milliseconds": -1.0})["milliseconds"]):
            worst[statement] = record
    return _slowest({**record, "times": times[statement]} for statement, record in worst.items())
