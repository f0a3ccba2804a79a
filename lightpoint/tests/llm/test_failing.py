"""A provider that fails: what it is asked, how long it holds a caller, who answers instead, and who ends the calls."""

import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.test import override_settings

from lightpoint.llm import Cancellation, LLMError, cancelled_by, complete, stream
from lightpoint.llm.guards import Breaker, RetryBudget
from lightpoint.llm.simulator import Config, Fault, Simulator, a_share, in_turn
from lightpoint.tests.llm.asking import BALANCED, FAST, PROMPT, WORDS, Ask, both, streamed, whole

CALLS, AT_ONCE = 120, 16


@contextmanager
def provider_with(faults: Any, **given: Any) -> Iterator[Simulator]:
    """A simulator that fails as `faults` say, in a hundredth of its time."""
    with Simulator(Config(faults=faults), lambda request: WORDS, time_scale=0.01) as provider:
        with override_settings(**provider.settings(), **given):
            yield provider
        provider.wait_until_idle()


def always(fault: Fault) -> Callable[[int, str], Fault]:
    return lambda _number, _model: fault


def of_model(name: str, fault: Fault) -> Callable[[int, str], Fault | None]:
    return lambda _number, model: fault if model == name else None


@both
@pytest.mark.parametrize(
    "fault",
    [
        Fault("hang"),
        Fault("drip"),
        Fault("half-close"),
        Fault("malformed"),
        Fault("status", 429, retry_after=0.05),
        Fault("status", 503),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_a_failing_provider_is_asked_a_tenth_more_at_most_and_holds_nobody_past_the_deadline(
    ask: Ask, fault: Fault
) -> None:
    def one(number: int) -> tuple[bool, float]:
        started = time.monotonic()
        try:
            return ask(replace(PROMPT, system=f"Number {number}")) == WORDS, time.monotonic() - started
        except LLMError:
            return False, time.monotonic() - started

    faults = a_share(0.5, fault)
    with provider_with(faults, LLM_DEADLINE_SECONDS=0.6, LLM_BREAKER_FAILURES=10_000) as provider:
        one(-1)  # makes the client of the process, which takes longer than a call
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(one, range(CALLS)))
        assert CALLS / 2 < len(provider.calls) <= 1.1 * (CALLS + 1)
    assert max(seconds for _, seconds in found) < 1.6
    assert 0 < sum(answered for answered, _ in found) < CALLS


@both
def test_without_a_breaker_all_calls_fail_and_are_still_a_tenth_more_at_most(ask: Ask) -> None:
    def one(_number: int) -> None:
        with pytest.raises(LLMError):
            ask(PROMPT)

    with provider_with(always(Fault("status", 500)), LLM_DEADLINE_SECONDS=1, LLM_BREAKER_FAILURES=10_000) as provider:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, range(CALLS)))
        assert CALLS / 2 < len(provider.calls) <= 1.1 * CALLS


def test_the_budget_is_a_share_of_the_calls_or_its_floor() -> None:
    with override_settings(LLM_RETRY_SHARE=0.1, LLM_RETRY_FLOOR=2, LLM_RETRY_WINDOW_SECONDS=0.6):
        budget = RetryBudget()
        assert [budget.take() for _ in range(3)] == [True, True, False]
        for _ in range(50):
            budget.note_call()
        assert [budget.take() for _ in range(4)] == [True, True, True, False]
        time.sleep(0.65)
        assert [budget.take() for _ in range(3)] == [True, True, False]


@both
def test_a_model_that_fails_is_left_alone_and_tried_again_by_one_call(ask: Ask) -> None:
    faults = in_turn(*[Fault("status", 500)] * 4)
    with provider_with(
        faults, LLM_RETRIES=0, LLM_BREAKER_FAILURES=3, LLM_BREAKER_OPEN_SECONDS=0.8, LLM_DEADLINE_SECONDS=5
    ) as provider:

        def code() -> str:
            try:
                return "ok" if ask(PROMPT) == WORDS else ""
            except LLMError as error:
                return error.code

        assert [code() for _ in range(5)] == ["provider-failed"] * 3 + ["circuit-open"] * 2
        assert len(provider.calls) == 3
        time.sleep(0.85)
        assert [code() for _ in range(2)] == ["provider-failed", "circuit-open"]
        time.sleep(0.85)
        assert [code() for _ in range(3)] == ["ok"] * 3


@both
@pytest.mark.parametrize("status", [401, 402])
def test_a_key_or_an_account_that_is_refused_opens_the_breaker_at_once(ask: Ask, status: int) -> None:
    with provider_with(always(Fault("status", status))) as provider:
        for _ in range(4):
            with pytest.raises(LLMError):
                ask(PROMPT)
        assert len(provider.calls) == 1
        assert complete_fails("best") in {"unauthorised", "no-credit"}  # each model has a breaker of its own


def complete_fails(tier: Any) -> str:
    with pytest.raises(LLMError) as caught:
        complete(PROMPT, tier)
    return caught.value.code


def test_only_one_call_at_a_time_tries_a_model_that_is_left_alone() -> None:
    with override_settings(LLM_BREAKER_FAILURES=1, LLM_BREAKER_OPEN_SECONDS=0.05):
        found = Breaker()
        found.leave("provider-failed", probe=found.enter())
        time.sleep(0.06)
        assert found.enter()
        for _ in range(2):
            with pytest.raises(LLMError):
                found.enter()
        found.leave("cancelled", probe=True)  # which says nothing
        assert found.enter()
        found.leave("truncated", probe=True)  # an answer, if not the right one
        assert not found.enter()


