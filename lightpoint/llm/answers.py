"""What a provider answered, read: pure functions over the objects and errors of the openai client."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import jsonschema
import openai
from openai.types import CompletionUsage

from lightpoint.llm.records import Code, Completion, LLMError, Prompt, Usage

STATUSES: Mapping[int, tuple[Code, str]] = {
    401: ("unauthorised", "The language model's provider does not accept LLM_API_KEY"),
    402: ("no-credit", "The account with the language model's provider has no credit"),
    403: ("refused", "The language model's provider does not allow this request"),
    404: ("unknown-model", "LLM_BASE_URL or the model's name leads nowhere"),
    408: ("timeout", "The language model did not answer in time"),
    429: ("rate-limited", "The language model's provider has had too many requests"),
}

UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)  # of reading what may be anything
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")  # which neither a database nor UTF-8 takes
_MOST_TOKENS = 100_000_000  # of a call; no window of a model is near it
_MOST_CHARACTERS = 50  # of a token of an answer: providers that heed no max_tokens are not read for ever
_LONGEST_NAME = 120


def explained(error: openai.OpenAIError) -> LLMError:
    """The error of the client as ours, without what the provider said: it may repeat the prompt or the key."""
    if isinstance(error, openai.APITimeoutError):
        return LLMError("timeout", "The language model did not answer in time")
    if isinstance(error, openai.APIConnectionError):
        return LLMError("unreachable", "The language model cannot be reached, or broke off")
    if isinstance(error, openai.APIStatusError):
        return of_status(error.status_code)
    if isinstance(error, openai.APIResponseValidationError):
        return malformed()
    return LLMError("provider-failed", "The language model's provider failed")


def as_ours(error: BaseException, *, cancelled: bool = False) -> BaseException:
    """What to raise for `error`. With `cancelled` the call was ended from outside, and any error may come of that."""
    if not isinstance(error, Exception):
        return error
    if cancelled:
        return LLMError("cancelled", "The answer of the language model was cancelled")
    if isinstance(error, openai.OpenAIError):
        return explained(error)
    return malformed() if isinstance(error, UNREADABLE) else error


def was_sent(error: BaseException) -> bool:
    """Whether the provider may have worked for a call that ended with `error`."""
    if isinstance(error, openai.APIStatusError):
        return False
    return not isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)


def of_status(status: int) -> LLMError:
    """The error that an HTTP status stands for."""
    if status >= 500:
        return LLMError("provider-failed", f"The language model's provider answered {status}")
    fallback: tuple[Code, str] = ("refused", f"The language model's provider refused the request ({status})")
    return LLMError(*STATUSES.get(status, fallback))


def malformed() -> LLMError:
    """The error for what is not in the protocol."""
    return LLMError("malformed", "The language model's answer cannot be read")


def usage_of(given: CompletionUsage | None) -> Usage | None:
    """The tokens of a call; details that the provider leaves out are 0. None where it tells none that can be.

    The client does not look at what it reads, so that anything may stand here; a call without usage is estimated.
    """
    sent, written = (_tokens(given, name) for name in ("prompt_tokens", "completion_tokens"))
    if sent is None or written is None or not sent + written:
        return None
    of_sent, of_written = (getattr(given, f"{name}_tokens_details", None) for name in ("prompt", "completion"))
    cached = min(sent, _tokens(of_sent, "cached_tokens") or 0)
    cache_written = min(sent - cached, _tokens(of_sent, "cache_write_tokens") or 0)  # as OpenRouter tells it
    return Usage(sent, written, cached, min(written, _tokens(of_written, "reasoning_tokens") or 0), cache_written)


def _tokens(given: object, name: str) -> int | None:
    """A number of tokens that a call may have; None for anything else."""
    found = getattr(given, name, None)
    return found if type(found) is int and 0 <= found <= _MOST_TOKENS else None


def model_named(given: object, asked: str) -> str:
    """The model as the provider names it, where that is a name; else the one that was asked for."""
    return given if isinstance(given, str) and 0 < len(given) <= _LONGEST_NAME and given.isprintable() else asked


def check_length(characters: int, prompt: Prompt) -> None:
    """Raises LLMError for an answer of more characters than `prompt.max_tokens` tokens can have."""
    if characters > prompt.max_tokens * _MOST_CHARACTERS:
        raise _too_long()


def _too_long() -> LLMError:
    return LLMError("truncated", "The language model's answer was longer than allowed, and is cut off")


def checked(found: Completion, prompt: Prompt) -> Completion:
    """The same answer, when it is whole and in the shape that was asked for. Raises LLMError."""
    check_length(len(found.text), prompt)
    if found.finish_reason == "length":
        raise _too_long()
    if found.finish_reason == "content_filter":
        raise LLMError("refused", "The language model's provider withheld the answer")
    if found.finish_reason != "stop":
        raise malformed()
    if not found.text.strip():
        raise LLMError("malformed", "The language model's answer is empty")
    if _UNKEEPABLE.search(found.text):
        raise LLMError("malformed", "The language model's answer has characters that no text may hold")
    if prompt.json_schema is not None:
        check_shape(found.text, prompt.json_schema)
    return found


def check_shape(text: str, schema: Mapping[str, object]) -> None:
    """Raises LLMError unless `text` is JSON that keeps to `schema` (JSON Schema, 2020-12)."""
    try:
        value = json.loads(text)
        unkeepable = any(_UNKEEPABLE.search(words) for words in _strings(value))
        fits = jsonschema.Draft202012Validator(schema).is_valid(value)
    except (ValueError, RecursionError):
        raise LLMError("invalid-answer", "The language model's answer is not JSON") from None
    if unkeepable:
        raise LLMError("invalid-answer", "The language model's answer has characters that no text may hold")
    if not fits:
        raise LLMError("invalid-answer", "The language model's answer has not the shape that was asked for")


def _strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
