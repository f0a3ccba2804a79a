"""What browsers are told to refuse, and how a refusal looks on a page.

The admin's own scripts are Alpine, which builds functions from the attributes of its templates: 'unsafe-eval' is for
that, and no inline script is let through. Inline styles are those that its templates write. Nothing comes from, or is
sent to, another host.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from lightpoint.errors import DomainError
from lightpoint.telemetry.jobs import report_error

HEADER: Final = "Content-Security-Policy"
POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
API: Final = "/api/v1/"
PAGE: Final = "problem.html"
Answer = Callable[[HttpRequest], HttpResponseBase]


class ContentSecurityPolicy:
    """Middleware: every answer says what its page may load, unless it says something stricter itself."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with the header."""
        response = self._get_response(request)
        response.headers.setdefault(HEADER, POLICY)
        return response


class PageProblems:
    """Middleware: what a service refuses, and no page has told in its own way, becomes a page with the reason."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer as it is."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """The page for a DomainError outside the API."""
        if not isinstance(error, DomainError) or request.path_info.startswith(API):
            return None
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            report_error(error)
        response = render(request, PAGE, {"message": str(error)}, status=error.status)
        for name, value in error.headers.items():
            response.headers[name] = value
        return response
