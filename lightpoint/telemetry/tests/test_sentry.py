"""What arrives at Sentry names classes, places and tags; no text of documents and nothing about people leaves."""

import logging
import re
from collections.abc import Iterator
from types import SimpleNamespace
from wsgiref.util import setup_testing_defaults

import pytest
import sentry_sdk
from django.contrib import admin
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from complaints.documents import plain
from complaints.documents.reading import read_bytes
from lightpoint.errors import InvalidInput, ServiceUnavailable
from lightpoint.telemetry import sentry
from lightpoint.telemetry.context import bind_request, note
from lightpoint.telemetry.jobs import bind_job, report_error
from lightpoint.telemetry.scrub import hashed_practice
from lightpoint.telemetry.tests.receiver import Receiver, Server

CANARY = "Canary"  # part of everything that must not leave
TEXT = f"Mrs {CANARY} of 7 Finch Lane owes 4,212.99"
EMAIL = f"{CANARY}@client.example"
log = logging.getLogger("lightpoint.test")

pytestmark = pytest.mark.urls(__name__)


def broken() -> None:
    letter_text = TEXT
    log.warning("read %s", letter_text)
    sentry_sdk.add_breadcrumb(category="step", message=TEXT, data={"text": TEXT})
    sentry_sdk.set_user({"email": EMAIL})
    sentry_sdk.set_tag("client", TEXT)
    sentry_sdk.set_context("case", {"text": TEXT})
    try:
        raise KeyError(letter_text)
    except KeyError as error:
        raise ValueError(f"cannot read {letter_text}") from error


def failing(request: HttpRequest) -> HttpResponse:
    request.user = SimpleNamespace(practice_id=42, email=EMAIL)  # type: ignore[assignment]
    note(stage="drafting")
    broken()
    return HttpResponse()


