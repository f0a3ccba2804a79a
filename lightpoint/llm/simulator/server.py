"""The simulator's server: one thread with an event loop, whatever the number of calls."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from types import TracebackType
from typing import Any, Final, Self

from lightpoint.llm.simulator import wire
from lightpoint.llm.simulator.classes import Config, ModelClass
from lightpoint.llm.simulator.clock import Clock
from lightpoint.llm.simulator.replies import (
    CACHE_STEP,
    LEAST_CACHED,
    Answer,
    Call,
    PrefixCache,
    Request,
    Speeds,
    Writing,
    keys_of,
    sent_of,
    texts_of,
    writing_of,
)

TICK: Final = 0.02  # real seconds between two events of a stream: what was written since then goes in one
DRIP: Final = 0.05  # real seconds between two bytes of a drip
FOREVER: Final = 600.0  # real seconds that a hang lasts at most
STARTING: Final = 10.0
OTHER_SHAPE: Final = '{"unexpected": true}'
TIERS: Final = ("FAST", "BALANCED", "BEST")


class Simulator:
    """A provider that runs within the context manager. `answer` is called with the request, in a thread of a pool.

    `url` is what LLM_BASE_URL is set to, `calls` what was asked, in order of arrival; see Call. `clock` may be paced.
    """

    def __init__(
        self,
        config: Config | None = None,
        answer: Callable[[Request], str | Answer] = lambda _request: "A simulated answer.",
        *,
        time_scale: float = 1.0,
    ) -> None:
        self.config = config or Config()
        self.answer = answer
        self.calls: list[Call] = []
        self.url = ""
        self.clock = Clock(time_scale)
        self._speeds = Speeds(self.config)
        self._cache = PrefixCache(self.config.cache_seconds)
        self._connections: set[_Connection] = set()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="simulator", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(STARTING):
            raise RuntimeError("The simulator did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop and self._stop:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(STARTING)

    @property
    def bill(self) -> Decimal:
        """US dollars for all calls that are finished."""
        return sum((call.cost for call in list(self.calls)), Decimal(0))

    @property
    def now(self) -> float:
        """Simulated seconds since the simulator was made."""
        return self.clock.now

    def settings(self) -> dict[str, Any]:
        """The settings that lead here. The tiers have the first models of the configuration, in its order."""
        names = list(self.config.models)
        prices = {
            name: {
                "sent": str(model.price.sent),
                "cached": str(model.price.cached),
                "cache_write": str(model.price.cache_write),
                "written": str(model.price.written),
            }
            for name, model in self.config.models.items()
        }
        tiers = {f"LLM_MODEL_{tier}": names[min(place, len(names) - 1)] for place, tier in enumerate(TIERS)}
        return {"LLM_API_KEY": "simulated", "LLM_BASE_URL": self.url, "LLM_PRICES": prices, **tiers}

    def environment(self) -> dict[str, str]:
        """The same as variables, for another process."""
        return {name: given if isinstance(given, str) else json.dumps(given) for name, given in self.settings().items()}

    def wait_until_idle(self, seconds: float = 5.0) -> bool:
        """Whether no call is open, or none is any more within so many real seconds."""
        ends = time.monotonic() + seconds
        while any(call.finished is None for call in list(self.calls)):
            if time.monotonic() >= ends:
                return False
            time.sleep(0.005)
        return True

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, backlog=512)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        self._ready.set()
        await self._stop.wait()
        server.close()
        for connection in list(self._connections):
            connection.end()
        await asyncio.sleep(0)

    def joined(self, connection: "_Connection") -> None:
        """A client has connected."""
        self._connections.add(connection)

    def left(self, connection: "_Connection") -> None:
        """It is gone."""
        self._connections.discard(connection)

    async def handle(self, request: wire.Received, connection: "_Connection") -> None:
        """Answer one request."""
        if request.path.endswith("/models"):
            listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.config.models]}
            return connection.send(wire.whole(200, json.dumps(listed).encode()))
        if request.method != "POST" or not request.path.endswith("/chat/completions"):
            return connection.send(wire.failure(404))
        try:
            body = json.loads(request.body)
            name, texts = str(body["model"]), texts_of(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            return connection.send(wire.failure(400))
        number = len(self.calls)
        fault = self.config.faults(number, name)
        call = Call(number, name, bool(body.get("stream")), self.now, fault)
        self.calls.append(call)
        model = self.config.models.get(name)
        if model is None or (fault and fault.kind == "status"):
            call.status = fault.status if fault else 404
            call.finished = self.now
            return connection.send(wire.failure(call.status, fault.retry_after if fault else None))
        return await self._answered(call, model, body, texts, connection)

    async def _answered(
        self, call: Call, model: ModelClass, body: Mapping[str, Any], texts: list[str], connection: "_Connection"
    ) -> None:
        keys = keys_of(call.model, texts)
        factor = self._speeds.of(keys[-1] if keys else b"")
        call.sent = sent_of(texts)
        call.cached = self._cache.known(keys, call.sent, self.now)
        if model.price.cache_write != model.price.sent and call.sent >= LEAST_CACHED:
            call.cache_written = call.sent // CACHE_STEP * CACHE_STEP - call.cached
        try:
            await _Reply(self, call, model, factor, connection).give(body, keys)
        except asyncio.CancelledError:
            call.cancelled = True
            raise
        finally:
            self.close(call, model)

    def close(self, call: Call, model: ModelClass) -> None:
        """The call costs what it has come to. Done before its last byte is sent, so that the client finds it done."""
        if call.finished is None:
            call.charge(model)
            call.finished = self.now

    def forget(self) -> None:
        """Know no prefix of a prompt any more."""
        self._cache = PrefixCache(self.config.cache_seconds)

    def know(self, keys: list[bytes]) -> None:
        """The prefix that `keys` stand for has been read."""
        self._cache.keep(keys, self.now)

    async def pause(self, seconds: float) -> None:
        """Wait so many simulated seconds."""
        await self.clock.pause(max(0.0, seconds))

    @property
    def tick(self) -> float:
        """The simulated seconds between two events of a stream."""
        return TICK / self.clock.scale


class _Reply:
    """The answer to one call, on its way to the client."""

    def __init__(
        self, simulator: Simulator, call: Call, model: ModelClass, factor: float, connection: "_Connection"
    ) -> None:
        self._simulator = simulator
        self._call = call
        self._model = model
        self._per_second = model.per_second * factor
        self._first_token = model.first_token / factor
        self._connection = connection

    async def give(self, body: Mapping[str, Any], keys: list[bytes]) -> None:
        kind = self._call.fault.kind if self._call.fault else None
        if kind == "hang":
            return await asyncio.sleep(FOREVER)
        if kind == "drip":
            return await self._drip()
        loop = asyncio.get_running_loop()
        try:
            given = await loop.run_in_executor(None, self._simulator.answer, body)
        except Exception:  # a provider that fails says so and goes on
            self._call.status, self._call.finished = 500, self._simulator.now
            return self._connection.send(wire.failure(500))
        writing = writing_of(OTHER_SHAPE if kind == "wrong-json" else given, body.get("max_tokens"))
        writing = writing.half("length") if kind == "truncated" else writing
        self._call.due = self._first_token + writing.tokens / self._per_second
        await self._simulator.pause(self._call.started + self._first_token - self._simulator.now)
        self._call.first_token = self._simulator.now
        self._simulator.know(keys)
        if self._call.streamed:
            usage = bool((body.get("stream_options") or {}).get("include_usage"))
            return await self._stream(writing, kind, usage)
        return await self._whole(writing, kind)

    async def _drip(self) -> None:
        send = self._connection.send
        send(wire.STREAM_HEAD if self._call.streamed else b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        for _ in range(int(FOREVER / DRIP)):
            send(wire.part(b":") if self._call.streamed else b" ")
            await asyncio.sleep(DRIP)

    async def _whole(self, writing: Writing, kind: str | None) -> None:
        call, began = self._call, self._simulator.now
        try:
            await self._simulator.pause(writing.tokens / self._per_second)
        except asyncio.CancelledError:
            call.written = min(writing.tokens, int((self._simulator.now - began) * self._per_second))
            raise
        call.written = writing.tokens
        value = wire.completion(call.number, call.model, writing.text, writing.finish, call.usage)
        raw = b"<html>busy</html>" if kind == "malformed" else json.dumps(value).encode()
        data = wire.whole(200, raw)
        if kind == "half-close":
            return await self._half_close(data[: -len(raw) // 2])
        return self._last(data)

    async def _stream(self, writing: Writing, kind: str | None, with_usage: bool) -> None:
        call, send = self._call, self._connection.send
        send(wire.STREAM_HEAD)
        breaks = kind in ("half-close", "malformed")
        await self._pieces(writing.half("stop") if breaks else writing)
        if kind == "half-close":
            return await self._half_close(b"")
        if kind == "malformed":
            send(wire.event(b'{"choices": [{"delta'))
        end = wire.event(wire.chunk(call.number, call.model, finish=writing.finish))
        if with_usage:
            end += wire.event(wire.last_chunk(call.number, call.model, call.usage))
        return self._last(end + wire.event(b"[DONE]") + wire.END)

    async def _pieces(self, writing: Writing) -> None:
        """The text, as much of it at each tick as is written by then; the first token at once."""
        call, began, shown = self._call, self._simulator.now, 0
        whole = writing.tokens / self._per_second
        while shown < len(writing.text):
            passed = self._simulator.now - began
            reach = writing.shown(1 + passed * self._per_second) if passed < whole else len(writing.text)
            if reach > shown:
                piece = writing.text[shown:reach]
                self._connection.send(wire.event(wire.chunk(call.number, call.model, piece)))
                shown = reach
                call.written = writing.tokens_of(shown)
            if shown < len(writing.text):
                await self._simulator.pause(min(self._simulator.tick, whole - passed))
        call.written = writing.tokens

    async def _half_close(self, data: bytes) -> None:
        self._connection.send(data)
        self._connection.send_no_more()
        await asyncio.sleep(FOREVER)

    def _last(self, data: bytes) -> None:
        self._simulator.close(self._call, self._model)
        self._connection.send(data)


class _Connection(asyncio.Protocol):
    """One client: its requests one after another. A request is given up when the client has left."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows the type
        self._transport = transport
        self._simulator.joined(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._simulator.left(self)
        self._transport = None
        if self._task:
            self._task.cancel()

    def send(self, data: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)

    def send_no_more(self) -> None:
        """End the sending side, and go on listening."""
        if self._transport:
            with suppress(OSError):
                self._transport.write_eof()

    def end(self) -> None:
        if self._task:
            self._task.cancel()
        if self._transport:
            self._transport.abort()

    def _next(self) -> None:
        if self._task or not self._transport:
            return
        try:
            request = wire.received(self._buffer)
        except ValueError:
            self._transport.abort()
            return
        if request is None:
            return
        self._buffer = self._buffer[request.size :]
        self._task = asyncio.get_running_loop().create_task(self._simulator.handle(request, self))
        self._task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if task.cancelled() or task.exception():
            if self._transport:
                self._transport.abort()
            return
        self._next()
