"""The simulator of a provider, asked by the boundary and over plain HTTP."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from lightpoint.llm import LLMError, Message, Prompt, Usage, complete, stream
from lightpoint.llm.prices import Price, cost_of
from lightpoint.llm.simulator import CLASSES, Answer, Config, Fault, ModelClass, Simulator, a_share, in_turn
from lightpoint.llm.simulator.replies import Speeds

PROMPT = Prompt(system="Be brief.", messages=(Message("user", "How long?"),), max_tokens=4_000, purpose="test")
WORDS = " ".join(["word"] * 200)
LONG = "Section of the guidance that every prompt begins with. " * 300
QUICK = 0.01


def asked(text: str) -> Prompt:
    return replace(PROMPT, messages=(Message("user", text),))


def posted(provider: Simulator, body: object) -> tuple[int, dict[str, str], bytes]:
    """A request without the client of the boundary."""
    where = urlsplit(provider.url)
    line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=5)
    line.request("POST", f"{where.path}/chat/completions", json.dumps(body))
    answer = line.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    line.close()
    return found


def test_it_answers_whole_and_as_a_stream_with_usage_and_a_bill() -> None:
    with (
        Simulator(answer=lambda request: WORDS, time_scale=QUICK) as provider,
        override_settings(**provider.settings()),
    ):
        whole = complete(PROMPT, "fast")
        with stream(PROMPT, "balanced") as pieces:
            text = "".join(pieces)
        assert whole.text == text == WORDS
        assert whole.usage == pieces.completion.usage == Usage(sent=14, written=200)
        assert (whole.model, whole.finish_reason) == ("simulated/fast", "stop")
        assert [call.streamed for call in provider.calls] == [False, True]
        costs = [cost_of(Usage(14, 200), CLASSES[call.model].price) for call in provider.calls]
        assert [call.cost for call in provider.calls] == costs
        assert provider.bill == sum(costs) == Decimal("0.004056")


def test_a_call_takes_the_time_of_its_class_within_the_spread() -> None:
    late = 3.0  # simulated seconds that a busy machine may add
    with Simulator(answer=lambda request: WORDS, time_scale=0.2) as provider, override_settings(**provider.settings()):
        complete(PROMPT, "fast")
        with stream(PROMPT, "fast") as pieces:
            seen = [(provider.now, piece) for piece in pieces]
    for call in provider.calls:
        assert call.finished is not None
        assert call.first_token is not None
        assert 0.6 / 1.2 <= call.first_token - call.started <= 0.6 / 0.8 + late
        assert 200 / 120 / 1.2 - 0.01 <= call.finished - call.first_token <= 200 / 120 / 0.8 + late
    assert len(seen) > 3
    assert seen[-1][0] - seen[0][0] > 0.5


def test_speeds_are_the_same_in_every_run_whatever_the_order() -> None:
    keys = [bytes([number]) for number in range(200)]
    config = Config(spread=0.2, seed=7)

    def factors(order: list[bytes]) -> dict[bytes, list[float]]:
        speeds = Speeds(config)
        return {key: [speeds.of(key), speeds.of(key)] for key in order}

    found = factors(keys)
    assert found == factors(keys[::-1])
    drawn = [factor for both in found.values() for factor in both]
    assert len(set(drawn)) == 400
    assert 0.8 <= min(drawn) < 0.82
    assert 1.18 < max(drawn) <= 1.2


def test_a_prefix_that_came_before_is_charged_as_cached() -> None:
    other = replace(PROMPT, system=LONG, messages=(Message("user", "Another question"),))
    with Simulator(time_scale=QUICK) as provider, override_settings(**provider.settings()):
        first = complete(replace(PROMPT, system=LONG), "fast").usage
        second = complete(other, "fast").usage
        elsewhere = complete(other, "best").usage
        short = [complete(PROMPT, "fast").usage for _ in range(2)]
    assert first is not None
    assert second is not None
    assert (first.cached, elsewhere.cached if elsewhere else None) == (0, 0)
    assert second.sent * 0.9 < second.cached <= second.sent
    assert second.cached % 128 == 0
    assert [usage.cached for usage in short if usage] == [0, 0]
    assert provider.calls[1].cost < provider.calls[0].cost / 5


def test_a_prefix_is_forgotten_in_time_and_its_writing_is_told_where_it_costs() -> None:
    price = Price(Decimal(1), Decimal("0.1"), Decimal("1.25"), Decimal(5))
    config = Config(models={"one": ModelClass(0.1, 1_000, price)}, cache_seconds=60)
    with Simulator(config, time_scale=QUICK) as provider, override_settings(**provider.settings()):
        told = []
        for wait in (0, 0, 0.8):
            time.sleep(wait)
            told.append(complete(replace(PROMPT, system=LONG), "fast").usage)
    assert [usage.cached > 0 for usage in told if usage] == [False, True, False]
    assert [usage.cache_written > 1_024 for usage in told if usage] == [True, False, True]
    assert provider.calls[0].cost == cost_of(told[0], price) if told[0] else False


def test_an_answer_stops_at_the_tokens_that_are_allowed() -> None:
    with (
        Simulator(answer=lambda request: WORDS, time_scale=QUICK) as provider,
        override_settings(**provider.settings()),
    ):
        with pytest.raises(LLMError) as caught:
            complete(replace(PROMPT, max_tokens=50), "fast")
        assert caught.value.code == "truncated"
        assert provider.calls[0].written == 50


def test_an_answer_may_count_for_other_tokens_than_its_text() -> None:
    with (
        Simulator(answer=lambda request: Answer("Short", 3_000), time_scale=0.001) as provider,
        override_settings(**provider.settings()),
    ):
        assert complete(PROMPT, "fast").usage == Usage(14, 3_000)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault("status", 500), "provider-failed"),
        (Fault("status", 402), "no-credit"),
        (Fault("hang"), "timeout"),
        (Fault("drip"), "timeout"),
        (Fault("malformed"), "malformed"),
        (Fault("truncated"), "truncated"),
        (Fault("wrong-json"), "invalid-answer"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_fault_is_one_of_the_boundary(fault: Fault, code: str, streamed: bool) -> None:
    shape = {"type": "object", "properties": {"a": {}}, "required": ["a"], "additionalProperties": False}
    prompt = replace(PROMPT, json_schema=shape)
    config = Config(faults=in_turn(fault))
    deadline = 1.5 if fault.kind in ("hang", "drip") else 20.0
    with (
        Simulator(config, lambda request: '{"a": "some words in it"}', time_scale=QUICK) as provider,
        override_settings(**provider.settings(), LLM_DEADLINE_SECONDS=deadline, LLM_RETRIES=0),
    ):
        with pytest.raises(LLMError) as caught:
            _ask(prompt, streamed)
        assert caught.value.code == code
        assert provider.wait_until_idle()
        assert (provider.bill == 0) == (fault.kind == "status")


@pytest.mark.parametrize("streamed", [False, True])
def test_a_half_closed_answer_is_an_error(streamed: bool) -> None:
    with (
        Simulator(Config(faults=in_turn(Fault("half-close"))), lambda request: WORDS, time_scale=QUICK) as provider,
        override_settings(**provider.settings(), LLM_RETRIES=0),
    ):
        started = time.monotonic()
        with pytest.raises(LLMError) as caught:
            _ask(PROMPT, streamed)
        assert caught.value.code in {"unreachable", "cut-off"}
        assert time.monotonic() - started < 2
        assert provider.wait_until_idle()


def _ask(prompt: Prompt, streamed: bool) -> str:
    if not streamed:
        return complete(prompt, "fast").text
    with stream(prompt, "fast") as pieces:
        return "".join(pieces)


def test_a_429_says_when_to_come_back() -> None:
    with Simulator(Config(faults=in_turn(Fault("status", 429, retry_after=2.5)))) as provider:
        status, headers, _ = posted(provider, {"model": "simulated/fast", "messages": []})
    assert (status, headers["retry-after"]) == (429, "2.5")


def test_text_in_parts_is_read_as_text() -> None:
    with Simulator(answer=lambda request: "Yes", time_scale=QUICK) as provider:
        for content in ("How long?", [{"type": "text", "text": "How long?", "cache_control": {"type": "ephemeral"}}]):
            posted(provider, {"model": "simulated/fast", "messages": [{"role": "user", "content": content}]})
        assert provider.calls[0].usage == provider.calls[1].usage


@pytest.mark.parametrize("body", ["text", {"model": "simulated/fast"}, [1], {"model": "none", "messages": []}])
def test_a_bad_request_is_refused(body: object) -> None:
    with Simulator() as provider:
        assert posted(provider, body)[0] in {400, 404}
        assert provider.bill == 0


def test_an_answer_that_cannot_be_made_is_a_failure_of_the_provider() -> None:
    def fails(_request: object) -> str:
        raise RuntimeError

    with Simulator(answer=fails, time_scale=QUICK) as provider:
        assert posted(provider, {"model": "simulated/fast", "messages": []})[0] == 500
        assert provider.bill == 0


def test_a_client_that_leaves_is_noticed_and_pays_for_what_there_was() -> None:
    with Simulator(answer=lambda request: WORDS, time_scale=1) as provider, override_settings(**provider.settings()):
        with stream(PROMPT, "fast") as pieces:
            next(pieces)
        assert provider.wait_until_idle()
        (call,) = provider.calls
        assert call.cancelled
        assert call.sent == 14
        assert 0 < call.written < 100
        assert provider.bill == cost_of(call.usage, CLASSES["simulated/fast"].price)


def test_a_share_of_the_calls_goes_wrong_and_always_the_same_ones() -> None:
    first, second = ([a_share(0.2, Fault("hang"), seed=1)(n, "m") for n in range(2_000)] for _ in range(2))
    assert first == second
    assert 0.17 < sum(fault is not None for fault in first) / 2_000 < 0.23


def test_many_calls_at_once_are_answered_each_in_its_own_time() -> None:
    def ask(number: int, found: list[str]) -> Callable[[], None]:
        return lambda: found.append(complete(asked(f"number {number}"), "fast").text)

    echo = lambda request: f"{request['messages'][-1]['content']} {WORDS}"  # noqa: E731
    found: list[str] = []
    with Simulator(answer=echo, time_scale=0.1) as provider, override_settings(**provider.settings()):
        complete(PROMPT, "fast")
        threads = [threading.Thread(target=ask(number, found)) for number in range(64)]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = (time.monotonic() - started) / 0.1
    assert {" ".join(text.split()[:2]) for text in found} == {f"number {number}" for number in range(64)}
    assert took < 64 * 2 / 4


def test_its_settings_can_be_given_to_another_process() -> None:
    with Simulator() as provider:
        given = provider.environment()
        assert given["LLM_BASE_URL"] == provider.url
        assert json.loads(given["LLM_PRICES"])["simulated/best"]["written"] == "75"


def test_time_passes_as_its_clock_is_paced_also_for_a_call_that_is_under_way() -> None:
    with (
        Simulator(answer=lambda request: WORDS, time_scale=100.0) as provider,
        override_settings(**provider.settings()),
        ThreadPoolExecutor(1) as pool,
    ):
        waiting = pool.submit(complete, PROMPT, "fast")
        while not provider.calls:
            time.sleep(0.01)
        provider.clock.pace(QUICK)
        assert waiting.result(timeout=10).text == WORDS
        call = provider.calls[0]
        assert call.finished is not None
        assert 1.5 < call.finished - call.started < 30


def test_a_prefix_is_unknown_once_the_provider_has_forgotten() -> None:
    with Simulator(time_scale=QUICK) as provider, override_settings(**provider.settings()):
        for _ in range(2):
            complete(asked(LONG), "fast")
        provider.forget()
        complete(asked(LONG), "fast")
        cached = [call.cached for call in provider.calls]
    assert cached[1] > 0 == cached[0] == cached[2]