def querying(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{TEXT}', %s", [TEXT])
        if "fail" in request.GET:
            cursor.execute("SELECT %s::int", [TEXT])
    return HttpResponse(TEXT)


def grouped(request: HttpRequest) -> HttpResponse:
    raise ExceptionGroup(TEXT, [ValueError(TEXT), ExceptionGroup(TEXT, [TypeError(TEXT)])])


def refusing(request: HttpRequest, kind: str) -> HttpResponse:
    raise {"rule": InvalidInput(TEXT), "missing": Http404(TEXT), "down": ServiceUnavailable(TEXT)}[kind]


urlpatterns = [
    path("admin/", admin.site.urls),  # where the page for an error leads
    path("failing/", failing, name="failing"),
    path("querying/", querying, name="querying"),
    path("grouped/", grouped, name="grouped"),
    path("refusing/<str:kind>/", refusing, name="refusing"),
]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    server = Server()
    server.thread.start()
    settings.SENTRY_DSN = server.receiver.dsn
    settings.SENTRY_TRACES_RATE = 0.0
    settings.RELEASE = "1.2.3"
    try:
        sentry.start()
        yield server.receiver
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
        sentry_sdk.get_isolation_scope().clear()
        server.stop()


@pytest.fixture
def timed(receiver: Receiver, settings: Settings) -> Iterator[Receiver]:
    settings.SENTRY_TRACES_RATE = 1.0
    sentry.start()
    for signal in (request_started, request_finished):  # the connection is the test's
        signal.disconnect(close_old_connections)
    yield receiver
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def client(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def events(receiver: Receiver, kind: str = "event") -> list[dict]:
    sentry_sdk.flush(10)
    assert CANARY.lower() not in receiver.text.lower()
    return receiver.of_kind(kind)


def serve(address: str, query: str = "") -> None:
    """A request as a server of WSGI hands it over; Django's test client comes in behind where timing begins."""
    environ = {"PATH_INFO": address, "QUERY_STRING": query, "HTTP_COOKIE": f"name={CANARY}", "HTTP_REFERER": TEXT}
    environ |= {"HTTP_SENTRY_TRACE": f"{'a' * 32}-{'b' * 16}-1", "HTTP_USER_AGENT": CANARY}
    environ["HTTP_BAGGAGE"] = f"sentry-trace_id={'a' * 32},sentry-transaction={CANARY},sentry-user_id={CANARY}"
    setup_testing_defaults(environ)
    answer = WSGIHandler()(environ, lambda status, headers, error=None: lambda data: None)
    for _ in answer:
        pass
    answer.close()


def kinds(event: dict) -> list[str]:
    return [part["type"] for part in event["exception"]["values"]]


def test_an_error_in_a_view_arrives_with_classes_places_and_tags_only(client: Client, receiver: Receiver) -> None:
    client.post(
        f"/failing/?email={EMAIL}",
        {"text": TEXT},
        headers={"X-Request-ID": "0" * 32, "Cookie": f"name={CANARY}", "X-Text": TEXT, "User-Agent": CANARY},
    )
    (event,) = events(receiver)
    assert kinds(event) == ["KeyError", "ValueError"]
    last = event["exception"]["values"][-1]["stacktrace"]["frames"][-1]
    assert (last["module"], last["function"]) == ("lightpoint.telemetry.tests.test_sentry", "broken")
    assert isinstance(last["lineno"], int)
    assert event["tags"] == {
        "practice": hashed_practice(42),
        "stage": "drafting",
        "route": "failing",
        "group": "other",
        "request_id": "0" * 32,
    }
    assert (event["release"], event["transaction"]) == ("1.2.3", "failing")
    assert event["fingerprint"] == ["other", "ValueError", "lightpoint.telemetry.tests.test_sentry:broken"]
    assert {"request", "user", "server_name", "modules", "extra", "logentry"} & set(event) == set()


def test_an_id_or_trace_that_a_client_wrote_words_into_stays_here(client: Client, receiver: Receiver) -> None:
    baggage = f"sentry-trace_id={'a' * 32},sentry-transaction={CANARY},sentry-user_id={CANARY}"
    trace = f"{'a' * 32}-{'b' * 16}-1"
    client.get("/failing/", headers={"X-Request-ID": f"{CANARY}-4212", "Baggage": baggage, "Sentry-Trace": trace})
    (event,) = events(receiver)
    assert "request_id" not in event["tags"]


@pytest.mark.django_db
def test_an_error_of_the_database_arrives_without_statement_values(client: Client, receiver: Receiver) -> None:
    client.get("/querying/?fail")
    (event,) = events(receiver)
    assert kinds(event)[-1] == "DataError"
    assert event["tags"]["group"] == event["fingerprint"][0] == "database"
    crumbs = [crumb.get("message") for crumb in event["breadcrumbs"]["values"] if crumb["category"] == "query"]
    assert "SELECT ?" in crumbs


def test_a_group_of_exceptions_arrives_with_its_members(client: Client, receiver: Receiver) -> None:
    client.get("/grouped/")
    (event,) = events(receiver)
    assert sorted(kinds(event)) == ["ExceptionGroup", "ExceptionGroup", "TypeError", "ValueError"]


@pytest.mark.parametrize(("kind", "sent"), [("rule", 0), ("missing", 0), ("down", 1)])
def test_only_what_is_broken_is_sent(client: Client, receiver: Receiver, kind: str, sent: int) -> None:
    client.get(f"/refusing/{kind}/")
    assert len(events(receiver)) == sent


def test_an_error_in_a_job_arrives_once_and_is_raised_on(receiver: Receiver) -> None:
    with (
        pytest.raises(ValueError, match="cannot read"),
        bind_job("letters.draft", request_id="c" * 32, practice=7, stage="open"),
    ):
        broken()
    (event,) = events(receiver)
    assert event["tags"] == {
        "practice": hashed_practice(7),
        "stage": "open",
        "route": "letters.draft",
        "group": "other",
        "request_id": "c" * 32,
    }


def test_an_error_in_a_reader_of_documents_is_one_of_parsing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(data: bytes) -> str:
        raise UnicodeError(data.decode())

    monkeypatch.setattr("complaints.documents.reading.decode_text", breaking)
    with bind_request(None):
        (document,) = read_bytes(f"{CANARY}.txt", TEXT.encode())
    assert document.problem
    (event,) = events(receiver)
    assert kinds(event) == ["UnicodeError"]
    assert (event["tags"]["group"], event["fingerprint"][0]) == ("parsing", "parsing")
    assert plain.decode_text is not breaking


def test_an_error_that_is_only_logged_arrives_as_its_place(receiver: Receiver) -> None:
    log.error("cannot send to %s", EMAIL, extra={"text": TEXT})
    log.error(TEXT)
    assert [event["logentry"]["message"].rpartition(":")[0] for event in events(receiver)] == [
        "lightpoint.test:test_an_error_that_is_only_logged_arrives_as_its_place"
    ] * 2


def test_a_host_that_is_not_ours_is_not_sent(client: Client, receiver: Receiver) -> None:
    client.get("/failing/", headers={"Host": f"{CANARY}.example"})
    assert [event for event in events(receiver) if str(event.get("logger", "")).startswith("django.security")] == []


def test_an_exception_whose_class_was_made_from_text_is_only_an_exception(receiver: Receiver) -> None:
    with bind_request(None):
        report_error(type(TEXT, (Exception,), {})())
    (event,) = events(receiver)
    assert kinds(event) == ["Exception"]


def test_attachments_and_logs_do_not_leave(receiver: Receiver) -> None:
    with sentry_sdk.new_scope() as scope:
        scope.add_attachment(bytes=TEXT.encode(), filename=f"{CANARY}.txt")
        scope.set_extra("text", TEXT)
        report_error(ValueError(TEXT))
    sentry_sdk.metrics.count("letters", 1, attributes={"client": TEXT})
    assert len(events(receiver)) == 1
    assert {item.kind for item in receiver.items} == {"event"}


@pytest.mark.django_db
def test_the_timing_of_a_request_arrives_with_fingerprints_of_its_queries(timed: Receiver) -> None:
    serve("/querying/", f"email={EMAIL}")
    (transaction,) = events(timed, "transaction")
    assert transaction["transaction"] == transaction["tags"]["route"] == "querying"
    assert "SELECT ?" in [span.get("description") for span in transaction["spans"] if span["op"] == "db"]
    assert re.fullmatch("[0-9a-f]{32}", transaction["contexts"]["trace"]["trace_id"])
    assert {"request", "user", "server_name", "extra", "measurements"} & set(transaction) == set()


@pytest.mark.django_db
def test_the_timing_of_what_has_no_route_is_not_sent(timed: Receiver) -> None:
    serve(f"/{CANARY}/")
    serve("/healthz")
    serve("/querying/")
    assert [transaction["transaction"] for transaction in events(timed, "transaction")] == ["querying"]


def test_nothing_is_sent_without_a_dsn(client: Client) -> None:
    assert not sentry_sdk.get_client().is_active()
    client.get("/failing/")
    assert not sentry_sdk.get_client().is_active()


def test_practices_are_told_apart_by_words_that_only_the_key_makes(settings: Settings) -> None:
    first = hashed_practice(1)
    assert first != hashed_practice(2)
    assert re.fullmatch("[0-9a-f]{16}", first)
    settings.SECRET_KEY = "another" * 8
    assert hashed_practice(1) != first
