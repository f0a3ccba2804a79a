"""Calls of an OpenAI-compatible endpoint: one deadline over a call with its retries, one pool of connections."""

import time
from typing import Any

import openai
from django.conf import settings
from openai.types.chat import ChatCompletion

from lightpoint.llm import routing
from lightpoint.llm.answers import as_ours, checked, malformed, usage_of
from lightpoint.llm.records import Completion, LLMError, Prompt, Tier, Usage
from lightpoint.llm.routing import Route, Stage, Stakes
from lightpoint.llm.upstream import Caller, Choice, Upstream, first_answer
from lightpoint.outgoing import attempts, http_client, once_per_process, until


def is_configured() -> bool:
    """Whether there is a model to ask: LLM_API_KEY is set."""
    return bool(settings.LLM_API_KEY)


def route(stage: Stage, *, length: int = 0, stakes: Stakes = "none") -> Route:
    """The tier for a stage with `length` tokens of input, in a letter of type `stakes`, and why; see routing.choose."""
    return routing.choose(stage, length=length, stakes=stakes, settled=settings.LLM_ROUTES)


def complete(prompt: Prompt, tier: Tier | Route, *, deadline: float | None = None) -> Completion:
    """The whole answer to `prompt`. Raises LLMError, also for an answer that is truncated or in another shape.

    `deadline` is one of `time.monotonic`; the call ends LLM_DEADLINE_SECONDS from now at the latest. The answer is of
    one model: that of the tier, or its fallback from the beginning. Raises too what the accountant raises.
    """
    client = client_now()
    ends = deadline_of(deadline)
    caller = Caller.now()

    def ask(choice: Choice) -> Completion:
        try:
            return attempts(
                lambda: _call(client, prompt, choice, caller, ends),
                retries=settings.LLM_RETRIES,
                deadline=ends,
                allowed=caller.may_retry,
            )
        except openai.OpenAIError as error:
            raise as_ours(error, cancelled=caller.has_left) from None

    with until(ends, left=caller.watch):
        return first_answer(tier, ask)


def _call(client: openai.OpenAI, prompt: Prompt, choice: Choice, caller: Caller, ends: float) -> Completion:
    """One call. Raises what the client does where it may be worth another, else LLMError."""
    upstream = Upstream(prompt, choice, caller)
    usage: Usage | None = None
    text = ""
    try:
        answer = client.chat.completions.create(**arguments(prompt, choice.model, ends), stream=False)
        found = _read(answer, choice.model)
        usage, text = found.usage, found.text
        checked(found, prompt.json_schema)
    except BaseException as error:
        upstream.failed(error, usage, text, cancelled=caller.has_left)
        if isinstance(error, ValueError | TypeError | AttributeError | IndexError):
            raise malformed() from None
        raise
    upstream.succeeded(usage, text)
    return found


def _read(answer: ChatCompletion, model: str) -> Completion:
    choice = answer.choices[0]
    return Completion(
        text=choice.message.content or "",
        model=answer.model or model,
        finish_reason=choice.finish_reason,
        usage=usage_of(answer.usage),
    )


def arguments(prompt: Prompt, model: str, deadline: float) -> dict[str, Any]:
    """What the client is called with."""
    messages = [{"role": "system", "content": prompt.system}]
    messages += [{"role": message.speaker, "content": message.text} for message in prompt.messages]
    wanted: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "max_tokens": prompt.max_tokens,
        "temperature": prompt.temperature,
        "timeout": max(0.001, deadline - time.monotonic()),
    }
    if prompt.json_schema is not None:
        shape = {"name": "answer", "strict": True, "schema": dict(prompt.json_schema)}
        wanted["response_format"] = {"type": "json_schema", "json_schema": shape}
    return wanted


def deadline_of(given: float | None) -> float:
    """The moment at which a call that starts now has ended."""
    own: float = time.monotonic() + settings.LLM_DEADLINE_SECONDS
    return own if given is None else min(given, own)


def client_now() -> openai.OpenAI:
    """The client for the settings as they are. Raises LLMError without a key."""
    if not is_configured():
        raise LLMError("not-configured", "No language model is set up: LLM_API_KEY is empty")
    return _client(settings.LLM_BASE_URL, settings.LLM_API_KEY)


@once_per_process
def _client(url: str, api_key: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=api_key, max_retries=0, http_client=http_client())
