"""Streams of events round a small site, over the Redis of the tests: what is sent, in which order, and what is lost."""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.core.cache import caches
from pytest_django import Settings

from lightpoint.events import publish, stream_of
from lightpoint.events.log import Kept, Position, log_name
from lightpoint.events.serving import WithEvents

CHANNEL = "case:1"
PATH = "/api/v1/complaints/1/events/"
SOON = 5.0  # seconds in which something that is to happen at once has happened, on a machine that is busy
_FRAME = re.compile(r"(?:id: (?P<id>\S+)\n)?event: (?P<event>\S+)\ndata: (?P<data>.*)\n\n")

pytestmark = pytest.mark.django_db


async def site(scope: Any, receive: Any, send: Any) -> None:
    """Answers as a view does through a WSGI server; at other addresses a plain page."""
    answer = stream_of(CHANNEL, {"runs": []})
    if not scope["path"].endswith("/events/") or scope["path"].startswith("/closed"):
        await send({"type": "http.response.start", "status": 403, "headers": scope["headers"]})
        await send({"type": "http.response.body", "body": b"no", "more_body": False})
        return
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.items()]
    headers.append((b"content-length", str(len(answer.content)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


class Visit:
    """A client of the application: what it was sent, and how it leaves."""

    def __init__(self) -> None:
        self.head: Any = None
        self.body = b""
        self.over = False
        self._grown = asyncio.Event()
        self._left = asyncio.Event()
        self._asked = False

    async def receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.head = message
        else:
            self.body += message["body"]
            self.over = not message.get("more_body", False)
        self._grown.set()

    def leave(self) -> None:
        self._left.set()

    @property
    def frames(self) -> list[tuple[str | None, str, str]]:
        return [(m["id"], m["event"], m["data"]) for m in _FRAME.finditer(self.body.decode())]

    @property
    def last(self) -> str:
        return [place for place, _event, _data in self.frames if place][-1]

    async def until(self, holds: Callable[["Visit"], bool]) -> None:
        async def watch() -> None:
            while not holds(self):
                self._grown.clear()
                await self._grown.wait()

        await asyncio.wait_for(watch(), SOON)


@asynccontextmanager
async def visiting(application: Any, path: str = PATH, **headers: str) -> Any:
    visit = Visit()
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": sent, "query_string": b""}
    task = asyncio.create_task(application(scope, visit.receive, visit.send))
    try:
        yield visit
    finally:
        visit.leave()
        await asyncio.wait_for(task, SOON)


def run(scenario: Callable[[Any], Awaitable[None]]) -> None:
    async def whole() -> None:
        application = WithEvents(site)
        try:
            await scenario(application)
        finally:
            await application.close()

    asyncio.run(whole())


async def told(number: int) -> bool:
    return await asyncio.to_thread(publish, CHANNEL, "run", {"number": number})


def numbers(visit: Visit) -> list[int]:
    return [int(re.sub(r"\D", "", data)) for _id, event, data in visit.frames if event == "run"]


def test_the_state_comes_at_once_and_events_follow_in_their_order() -> None:
    async def scenario(application: Any) -> None:
        async with visiting(application) as visit:
            await visit.until(lambda one: one.frames == [(None, "state", '{"runs": []}')])
            for number in range(5):
                assert await told(number)
            await visit.until(lambda one: numbers(one) == [0, 1, 2, 3, 4])
            places = [Position.read(place) for place, event, _data in visit.frames if event == "run"]
            assert places == sorted(places, key=lambda one: (one.milliseconds, one.number))
            names = {name for name, _value in visit.head["headers"]}
            assert b"lightpoint-follow" not in names
            assert b"content-length" not in names

    run(scenario)


def test_what_was_before_the_visit_is_not_told() -> None:
    async def scenario(application: Any) -> None:
        await told(1)
        await asyncio.sleep(0.01)
        async with visiting(application) as visit:
            await visit.until(lambda one: bool(one.frames))
            await told(2)
            await visit.until(lambda one: numbers(one) == [2])

    run(scenario)


def test_over_random_disconnects_the_client_has_every_event_once() -> None:
    chance = random.Random(8)  # noqa: S311 - an order, not a secret

    async def scenario(application: Any) -> None:
        seen: list[int] = []
        last, published = "0-0", 0

        async def tell(most: int) -> None:
            nonlocal published
            for _ in range(chance.randint(0, most)):
                await told(published)
                published += 1

        for _visit in range(100):
            await tell(3)
            async with visiting(application, last_event_id=last) as visit:
                await tell(2)
                part = chance.randint(0, published - len(seen))
                await visit.until(lambda one, part=part: bool(one.body) and len(numbers(one)) >= part)
                await tell(2)
            seen += numbers(visit)
            last = visit.last if numbers(visit) else last
        async with visiting(application, last_event_id=last) as visit:
            await visit.until(lambda one: len(seen) + len(numbers(one)) >= published)
        assert published > 100
        assert seen + numbers(visit) == list(range(published))

    run(scenario)


def test_a_gap_is_told_and_followed_by_the_state(settings: Settings) -> None:
    settings.EVENTS_KEPT = 3

    async def scenario(application: Any) -> None:
        await told(0)
        async with visiting(application, last_event_id="0-0") as visit:
            await visit.until(lambda one: numbers(one) == [0])
        for number in range(1, 6):
            await told(number)
        async with visiting(application, last_event_id=visit.last) as again:
            await again.until(lambda one: [event for _id, event, _data in one.frames] == ["alive", "resync", "state"])
            await told(6)
            await again.until(lambda one: numbers(one) == [6])

    run(scenario)


def test_a_log_that_redis_has_lost_is_a_gap() -> None:
    async def scenario(application: Any) -> None:
        await told(0)
        async with visiting(application, last_event_id="0-0") as visit:
            await visit.until(lambda one: numbers(one) == [0])
            name = await asyncio.to_thread(log_name, CHANNEL)
            await asyncio.to_thread(caches["default"].client.get_client().delete, name)
        async with visiting(application, last_event_id=visit.last) as again:
            await again.until(lambda one: [event for _id, event, _data in one.frames] == ["alive", "resync", "state"])

    run(scenario)


def test_a_made_up_position_is_no_position() -> None:
    async def scenario(application: Any) -> None:
        async with visiting(application, last_event_id="'; drop") as visit:
            await visit.until(lambda one: [event for _id, event, _data in one.frames] == ["state"])

    run(scenario)


def test_there_is_a_sign_of_life_while_nothing_happens(settings: Settings) -> None:
    settings.EVENTS_HEARTBEAT_SECONDS = 0.05

    async def scenario(application: Any) -> None:
        async with visiting(application) as visit:
            await visit.until(lambda one: one.body.count(b"event: alive") >= 2)

    run(scenario)


def test_a_stream_ends_after_its_time_and_beyond_the_limit_the_state_is_all(settings: Settings) -> None:
    settings.EVENTS_STREAM_SECONDS = 0.2
    settings.EVENTS_STREAMS = 1

    async def scenario(application: Any) -> None:
        async with visiting(application) as visit:
            await visit.until(lambda one: bool(one.frames))
            async with visiting(application) as second:
                await second.until(lambda one: one.over)
                assert [event for _id, event, _data in second.frames] == ["state"]
            await visit.until(lambda one: one.over)

    run(scenario)


def test_other_answers_pass_as_they_are_and_headers_with_underscores_do_not() -> None:
    async def scenario(application: Any) -> None:
        visit = Visit()
        scope = {"type": "http", "method": "GET", "path": "/closed/events/", "query_string": b"",
                 "headers": [(b"x_forwarded_for", b"1.2.3.4"), (b"accept", b"*/*")]}  # fmt: skip
        await application(scope, visit.receive, visit.send)
        assert (visit.head["status"], visit.body) == (403, b"no")
        assert visit.head["headers"] == [(b"accept", b"*/*")]

    run(scenario)


def test_cookies_that_came_one_by_one_are_one_header_and_a_query_is_ascii() -> None:
    seen: list[Any] = []

    async def looking(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append((scope["headers"], scope["query_string"]))

    async def scenario(_application: Any) -> None:
        headers = [(b"cookie", b"a=1"), (b"accept", b"*/*"), (b"cookie", b"b=2")]
        scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "query_string": b"q=\xa3 %20&r=1"}
        await WithEvents(looking)(scope, None, None)

    run(scenario)
    assert seen == [([(b"accept", b"*/*"), (b"cookie", b"a=1; b=2")], b"q=%A3%20%20&r=1")]


@pytest.mark.parametrize(
    ("place", "has"), [("4-9", False), ("5-0", True), ("7-1", True), ("9-0", True), ("9-1", False)]
)
def test_all_after_a_place_is_there_or_it_is_not(place: str, has: bool) -> None:
    position = Position.read(place)
    assert position is not None
    assert Kept(last=Position(9, 0), gone=Position(5, 0)).has_all_after(position) == has


@pytest.mark.parametrize("text", ["", "5", "5-", "-5", "5-5-5", "५-1", "9" * 30 + "-1"])
def test_what_is_no_position_is_none(text: str) -> None:
    assert Position.read(text) is None


def sent(*messages: dict[str, Any]) -> Any:
    """What an application is given that reads a body: these, and then nothing."""
    left = list(messages)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.sleep(600)
        return left.pop(0)

    return receive


@pytest.mark.parametrize(
    ("last", "error"),
    [([{"type": "http.disconnect"}], ConnectionResetError), ([], TimeoutError)],
    ids=["breaks off", "stands still"],
)
def test_a_body_that_does_not_come_to_its_end_is_an_error_where_it_is_read(settings: Settings, last, error) -> None:
    settings.REQUEST_READ_SECONDS = 0.05

    async def reading(_scope: Any, receive: Any, _send: Any) -> None:
        while (await receive()).get("more_body"):
            pass

    async def scenario(_application: Any) -> None:
        first = {"type": "http.request", "body": b"a half", "more_body": True}
        scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
        with pytest.raises(error):
            await WithEvents(reading)(scope, sent(first, *last), None)
        whole = {"type": "http.request", "body": b"", "more_body": False}
        await WithEvents(reading)(scope, sent(first, whole), None)

    run(scenario)
