"""A small site for requests of the tests: its views query and fail as they are told."""

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

CANARY = "Mrs Canary of 7 Finch Lane"


def nothing(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse()


def query(request: HttpRequest, times: int) -> HttpResponse:
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute("SELECT %s", [CANARY])
        if "slow" in request.GET:
            cursor.execute(f"SELECT pg_sleep(0.03), '{CANARY}', %s", [CANARY])
    return HttpResponse()


def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError(CANARY)


urlpatterns = [
    path("admin/", admin.site.urls),  # the page for a refusal leads there
    path("nothing/<str:name>/", nothing, name="nothing"),
    path("query/<int:times>/", query, name="query"),
    path("fail/", fail, name="fail"),
]
