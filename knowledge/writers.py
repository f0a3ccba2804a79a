"""Who writes answers: the model that the settings name, else nobody. The only place of the chat that knows models."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from django.conf import settings

from knowledge.chat.prompt import ChatPrompt
from lightpoint.llm import Message, Prompt, Tier, is_configured, model_of, stream

TIER: Final[Tier] = "balanced"
LONGEST: Final = 900  # tokens of an answer


class Writer(Protocol):
    """Writes the answer to a prompt. `name` is kept with the answer."""

    @property
    def name(self) -> str: ...

    def write(self, prompt: ChatPrompt) -> Iterator[str]:
        """The answer as it arrives. Raises a DomainError where the model does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """A model behind lightpoint.llm."""

    tier: Tier = TIER

    @property
    def name(self) -> str:
        return model_of(self.tier)

    def write(self, prompt: ChatPrompt) -> Iterator[str]:
        """The answer as it arrives, within CHAT_MODEL_SECONDS. Raises LLMError."""
        messages = tuple(Message("user" if said.by == "user" else "assistant", said.text) for said in prompt.said)
        asked = Prompt(system=prompt.system, messages=messages, max_tokens=LONGEST, purpose="chat")
        with stream(asked, self.tier, deadline=time.monotonic() + settings.CHAT_MODEL_SECONDS) as pieces:
            yield from pieces


def configured_writer() -> Writer | None:
    """The model of the settings; None without a key: answers are then quotations."""
    return ModelWriter() if is_configured() else None
