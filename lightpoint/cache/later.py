"""Work that may wait until the answer has gone out, so that nobody waits for it.

Under WSGI the thread that made the answer does it when the server closes the answer, with a database connection of its
own that is given back afterwards. Outside a request, and where a request hops between threads (ASGI), it is done at
once: a thread of its own would need a connection that nobody closes, and would not see the rows of a test.
"""

import logging
import threading
from collections.abc import Callable

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from lightpoint.cache.counts import publish

Job = Callable[[], object]
_log = logging.getLogger(__name__)
_here = threading.local()


def connect() -> None:
    """Listen to the beginning and end of requests."""
    request_started.connect(_begin, dispatch_uid="lightpoint.cache.later")
    request_finished.connect(_finish, dispatch_uid="lightpoint.cache.later")


def do_later(job: Job) -> None:
    """Do `job` after the answer, or now where there is none to wait for. Its errors are logged and go no further."""
    jobs: list[Job] | None = getattr(_here, "jobs", None)
    if jobs is None:
        _do(job)
    else:
        jobs.append(job)


def _begin(**_: object) -> None:
    if getattr(_here, "jobs", None) is None:
        _here.jobs = []


def _finish(**_: object) -> None:
    jobs: list[Job] = getattr(_here, "jobs", None) or []
    _here.jobs = None
    for job in jobs:
        _do(job)
    publish()
    if jobs:
        close_old_connections()


def _do(job: Job) -> None:
    try:
        job()
    except Exception:
        _log.exception("A value of the cache could not be computed anew")
