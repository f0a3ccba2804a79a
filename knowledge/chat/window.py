"""The sliding window: what of a conversation goes into a prompt. Pure, and the same for the same history.

System text, pinned facts and the question are always there. Of the turns the newest are kept, whole, as many as the
budget leaves room for; of those before them a summary stands: without a model, the first sentence of each question.
The parts stand in the order system, pinned, summary, turns, so that the same history begins every prompt alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.chat.records import Turn
from lightpoint.language.sentences import split_sentences
from lightpoint.language.tokens import estimate_tokens

SUMMARY_SHARE: Final = 6  # the summary has a sixth of the budget at most
SUMMARY_LINE: Final = 200  # characters of a question in the summary
ASKED_BEFORE: Final = "Asked before: "
Counter = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Window:
    """What goes into the prompt. `turns` are the newest, oldest first; `dropped` how many came before them."""

    system: str
    pinned: tuple[str, ...]
    summary: str
    turns: tuple[Turn, ...]
    question: str
    dropped: int

    @property
    def prefix(self) -> tuple[str, ...]:
        """What stands before the question, part by part, in the order of the prompt."""
        said = (part for turn in self.turns for part in (turn.question, turn.answer))
        return (self.system, *self.pinned, *([self.summary] if self.summary else ()), *said)


def sliding_window(
    turns: Sequence[Turn],
    *,
    question: str,
    system: str,
    budget: int,
    pinned: Sequence[str] = (),
    summary: str = "",
    count: Counter = estimate_tokens,
) -> Window:
    """The window over `turns`, oldest first, within `budget` tokens.

    `summary` is of turns before the first of `turns`; it goes on with what the window drops. Where system text, pinned
    facts and question alone are over the budget, no turn is kept.
    """
    fixed = count(system) + count(question) + sum(count(fact) for fact in pinned)
    kept = _newest(turns, budget - fixed, count) if not summary else 0
    if summary or kept < len(turns):
        room = max(0, min(budget // SUMMARY_SHARE, budget - fixed))
        kept = _newest(turns, budget - fixed - room, count)
        summary = continued_summary(summary, turns[: len(turns) - kept], room=room, count=count)
    dropped = len(turns) - kept
    return Window(system, tuple(pinned), summary, tuple(turns[dropped:]), question, dropped)


def _newest(turns: Sequence[Turn], room: int, count: Counter) -> int:
    """How many turns, from the last back, fit into `room` tokens."""
    kept = 0
    for turn in reversed(turns):
        room -= count(turn.question) + count(turn.answer)
        if room < 0:
            break
        kept += 1
    return kept


def continued_summary(summary: str, turns: Sequence[Turn], *, room: int, count: Counter = estimate_tokens) -> str:
    """`summary` with a line for each of `turns`, without the oldest lines where it takes more than `room` tokens."""
    lines = [*summary.splitlines(), *(ASKED_BEFORE + first_sentence(turn.question) for turn in turns)]
    while lines and sum(count(line) for line in lines) > room:
        del lines[0]
    return "\n".join(lines)


def first_sentence(text: str) -> str:
    """The first sentence of `text` on one line, cut at a word where it is long."""
    spans = split_sentences(text)
    line = " ".join((spans[0].text if spans else text).split())
    return line if len(line) <= SUMMARY_LINE else line[:SUMMARY_LINE].rpartition(" ")[0] + " …"
