"""Who writes answers: the model that the settings name, else nobody. The only place of the chat that knows models."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from django.conf import settings

from knowledge.chat.prompt import ChatPrompt
from lightpoint.llm import Message, Prompt, Route, is_configured, model_of, route, stream

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

    route: Route = field(default_factory=lambda: route("chat"))

    @property
    def name(self) -> str:
        return model_of(self.route.tier)

    def write(self, prompt: ChatPrompt) -> Iterator[str]:
        """The answer as it arrives, within CHAT_MODEL_SECONDS. Raises LLMError."""
        messages = tuple(Message("user" if said.by == "user" else "assistant", said.text) for said in prompt.said)
        asked = Prompt(system=prompt.system, messages=messages, max_tokens=LONGEST, purpose="chat")
        with stream(asked, self.route, deadline=time.monotonic() + settings.CHAT_MODEL_SECONDS) as pieces:
            yield from pieces


def configured_writer() -> Writer | None:
    """The model of the settings; None without a key: answers are then quotations."""
    return ModelWriter() if is_configured() else None
