"""What a provider answered, read: pure functions over the objects and errors of the openai client."""

import json
from collections.abc import Mapping

import httpx2
import jsonschema
import openai
from openai.types import CompletionUsage

from lightpoint.llm.records import Code, Completion, LLMError, Usage

STATUSES: Mapping[int, tuple[Code, str]] = {
    401: ("unauthorised", "The language model's provider does not accept LLM_API_KEY"),
    402: ("no-credit", "The account with the language model's provider has no credit"),
    403: ("refused", "The language model's provider does not allow this request"),
    404: ("unknown-model", "LLM_BASE_URL or the model's name leads nowhere"),
    408: ("timeout", "The language model did not answer in time"),
    429: ("rate-limited", "The language model's provider has had too many requests"),
}


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
    if isinstance(error, ValueError | TypeError | AttributeError | IndexError):
        return malformed()
    return error


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
    """The tokens of a call; details that the provider leaves out are 0."""
    if given is None:
        return None
    sent, written = given.prompt_tokens_details, given.completion_tokens_details
    return Usage(
        sent=given.prompt_tokens or 0,
        written=given.completion_tokens or 0,
        cached=(sent.cached_tokens if sent else 0) or 0,
        reasoning=(written.reasoning_tokens if written else 0) or 0,
        cache_written=_whole_number(getattr(sent, "cache_write_tokens", 0)),  # as OpenRouter tells it
    )


def _whole_number(given: object) -> int:
    return given if isinstance(given, int) else 0


def checked(found: Completion, schema: Mapping[str, object] | None) -> Completion:
    """The same answer, when it is whole and in the shape that was asked for. Raises LLMError."""
    if found.finish_reason == "length":
        raise LLMError("truncated", "The language model's answer was longer than allowed, and is cut off")
    if found.finish_reason == "content_filter":
        raise LLMError("refused", "The language model's provider withheld the answer")
    if found.finish_reason != "stop":
        raise malformed()
    if not found.text.strip():
        raise LLMError("malformed", "The language model's answer is empty")
    if schema is not None:
        check_shape(found.text, schema)
    return found


def check_shape(text: str, schema: Mapping[str, object]) -> None:
    """Raises LLMError unless `text` is JSON that keeps to `schema` (JSON Schema, 2020-12)."""
    try:
        value = json.loads(text)
    except ValueError:
        raise LLMError("invalid-answer", "The language model's answer is not JSON") from None
    if not jsonschema.Draft202012Validator(schema).is_valid(value):
        raise LLMError("invalid-answer", "The language model's answer has not the shape that was asked for")
