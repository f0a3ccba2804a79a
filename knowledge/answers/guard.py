"""Whether two questions have the same answer, told from their slots and how near their vectors lie. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from knowledge.answers.lexicon import lexicon
from knowledge.answers.slots import Slots, read_slots

THRESHOLD: Final = 0.60


class Judge(Protocol):
    """A model that is asked whether two questions have the same answer."""

    def same(self, a: str, b: str) -> bool:
        """True where the right answer to `a` is the right answer to `b`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`same` where nothing speaks against it; `reasons` says what does."""

    same: bool
    reasons: tuple[str, ...] = ()


def same_answer(a: str, b: str, similarity: float) -> Verdict:
    """Whether the answer to `a` may be given to `b`; `similarity` is the cosine of their vectors, -1 to 1."""
    reasons = tuple(_reasons(read_slots(a), read_slots(b)))
    if similarity < THRESHOLD:
        reasons = (*reasons, f"the vectors are {similarity:.2f} near, and {THRESHOLD:.2f} is asked for")
    return Verdict(not reasons, reasons)


def _reasons(a: Slots, b: Slots) -> Iterator[str]:
    if a.asks != b.asks:
        yield f"one asks {' and '.join(a.asks)}, the other {' and '.join(b.asks)}"
    if a.strong != b.strong:
        yield "what must be done, should be done or may be done differs"
    if a.past != b.past:
        yield "one asks about the past"
    if not a.words or not b.words:
        yield "nothing is left to compare"
    only_a, only_b = Counter(a.words) - Counter(b.words), Counter(b.words) - Counter(a.words)
    if only_a or only_b:
        yield f"only one says {', '.join(sorted([*only_a, *only_b]))}"
    elif not _same_order(a, b):
        yield "the same words stand in another order"


def _same_order(a: Slots, b: Slots) -> bool:
    return a.words == b.words or _is_rotated(a.words, b.words) or _has_act_moved(a, b)


def _is_rotated(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """A clause that begins with "if", "before", "while" stands first in one and last in the other."""
    for cut in range(1, len(a)):
        if a[cut:] + a[:cut] == b and (_opens_clause(a[0]) or _opens_clause(a[cut])):
            return True
    return False


def _opens_clause(word: str) -> bool:
    return word.partition(":")[0] in ("if", "before", "after", "while", "once", "until", "because")


def _has_act_moved(a: Slots, b: Slots) -> bool:
    """ "claim costs" and "costs claim": one act stands elsewhere, and nobody is named whose part could change."""
    known = lexicon()
    if {word.rpartition(":")[2] for word in a.words} & known.parties:
        return False
    acts = [word for word in a.words if word in known.acts]
    for act in acts if len(acts) == 1 or a.passive != b.passive else []:
        if _without(a.words, act) == _without(b.words, act):
            return True
    return False


def _without(words: tuple[str, ...], one: str) -> tuple[str, ...]:
    place = words.index(one)
    return words[:place] + words[place + 1 :]
