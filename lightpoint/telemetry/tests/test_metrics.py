"""Figures of all processes add up, survive the end of a process, and have bounded labels and files."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.test import Client

from lightpoint.telemetry import folding, metrics
from lightpoint.telemetry.folding import fold_dead, fold_many

COUNTER = """
import os, sys
os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
from prometheus_client import Counter, Histogram
Counter("lightpoint_cache", "Look-ups in the cache", ("name", "outcome"), registry=None).labels("a", "hits").inc(3)
Histogram("lightpoint_job_seconds", "Time of a job", ("task",), registry=None, buckets=(1, 2)).labels("read").observe(1)
"""


def value(sample: str, **labels: str) -> float:
    """The figure with that name and those labels, over all processes; 0 where there is none."""
    return sum(
        found.value
        for metric in metrics.totals()
        for found in metric.samples
        if found.name == sample and labels.items() <= found.labels.items()
    )


def labels_of(sample: str) -> list[Mapping[str, str]]:
    return [found.labels for metric in metrics.totals() for found in metric.samples if found.name == sample]


def run_counters(folder: Path, processes: int) -> None:
    for _ in range(processes):
        subprocess.run([sys.executable, "-c", COUNTER, str(folder)], check=True, timeout=60)


@pytest.mark.urls("lightpoint.telemetry.tests.site")
@pytest.mark.django_db
def test_a_request_is_counted_under_route_method_and_class_of_status(client: Client) -> None:
    labels = {"route": "query", "method": "GET", "status": "2xx"}
    before = value("lightpoint_request_seconds_count", **labels), value("lightpoint_request_queries_sum", route="query")
    client.get("/query/4/")
    after = value("lightpoint_request_seconds_count", **labels), value("lightpoint_request_queries_sum", route="query")
    assert (after[0] - before[0], after[1] - before[1]) == (1, 4)


@pytest.mark.urls("lightpoint.telemetry.tests.site")
def test_addresses_and_methods_that_somebody_made_up_make_no_new_labels(client: Client) -> None:
    for number in range(5):
        client.generic(f"CANARY{number}", f"/canary-{number}/")
    found = labels_of("lightpoint_request_seconds_count")
    assert "CANARY" not in str(found).upper()
    assert {"route": "unmatched", "method": "other", "status": "4xx"} in found


def test_names_beyond_the_bound_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_caches", metrics.Names())
    for number in range(metrics.MOST_NAMES + 20):
        metrics.count_cache(f"entry-{number}", "hits")
    names = {labels["name"] for labels in labels_of("lightpoint_cache_total")}
    assert {f"entry-{number}" for number in range(metrics.MOST_NAMES)} <= names
    assert f"entry-{metrics.MOST_NAMES}" not in names
    assert metrics.OTHER in names


def test_each_kind_of_figure_is_counted_and_in_the_exposition() -> None:
    refused = {"decision": "refused", "limit": "api"}
    read = {"task": "complaints.tasks.read"}
    counted = (
        ("lightpoint_cache_total", {"name": "guidance.list", "outcome": "hits"}, 3),
        ("lightpoint_rate_limit_total", refused, 1),
        ("lightpoint_jobs_total", {"state": "succeeded", **read}, 1),
        ("lightpoint_job_seconds_count", read, 1),
        ("lightpoint_errors_total", {"group": "parsing"}, 1),
    )
    before = [value(sample, **labels) for sample, labels, _ in counted]
    metrics.count_cache("guidance.list", "hits", 3)
    metrics.count_decision("api", "refused")
    metrics.count_job("complaints.tasks.read", "succeeded", 0.2)
    metrics.count_error("parsing")
    gained = [value(sample, **labels) - had for (sample, labels, _), had in zip(counted, before, strict=True)]
    assert gained == [times for _, _, times in counted]
    text = metrics.exposition().decode()
    assert "# TYPE lightpoint_request_seconds histogram" in text
    for sample, _, _ in counted:
        assert f"{sample}{{" in text


def test_processes_that_ended_are_folded_into_one_file_and_their_figures_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_counters(tmp_path, 3)
    assert len(list(tmp_path.glob("*.db"))) == 6
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    for _ in range(2):  # a second reading finds them folded already
        assert value("lightpoint_cache_total", name="a", outcome="hits") == 9
        assert value("lightpoint_job_seconds_count", task="read") == 3
        assert value("lightpoint_job_seconds_bucket", task="read", le="2.0") == 3
        assert sorted(file.name for file in tmp_path.glob("*.db")) == ["counter_0.db", "histogram_0.db"]


def test_the_file_of_a_process_that_runs_is_left_alone(tmp_path: Path) -> None:
    run_counters(tmp_path, 1)
    (file,) = tmp_path.glob("counter_*.db")
    ours = file.rename(tmp_path / f"counter_{os.getpid()}.db")
    fold_dead(tmp_path)
    assert ours.exists()


def test_many_files_are_folded_without_anybody_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_counters(tmp_path, 2)
    fold_many(tmp_path)
    assert len(list(tmp_path.glob("*.db"))) == 4
    monkeypatch.setattr(folding, "MANY", 3)
    fold_many(tmp_path)
    assert len(list(tmp_path.glob("*.db"))) == 2


def test_a_reader_that_stopped_keeps_nobody_from_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_counters(tmp_path, 1)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setattr(metrics, "WAIT_SECONDS", 0)
    with folding.folding(tmp_path, seconds=0) as held:
        assert held
        assert value("lightpoint_cache_total", name="a") == 3
    assert len(list(tmp_path.glob("*.db"))) == 2


def test_a_figure_that_cannot_be_written_is_lost_without_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = COUNTER.split("from prometheus_client", maxsplit=1)[0] + (
        "import django; os.environ['DJANGO_SETTINGS_MODULE'] = 'lightpoint.settings'; django.setup()\n"
        "from lightpoint.telemetry import metrics; metrics.count_error('user'); print('went on')"
    )
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "file" / "metrics")],
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "went on\n"


def test_a_request_that_was_not_led_anywhere_has_no_route() -> None:
    assert metrics.route_of(HttpRequest()) == metrics.UNMATCHED
