"""What stands round every request: its id, and how long it took with how many queries."""

import sys
import time
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lightpoint.telemetry.context import Work, bind, current_work, keep_work, sane_request_id
from lightpoint.telemetry.errors import group_of
from lightpoint.telemetry.metrics import count_error, method_of, observe_request, route_of
from lightpoint.telemetry.queries import QueryLog, counted_queries
from lightpoint.telemetry.records import Answered, keep_request
from lightpoint.telemetry.sentry import tag_work

Answer = Callable[[HttpRequest], HttpResponseBase]
HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """First of all: takes the id that a proxy or client gave, or makes one, and answers with it."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with every log line on the way carrying the id."""
        with bind(Work(sane_request_id(request.headers.get(HEADER)), request=request)) as work:
            keep_work(request, work)
            response = self._get_response(request)
            tag_work()
            response[HEADER] = work.request_id
            return response


def count_failed_request(**_: object) -> None:
    """Count what a view raised and nobody caught; receives Django's got_request_exception."""
    error = sys.exc_info()[1]
    if error:
        count_error(group_of(error))


class TimingMiddleware:
    """Inside of the static files: measures what the product answers itself. It makes no query of its own."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response
        got_request_exception.connect(count_failed_request, dispatch_uid="lightpoint.telemetry")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and record route, status, time and queries."""
        started = time.perf_counter()
        with counted_queries() as queries:
            response = self._get_response(request)
        self._record(request, response.status_code, time.perf_counter() - started, queries)
        return response

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """From here on log lines and errors can tell the route."""
        work = current_work()
        if work:
            work.route = route_of(request)

    def _record(self, request: HttpRequest, status: int, seconds: float, queries: QueryLog) -> None:
        route, method = route_of(request), method_of(request)
        observe_request(route=route, method=method, status=status, seconds=seconds, queries=queries.count)
        keep_request(Answered(route, method, status, seconds, queries.count, queries.seconds, queries.slowest))
