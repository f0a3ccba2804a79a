"""The prompt of a chat answer: system text, conversation, sources as fenced data, question. Pure.

What is the same from turn to turn comes first, so that a provider's cache of prefixes helps; the sources of this
question come last, beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from knowledge.chat.orders import without_orders
from knowledge.chat.records import Passage
from knowledge.chat.sources import without_addresses
from knowledge.chat.window import Window
from lightpoint.language.tokens import estimate_tokens

NOTHING: Final = "NONE"  # what a model writes when no source answers
_SAFE: Final = str.maketrans({"<": "‹", ">": "›"})  # no text can close the fence that it stands in


@dataclass(frozen=True, slots=True)
class Said:
    """One part of a conversation: `by` is "user" or "assistant"."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class ChatPrompt:
    """What a model is asked: `system`, then what was said, the question with its sources last."""

    system: str
    said: tuple[Said, ...]


@cache
def system_text() -> str:
    """The system text, as it is for every question."""
    return (files("knowledge.chat") / "system.md").read_text(encoding="utf-8").strip()


def chat_prompt(window: Window, passages: Sequence[Passage]) -> ChatPrompt:
    """The prompt for the question of `window`, with `passages` as the sources S1, S2 and so on."""
    background = [f"<fact>{_fenced(fact)}</fact>" for fact in window.pinned]
    background += [f"<earlier>\n{_fenced(window.summary)}\n</earlier>"] if window.summary else []
    system = "\n\n".join([window.system, *(["\n".join(background)] if background else [])])
    said = [
        Said(by, text) for turn in window.turns for by, text in (("user", turn.question), ("assistant", turn.answer))
    ]
    identifiers = [passage.identifier for passage in passages]
    sources = "\n".join(_source(place, passage, identifiers) for place, passage in enumerate(passages, 1))
    asked = f"<sources>\n{sources}\n</sources>\n\n<question>{_fenced(window.question)}</question>"
    return ChatPrompt(system, (*said, Said("user", asked)))


def fitting(passages: Sequence[Passage], budget: int) -> tuple[Passage, ...]:
    """The first of `passages` that fit into `budget` tokens together; the first one always."""
    kept: list[Passage] = []
    for passage in passages:
        budget -= estimate_tokens(passage.title) + estimate_tokens(passage.text)
        if kept and budget < 0:
            break
        kept.append(passage)
    return tuple(kept)


def _source(place: int, passage: Passage, identifiers: Sequence[str]) -> str:
    title = _fenced(without_addresses(passage.title, identifiers))
    return f'<source token="S{place}" title="{title}">\n{_fenced(without_orders(passage.text))}\n</source>'


def _fenced(text: str) -> str:
    return text.translate(_SAFE).replace('"', "”").strip()
