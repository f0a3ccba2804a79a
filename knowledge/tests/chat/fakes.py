"""Models for tests: one that says what it is told to, one that never answers."""

from collections.abc import Iterator

from knowledge.chat.prompt import ChatPrompt
from lightpoint.errors import ServiceUnavailable


class Saying:
    """Streams `words` in pieces of seven characters, and keeps the prompts it was given."""

    name = "fake"

    def __init__(self, words: str) -> None:
        self.words = words
        self.prompts: list[ChatPrompt] = []

    def write(self, prompt: ChatPrompt) -> Iterator[str]:
        """The words."""
        self.prompts.append(prompt)
        for at in range(0, len(self.words), 7):
            yield self.words[at : at + 7]


class Silent:
    """Breaks after a few words."""

    name = "fake"

    def write(self, prompt: ChatPrompt) -> Iterator[str]:
        """Too little."""
        yield "HMRC may "
        raise ServiceUnavailable("The model does not answer")
