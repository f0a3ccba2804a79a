"""What goes in and what comes out. The words of prompts and answers do not show in their representation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lightpoint.errors import ServiceUnavailable

Tier = Literal["fast", "balanced", "best"]
Speaker = Literal["user", "assistant"]
Code = Literal[
    "not-configured",  # there is no key
    "unauthorised",  # the key is not accepted
    "no-credit",  # the account is empty
    "rate-limited",
    "unknown-model",  # or no such address
    "refused",  # by the provider: the request, or its answer
    "timeout",
    "unreachable",
    "provider-failed",
    "malformed",  # an answer that is not in the protocol, or is empty
    "cut-off",  # a stream that ended before its end
    "truncated",  # max_tokens were not enough
    "invalid-answer",  # not in the shape that was asked for
    "cancelled",
]
PERMANENT: frozenset[Code] = frozenset({"not-configured", "unauthorised", "no-credit", "unknown-model", "refused"})


class LLMError(ServiceUnavailable):
    """No usable answer. `code` is a fixed word and the message one line for people; neither holds any of the text."""

    code: Code = "provider-failed"

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def permanent(self) -> bool:
        """Whether the same prompt would fail the same way in a moment."""
        return self.code in PERMANENT


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation that a model continues."""

    speaker: Speaker
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a model is asked. `purpose` says in a word what for ("chat"); `json_schema` the shape of the answer."""

    system: str = field(repr=False)
    messages: tuple[Message, ...]
    max_tokens: int
    purpose: str
    temperature: float = 0.0
    json_schema: Mapping[str, object] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counts them. `cached` and `cache_written` are part of `sent`, `reasoning` of `written`."""

    sent: int
    written: int
    cached: int = 0  # read from the provider's cache of prefixes
    reasoning: int = 0
    cache_written: int = 0  # put into it


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer, from one model. `usage` is None where the provider does not state it."""

    text: str = field(repr=False)
    model: str
    finish_reason: str
    usage: Usage | None
