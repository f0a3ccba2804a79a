"""The boundary to language models against a provider on this machine, by the real client."""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from pytest_django import Settings

from lightpoint.llm import Completion, LLMError, Message, Prompt, Usage, complete, deadline_for, is_configured, stream
from lightpoint.tests.llm.conftest import KEY, Answer, Handler, Provider, answer_of, drip, hang, piece, status, well

PROMPT = Prompt(
    system="Private rules",
    messages=(Message("user", "One?"), Message("assistant", "One."), Message("user", "Two?")),
    max_tokens=50,
    purpose="test",
)
SHAPE = {
    "type": "object",
    "properties": {"same": {"type": "boolean"}},
    "required": ["same"],
    "additionalProperties": False,
}
DONE = Completion("Two words", "model-7", "stop", Usage(sent=12, written=3, cached=8, reasoning=1))
Ask = Callable[[Prompt], Completion]


def whole(prompt: Prompt = PROMPT) -> Completion:
    return complete(prompt, "fast")


def streamed(prompt: Prompt = PROMPT) -> Completion:
    with stream(prompt, "fast") as pieces:
        text = "".join(pieces)
        assert pieces.completion.text == text
    return pieces.completion


both = pytest.mark.parametrize("ask", [whole, streamed])


def says(text: str, finish: str | None = "stop") -> Answer:
    def answer(handler: Handler, body: dict[str, Any]) -> None:
        if not body.get("stream"):
            return handler.whole(200, answer_of(text, finish or ""))
        handler.begin()
        handler.event(piece(text))
        if finish:
            handler.event(piece(finish=finish))
        return handler.end()

    return answer


def test_prompts_are_frozen_and_show_none_of_their_words() -> None:
    with pytest.raises(FrozenInstanceError):
        PROMPT.system = "Other"  # type: ignore[misc]
    assert "Private" not in repr(PROMPT)
    assert "One" not in repr(PROMPT)
    assert "words" not in repr(DONE)


@both
def test_a_prompt_becomes_a_completion(provider: Provider, ask: Ask) -> None:
    assert ask(PROMPT) == DONE
    (request,) = provider.requests
    assert request["model"] == "small"
    assert request["messages"] == [
        {"role": "system", "content": "Private rules"},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": "One."},
        {"role": "user", "content": "Two?"},
    ]
    assert (request["max_tokens"], request["temperature"]) == (50, 0)
    assert provider.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("stable", [0, 2])
def test_the_end_of_what_is_stable_is_marked_for_models_that_want_it(
    provider: Provider, settings: Settings, stable: int
) -> None:
    settings.LLM_CACHE_MARKS = ["sma"]
    complete(replace(PROMPT, stable=stable), "fast")
    complete(replace(PROMPT, stable=stable), "best")
    complete(PROMPT, "fast")
    marked, *plain = ([message["content"] for message in request["messages"]] for request in provider.requests)
    text = ["Private rules", "One?", "One.", "Two?"]
    mark = {"type": "text", "text": text[stable], "cache_control": {"type": "ephemeral"}}
    assert marked == [*text[:stable], [mark], *text[stable + 1 :]]
    assert plain == [text, text]


@pytest.mark.parametrize(("tier", "model"), [("fast", "small"), ("balanced", "middle"), ("best", "large")])
def test_a_tier_is_a_model_of_the_settings(provider: Provider, tier: Any, model: str) -> None:
    complete(PROMPT, tier)
    assert provider.requests[0]["model"] == model


def test_pieces_come_as_they_are_sent(provider: Provider) -> None:
    more = threading.Event()

    def slowly(handler: Handler, _body: dict[str, Any]) -> None:
        handler.begin()
        handler.event(piece("first"))
        more.wait(5)
        handler.event(piece(" second", "stop"))
        handler.end()

    provider.answer = slowly
    with stream(PROMPT, "fast") as pieces:
        assert next(pieces) == "first"
        with pytest.raises(LLMError):
            _ = pieces.completion
        more.set()
        assert list(pieces) == [" second"]
        assert list(pieces) == []
    assert pieces.completion.text == "first second"
    assert pieces.completion.usage is None


@both
def test_without_a_key_nothing_is_asked(provider: Provider, settings: Settings, ask: Ask) -> None:
    assert is_configured()
    settings.LLM_API_KEY = ""
    assert not is_configured()
    with pytest.raises(LLMError) as caught:
        ask(PROMPT)
    assert caught.value.code == "not-configured"
    assert provider.requests == []


