"""Limits on requests: a middleware for all of them, `check` for the API's views and `limited` for pages."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from rest_framework.request import Request

from lightpoint.problems import problem_response
from lightpoint.ratelimit.addresses import client_address
from lightpoint.ratelimit.counting import consume_all
from lightpoint.ratelimit.decisions import Decision, LimitExceeded, headers_of, tightest
from lightpoint.ratelimit.rates import Per, limit_named

P = ParamSpec("P")
Answer = Callable[[HttpRequest], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
DECISIONS = "_lightpoint_limits"  # what has been decided on a request, on the request itself
WAITS = "_lightpoint_limits_wait"  # on a request that comes with a key: its address is counted with all else
API = "/api/"
PAGE = "429.html"


def subject_of(request: HttpRequest | Request, per: Per) -> str:
    """Whose requests are counted together. Without a key it is the user; without a practice or a user, the address."""
    user = _user_of(request)
    key = getattr(request, "auth", None)
    if user is None or per == "address":
        return f"address:{client_address(_plain(request))}"
    if per == "key" and isinstance(key, Model):
        return f"key:{key.pk}"
    practice = getattr(user, "practice_id", None)
    if per == "practice" and practice is not None:
        return f"practice:{practice}"
    return f"user:{user.pk}"


def check(request: HttpRequest | Request, *names: str) -> None:
    """Count the request against the limits `names`, and those of its user, practice and address that have to wait.

    A limit counts a request once, however often it is checked. Raises LimitExceeded (429).
    """
    plain = _plain(request)
    decisions: dict[str, Decision] = plain.__dict__.setdefault(DECISIONS, {})
    everybody = ("user", "practice") if _user_of(request) else ()
    waiting = ("address",) if WAITS in plain.__dict__ else ()
    wanted = [name for name in dict.fromkeys((*everybody, *waiting, *names)) if name not in decisions]
    if not wanted:
        return
    subjects = [(name, subject_of(request, limit_named(name).per)) for name in wanted]
    found = consume_all(subjects, now=timezone.now())
    decisions.update({decision.name: decision for decision in found})
    worst = tightest(found)
    if worst is not None and not worst.allowed:
        raise LimitExceeded(worst)


def limited(name: str, *, methods: Sequence[str] | None = None) -> Callable[[View[P]], View[P]]:
    """Decorate the view of a page so that its requests (those of `methods`, if given) count against the limit."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if methods is None or request.method in methods:
                check(request, name)
            return view(request, *args, **kwargs)

        return cast("View[P]", checked)

    return decorate


class RateLimitMiddleware:
    """Limits by user and practice for sessions, by address for all else; headers on every answer that was limited.

    Stands below the authentication. Who comes with a key is known to the API's views only. Those that have
    `counts_requests` count the address together with user, practice and their own limit, in one round trip, and before
    they look up a key that nobody has shown for a while; for all other views it is counted here, before them. Files,
    and the addresses that watch over the service, are not limited.
    """

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or answer and say how much is left."""
        if request.path.startswith(tuple(settings.RATE_LIMIT_EXEMPT)):
            return self._get_response(request)
        if _user_of(request) is None and _comes_with_key(request):
            request.__dict__[WAITS] = True
            answer = self._get_response(request)
            answer = (None if _is_counted(request) else _refusal(request)) or answer
        else:
            answer = _refusal(request) or self._get_response(request)
        return _with_headers(answer, request)

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_: object) -> HttpResponseBase | None:
        """Count what waits, unless the view does so itself."""
        counts = getattr(getattr(view, "cls", None), "counts_requests", False)
        return None if counts or WAITS not in request.__dict__ else _refusal(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """The answer to a page's request that a limit refused."""
        return _refuse(request, error) if isinstance(error, LimitExceeded) else None


def _refusal(request: HttpRequest) -> HttpResponseBase | None:
    try:
        check(request, *(("address",) if _user_of(request) is None else ()))
    except LimitExceeded as error:
        return _refuse(request, error)
    return None


def _comes_with_key(request: HttpRequest) -> bool:
    return str(request.META.get("HTTP_AUTHORIZATION", "")).lower().startswith("bearer ")


def _is_counted(request: HttpRequest) -> bool:
    return bool(request.__dict__.get(DECISIONS))


def _with_headers(answer: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    worst = tightest(request.__dict__.get(DECISIONS, {}).values())
    if worst is not None and "X-RateLimit-Limit" not in answer.headers:  # a refusal has those of what refused
        for header, value in headers_of(worst).items():
            answer.headers[header] = value
    return answer


def _refuse(request: HttpRequest, error: LimitExceeded) -> HttpResponseBase:
    if request.path.startswith(API):
        problem = problem_response(error, {})
        return problem if problem is not None else HttpResponse(status=error.status)
    page = render(request, PAGE, {"message": str(error)}, status=error.status)
    for header, value in error.headers.items():
        page.headers[header] = value
    return page


def _user_of(request: HttpRequest | Request) -> AbstractBaseUser | None:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _plain(request: HttpRequest | Request) -> HttpRequest:
    """Django's request, which a REST framework request wraps."""
    return request._request if isinstance(request, Request) else request
