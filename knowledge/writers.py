"""Who writes answers: the model that the settings name, else nobody. The only place of the chat that knows models."""

from collections.abc import Iterator
from typing import Protocol

from knowledge.chat.prompt import ChatPrompt


class Writer(Protocol):
    """Writes the answer to a prompt. `name` is kept with the answer."""

    name: str

    def write(self, prompt: ChatPrompt) -> Iterator[str]:
        """The answer as it arrives. Raises a DomainError where the model does not answer."""
        ...


def configured_writer() -> Writer | None:
    """The model of the settings; None without one: answers are then quotations."""
    return None
