"""Jobs are measured like requests, under the id of the request that deferred them."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sentry_sdk

from lightpoint.telemetry.context import Work, bind, sane_request_id
from lightpoint.telemetry.errors import group_of
from lightpoint.telemetry.metrics import count_error, count_job
from lightpoint.telemetry.queries import counted_queries

log = logging.getLogger(__name__)


@contextmanager
def bind_job(task: str, *, request_id: str = "", practice: int | None = None, stage: str = "") -> Iterator[Work]:
    """Within, the job `task` is worked on. What it raises is reported and goes on to whoever runs the job.

    `request_id` is `current_request_id()` of when the job was deferred, kept among its arguments; `practice` and
    `stage`, where they are known, tag its errors, as `context.note` does later on.
    """
    started = time.monotonic()
    count_job(task, "started")
    with bind(Work(sane_request_id(request_id), route=task, practice=practice, stage=stage), job=task) as work:
        with sentry_sdk.isolation_scope(), counted_queries():
            try:
                yield work
            except Exception as error:
                count_job(task, "failed", time.monotonic() - started)
                report_error(error)
                raise
        count_job(task, "succeeded", time.monotonic() - started)


def report_error(error: BaseException) -> None:
    """Count, log and send an error that is handled here, so that nobody else would tell of it."""
    group = group_of(error)
    count_error(group)
    if group != "user":
        sentry_sdk.capture_exception(error)
        log.error("An error was reported", exc_info=error, extra={"group": group})
