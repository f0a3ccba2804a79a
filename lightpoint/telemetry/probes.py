"""What machines ask: is the process alive, may it be sent requests, and what are its figures.

Answered before everything else: they need no session, no host name, no TLS, and count against no limit. /metrics is
for a scraper on this machine that comes without a proxy, or for whoever has METRICS_TOKEN; all others find nothing.
"""

import hmac
from collections.abc import Callable, Mapping
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from prometheus_client import CONTENT_TYPE_LATEST

from lightpoint.telemetry.metrics import exposition
from lightpoint.telemetry.readiness import readiness

PROXIED = tuple(
    f"HTTP_{name}"
    for name in ("X_FORWARDED_FOR", "X_FORWARDED_PROTO", "X_FORWARDED_HOST", "X_REAL_IP", "FORWARDED", "VIA")
)


class ProbesMiddleware:
    """Outside of all but the request's id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, and hand on all else."""
        probe = PROBES.get(request.path_info)
        answer = probe(request) if probe and request.method in {"GET", "HEAD"} else None
        if answer is None:
            return self._get_response(request)
        answer["Cache-Control"] = "no-store"
        return answer


def alive(_: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked."""
    return JsonResponse({"status": "alive"})


def ready(_: HttpRequest) -> HttpResponse:
    """200 when the database answers and has its migrations, else 503. Without Redis the site is slower, and ready."""
    found = readiness(seconds=settings.READY_TIMEOUT_MS / 1000)
    word = "degraded" if found.degraded else "ready"
    body = {"status": word if found.ready else "not ready", **found.checks}
    return JsonResponse(body, status=200 if found.ready else 503)


def figures(request: HttpRequest) -> HttpResponse | None:
    """The figures of all processes, in Prometheus' text format."""
    if not (_has_token(request) or _is_on_this_machine(request)):
        return None
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


PROBES: Mapping[str, Callable[[HttpRequest], HttpResponse | None]] = {
    "/healthz": alive,
    "/readyz": ready,
    "/metrics": figures,
}


def _has_token(request: HttpRequest) -> bool:
    scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    token: str = settings.METRICS_TOKEN
    return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())


def _is_on_this_machine(request: HttpRequest) -> bool:
    """Whether the connection is from this machine and a proxy on it did not make it for somebody elsewhere."""
    if any(name in request.META for name in PROXIED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
