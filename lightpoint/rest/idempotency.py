"""A POST that is sent twice with one Idempotency-Key creates once (draft-ietf-httpapi-idempotency-key-header-07).

The key is claimed first, and all that the view then writes is in the same transaction. Whoever sends the same key
meanwhile waits for that transaction to end and gets its answer; when it fails, the key is free again. Only answers
below 400 are kept.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.errors import Conflict, InvalidInput

KEY = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_HEADERS = ("Location", "ETag")
REPLAYED = "Idempotent-Replayed"
SHOWN_ONCE = "shown_once"  # names of fields, on a response, that are null in what is kept: secrets are not stored
WAIT_SECONDS = 2  # what a sender is told to wait while the first request still runs


class UnusableKey(InvalidInput):
    """The Idempotency-Key is not 1 to 200 visible characters of ASCII."""

    code = "idempotency-key-unusable"


class KeyReused(InvalidInput):
    """The key came before, with another request."""

    code = "idempotency-key-reused"


class StillRunning(Conflict):
    """The first request with this key has not been answered yet."""

    code = "idempotency-key-in-use"

    @property
    def headers(self) -> Mapping[str, str]:
        """When to try again."""
        return {"Retry-After": str(WAIT_SECONDS)}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with: `body` is JSON as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: str

    def response(self) -> HttpResponse:
        """The same answer once more."""
        media_type = "application/json" if self.body else None
        return HttpResponse(self.body, status=self.status, headers=dict(self.headers), content_type=media_type)


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands under a key: the hash of the request, and its answer."""

    fingerprint: str
    answer: Answer


class Store(Protocol):
    """Where keys are kept. Both methods are called inside the transaction of the request."""

    def claim(self, *, user_id: int | None, key: str, fingerprint: str, now: datetime) -> Kept | None:
        """Take the key for the running transaction and return None, or return what stands under it.

        Waits for another transaction that holds the key. Raises StillRunning when that takes too long.
        """

    def keep(self, *, user_id: int | None, key: str, answer: Answer) -> None:
        """Store the answer of the request that claimed the key."""


def store() -> Store:
    """The store that the settings name."""
    return cast(Store, import_string(settings.IDEMPOTENCY_STORE)())


def answer_once(request: Request, handler: Callable[[], HttpResponseBase], *, now: datetime) -> HttpResponseBase:
    """What `handler` answers, or what it answered when the same user sent the same request with the same key.

    Raises UnusableKey, KeyReused or StillRunning, and whatever `handler` raises.
    """
    key = request.headers["Idempotency-Key"]
    if not KEY.fullmatch(key):
        raise UnusableKey("An Idempotency-Key is 1 to 200 visible characters of ASCII")
    mark = fingerprint(request)
    with transaction.atomic():
        kept = store().claim(user_id=request.user.pk, key=key, fingerprint=mark, now=now)
        if kept is None:
            return _answer_first(request, key, handler)
    if kept.fingerprint != mark:
        raise KeyReused("This Idempotency-Key came before with another request: take a new one")
    replay = kept.answer.response()
    replay[REPLAYED] = "true"
    return replay


def _answer_first(request: Request, key: str, handler: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    response = handler()
    if response.status_code >= 400:
        transaction.set_rollback(True)
        return response
    secret: frozenset[str] = getattr(response, SHOWN_ONCE, frozenset())
    store().keep(user_id=request.user.pk, key=key, answer=_answer(response, without=secret))
    return _answer(response).response()


def _answer(response: HttpResponseBase, *, without: frozenset[str] = frozenset()) -> Answer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    data = response.data if isinstance(response, Response) else None
    if without and isinstance(data, dict):
        data = {name: None if name in without else value for name, value in data.items()}
    body = "" if data is None else JSONRenderer().render(data).decode()
    return Answer(response.status_code, headers, body)


def fingerprint(request: Request) -> str:
    """SHA-256 of method, path and what was sent; two ways to write the same JSON or form are one."""
    digest = hashlib.sha256()
    digest.update(f"{request.method} {request.get_full_path()}\n".encode())
    data = request.data
    parts = _form(data) if isinstance(data, QueryDict) else [json.dumps(data, sort_keys=True)]
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


def _form(data: QueryDict) -> Iterator[str]:
    for name, values in sorted(data.lists()):
        for value in values:
            yield name
            yield _file(value) if isinstance(value, UploadedFile) else str(value)


def _file(file: "UploadedFile[Any]") -> str:
    content = hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
    return f"{file.name}\n{content.hexdigest()}"
