"""How a refusal looks from outside: problem details (RFC 9457) from the API."""

from typing import Any

from django.http import JsonResponse
from rest_framework.response import Response
from rest_framework.views import exception_handler

from lightpoint.errors import DomainError

MEDIA_TYPE = "application/problem+json"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | JsonResponse | None:
    """The answer of the API to `error`: what DomainError says of itself, else what REST framework makes of it."""
    if isinstance(error, DomainError):
        return _problem(error.status, error.code, str(error))
    answer = exception_handler(error, context)
    if answer is None:
        return None
    detail = answer.data.get("detail") if isinstance(answer.data, dict) else None
    code = getattr(detail, "code", "invalid-input")
    problem = _problem(answer.status_code, code, str(detail or "What was sent cannot be used"), errors=answer.data)
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in answer:
            problem[header] = answer[header]
    return problem


def _problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    return JsonResponse(
        {"type": f"urn:lightpoint:{code}", "title": code.replace("-", " ").replace("_", " "), "status": status}
        | {"detail": detail, **more},
        status=status,
        content_type=MEDIA_TYPE,
    )
