"""The worker's two lanes: cases, and what must not wait for them: mail, and the upkeep that finds stalled work."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.conf import settings
from django.db import close_old_connections
from procrastinate.contrib.django import app

CASES: Final = ("cases",)
OTHERS: Final = ("mail", "upkeep")
OTHERS_AT_ONCE: Final = 3  # so that a job which takes a while, as embedding does, holds up neither mail nor upkeep
ENDING: Final = (signal.SIGTERM, signal.SIGINT)


def work_until_done(*, concurrency: int) -> None:
    """Do what there is, and end."""
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # of Django's
        app.run_worker(queues=[*CASES, *OTHERS], concurrency=concurrency, wait=False, **_ways())


def work_on(*, concurrency: int) -> bool:
    """Work until SIGTERM or SIGINT; what is under way then is finished first. Whether a signal was why it ended.

    Without one it ended because the database was lost: whoever keeps workers starts another.
    """
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # of Django's
        return asyncio.run(_both(concurrency))


async def _both(concurrency: int) -> bool:
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in ENDING:
        loop.add_signal_handler(number, asked.set)
    async with app.open_async():
        lanes = [_lane(CASES, concurrency), _lane(OTHERS, OTHERS_AT_ONCE), asyncio.create_task(asked.wait())]
        await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
        for lane in lanes:
            lane.cancel()  # a worker that is cancelled takes no more jobs, and ends when its own are done
        await asyncio.gather(*lanes, return_exceptions=True)
    return asked.is_set()


def _lane(queues: Sequence[str], concurrency: int) -> "asyncio.Task[Any]":
    running = app.run_worker_async(queues=[*queues], concurrency=concurrency, install_signal_handlers=False, **_ways())
    return asyncio.create_task(running)


def _ways() -> dict[str, Any]:
    return {
        "fetch_job_polling_interval": settings.JOB_POLL_SECONDS,
        "update_heartbeat_interval": settings.JOB_HEARTBEAT_SECONDS,
        "stalled_worker_timeout": settings.JOB_STALLED_SECONDS,
        "task_middleware": [_on_a_live_connection],
    }


def _on_a_live_connection(call_next: Callable[[], Any], _context: Any, _worker: Any) -> Any:
    """Threads are used again: a connection that broke in one job would break all those after it."""
    close_old_connections()
    try:
        return call_next()
    finally:
        close_old_connections()
