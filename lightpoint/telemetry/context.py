"""What is being worked on: the id that its log lines carry, and the words that its errors are tagged with."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ON_REQUEST = "_lightpoint_work"


@dataclass
class Work:
    """One request or one job. `stage` is the status of the complaint it is about, `practice` the key of its row."""

    request_id: str
    route: str = ""
    practice: int | None = None
    stage: str = ""
    request: HttpRequest | None = None

    def practice_known(self) -> int | None:
        """The practice that was noted, or that of the signed-in user where it is known without a query."""
        return self.practice or _practice_of(self.request)


_work: ContextVar[Work | None] = ContextVar("work", default=None)


def current_work() -> Work | None:
    """The request or job that this thread or task works on; None outside of any."""
    return _work.get()


def current_request_id() -> str:
    """The id of the request at hand, or of the request that a job was deferred by; empty outside of any."""
    work = _work.get()
    return work.request_id if work else ""


def sane_request_id(given: str | None) -> str:
    """`given` where it is 8 to 64 letters, digits and hyphens; else a new id of 32 hexadecimal digits."""
    return given if given and REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def keep_work(request: HttpRequest, work: Work) -> None:
    """Let `work` be found by its request, also when it is no longer at hand."""
    request.__dict__[ON_REQUEST] = work


def work_of(request: object) -> Work | None:
    """The work that was kept with `request`, if it is one."""
    work = request.__dict__.get(ON_REQUEST) if isinstance(request, HttpRequest) else None
    return work if isinstance(work, Work) else None


@contextmanager
def bind(work: Work, **fields: str) -> Iterator[Work]:
    """Within, `work` is what is worked on, and every log line carries its id and `fields`."""
    before = _work.set(work)
    try:
        with structlog.contextvars.bound_contextvars(request_id=work.request_id, **fields):
            yield work
    finally:
        _work.reset(before)


@contextmanager
def bind_request(request_id: str | None) -> Iterator[Work]:
    """Within, log lines and errors carry `request_id`; a new one where it is missing or not sane."""
    with bind(Work(sane_request_id(request_id))) as work:
        yield work


def note(*, practice: int | None = None, stage: str | None = None) -> None:
    """Tag the errors of the work at hand from here on. Outside of any work nothing happens."""
    work = _work.get()
    if work is None:
        return
    work.practice = practice or work.practice
    work.stage = stage or work.stage


def _practice_of(request: HttpRequest | None) -> int | None:
    user = request.__dict__.get("user") if request else None
    if isinstance(user, SimpleLazyObject):  # asking it would be a query: take the user only where one was loaded
        user = getattr(request, "_cached_user", None)
    return getattr(user, "practice_id", None)
