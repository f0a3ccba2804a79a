"""The site as an ASGI application: requests run in threads, and streams of events follow their logs without one.

A view says in a header that its answer goes on (lightpoint.events.stream_of). By then the request is over: its thread
serves the next, and its database connection is back in the pool.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any, Final

from django.conf import settings

from lightpoint.events.hub import Hub, Resync, Told, ended
from lightpoint.events.log import Position
from lightpoint.events.snapshots import FOLLOW
from lightpoint.rest.events import frame, framed

Scope = Mapping[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]
_FOLLOW: Final = FOLLOW.lower().encode()
_LAST: Final = b"last-event-id"
_NOT_IN_A_QUERY: Final = re.compile(rb"[^\x21-\x7e]")
RESYNC_EVENT: Final = "resync"
ALIVE: Final = frame("alive", {})  # a comment would be hidden from scripts


class WithEvents:
    """`site`, with its streams of events going on after its answers."""

    def __init__(self, site: Application) -> None:
        self._site = site
        self._hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._site(scope, receive, send)
            if scope["type"] == "lifespan":  # it is over when the server stops
                await self.close()
            return
        asked, sent = {**scope, **_as_cgi_takes_it(scope)}, _Sent(receive)
        if scope["method"] != "GET" or not scope["path"].endswith("/events/"):
            await self._site(asked, sent.receive, send)
            return
        self._hub = self._hub or Hub()
        before = await self._hub.now()
        answer = _Answer(send)
        await self._site(asked, sent.receive, answer.send)
        if answer.log and answer.head is not None:
            last = next((value.decode("latin-1") for name, value in asked["headers"] if name == _LAST), "")
            had = Position.read(last)
            await self._go_on(answer, had, before, receive, send)

    async def close(self) -> None:
        """Let go of Redis."""
        if self._hub is not None:
            await self._hub.close()
            self._hub = None

    async def _go_on(
        self, answer: "_Answer", had: Position | None, before: Position | None, receive: Receive, send: Send
    ) -> None:
        """Send the snapshot and what follows, until the client leaves or its time is over."""
        hub = self._hub
        plain = [(name, value) for name, value in answer.head["headers"] if name not in (_FOLLOW, b"content-length")]
        await send({**answer.head, "headers": plain})
        state = bytes(answer.body)
        if hub is None or before is None or hub.followers >= settings.EVENTS_STREAMS:
            await send({"type": "http.response.body", "body": state, "more_body": False})
            return
        frames = _frames(hub, answer.log, state, had, before)
        gone = asyncio.create_task(_disconnected(receive))
        sending = asyncio.create_task(_send_all(frames, send))
        try:
            await asyncio.wait(
                {gone, sending}, timeout=settings.EVENTS_STREAM_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            left = gone.done()
            await ended(gone, sending)
        if not left:
            with suppress(Exception):  # the client may be leaving
                await send({"type": "http.response.body", "body": b"", "more_body": False})


def _as_cgi_takes_it(scope: Scope) -> dict[str, Any]:
    """Headers and query of a request, without what CGI would make something else of.

    A header with an underscore in its name would reach the site as another's: CGI knows no hyphens. HTTP/2 may send
    cookies one by one (RFC 9113, 8.2.3). A query is ASCII (RFC 3986).
    """
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name and name != b"cookie"]
    cookies = [value for name, value in scope["headers"] if name == b"cookie"]
    if cookies:
        headers.append((b"cookie", b"; ".join(cookies)))
    query = _NOT_IN_A_QUERY.sub(lambda found: b"%%%02X" % found[0][0], scope["query_string"])
    return {"headers": headers, "query_string": query}


class _Sent:
    """What the client sends. A body that breaks off, or stands still, is an error in the view that reads it.

    Without this it would look like one that has come to its end.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._more = True

    async def receive(self) -> Message:
        if not self._more:
            return await self._receive()
        async with asyncio.timeout(settings.REQUEST_READ_SECONDS):
            message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("The client left before it had sent all")
        self._more = bool(message.get("more_body", False))
        return message


class _Answer:
    """What the site answers: sent on as it comes, or kept where its header says that a stream follows."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.head: Any = None
        self.log = ""
        self.body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            found = next((value for name, value in message["headers"] if name.lower() == _FOLLOW), b"")
            self.log, self.head = found.decode(), message
        if not self.log:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


async def _frames(hub: Hub, log: str, state: bytes, had: Position | None, before: Position) -> AsyncIterator[bytes]:
    """The state first, or what a client that came back has missed."""
    if had is None:
        yield state
    else:
        yield ALIVE  # the first sign within the time that a stream has for it
    async with aclosing(hub.follow(log, had, before)) as events:
        async for one in events:
            if one is None:
                yield ALIVE
            elif isinstance(one, Resync):
                yield frame(RESYNC_EVENT, {"reason": "events were lost; read the state anew"}) + state
            elif isinstance(one, Told):
                yield framed(one.event, one.data, number=one.position)


async def _send_all(frames: AsyncIterator[bytes], send: Send) -> None:
    async for one in frames:
        await send({"type": "http.response.body", "body": one, "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
