"""How a refusal looks from outside: problem details (RFC 9457) for every error under /api/, whoever finds it.

`problem_response` turns what a view raises into a problem. `ApiProblems`, a middleware, does so with what never reached
a view or left it unhandled: addresses that are not there, hosts that are not ours, bodies that cannot be read, faults.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

from lightpoint.errors import DomainError
from lightpoint.telemetry.context import current_request_id

MEDIA_TYPE = "application/problem+json"
API = "/api/"
WORDS: Mapping[str, str] = {"permission-denied": "not-allowed", "invalid": "invalid-input", "error": "refused"}
DETAILS: Mapping[int, str] = {
    400: "The request cannot be read",
    403: "This is not allowed",
    404: "There is nothing at this address",
    405: "This address does not have that method",
    413: "What was sent is too large",
    500: "Something went wrong on our side. It has been recorded; nothing was changed by this request",
    503: "The service cannot answer just now",
}
RETRY_SECONDS = 2
BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
TAKEN = (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation, psycopg.errors.ForeignKeyViolation)
OF_NO_FIELD = frozenset({"non_field_errors", "__all__"})
OF_THE_OLD_BODY = frozenset({"content-type", "content-length", "content-encoding"})
_log = logging.getLogger(__name__)


def problem_response(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """The answer of the API to `error`, or None for one that nobody foresaw: that is a 500, and recorded as one."""
    if isinstance(error, DomainError):
        return _problem(error.status, error.code, str(error), headers=error.headers)
    if isinstance(error, ValidationError | ModelValidationError):
        faults = list(_faults(as_serializer_error(error)))
        return _problem(422, "invalid-input", _summary(faults), errors=faults)
    if isinstance(error, SuspiciousOperation):
        return _problem(413 if isinstance(error, RequestDataTooBig) else 400, "", _told(error))
    if isinstance(error, DataError | IntegrityError | OperationalError):
        return _refusal_of_the_database(error)
    return _framework_problem(error, context)


def _told(error: SuspiciousOperation) -> str:
    """What to do about it; Django names its settings."""
    if isinstance(error, TooManyFilesSent):
        return f"At most {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files can be sent at once"
    if isinstance(error, TooManyFieldsSent):
        return f"At most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} fields can be sent at once"
    return str(error)


def _framework_problem(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    answer = exception_handler(error, context)
    if answer is None:
        return None
    detail = error.detail if isinstance(error, APIException) else answer.data["detail"]
    code = getattr(detail, "code", "")
    kept = ("WWW-Authenticate", "Retry-After")
    headers = {name: answer[name] for name in kept if name in answer}
    return _problem(answer.status_code, "" if code == "error" else code, str(detail), headers=headers)


def _refusal_of_the_database(error: Exception) -> JsonResponse | None:
    cause = error.__cause__
    if isinstance(error, DataError):
        _log.warning("The database refused a value: %s", type(cause).__name__)
        return _problem(422, "invalid-input", "A value is out of the range of what can be stored")
    if isinstance(cause, TAKEN):
        _log.warning("The database refused a row: %s", type(cause).__name__)
        return _problem(409, "conflict", "This clashes with what somebody else has stored meanwhile")
    if isinstance(error, IntegrityError):
        return None
    _log.warning("The database did not do what was asked in time", exc_info=error)
    later = {"Retry-After": str(RETRY_SECONDS)}
    if isinstance(cause, BUSY):
        return _problem(409, "busy", "Somebody else is changing this just now: try again", headers=later)
    return _problem(503, "service-unavailable", DETAILS[503], headers=later)


class ApiProblems:
    """Middleware, outside all others: an error under /api/ that is not yet a problem becomes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer of the site, with errors of the API as problem details."""
        response = self.get_response(request)
        if not request.path_info.startswith(API) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        headers = {name: value for name, value in response.items() if name.lower() not in OF_THE_OLD_BODY}
        status = response.status_code
        problem = _problem(status, "", DETAILS.get(status) or HTTPStatus(status).phrase, headers=headers)
        problem.cookies = response.cookies
        return problem


def _problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: object
) -> JsonResponse:
    word = code.replace("_", "-") or HTTPStatus(status).phrase.lower().replace(" ", "-")
    word = WORDS.get(word, word)
    asked_in = current_request_id()
    more |= {"request_id": asked_in} if asked_in else {}
    return JsonResponse(
        {"type": f"urn:lightpoint:{word}", "title": word.replace("-", " "), "status": status, "detail": detail} | more,
        status=status,
        content_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def _faults(data: object, pointer: str = "") -> Iterator[dict[str, str]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            step = "" if name in OF_NO_FIELD else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _faults(value, pointer + step)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            nested = isinstance(value, Mapping | list)
            yield from _faults(value, f"{pointer}/{number}" if nested else pointer)
    else:
        yield {"pointer": pointer, "detail": str(data), "code": getattr(data, "code", None) or "invalid"}


def _summary(faults: list[dict[str, str]]) -> str:
    if len(faults) == 1 and not faults[0]["pointer"]:
        return faults[0]["detail"]
    return "What was sent cannot be used; errors says where"
