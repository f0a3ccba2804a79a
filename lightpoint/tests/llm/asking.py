"""A prompt for the simulator, asked whole and as a stream."""

from collections.abc import Callable

import pytest

from lightpoint.llm import Message, Prompt, complete, stream

PROMPT = Prompt(system="Be brief.", messages=(Message("user", "How long?"),), max_tokens=500, purpose="test")
WORDS = " ".join(["word"] * 60)
FAST, BALANCED = "simulated/fast", "simulated/balanced"
Ask = Callable[[Prompt], str]


def whole(prompt: Prompt) -> str:
    return complete(prompt, "fast").text


def streamed(prompt: Prompt) -> str:
    with stream(prompt, "fast") as pieces:
        return "".join(pieces)


both = pytest.mark.parametrize("ask", [whole, streamed])
