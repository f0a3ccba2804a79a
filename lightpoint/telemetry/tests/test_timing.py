"""Each request is measured under its route, and no query is made for it."""

import gc
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from psycopg import sql
from pytest_django import DjangoAssertNumQueries, Settings

from lightpoint.telemetry.middleware import RequestIdMiddleware, TimingMiddleware
from lightpoint.telemetry.queries import QueryLog
from lightpoint.telemetry.records import REQUESTS, SLOW_QUERIES, SLOW_REQUESTS, ring
from lightpoint.telemetry.tests.site import CANARY

pytestmark = pytest.mark.urls("lightpoint.telemetry.tests.site")


@pytest.fixture(autouse=True)
def _empty_rings(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.TELEMETRY_DIR = tmp_path
    yield
    for name in (REQUESTS, SLOW_REQUESTS, SLOW_QUERIES):
        ring(name).close()


def last(name: str) -> dict[str, str | int | float]:
    return list(ring(name).read())[-1]


@pytest.mark.django_db
def test_a_request_is_recorded_with_its_route_and_its_queries(client: Client) -> None:
    client.post("/query/3/?q=x")
    kept = last(REQUESTS)
    assert (kept["route"], kept["method"], kept["status"], kept["queries"]) == ("query", "POST", 200, 3)
    assert isinstance(kept["milliseconds"], float)


@pytest.mark.parametrize(
    ("address", "route", "status"), [("/nothing/x/", "nothing", 200), ("/nowhere/", "unmatched", 404)]
)
def test_what_matches_no_route_is_recorded_as_that(client: Client, address: str, route: str, status: int) -> None:
    client.get(address)
    assert (last(REQUESTS)["route"], last(REQUESTS)["status"]) == (route, status)


def test_a_request_that_fails_is_recorded_as_500(client: Client) -> None:
    client.raise_request_exception = False
    client.get("/fail/")
    assert (last(REQUESTS)["route"], last(REQUESTS)["status"]) == ("fail", 500)


def test_a_method_that_somebody_made_up_is_not_repeated(client: Client) -> None:
    client.generic("CANARY", "/nothing/x/")
    assert last(REQUESTS)["method"] == "other"


@pytest.mark.django_db
def test_a_slow_query_is_recorded_with_its_route_and_id_and_without_its_values(
    client: Client, settings: Settings, log_lines: list[str]
) -> None:
    settings.SLOW_QUERY_MS = 20
    client.get("/query/2/?slow", headers={"X-Request-ID": "slow-query-1"})
    (kept,) = ring(SLOW_QUERIES).read()
    assert (kept["route"], kept["request_id"]) == ("query", "slow-query-1")
    assert kept["statement"] == "SELECT pg_sleep(?), ?"
    (line,) = [line for line in log_lines if "Slow query" in line]
    assert "statement='SELECT pg_sleep(?), ?'" in line
    assert "Canary" not in line


@pytest.mark.django_db
def test_a_slow_request_is_recorded_with_its_slowest_statement(
    client: Client, settings: Settings, log_lines: list[str]
) -> None:
    settings.SLOW_REQUEST_MS = 20
    client.get(f"/query/1/?slow&q={CANARY}")
    (kept,) = ring(SLOW_REQUESTS).read()
    assert (kept["route"], kept["queries"], kept["statement"]) == ("query", 2, "SELECT pg_sleep(?), ?")
    assert float(kept["query_milliseconds"]) >= 30
    assert float(kept["milliseconds"]) >= float(kept["query_milliseconds"])
    assert "Canary" not in json.dumps(kept) + "".join(log_lines)


def test_a_quick_request_is_not_recorded_as_a_slow_one(client: Client, settings: Settings) -> None:
    settings.SLOW_REQUEST_MS = 60_000
    client.get("/nothing/x/")
    assert list(ring(SLOW_REQUESTS).read()) == []


def test_a_statement_composed_by_psycopg_is_not_written_out(settings: Settings) -> None:
    settings.SLOW_QUERY_MS = 0
    QueryLog()(lambda *_: None, sql.SQL("SELECT {}").format(sql.Literal(CANARY)), None, False, {})
    assert last(SLOW_QUERIES)["statement"] == "(composed)"


def test_a_query_that_fails_is_counted_too() -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    queries = QueryLog()
    with pytest.raises(ZeroDivisionError):
        queries(fail, "SELECT 1", None, False, {})
    assert queries.count == 1


@pytest.mark.django_db
def test_measuring_makes_no_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        client.get("/nothing/x/")
    with django_assert_num_queries(2):
        client.get("/query/2/")


def test_measuring_opens_no_connection(client: Client) -> None:
    """Without the mark for the database, pytest-django refuses connections."""
    assert client.get("/nothing/x/").status_code == 200


def test_nothing_is_left_behind_on_the_connection(client: Client) -> None:
    before = list(connection.execute_wrappers)
    client.get("/nothing/x/")
    assert connection.execute_wrappers == before


def test_a_request_costs_one_line_and_no_memory_that_stays() -> None:
    serve = RequestIdMiddleware(TimingMiddleware(lambda request: HttpResponse()))

    def requests(number: int) -> None:
        for _ in range(number):
            serve(RequestFactory().get("/"))
        gc.collect()  # a request and what is noted on it hold each other

    requests(20)
    tracemalloc.start()
    requests(10)
    before = tracemalloc.take_snapshot()
    requests(100)
    after = tracemalloc.take_snapshot()
    tracemalloc.stop()
    own = tracemalloc.Filter(True, "*/lightpoint/telemetry/*")
    grown = sum(
        change.size_diff for change in after.filter_traces([own]).compare_to(before.filter_traces([own]), "filename")
    )
    assert len(list(ring(REQUESTS).read())) == 130
    assert grown < 2_000
