"""The product's server with one address more: a view that does nothing, behind the same middleware."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from lightpoint.wsgi import application

__all__ = ["application"]


def bare(_: HttpRequest) -> JsonResponse:
    """The least that a view can do."""
    return JsonResponse({"status": "alive"})


urlpatterns = [path("bench/bare/", bare), path("", include("lightpoint.urls"))]
settings.ROOT_URLCONF = __name__
