"""What stands round every request: its id, and how long it took with how many queries."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lightpoint.telemetry.context import Work, bind, sane_request_id

Answer = Callable[[HttpRequest], HttpResponseBase]
HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """First of all: takes the id that a proxy or client gave, or makes one, and answers with it."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with every log line on the way carrying the id."""
        with bind(Work(sane_request_id(request.headers.get(HEADER)), request=request)) as work:
            response = self._get_response(request)
            response[HEADER] = work.request_id
            return response
