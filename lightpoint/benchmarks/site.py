"""The product's server with two addresses more, behind the same middleware: one does nothing, one makes a query."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from lightpoint.wsgi import application

__all__ = ["application"]


def bare(_: HttpRequest) -> JsonResponse:
    """The least that a view can do."""
    return JsonResponse({"status": "alive"})


def one_query(_: HttpRequest) -> JsonResponse:
    """The least that a view with a query can do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM users_practice")
        (practices,) = cursor.fetchone()
    return JsonResponse({"practices": practices})


urlpatterns = [
    path("bench/bare/", bare),
    path("bench/query/", one_query),
    path("", include("lightpoint.urls")),
]
settings.ROOT_URLCONF = __name__
