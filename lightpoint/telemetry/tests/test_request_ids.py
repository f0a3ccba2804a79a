"""A request has one id: in the answer, in every log line, and in the jobs that it defers."""

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from lightpoint.telemetry.context import bind_request, current_request_id, current_work, note
from lightpoint.telemetry.middleware import RequestIdMiddleware


def test_a_sane_id_is_taken_and_answered_with(client: Client) -> None:
    answer = client.get("/admin/login/nowhere", headers={"X-Request-ID": "From-the-proxy-1"})
    assert answer.headers["X-Request-ID"] == "From-the-proxy-1"


@pytest.mark.parametrize("given", [None, "", "short", "x" * 65, "jane@client.example", "two words!", "a\nlevel=error-"])
def test_anything_else_is_replaced_by_an_id_of_our_own(given: str | None) -> None:
    headers = {"X-Request-ID": given} if given is not None else {}
    request = RequestFactory().get("/", headers=headers)
    answer = RequestIdMiddleware(lambda request: HttpResponse())(request)
    assert answer.headers["X-Request-ID"] != given
    assert len(answer.headers["X-Request-ID"]) == 32


def test_two_requests_without_an_id_get_two() -> None:
    serve = RequestIdMiddleware(lambda request: HttpResponse())
    first, second = (serve(RequestFactory().get("/")).headers["X-Request-ID"] for _ in range(2))
    assert first != second


def test_the_id_is_there_while_the_request_is_answered_and_gone_after() -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_request_id())
        return HttpResponse()

    RequestIdMiddleware(view)(RequestFactory().get("/", headers={"X-Request-ID": "abcdefgh-1"}))
    assert (seen, current_request_id()) == (["abcdefgh-1"], "")


def test_an_id_that_is_bound_again_is_in_the_log_lines_within_only(log_lines: list[str]) -> None:
    log = logging.getLogger("test")
    with bind_request("id-of-the-request"):
        log.warning("inside")
    log.warning("outside")
    assert "request_id='id-of-the-request'" in log_lines[0]
    assert "request_id" not in log_lines[1]


def test_what_is_noted_belongs_to_the_work_at_hand() -> None:
    note(practice=1, stage="open")  # outside of any: nothing to note it on
    with bind_request(None) as outer:
        note(practice=7, stage="drafting")
        with bind_request(None) as inner:
            assert (inner.practice, inner.stage) == (None, "")
        assert current_work() is outer
        note(stage="sent")
    assert (outer.practice, outer.stage) == (7, "sent")
