"""What is asked of an OpenAI-compatible endpoint, until when, and by which client."""

import time
from typing import Any

import openai
from django.conf import settings

from lightpoint.llm.records import LLMError, Prompt
from lightpoint.outgoing import http_client, once_per_process


def is_configured() -> bool:
    """Whether there is a model to ask: LLM_API_KEY is set."""
    return bool(settings.LLM_API_KEY)


def arguments(prompt: Prompt, model: str, deadline: float) -> dict[str, Any]:
    """What the client is called with.

    The end of what is stable is marked for models of LLM_CACHE_MARKS, as OpenRouter has it ("Prompt Caching"). They
    keep a prefix of 1,024 tokens at least, some of 4,096, and say nothing of a shorter one.
    """
    messages: list[dict[str, Any]] = [{"role": "system", "content": prompt.system}]
    messages += [{"role": message.speaker, "content": message.text} for message in prompt.messages]
    if prompt.stable is not None and model.startswith(tuple(settings.LLM_CACHE_MARKS)):
        last = messages[prompt.stable]
        last["content"] = [{"type": "text", "text": last["content"], "cache_control": {"type": "ephemeral"}}]
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
    """The moment at which a call that starts now has ended: the one `given`, or LLM_DEADLINE_SECONDS from now."""
    own: float = time.monotonic() + settings.LLM_DEADLINE_SECONDS
    return own if given is None else given


def deadline_for(max_tokens: int, ends: float) -> float:
    """The moment at which a call that starts now has ended, of work that is over at `ends` (time.monotonic).

    An answer has LLM_DEADLINE_SECONDS, and the time that so many tokens take a model of LLM_LEAST_TOKENS_PER_SECOND.
    """
    own: float = time.monotonic() + settings.LLM_DEADLINE_SECONDS + max_tokens / settings.LLM_LEAST_TOKENS_PER_SECOND
    return min(own, ends)


def client_now() -> openai.OpenAI:
    """The client for the settings as they are. Raises LLMError without a key."""
    if not is_configured():
        raise LLMError("not-configured", "No language model is set up: LLM_API_KEY is empty")
    return _client(settings.LLM_BASE_URL, settings.LLM_API_KEY)


@once_per_process
def _client(url: str, api_key: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=api_key, max_retries=0, http_client=http_client())