@both
@pytest.mark.parametrize(
    ("code", "reason", "calls", "permanent"),
    [
        (400, "refused", 1, True),
        (401, "unauthorised", 1, True),
        (402, "no-credit", 1, True),
        (404, "unknown-model", 1, True),
        (429, "rate-limited", 3, False),
        (500, "provider-failed", 3, False),
    ],
)
def test_an_error_of_the_provider_is_ours_and_repeats_nothing(
    provider: Provider,
    caplog: pytest.LogCaptureFixture,
    ask: Ask,
    code: int,
    reason: str,
    calls: int,
    permanent: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.answer = status(code)
    with pytest.raises(LLMError) as caught:
        ask(PROMPT)
    assert (caught.value.code, caught.value.permanent, len(provider.requests)) == (reason, permanent, calls)
    said = f"{caught.value}{caught.value.__cause__}{caplog.text}"
    assert KEY not in said
    assert "Private" not in said
    assert "One?" not in said


@both
def test_a_fault_before_the_first_byte_is_tried_again(provider: Provider, ask: Ask) -> None:
    provider.in_turn(status(503), status(429, {"Retry-After": "0"}), well)
    assert ask(PROMPT) == DONE
    assert len(provider.requests) == 3


@both
def test_a_retry_after_past_the_deadline_is_not_waited_for(provider: Provider, settings: Settings, ask: Ask) -> None:
    settings.LLM_DEADLINE_SECONDS = 2.0
    provider.answer = status(429, {"Retry-After": "30"})
    started = time.perf_counter()
    with pytest.raises(LLMError) as caught:
        ask(PROMPT)
    assert caught.value.code == "rate-limited"
    assert time.perf_counter() - started < 1


def test_after_the_first_piece_nothing_is_tried_again(provider: Provider) -> None:
    def half(handler: Handler, _body: dict[str, Any]) -> None:
        handler.begin()
        handler.event(piece("first"))
        handler.close_connection = True

    provider.answer = half
    pieces = stream(PROMPT, "fast")
    assert next(pieces) == "first"
    with pytest.raises(LLMError) as caught:
        next(pieces)
    assert caught.value.code in {"unreachable", "cut-off"}
    assert len(provider.requests) == 1


@both
@pytest.mark.parametrize(
    ("finish", "code"), [("length", "truncated"), ("content_filter", "refused"), ("tool_calls", "malformed")]
)
def test_an_answer_that_did_not_come_to_its_end_is_an_error(
    provider: Provider, ask: Ask, finish: str, code: str
) -> None:
    provider.answer = says("Two", finish)
    with pytest.raises(LLMError) as caught:
        ask(PROMPT)
    assert caught.value.code == code


def test_a_stream_without_a_reason_for_its_end_was_cut_off(provider: Provider) -> None:
    provider.answer = says("Two", None)
    with pytest.raises(LLMError) as caught:
        streamed()
    assert caught.value.code == "cut-off"


@both
def test_an_answer_that_goes_on_past_its_tokens_is_not_read_to_its_end(provider: Provider, ask: Ask) -> None:
    provider.answer = says("word " * 50_000)
    with pytest.raises(LLMError) as caught:
        ask(PROMPT)
    assert caught.value.code == "truncated"


def test_a_stream_that_heeds_no_limit_is_left(provider: Provider) -> None:
    def endless(handler: Handler, _body: dict[str, Any]) -> None:
        handler.begin()
        while True:
            handler.event(piece("word " * 100))

    provider.answer = endless
    with pytest.raises(LLMError) as caught:
        streamed()
    assert caught.value.code == "truncated"
    assert provider.left.wait(2)


@both
def test_an_empty_answer_is_an_error(provider: Provider, ask: Ask) -> None:
    provider.answer = says(" ")
    with pytest.raises(LLMError, match="empty"):
        ask(PROMPT)


@pytest.mark.parametrize("value", [b"<html>", b"[]", {"choices": []}, {"choices": [{"message": None}]}, b"null", {}])
def test_an_answer_out_of_the_protocol_is_malformed(provider: Provider, value: object) -> None:
    provider.answer = lambda handler, _body: handler.whole(200, value)
    with pytest.raises(LLMError) as caught:
        whole()
    assert caught.value.code == "malformed"


@pytest.mark.parametrize("event", [b"{not json", b"[1, 2]", b'"text"', b'{"choices": [{"index": 0}]}', b"null"])
def test_a_malformed_event_is_an_error_and_no_text(provider: Provider, event: bytes) -> None:
    def answer(handler: Handler, _body: dict[str, Any]) -> None:
        handler.begin()
        handler.event(piece("Two"))
        handler.event(event)
        handler.end()

    provider.answer = answer
    with pytest.raises(LLMError) as caught:
        streamed()
    assert caught.value.code in {"malformed", "cut-off"}


def test_an_error_within_the_stream_is_one(provider: Provider) -> None:
    def answer(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin()
        handler.event(piece("Two"))
        handler.event({"error": {"message": f"overloaded {body['messages']}"}})

    provider.answer = answer
    with pytest.raises(LLMError) as caught:
        streamed()
    assert caught.value.code == "provider-failed"
    assert "One?" not in str(caught.value)


@both
@pytest.mark.parametrize("badly", [hang, drip])
def test_nothing_outlives_the_deadline(provider: Provider, settings: Settings, ask: Ask, badly: Answer) -> None:
    settings.LLM_DEADLINE_SECONDS = 0.5
    provider.answer = badly
    started = time.perf_counter()
    with pytest.raises(LLMError) as caught:
        ask(PROMPT)
    assert caught.value.code == "timeout"
    assert time.perf_counter() - started < 1.2


def test_a_stream_of_text_without_end_is_ended_by_the_deadline(provider: Provider) -> None:
    def endless(handler: Handler, _body: dict[str, Any]) -> None:
        handler.begin()
        for _ in range(100):
            handler.event(piece("more "))
            time.sleep(0.03)

    provider.answer = endless
    started = time.perf_counter()
    seen = []
    with pytest.raises(LLMError) as caught:
        seen += list(stream(PROMPT, "fast", deadline=time.monotonic() + 0.5))
    assert caught.value.code == "timeout"
    assert time.perf_counter() - started < 1.2


def test_headers_that_drip_are_ended_by_the_deadline(provider: Provider) -> None:
    def slowly(handler: Handler, _body: dict[str, Any]) -> None:
        for letter in "HTTP/1.1 200 OK\r\nX-Long: " + "x" * 100:
            handler.wfile.write(letter.encode())
            handler.wfile.flush()
            time.sleep(0.05)

    provider.answer = slowly
    started = time.perf_counter()
    with pytest.raises(LLMError) as caught:
        complete(PROMPT, "fast", deadline=time.monotonic() + 0.4)
    assert caught.value.code == "timeout"
    assert time.perf_counter() - started < 1


def test_a_server_that_is_not_there_cannot_be_reached(settings: Settings) -> None:
    settings.LLM_API_KEY, settings.LLM_BASE_URL, settings.LLM_RETRIES = KEY, "http://127.0.0.1:9/v1", 0
    with pytest.raises(LLMError) as caught:
        whole()
    assert caught.value.code == "unreachable"


@both
def test_an_answer_in_the_shape_that_was_asked_for_is_one(provider: Provider, ask: Ask) -> None:
    provider.answer = says('{"same": true}')
    assert ask(replace(PROMPT, json_schema=SHAPE)).text == '{"same": true}'
    form = provider.requests[0]["response_format"]
    assert (form["type"], form["json_schema"]["schema"], form["json_schema"]["strict"]) == ("json_schema", SHAPE, True)


@both
@pytest.mark.parametrize("text", ['{"same": "yes"}', "{}", "Yes, the same.", '{"same": true'])
def test_an_answer_in_another_shape_is_an_error(provider: Provider, ask: Ask, text: str) -> None:
    provider.answer = says(text)
    with pytest.raises(LLMError) as caught:
        ask(replace(PROMPT, json_schema=SHAPE))
    assert caught.value.code == "invalid-answer"


def endless_after_one(handler: Handler, _body: dict[str, Any]) -> None:
    handler.begin()
    handler.event(piece("first"))
    for _ in range(200):
        handler.raw(b": still there\n\n")
        time.sleep(0.02)


def test_closing_a_stream_reaches_the_provider(provider: Provider) -> None:
    provider.answer = endless_after_one
    with stream(PROMPT, "fast") as pieces:
        assert next(pieces) == "first"
    assert provider.left.wait(3)
    with pytest.raises(LLMError) as caught:
        next(pieces)
    assert caught.value.code == "cancelled"


def test_another_thread_can_cancel_a_stream_that_waits(provider: Provider) -> None:
    provider.answer = endless_after_one
    pieces = stream(PROMPT, "fast")
    assert next(pieces) == "first"
    threading.Timer(0.2, pieces.close).start()
    started = time.perf_counter()
    with pytest.raises(LLMError) as caught:
        next(pieces)
    assert caught.value.code == "cancelled"
    assert time.perf_counter() - started < 1
    assert provider.left.wait(3)


def test_calls_one_after_another_share_a_connection(provider: Provider) -> None:
    for _ in range(3):
        whole()
        streamed()
    assert len(provider.clients) == 1


def test_calls_at_the_same_time_do_not_mix(provider: Provider) -> None:
    def echo(handler: Handler, body: dict[str, Any]) -> None:
        handler.whole(200, answer_of(body["messages"][-1]["content"]))

    provider.answer = echo
    found: dict[int, str] = {}

    def one(number: int) -> None:
        prompt = replace(PROMPT, messages=(Message("user", f"number {number}"),))
        found[number] = complete(prompt, "fast").text

    threads = [threading.Thread(target=one, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"number {number}" for number in range(16)}


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_child_of_a_fork_has_connections_of_its_own(provider: Provider) -> None:
    whole()
    child = os.fork()
    if child == 0:
        os._exit(0 if whole() == DONE else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert whole() == DONE
    assert len(provider.clients) == 2


def test_a_long_answer_has_the_time_that_its_tokens_take_within_that_of_the_work(settings) -> None:
    settings.LLM_DEADLINE_SECONDS, settings.LLM_LEAST_TOKENS_PER_SECOND = 60.0, 20.0
    now = time.monotonic()
    assert deadline_for(2_000, now + 1_000) - now == pytest.approx(160, abs=1)
    assert deadline_for(2_000, now + 100) == now + 100
