"""Probes answer in bounded time, ask nobody to sign in, and keep the figures to those who may have them."""

import threading
import time
from collections.abc import Iterator, Mapping

import pytest
from django.test import Client
from pytest_django import Settings

from lightpoint.redis_link import Unreachable
from lightpoint.telemetry import readiness
from lightpoint.telemetry.readiness import Question
from lightpoint.telemetry.records import REQUESTS, ring

pytestmark = pytest.mark.urls("lightpoint.telemetry.tests.site")
OUTSIDE = {"REMOTE_ADDR": "192.0.2.7"}


def broken() -> Mapping[str, str]:
    raise Unreachable("redis.internal refused lightpoint_app")


@pytest.fixture
def hanging() -> Iterator[Question]:
    """A question that is not answered before the test ends."""
    over = threading.Event()

    def wait() -> Mapping[str, str]:
        over.wait(30)
        return {}

    question = Question(wait)
    yield question
    over.set()
    if question._asking:
        question._asking.join()


def ask(monkeypatch: pytest.MonkeyPatch, *, database: Question | None = None, redis: Question | None = None) -> None:
    """Let these questions be asked in place of those about the services of this machine."""
    fine = Question(lambda: {"database": "ok", "migrations": "ok"})
    well = Question(lambda: {"redis": "ok"})
    questions = {("database", "migrations"): database or fine, ("redis",): redis or well}
    monkeypatch.setattr(readiness, "QUESTIONS", questions)


def test_alive_is_answered_without_database_host_or_tls(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz", headers={"Host": "10.1.2.3:8000"}, **OUTSIDE)
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("probe", ["/healthz", "/metrics"])
def test_probes_are_no_requests_of_the_site(client: Client, settings: Settings, probe: str) -> None:
    settings.RATE_LIMITS = {name: {**limit, "rate": "1/h"} for name, limit in settings.RATE_LIMITS.items()}
    before = len(list(ring(REQUESTS).read()))
    answers = [client.get(probe) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert not any("X-RateLimit-Limit" in answer.headers or answer.cookies for answer in answers)
    assert len(list(ring(REQUESTS).read())) == before


def test_a_probe_is_only_read(client: Client) -> None:
    assert client.post("/healthz").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_installation_in_order_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"status": "ready", "database": "ok", "migrations": "ok", "redis": "ok"}


@pytest.mark.django_db(transaction=True)
def test_tables_that_are_behind_the_code_are_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_wanted", lambda: frozenset({("users", "9999_of_tomorrow")}))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "behind")
    assert answer.json()["status"] == "not ready"


def test_without_redis_the_site_is_ready_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(monkeypatch, redis=Question(broken))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "database": "ok", "migrations": "ok", "redis": "failed"}


def test_a_database_that_refuses_is_not_ready_and_not_quoted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(monkeypatch, database=Question(broken))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "failed")
    assert "lightpoint_app" not in answer.content.decode()


def test_services_that_hang_are_told_after_the_time_that_is_set(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, hanging: Question
) -> None:
    settings.READY_TIMEOUT_MS = 30
    ask(monkeypatch, database=hanging)
    for _ in range(3):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["database"]) == (503, "no answer")
    ask(monkeypatch, redis=hanging)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["redis"]) == (200, "no answer")
    assert [thread.name for thread in threading.enumerate()].count("readiness") == 1


def test_a_service_that_comes_back_is_asked_again() -> None:
    said = iter(["failed", "ok"])
    question = Question(lambda: {"redis": next(said)})
    answers = []
    for _ in range(2):
        question.start()
        answers.append(question.answer(time.monotonic() + 30))
    assert answers == [{"redis": "failed"}, {"redis": "ok"}]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1"])
def test_figures_are_given_to_this_machine(client: Client, address: str) -> None:
    answer = client.get("/metrics", REMOTE_ADDR=address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto"])
def test_figures_are_not_given_to_others_through_a_proxy_on_this_machine(client: Client, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        ("right-token", "Bearer right-token", 200),
        ("right-token", "Bearer wrong", 404),
        ("right-token", "Basic right-token", 404),
        ("right-token", "Bearer wröng", 404),
        ("right-token", "", 404),
        ("", "Bearer ", 404),
    ],
)
def test_figures_are_given_elsewhere_for_the_token_only(
    client: Client, settings: Settings, token: str, given: str, status: int
) -> None:
    settings.METRICS_TOKEN = token
    headers = {"Authorization": given} if given else {}
    assert client.get("/metrics", headers=headers, **OUTSIDE).status_code == status


@pytest.mark.parametrize("address", ["", "unix:", "192.0.2.7", "::ffff:192.0.2.7"])
def test_figures_are_not_given_to_an_address_that_is_not_this_machine(client: Client, address: str) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404
