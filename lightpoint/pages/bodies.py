"""How much a browser may send: told before any of it is read, since the token against forgery stands inside."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from lightpoint.pages.security import PAGE, Answer
from lightpoint.problems import API


class BodyLimit:
    """Middleware: refuses a body of more than UPLOAD_MAX_BYTES; without a session, of more than REQUEST_MAX_BYTES.

    Views of the API have limits of their own.
    """

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, or a page that says how much may be sent."""
        if request.path_info.startswith(API) or _declared(request) <= _allowed(request):
            return self._get_response(request)
        message = f"What was sent is larger than {_allowed(request) / 2**20:.0f} MB: send less at once"
        return render(request, PAGE, {"message": message}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _declared(request: HttpRequest) -> int:
    written = str(request.META.get("CONTENT_LENGTH") or "")
    return int(written) if written.isascii() and written.isdigit() else 0


def _allowed(request: HttpRequest) -> int:
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    return int(settings.UPLOAD_MAX_BYTES if signed_in else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
