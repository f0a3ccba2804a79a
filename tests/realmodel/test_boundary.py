"""The boundary to language models with a real one behind it."""

import contextvars
import json
import threading
import time
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest

from lightpoint.llm import (
    Attempted,
    Cancellation,
    LLMError,
    Message,
    Prompt,
    cancelled_by,
    charged_to,
    complete,
    stream,
)
from tests.realmodel.conftest import RealModel

pytestmark = pytest.mark.realmodel

ASKED = Prompt(
    system="You answer in one short sentence.",
    messages=(Message("user", "What is the capital of France?"),),
    max_tokens=100,
    purpose="test",
)
STORY = replace(
    ASKED, system="You write long stories.", messages=(Message("user", "A very long story."),), max_tokens=3_000
)
SHAPE = {
    "type": "object",
    "properties": {"answer": {"type": "string", "maxLength": 40}, "sure": {"type": "boolean"}},
    "required": ["answer", "sure"],
    "additionalProperties": False,
}


class Book:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.settled: list[Attempted] = []

    def reserve(self, prompt: Prompt, model: str, worst: Decimal | None) -> None:
        assert worst == 0

    def settle(self, token: None, attempted: Attempted) -> None:
        self.settled.append(attempted)


def test_an_answer_is_whole_and_its_usage_told(real_model: RealModel) -> None:
    found = complete(ASKED, "fast")
    assert "Paris" in found.text
    assert found.finish_reason == "stop"
    assert found.usage is not None
    assert 20 < found.usage.sent < 60
    assert 1 < found.usage.written < 60


def test_a_stream_comes_in_pieces_and_says_the_same_at_temperature_0(real_model: RealModel) -> None:
    book = Book()
    with charged_to(book), stream(ASKED, "fast") as pieces:
        seen = list(pieces)
    assert len(seen) > 2
    assert pieces.completion.text == "".join(seen) == complete(ASKED, "fast").text
    (one,) = book.settled
    assert (one.outcome, one.usage, one.estimated) == ("ok", pieces.completion.usage, False)
    assert one.first_token_seconds is not None
    assert one.first_token_seconds < one.seconds


def test_a_prefix_that_came_before_is_told_as_cached(real_model: RealModel) -> None:
    long = replace(ASKED, system="The guidance says that complaints are answered in fifteen working days. " * 25)
    book = Book()
    with charged_to(book):
        for text in ("Hello!", "Thanks!"):
            with suppress(LLMError):  # what it says to that is not asked for
                complete(replace(long, messages=(Message("user", text),), max_tokens=5), "fast")
    _, second = (one.usage for one in book.settled)
    assert second is not None
    assert second.cached > second.sent / 2


def test_an_answer_that_is_cut_is_an_error_and_booked(real_model: RealModel) -> None:
    book = Book()
    with charged_to(book), pytest.raises(LLMError) as caught:
        complete(replace(STORY, max_tokens=8), "fast")
    assert caught.value.code == "truncated"
    assert book.settled[0].usage is not None
    assert (book.settled[0].usage.written, book.settled[0].outcome) == (8, "truncated")


def test_an_answer_has_the_shape_that_was_asked_for(real_model: RealModel) -> None:
    found = json.loads(complete(replace(ASKED, json_schema=SHAPE), "fast").text)
    assert set(found) == {"answer", "sure"}


def test_closing_a_stream_stops_the_model(real_model: RealModel) -> None:
    book = Book()
    with charged_to(book), stream(STORY, "fast") as pieces:
        assert next(pieces)
        assert next(pieces)
        assert len(real_model.busy()) == 1
    assert is_idle_soon(real_model)
    (one,) = book.settled
    assert (one.outcome, one.estimated) == ("cancelled", True)
    assert one.usage is not None
    assert one.usage.sent > 10


def test_a_call_is_ended_from_another_thread_and_the_model_stops(real_model: RealModel) -> None:
    stop, outcome = Cancellation(), []

    def work() -> None:
        with pytest.raises(LLMError) as caught:
            complete(STORY, "fast")
        outcome.append(caught.value.code)

    with cancelled_by(stop):
        thread = threading.Thread(target=contextvars.copy_context().run, args=(work,))
        thread.start()
    ends = time.monotonic() + 20
    while not real_model.busy() and time.monotonic() < ends:
        time.sleep(0.02)
    stop.cancel()
    thread.join(5)
    assert outcome == ["cancelled"]
    assert is_idle_soon(real_model)


def is_idle_soon(model: RealModel) -> bool:
    """Whether it works on nothing within ten seconds: the whole story would take it far longer."""
    ends = time.monotonic() + 10
    while model.busy():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True
