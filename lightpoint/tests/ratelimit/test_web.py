"""Limits on requests to the site: whose they are, what the answers say, and what is not limited."""

import time

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone
from pytest_django import Settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lightpoint import ratelimit
from lightpoint.embedded import Redis
from lightpoint.ratelimit import limited, subject_of
from lightpoint.urls import urlpatterns as those_of_the_site
from users.models import ApiKey
from users.tests import factories

pytestmark = pytest.mark.django_db


class Drafts(APIView):
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        ratelimit.check(request, "api")
        ratelimit.check(request, "api")
        return Response({})


@limited("letters", methods=["POST"])
def letters(request: HttpRequest) -> HttpResponse:
    return HttpResponse("drafted")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("here")


urlpatterns = [
    path("api/drafts/", Drafts.as_view()),
    path("letters/", letters),
    path("plain/", plain),
    path("healthz", plain),
    path("static/site.css", plain),
    *those_of_the_site,  # the page of a refusal links to them
]


@pytest.fixture(autouse=True)
def _site(settings: Settings, own_redis: Redis) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "telemetry" not in name]
    limit = {"per": "user", "without_redis": "local"}
    settings.RATE_LIMITS = {
        "user": {**limit, "rate": "4/h"},
        "practice": {**limit, "rate": "6/h", "per": "practice"},
        "address": {**limit, "rate": "5/h", "per": "address"},
        "api": {**limit, "rate": "2/h", "per": "key"},
        "letters": {**limit, "rate": "1/h"},
    }


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(factories.analyst())
    return client


def statuses(client: Client, address: str, times: int, **more: str) -> list[int]:
    return [client.get(address, **more).status_code for _ in range(times)]


def test_a_user_is_limited_over_all_pages_and_told_what_is_left(signed_in: Client) -> None:
    first = signed_in.get("/plain/")
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("4", "3")
    assert time.time() + 3590 < int(first.headers["X-RateLimit-Reset"]) <= time.time() + 3602
    assert "Retry-After" not in first.headers
    assert statuses(signed_in, "/letters/", 4) == [200, 200, 200, 429]


def test_a_refusal_of_the_api_is_a_problem_that_says_when_to_come_back(signed_in: Client) -> None:
    assert statuses(signed_in, "/api/drafts/", 2) == [200, 200]
    refusal = signed_in.get("/api/drafts/")
    assert refusal.status_code == 429
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert refusal.json()["type"] == "urn:lightpoint:too-many-requests"
    assert 3590 < int(refusal.headers["Retry-After"]) <= 3601
    assert (refusal.headers["X-RateLimit-Limit"], refusal.headers["X-RateLimit-Remaining"]) == ("2", "0")


def test_the_middleware_answers_the_api_with_a_problem_too(signed_in: Client) -> None:
    statuses(signed_in, "/plain/", 4)
    refusal = signed_in.get("/api/drafts/")
    assert (refusal.status_code, refusal.headers["Content-Type"]) == (429, "application/problem+json")
    assert refusal.headers["X-RateLimit-Limit"] == "4"


def test_the_tightest_limit_is_the_one_that_is_told(signed_in: Client) -> None:
    assert signed_in.get("/api/drafts/").headers["X-RateLimit-Limit"] == "2"
    assert signed_in.get("/api/drafts/").headers["X-RateLimit-Remaining"] == "0"


def test_a_page_has_a_limit_of_its_own_for_some_methods(signed_in: Client) -> None:
    assert statuses(signed_in, "/letters/", 1) == [200]
    assert [signed_in.post("/letters/").status_code for _ in range(2)] == [200, 429]
    assert statuses(signed_in, "/letters/", 1) == [200]
    assert "Too many requests" in signed_in.get("/letters/").content.decode()


def test_users_of_one_practice_share_its_limit(client: Client) -> None:
    practice = factories.make_practice()
    found = []
    for _ in range(2):
        client.force_login(factories.analyst(practice))
        found += statuses(client, "/plain/", 4)
    assert found == [200] * 4 + [200, 200, 429, 429]


def test_strangers_are_counted_by_address(client: Client) -> None:
    assert statuses(client, "/plain/", 6) == [200] * 5 + [429]
    assert statuses(client, "/plain/", 1, REMOTE_ADDR="192.0.2.9") == [200]


def test_a_stranger_cannot_choose_the_address(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    found = [
        client.get("/plain/", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.1").status_code
        for number in range(6)
    ]
    assert found == [200] * 5 + [429]


@pytest.mark.parametrize("address", ["/healthz", "/static/site.css"])
def test_files_and_the_pulse_of_the_service_are_not_limited(client: Client, address: str) -> None:
    answers = [client.get(address) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert "X-RateLimit-Limit" not in answers[-1].headers


def test_who_comes_with_a_key_has_the_limit_of_the_user_and_of_the_key(client: Client) -> None:
    user = factories.analyst()
    headers = [{"HTTP_AUTHORIZATION": f"Bearer {factories.make_key(user)}"} for _ in range(3)]
    found = [client.get("/api/drafts/", **header).status_code for header in headers for _ in range(2)]
    assert found == [200, 200, 200, 200, 429, 429]
    assert ApiKey.objects.filter(user=user).count() == 3


def test_who_comes_with_a_key_counts_against_the_address_too_and_once(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {name: limit | {"rate": "9/h"} for name, limit in settings.RATE_LIMITS.items()}
    sent = {"Authorization": f"Bearer {factories.make_key(factories.analyst())}"}
    answers = [client.get("/api/v1/me/", headers=sent) for _ in range(2)]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["8", "7"]
    assert ratelimit.peek("address", "address:127.0.0.1", now=timezone.now()).remaining == 7


@pytest.mark.parametrize("path", ["/api/v1/me/", "/api/v1/nothing/", "/plain/"])
def test_keys_that_nobody_has_are_counted_by_address(client: Client, path: str) -> None:
    sent = {"Authorization": "Bearer lp_aaaaaaaaaa_bbbb"}
    statuses = [client.get(path, headers=sent).status_code for _ in range(6)]
    assert statuses[-1] == 429
    assert 429 not in statuses[:-1]


def test_a_known_key_with_another_secret_is_counted_by_address(client: Client) -> None:
    sent = {"Authorization": f"Bearer {factories.make_key(factories.analyst())}x"}
    assert [client.get("/api/v1/me/", headers=sent).status_code for _ in range(6)] == [401] * 5 + [429]


def test_without_redis_the_site_answers(signed_in: Client, own_redis: Redis) -> None:
    own_redis.stop()
    assert statuses(signed_in, "/plain/", 5) == [200] * 4 + [429]


def test_the_subject_of_a_request_is_what_is_known_of_it() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    assert {subject_of(request, per) for per in ("user", "key", "practice", "address")} == {"address:192.0.2.1"}
    request.user = factories.analyst()
    assert subject_of(request, "user") == subject_of(request, "key") == f"user:{request.user.pk}"
    assert subject_of(request, "practice") == f"practice:{request.user.practice_id}"
    assert subject_of(request, "address") == "address:192.0.2.1"
    staff = RequestFactory().get("/")
    staff.user = factories.superuser()
    assert subject_of(staff, "practice") == f"user:{staff.user.pk}"
