"""Who follows which log in this process: one connection of Redis tells which logs grew, a few others read them."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Final

import redis.asyncio
from django.conf import settings

from lightpoint.events.log import START, Kept, Position, woken_name

logger = logging.getLogger(__name__)
READ_AT_ONCE: Final = 200
READERS: Final = 8  # connections that read logs, however many follow
AGAIN_SECONDS: Final = 0.5  # after Redis failed
FAULTS: Final = (redis.RedisError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a log; `data` is JSON."""

    position: Position
    event: str
    data: str


class Resync:
    """Events are missing: what the client knows has to be read anew."""


RESYNC: Final = Resync()


class Hub:
    """Made once for each event loop."""

    def __init__(self) -> None:
        location = str(settings.CACHES["default"]["LOCATION"])
        seconds = settings.EVENTS_REDIS_SECONDS
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            location, max_connections=READERS, timeout=seconds, socket_timeout=seconds, socket_connect_timeout=seconds,
            decode_responses=True,
        )  # fmt: skip
        self._reader: Any = redis.asyncio.Redis(connection_pool=pool)
        self._listener: Any = redis.asyncio.Redis.from_url(
            location, socket_connect_timeout=seconds, health_check_interval=5, decode_responses=True
        )
        self._followers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    @property
    def followers(self) -> int:
        """How many streams are open in this process."""
        return sum(len(waiting) for waiting in self._followers.values())

    async def close(self) -> None:
        """End what listens, and the connections."""
        if self._task is not None:
            await ended(self._task)
        await self._listener.aclose()
        await self._reader.aclose(close_connection_pool=True)

    async def now(self) -> Position | None:
        """A position before all events that are yet to come; None without Redis."""
        with suppress(*FAULTS):
            seconds, micro = await self._reader.time()
            return Position(seconds * 1000 + micro // 1000, 0)
        return None

    async def follow(self, log: str, had: Position | None, state_at: Position) -> AsyncGenerator[Told | Resync | None]:
        """The events of `log` after `had`, those that are there first; None while nothing happens.

        `had` is the last event of a client that came back: where some after it are gone, RESYNC says so, and the events
        are those after `state_at`, which is before the client's state was read. Ends when Redis fails, or when the
        client is so slow that events go before it was sent them: it is to come again.
        """
        woken = asyncio.Event()
        self._followers[log].add(woken)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        try:
            async with aclosing(self._told(log, had, state_at, woken)) as events:
                async for one in events:
                    yield one
        except FAULTS:
            logger.info("event streams: Redis does not answer")
        finally:
            self._followers[log].discard(woken)
            if not self._followers[log]:
                del self._followers[log]

    async def _told(
        self, log: str, had: Position | None, state_at: Position, woken: asyncio.Event
    ) -> AsyncGenerator[Told | Resync | None]:
        kept = await self._kept(log)
        after = min(state_at, kept.last) if had is None else had
        if not kept.has_all_after(after):
            yield RESYNC
            after = max(kept.gone, min(state_at, kept.last))
        while kept.has_all_after(after):
            for told in await self._read(log, after):
                yield told
                after = told.position
                woken.set()  # there may be more than are read at once
            if not await _within(woken, settings.EVENTS_HEARTBEAT_SECONDS):
                yield None
            woken.clear()
            kept = await self._kept(log)

    async def _read(self, log: str, after: Position) -> list[Told]:
        rows = await self._reader.xrange(log, min=f"({after}", count=READ_AT_ONCE)
        return [
            Told(place, fields["event"], fields["data"])
            for name, fields in rows
            if (place := Position.read(name)) is not None
        ]

    async def _kept(self, log: str) -> Kept:
        """A log that lost no event yet is as long as it ever was."""
        try:
            found = await self._reader.xinfo_stream(log)
        except redis.ResponseError:  # there is no such log
            return Kept(START, START)
        last, first = Position.read(found["last-generated-id"]), found["first-entry"]
        oldest = Position.read(first[0]) if first else None
        if last is None:
            return Kept(START, START)
        trimmed = found["length"] >= settings.EVENTS_KEPT
        return Kept(last, oldest if trimmed and oldest is not None else START)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._listener.pubsub() as told:
                    await told.subscribe(woken_name())
                    while True:
                        message = await told.get_message(timeout=5.0)
                        if message is not None and message["type"] == "subscribe":
                            self._wake_all()  # nothing was heard until now
                        elif message is not None:
                            for woken in self._followers.get(message["data"], ()):
                                woken.set()
            except FAULTS:
                self._wake_all()
                await asyncio.sleep(AGAIN_SECONDS)

    def _wake_all(self) -> None:
        for waiting in self._followers.values():
            for woken in waiting:
                woken.set()


async def ended(*tasks: "asyncio.Task[None]") -> None:
    """End the tasks; one that was answering Redis' client when it was told may have to be told again."""
    while waiting := {task for task in tasks if not task.done()}:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=0.1)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _within(woken: asyncio.Event, seconds: float) -> bool:
    """Whether it was set in that time."""
    try:
        async with asyncio.timeout(seconds):  # wait_for may lose a cancellation on Python 3.11
            await woken.wait()
    except TimeoutError:
        return False
    return True
