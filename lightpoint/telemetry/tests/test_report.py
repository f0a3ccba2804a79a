"""The report tells what was measured, over all processes, and says so when that is nothing."""

import io
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from lightpoint.management.commands.performance_report import read_since
from lightpoint.telemetry.percentiles import bucket_percentile, percentile
from lightpoint.telemetry.records import REQUESTS, SLOW_QUERIES, SLOW_REQUESTS, ring

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MEASURE = """
import os, sys
from prometheus_client import Counter, Histogram
names = ("route", "method", "status")
seconds = Histogram("lightpoint_request_seconds", "t", names, registry=None, buckets=(0.1, 0.2, 0.4))
queries = Histogram("lightpoint_request_queries", "q", ("route",), registry=None, buckets=(1, 5))
cache = Counter("lightpoint_cache", "c", ("name", "outcome"), registry=None)
for number in range(50):
    seconds.labels("complaints:list", "GET", "2xx").observe(0.15)
    queries.labels("complaints:list").observe(4)
seconds.labels("letters:draft", "POST", "5xx").observe(9)
queries.labels("letters:draft").observe(10)
cache.labels("guidance.list", "hits").inc(6)
cache.labels("guidance.list", "stale").inc(2)
cache.labels("guidance.list", "misses").inc(2)
"""


@pytest.fixture(autouse=True)
def _empty(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.TELEMETRY_DIR = tmp_path
    (tmp_path / "metrics").mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
    yield
    for name in (REQUESTS, SLOW_REQUESTS, SLOW_QUERIES):
        ring(name).close()


def measured_by_two_processes() -> None:
    for _ in range(2):
        subprocess.run([sys.executable, "-c", MEASURE], check=True, timeout=60)


def keep(at: float, milliseconds: float, status: int = 200) -> None:
    ring(REQUESTS).append(
        {"at": at, "route": "complaints:list", "method": "GET", "status": status}
        | {"milliseconds": milliseconds, "queries": 3}
    )


def shown(*arguments: str) -> str:
    out = io.StringIO()
    call_command("performance_report", *arguments, stdout=out)
    return out.getvalue()


def report(*arguments: str) -> dict[str, Any]:
    return json.loads(shown("--json", *arguments))


def test_an_empty_installation_says_so() -> None:
    assert shown() == "Nothing has been measured yet: there are figures once the site has answered requests.\n"
    assert "Nothing was measured since 2026-" in shown("--since", "2026-03-01")
    empty = report()
    assert (empty["requests"], empty["routes"], empty["cache"], empty["kept_from"]) == (0, [], [], None)


def test_the_figures_of_all_processes_are_added_up_by_route() -> None:
    measured_by_two_processes()
    busiest, other = report()["routes"]
    assert (busiest["route"], busiest["requests"], busiest["queries"], busiest["failed"]) == (
        "complaints:list",
        100,
        4.0,
        0,
    )
    assert (busiest["p50"], busiest["p95"], busiest["p99"]) == (150.0, 195.0, 199.0)
    assert (other["route"], other["requests"], other["failed"], other["p99"]) == ("letters:draft", 2, 2, 400.0)


def test_hit_rates_count_what_spared_a_computation() -> None:
    measured_by_two_processes()
    (cache,) = report()["cache"]
    assert (cache["name"], cache["lookups"], cache["hit_rate"], cache["misses"]) == ("guidance.list", 20, 0.8, 4)


def test_since_looks_at_single_requests_from_then_on() -> None:
    measured_by_two_processes()
    start = NOW.timestamp()
    keep(start - 1, 9_999)
    for number in range(1, 101):
        keep(start + number, float(number), status=500 if number > 98 else 200)
    (route,) = report("--since", NOW.isoformat())["routes"]
    assert (route["requests"], route["p50"], route["p95"], route["p99"]) == (100, 50.0, 95.0, 99.0)
    assert (route["queries"], route["failed"]) == (3.0, 2)


def test_a_time_before_the_oldest_request_is_owned_up_to() -> None:
    keep(NOW.timestamp(), 5.0)
    assert "Requests are kept from 2026-03-02T12:00:00+00:00 on only" in shown("--since", "2026-03-01")
    assert "on only" not in shown("--since", "2026-03-02T12:00:00+00:00")


def test_the_slowest_are_told_with_their_statements() -> None:
    at = NOW.timestamp()
    for number, statement in enumerate(["SELECT a", "SELECT b", "SELECT a"]):
        ring(SLOW_QUERIES).append(
            {"at": at, "route": "r", "request_id": "i", "milliseconds": 200.0 + number, "statement": statement}
        )
    ring(SLOW_REQUESTS).append(
        {"at": at, "route": "r", "request_id": "of-it", "method": "GET", "status": 200}
        | {"milliseconds": 1500.0, "queries": 2, "query_milliseconds": 1.0, "statement": "SELECT a"}
    )
    found = report()
    queries = [(query["statement"], query["times"], query["milliseconds"]) for query in found["slowest_queries"]]
    assert queries == [("SELECT a", 2, 202.0), ("SELECT b", 1, 201.0)]
    assert [request["request_id"] for request in found["slowest_requests"]] == ["of-it"]
    assert report("--since", "2026-03-03")["slowest_queries"] == []
    assert "SELECT b" in shown()


def test_the_tables_hold_what_the_json_holds() -> None:
    measured_by_two_processes()
    text = shown()
    assert [
        word for word in ("102 requests of all time", "complaints:list", "195.0", "80.0%") if word not in text
    ] == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("15m", "2026-03-02T11:45:00+00:00"),
        ("2h", "2026-03-02T10:00:00+00:00"),
        ("7d", "2026-02-23T12:00:00+00:00"),
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01T09:30+01:00", "2026-03-01T09:30:00+01:00"),
    ],
)
def test_since_may_be_a_span_or_a_moment(given: str, expected: str) -> None:
    assert read_since(given, now=NOW).isoformat() == expected


@pytest.mark.parametrize("given", ["yesterday", "7w", "-1h", "99999999d", "2026-13-01"])
def test_any_other_since_is_refused_in_one_line_with_code_2(given: str) -> None:
    with pytest.raises(CommandError, match="is neither like 15m") as refusal:
        shown(f"--since={given}")
    assert refusal.value.returncode == 2


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2), (0.95, 4), (0.25, 1), (0.0, 1)])
def test_a_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert percentile([4, 1, 3, 2], share) == expected


def test_nothing_has_percentiles_of_nought() -> None:
    assert (percentile([], 0.5), bucket_percentile({}, 0.5), bucket_percentile({1.0: 0, math.inf: 0}, 0.5)) == (0, 0, 0)


@pytest.mark.parametrize(("share", "expected"), [(0.25, 0.5), (0.5, 1.0), (0.75, 1.5), (1.0, 2.0)])
def test_a_percentile_of_buckets_lies_evenly_within_one(share: float, expected: float) -> None:
    assert bucket_percentile({1.0: 50, 2.0: 100, math.inf: 100}, share) == pytest.approx(expected)


def test_above_the_last_bound_of_the_buckets_that_bound_is_told() -> None:
    assert bucket_percentile({1.0: 50, math.inf: 100}, 0.99) == 1.0
