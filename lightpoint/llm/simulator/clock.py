"""Simulated time, which may pass faster or slower from one moment to the next."""

import asyncio
import threading
import time
from contextlib import suppress


class Clock:
    """Simulated seconds since it was made; one of them takes `scale` real ones. Read and paced in any thread."""

    def __init__(self, scale: float) -> None:
        self._lock = threading.Lock()
        self._scale = scale
        self._passed = 0.0  # until the pace was set
        self._since = time.monotonic()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._paced = asyncio.Event()

    @property
    def scale(self) -> float:
        """The real seconds that a simulated one takes now."""
        return self._scale

    @property
    def now(self) -> float:
        """Simulated seconds since the clock was made."""
        with self._lock:
            return self._passed + (time.monotonic() - self._since) / self._scale

    def pace(self, scale: float) -> None:
        """Have a simulated second take `scale` real ones from now on, for those too who wait already."""
        with self._lock:
            moment = time.monotonic()
            self._passed += (moment - self._since) / self._scale
            self._since, self._scale = moment, scale
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    async def pause(self, seconds: float) -> None:
        """Wait so many simulated seconds; in one event loop only."""
        self._loop = asyncio.get_running_loop()
        ends = self.now + seconds
        await asyncio.sleep(0)
        while (left := ends - self.now) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left * self._scale):
                    await self._paced.wait()

    def _wake(self) -> None:
        self._paced.set()
        self._paced = asyncio.Event()
