"""Log lines say what failed and where, and nothing of what documents and people said."""

import json
import logging

import pytest
from django.contrib import admin
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from lightpoint.telemetry.tests.lines import Lines, listen

CANARY = "Mrs Canary of 7 Finch Lane owes 4,212.99"
log = logging.getLogger("lightpoint.test")


def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"cannot read {CANARY}")


def miss(request: HttpRequest, name: str) -> HttpResponse:
    raise Http404(name)


urlpatterns = [
    path("admin/", admin.site.urls),  # where the page for an error leads
    path("fail/", fail, name="fail"),
    path("miss/<str:name>/", miss, name="miss"),
]


def logged(handler: Lines, error: BaseException) -> str:
    try:
        raise error
    except BaseException:
        logger = logging.Logger("test")
        logger.addHandler(handler)
        logger.exception("Something failed")
    return handler.lines[-1]


def chained() -> Exception:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as inner:
            raise ValueError(CANARY) from inner
    except ValueError as error:
        return error


@pytest.mark.parametrize("as_json", [False, True])
def test_an_exception_is_written_as_class_and_place_without_its_words(as_json: bool) -> None:
    line = logged(listen(as_json=as_json), ValueError(f"cannot read {CANARY}"))
    assert "Canary" not in line
    assert "ValueError at lightpoint.telemetry.tests.test_logs:logged:" in line
    assert "Something failed" in line


def test_what_an_exception_was_raised_from_is_named_and_not_quoted() -> None:
    line = logged(listen(), ExceptionGroup(CANARY, [chained(), TypeError(CANARY)]))
    assert "Canary" not in line
    assert [kind for kind in ("ExceptionGroup", "ValueError", "KeyError", "TypeError") if kind not in line] == []


def test_a_ring_of_exceptions_comes_to_an_end() -> None:
    first, second = ValueError(), TypeError()
    first.__cause__, second.__cause__ = second, first
    assert logged(listen(), first).count("ValueError") == 1


@pytest.mark.django_db
def test_a_refusal_of_the_database_does_not_quote_the_row() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [CANARY])
    except Exception as error:
        line = logged(listen(), error)
    assert "Canary" not in line
    assert "django.db.utils.DataError" in line


def test_a_machine_of_a_developer_writes_the_whole_of_it() -> None:
    line = logged(listen(with_messages=True), ValueError(CANARY))
    assert CANARY in line
    assert "Traceback" in line


@pytest.mark.urls(__name__)
def test_a_failed_request_is_logged_by_route_and_id(client: Client, log_lines: list[str]) -> None:
    client.raise_request_exception = False
    client.get(f"/fail/?q={CANARY}", headers={"X-Request-ID": "failed-request-1"})
    (line,) = [line for line in log_lines if "django.request" in line]
    assert "Canary" not in line
    assert "ValueError at lightpoint.telemetry.tests.test_logs:fail:" in line
    assert "request_id='failed-request-1'" in line


@pytest.mark.urls(__name__)
def test_an_address_that_somebody_typed_is_not_repeated(client: Client, log_lines: list[str]) -> None:
    headers = {"X-Request-ID": "refused-request-1"}
    client.get(f"/miss/{CANARY}/", headers=headers)
    client.get(f"/{CANARY}/", headers=headers)
    lines = [line for line in log_lines if "django.request" in line]
    assert len(lines) == 2
    assert "Canary" not in "".join(lines)
    assert ["route='miss'" in lines[0], "route='unmatched'" in lines[1]] == [True, True]
    assert all("request_id='refused-request-1'" in line for line in lines)


def test_json_lines_are_json(settings: Settings) -> None:
    handler = listen(as_json=True)
    log.addHandler(handler)
    log.warning("Slow request", extra={"route": "complaints:list", "milliseconds": 1200.0, "secret": CANARY})
    log.removeHandler(handler)
    line = json.loads(handler.lines[0])
    assert (line["event"], line["route"], line["milliseconds"]) == ("Slow request", "complaints:list", 1200.0)
    assert "secret" not in line
