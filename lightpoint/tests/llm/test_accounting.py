"""Calls are booked: reserved before anything is sent, and settled once, however they end."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import override_settings

from lightpoint.errors import TooManyRequests
from lightpoint.language.tokens import estimate_sent
from lightpoint.llm import (
    Attempted,
    LLMError,
    Message,
    Prompt,
    Route,
    Usage,
    charged_to,
    complete,
    cost_of,
    price_of,
    stream,
)
from lightpoint.llm.simulator import Config, Fault, Simulator, in_turn
from lightpoint.tests.llm.asking import BALANCED, FAST, PROMPT, WORDS, Ask, both, whole


@dataclass
class Book:
    """Keeps what it is told. `refuses` stops every call."""

    refuses: Exception | None = None
    breaks: Exception | None = None
    reserved: list[tuple[str, Decimal | None]] = field(default_factory=list)
    settled: list[Attempted] = field(default_factory=list)

    def reserve(self, prompt: Prompt, model: str, worst: Decimal | None) -> int:
        if self.refuses:
            raise self.refuses
        self.reserved.append((model, worst))
        return len(self.reserved) - 1

    def settle(self, token: int, attempted: Attempted) -> None:
        assert token == len(self.settled)
        self.settled.append(attempted)
        if self.breaks:
            raise self.breaks

    @property
    def cost(self) -> Decimal:
        return sum((one.cost or Decimal(0) for one in self.settled), Decimal(0))


@contextmanager
def provider_with(*faults: Fault | None, **given: Any) -> Iterator[Simulator]:
    with (
        Simulator(Config(faults=in_turn(*faults)), lambda request: WORDS, time_scale=0.01) as provider,
        override_settings(**{"LLM_DEADLINE_SECONDS": 5.0, **provider.settings(), **given}),
    ):
        yield provider


@both
def test_a_call_is_reserved_at_its_worst_and_settled_at_its_cost(ask: Ask) -> None:
    book = Book()
    with provider_with() as provider, charged_to(book):
        assert ask(PROMPT) == WORDS
        (call,) = provider.calls
    (one,) = book.settled
    price = {"model": FAST, "tier": "fast", "purpose": "test", "outcome": "ok", "estimated": False}
    assert {name: getattr(one, name) for name in price} == price
    assert (one.usage, one.cost) == (Usage(sent=14, written=60), call.cost)
    assert one.prompt_sha256 == PROMPT.sha256
    assert one.reason
    assert 0 < one.seconds < 5
    assert (one.first_token_seconds is None) == (ask is whole)
    ((model, worst),) = book.reserved
    assert model == FAST
    assert worst is not None
    assert worst > Decimal("0.0025")  # 500 tokens at $5 a million
    assert worst > call.cost


@both
def test_an_accountant_that_refuses_stops_the_call_before_anything_is_sent(ask: Ask) -> None:
    with provider_with(LLM_FALLBACK_FAST=BALANCED) as provider, charged_to(Book(refuses=TooManyRequests("no budget"))):
        with pytest.raises(TooManyRequests, match="no budget"):
            ask(PROMPT)
        assert provider.calls == []


@both
def test_every_try_is_booked_for_itself(ask: Ask) -> None:
    book = Book()
    with (
        provider_with(
            Fault("status", 503), Fault("status", 503), LLM_FALLBACK_FAST=BALANCED, LLM_RETRIES=1
        ) as provider,
        charged_to(book),
    ):
        assert ask(PROMPT) == WORDS
        assert [one.model for one in book.settled] == [call.model for call in provider.calls] == [FAST, FAST, BALANCED]
        assert [one.outcome for one in book.settled] == ["provider-failed", "provider-failed", "ok"]
        assert [one.cost for one in book.settled] == [call.cost for call in provider.calls]
        assert [one.usage is None for one in book.settled] == [True, True, False]
    assert "instead of simulated/fast: provider-failed" in book.settled[2].reason


@both
@pytest.mark.parametrize(
    ("fault", "outcome"), [(Fault("hang"), "timeout"), (Fault("drip"), "timeout"), (Fault("truncated"), "truncated")]
)
def test_a_call_that_failed_after_it_was_sent_keeps_its_cost(ask: Ask, fault: Fault, outcome: str) -> None:
    book = Book()
    with provider_with(fault, LLM_RETRIES=0, LLM_DEADLINE_SECONDS=1.5) as provider, charged_to(book):
        with pytest.raises(LLMError):
            ask(PROMPT)
        assert provider.wait_until_idle()
        assert book.cost == provider.bill > 0
    (one,) = book.settled
    assert one.outcome == outcome
    assert one.estimated == (fault.kind != "truncated")


def test_a_cancelled_stream_keeps_the_cost_of_its_input_and_of_what_was_read() -> None:
    book = Book()
    with Simulator(answer=lambda request: WORDS, time_scale=0.5) as provider, override_settings(**provider.settings()):
        with charged_to(book), stream(PROMPT, "fast") as pieces:
            next(pieces)
        assert provider.wait_until_idle()
        assert provider.calls[0].cancelled
        assert provider.bill > 0
        least = cost_of(Usage(sent=14, written=1), price_of(FAST) or pytest.fail("no price"))
    (one,) = book.settled
    assert (one.outcome, one.estimated) == ("cancelled", True)
    assert one.usage is not None
    assert (one.usage.sent, one.usage.written >= 1) == (14, True)
    assert one.cost is not None
    assert least <= one.cost <= provider.bill


def test_a_stream_is_charged_to_whom_it_was_asked_for_and_once() -> None:
    book, other = Book(), Book()
    with provider_with():
        with charged_to(book):
            pieces = stream(PROMPT, "fast")
        with charged_to(other), pieces:
            assert "".join(pieces) == WORDS
        pieces.close()
    assert (len(book.settled), len(other.settled)) == (1, 0)
    assert book.settled[0].outcome == "ok"


def test_a_provider_that_is_not_there_costs_nothing() -> None:
    book = Book()
    nowhere = override_settings(LLM_API_KEY="key", LLM_BASE_URL="http://127.0.0.1:9/v1", LLM_RETRIES=0)
    with nowhere, charged_to(book), pytest.raises(LLMError):
        whole(PROMPT)
    assert (book.settled[0].outcome, book.settled[0].usage, book.settled[0].cost) == ("unreachable", None, 0)


def test_without_a_price_the_accountant_is_told_so() -> None:
    book = Book()
    with provider_with(LLM_PRICES={}), charged_to(book):
        whole(PROMPT)
    assert book.reserved == [(FAST, None)]
    assert (book.settled[0].usage, book.settled[0].cost) == (Usage(sent=14, written=60), None)


def test_an_answer_is_not_lost_with_its_booking(caplog: pytest.LogCaptureFixture) -> None:
    with provider_with(), charged_to(Book(breaks=RuntimeError("secret"))):
        assert whole(PROMPT) == WORDS
    assert "could not be booked: RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert caplog.records[0].levelno == logging.ERROR


def test_a_call_that_the_breaker_stops_is_not_booked() -> None:
    book = Book()
    with provider_with(Fault("status", 402)), charged_to(book):
        for _ in range(3):
            with pytest.raises(LLMError):
                whole(PROMPT)
    assert len(book.reserved) == len(book.settled) == 1


def test_a_refusal_of_the_accountant_does_not_hold_the_probe() -> None:
    with provider_with(Fault("status", 402), LLM_BREAKER_OPEN_SECONDS=0.05):
        with pytest.raises(LLMError):
            whole(PROMPT)
        time.sleep(0.06)
        with charged_to(Book(refuses=TooManyRequests("no"))), pytest.raises(TooManyRequests):
            whole(PROMPT)
        assert whole(PROMPT) == WORDS


def test_the_reason_of_a_route_is_booked() -> None:
    book = Book()
    with provider_with(), charged_to(book):
        complete(PROMPT, Route("balanced", "because"))
    assert (book.settled[0].tier, book.settled[0].model, book.settled[0].reason) == ("balanced", BALANCED, "because")


def test_a_hash_tells_prompts_apart() -> None:
    others = [
        replace(PROMPT, system="Other"),
        replace(PROMPT, messages=(Message("assistant", "How long?"),)),
        replace(PROMPT, max_tokens=501),
        replace(PROMPT, temperature=0.5),
        replace(PROMPT, json_schema={}),
    ]
    assert len({PROMPT.sha256, *(other.sha256 for other in others)}) == len(others) + 1
    assert PROMPT.sha256 == replace(PROMPT, purpose="other").sha256
    assert estimate_sent(PROMPT.texts) == 14