def test_failures_open_the_breaker_in_a_row_and_close_together_only() -> None:
    with override_settings(LLM_BREAKER_FAILURES=3, LLM_BREAKER_WINDOW_SECONDS=0.1):
        found = Breaker()
        for outcome in ("timeout", "timeout", "ok", "timeout", "refused", "timeout", "timeout"):
            found.leave(outcome, probe=found.enter())
        time.sleep(0.15)
        found.leave("timeout", probe=found.enter())
        assert not found.enter()


@both
@pytest.mark.parametrize("fault", [Fault("status", 503), Fault("status", 402), Fault("status", 404)], ids=str)
def test_the_fallback_answers_from_the_beginning_where_the_model_fails(ask: Ask, fault: Fault) -> None:
    with provider_with(of_model(FAST, fault), LLM_FALLBACK_FAST=BALANCED, LLM_RETRIES=0) as provider:
        assert ask(PROMPT) == WORDS
        assert [call.model for call in provider.calls] == [FAST, BALANCED]


def test_the_fallback_answers_where_a_whole_answer_is_broken_in_the_middle() -> None:
    for fault in (Fault("malformed"), Fault("half-close")):
        with provider_with(of_model(FAST, fault), LLM_FALLBACK_FAST=BALANCED, LLM_RETRIES=0) as provider:
            assert whole(PROMPT) == WORDS
            assert [call.model for call in provider.calls] == [FAST, BALANCED]


def test_a_text_that_was_shown_is_of_one_model() -> None:
    with provider_with(of_model(FAST, Fault("half-close")), LLM_FALLBACK_FAST=BALANCED, LLM_RETRIES=0) as provider:
        seen = []
        with pytest.raises(LLMError), stream(PROMPT, "fast") as pieces:
            seen += list(iter(pieces.__next__, None))
        assert [call.model for call in provider.calls] == [FAST]


@both
@pytest.mark.parametrize("fault", [Fault("status", 400), Fault("truncated"), Fault("wrong-json")], ids=str)
def test_the_fallback_is_not_asked_what_is_the_fault_of_the_prompt(ask: Ask, fault: Fault) -> None:
    shape = {"type": "object", "required": ["a"]}
    with provider_with(of_model(FAST, fault), LLM_FALLBACK_FAST=BALANCED, LLM_RETRIES=0) as provider:
        with pytest.raises(LLMError):
            ask(replace(PROMPT, json_schema=shape))
        assert len(provider.calls) == 1


@both
def test_a_model_that_is_left_alone_has_its_fallback_asked_first(ask: Ask) -> None:
    faults = of_model(FAST, Fault("status", 500))
    with provider_with(
        faults, LLM_FALLBACK_FAST=BALANCED, LLM_RETRIES=0, LLM_BREAKER_FAILURES=1, LLM_RETRY_FLOOR=1
    ) as provider:
        for _ in range(5):
            assert ask(PROMPT) == WORDS
        assert [call.model for call in provider.calls] == [FAST] + [BALANCED] * 5


@both
def test_a_call_is_ended_from_another_thread_at_the_provider_too(ask: Ask) -> None:
    stop = Cancellation()
    outcome: list[str] = []

    def work() -> None:
        try:
            ask(PROMPT)
        except LLMError as error:
            outcome.append(error.code)

    with provider_with(always(Fault("hang")), LLM_DEADLINE_SECONDS=20) as provider:
        with cancelled_by(stop):
            thread = threading.Thread(target=contextvars.copy_context().run, args=(work,))
            thread.start()
            while not provider.calls:
                time.sleep(0.01)
            started = time.monotonic()
            stop.cancel()
            thread.join()
            assert time.monotonic() - started < 1
            with pytest.raises(LLMError, match="cancelled"):
                ask(PROMPT)
        assert provider.wait_until_idle()
        assert outcome == ["cancelled"]
        assert [call.cancelled for call in provider.calls] == [True]


def test_a_stream_is_closed_by_another_thread_before_its_first_byte() -> None:
    outcome: list[str] = []
    with provider_with(always(Fault("hang")), LLM_DEADLINE_SECONDS=20) as provider:
        pieces = stream(PROMPT, "fast")

        def read() -> None:
            with pytest.raises(LLMError) as caught:
                next(pieces)
            outcome.append(caught.value.code)

        thread = threading.Thread(target=read)
        thread.start()
        while not provider.calls:
            time.sleep(0.01)
        pieces.close()
        thread.join(2)
        assert outcome == ["cancelled"]
        assert provider.wait_until_idle()
        assert len(provider.calls) == 1


def test_a_cancellation_ends_the_pause_before_a_retry() -> None:
    stop = Cancellation()
    with provider_with(always(Fault("status", 429, retry_after=20)), LLM_DEADLINE_SECONDS=60) as provider:
        threading.Timer(0.3, stop.cancel).start()
        started = time.monotonic()
        with pytest.raises(LLMError, match="cancelled"), cancelled_by(stop):
            complete(PROMPT, "fast")
        assert time.monotonic() - started < 1.5
        assert len(provider.calls) == 1


def test_a_call_that_may_be_ended_is_answered_like_any_other() -> None:
    with provider_with(in_turn()) as provider, cancelled_by(Cancellation()):
        assert whole(PROMPT) == streamed(PROMPT) == WORDS
        assert len(provider.calls) == 2


@pytest.mark.parametrize("fault", [Fault("half-close"), Fault("malformed"), Fault("status", 500)], ids=str)
def test_a_call_that_may_be_ended_has_its_fallback_too(fault: Fault) -> None:
    with provider_with(of_model(FAST, fault), LLM_FALLBACK_FAST=BALANCED, LLM_RETRIES=0) as provider:
        with cancelled_by(Cancellation()):
            assert whole(PROMPT) == WORDS
        assert [call.model for call in provider.calls] == [FAST, BALANCED]
