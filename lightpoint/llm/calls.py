"""Calls of an OpenAI-compatible endpoint: one deadline over a call with its retries, one pool of connections."""

import time
from typing import Any

import openai
from django.conf import settings
from openai.types.chat import ChatCompletion

from lightpoint.llm.answers import checked, explained, malformed, usage_of
from lightpoint.llm.records import Completion, LLMError, Prompt, Tier
from lightpoint.outgoing import attempts, http_client, once_per_process, until


def is_configured() -> bool:
    """Whether there is a model to ask: LLM_API_KEY is set."""
    return bool(settings.LLM_API_KEY)


def model_of(tier: Tier) -> str:
    """The model that the settings name for a tier."""
    name: str = {
        "fast": settings.LLM_MODEL_FAST,
        "balanced": settings.LLM_MODEL_BALANCED,
        "best": settings.LLM_MODEL_BEST,
    }[tier]
    return name


def complete(prompt: Prompt, tier: Tier, *, deadline: float | None = None) -> Completion:
    """The whole answer to `prompt`. Raises LLMError, also for an answer that is truncated or in another shape.

    `deadline` is one of `time.monotonic`; the call ends LLM_DEADLINE_SECONDS from now at the latest.
    """
    client = client_now()
    ends = deadline_of(deadline)

    def call() -> ChatCompletion:
        answer: ChatCompletion = client.chat.completions.create(**arguments(prompt, tier, ends), stream=False)
        return answer

    try:
        with until(ends):
            answer = attempts(call, retries=settings.LLM_RETRIES, deadline=ends)
        found = _read(answer, tier)
    except openai.OpenAIError as error:
        raise explained(error) from None
    except (ValueError, TypeError, AttributeError, IndexError):
        raise malformed() from None
    return checked(found, prompt.json_schema)


def _read(answer: ChatCompletion, tier: Tier) -> Completion:
    choice = answer.choices[0]
    return Completion(
        text=choice.message.content or "",
        model=answer.model or model_of(tier),
        finish_reason=choice.finish_reason,
        usage=usage_of(answer.usage),
    )


def arguments(prompt: Prompt, tier: Tier, deadline: float) -> dict[str, Any]:
    """What the client is called with."""
    messages = [{"role": "system", "content": prompt.system}]
    messages += [{"role": message.speaker, "content": message.text} for message in prompt.messages]
    wanted: dict[str, Any] = {
        "model": model_of(tier),
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
