"""What goes in and what comes out. The words of prompts and answers do not show in their representation."""

import hashlib
import json
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
    "circuit-open",  # not asked: the calls before it failed
]
PERMANENT: frozenset[Code] = frozenset({"not-configured", "unauthorised", "no-credit", "unknown-model", "refused"})
FAILING_FOR_GOOD: frozenset[Code] = frozenset({"unauthorised", "no-credit"})
FAILING: frozenset[Code] = FAILING_FOR_GOOD | {  # of the model or its provider, not of the prompt
    "rate-limited",
    "unknown-model",
    "timeout",
    "unreachable",
    "provider-failed",
    "malformed",
    "cut-off",
}


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

    @property
    def elsewhere(self) -> bool:
        """Whether another model may well answer the same prompt."""
        return self.code == "circuit-open" or self.code in FAILING


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation that a model continues."""

    speaker: Speaker
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a model is asked. `purpose` says in a word what for ("chat"); `json_schema` the shape of the answer.

    `stable` says how many of the messages, from the first, other prompts begin with too, after the same system text;
    None where it is worth nothing. Providers that cache prefixes where they are told to are told so there.
    """

    system: str = field(repr=False)
    messages: tuple[Message, ...]
    max_tokens: int
    purpose: str
    temperature: float = 0.0
    json_schema: Mapping[str, object] | None = field(default=None, repr=False)
    stable: int | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """What a model reads of it, part by part: the shape of the answer, system text, messages."""
        shape = () if self.json_schema is None else (json.dumps(self.json_schema),)
        return (*shape, self.system, *(message.text for message in self.messages))

    @property
    def sha256(self) -> str:
        """A hash of all that decides the answer, but for the model: 64 hexadecimal digits."""
        speakers = [message.speaker for message in self.messages]
        parts = [self.texts, speakers, self.json_schema is not None, self.max_tokens, self.temperature]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


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
