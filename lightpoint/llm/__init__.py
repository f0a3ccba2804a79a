"""The boundary to language models: a frozen Prompt in, a frozen Completion or a stream of text out, one LLMError.

    answer = complete(Prompt(system=..., messages=(Message("user", ...),), max_tokens=400, purpose="chat"), "fast")

    with stream(prompt, "balanced") as pieces:
        for piece in pieces:
            send(piece)
    pieces.completion.usage

Nothing else in the product knows HTTP, keys or vendors. Prompts and answers are never logged, nor part of an error.
"""

from lightpoint.llm.calls import complete, is_configured, model_of
from lightpoint.llm.records import Code, Completion, LLMError, Message, Prompt, Tier, Usage
from lightpoint.llm.streams import Stream, stream

__all__ = [
    "Code",
    "Completion",
    "LLMError",
    "Message",
    "Prompt",
    "Stream",
    "Tier",
    "Usage",
    "complete",
    "is_configured",
    "model_of",
    "stream",
]
