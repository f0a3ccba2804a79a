"""Whether two questions have the same answer, told from their slots and how near their vectors lie. Pure.

Two kinds of reason speak against it. A veto is a difference of the kind that changes an answer: a figure, a day, a
tier, a page, a denial, a tax, a nation, a party, or one of two opposites. Everything else that only one of them says is
a doubt: enough to refuse, but a judge may be asked about it.

No cosine tells near-duplicates from paraphrases, which lie farther apart. What keeps false hits away is that words
agree; THRESHOLD is there against words that agree by accident, and lies just below the farthest paraphrase of our own
that the words prove (0.57). Of n pairs of near-duplicates without a false hit, the rate is below 3/n with 95%
confidence (rule of three: Hanley and Lippman-Hand, JAMA 1983;249:1743), which `upper_bound` gives: below 4% for pairs
like the 75 shared near-duplicates, which never needed a change. The near-duplicates of our own were worked on until
none was left, and bound nothing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from knowledge.answers.lexicon import lexicon
from knowledge.answers.slots import Slots, read_slots

THRESHOLD: Final = 0.55
JUDGE_THRESHOLD: Final = 0.40
_FIXED = ("num", "ord", "tier", "page", "date")
_CHANNELS = frozenset({"phone", "email", "letter", "online"})  # "an e-mail reply" is no "reply to an e-mail"
_VAGUE_PARTIES = frozenset({"hmrc", "customer", "they", "their", "officer", "staff"})


class Judge(Protocol):
    """A model that is asked whether two questions have the same answer."""

    def same(self, a: str, b: str) -> bool:
        """True where the right answer to `a` is the right answer to `b`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`same` where nothing speaks against it; `vetoes` and `doubts` say what does."""

    same: bool
    vetoes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def same_answer(a: str, b: str, similarity: float) -> Verdict:
    """Whether the answer to `a` may be given to `b`; `similarity` is the cosine of their vectors, -1 to 1."""
    one, other = read_slots(a), read_slots(b)
    vetoes, doubts = tuple(_vetoes(one, other)), tuple(_doubts(one, other))
    if similarity < THRESHOLD:
        doubts = (*doubts, f"the vectors are {similarity:.2f} near, and {THRESHOLD:.2f} is asked for")
    return Verdict(not vetoes and not doubts, vetoes, doubts)


def judged_same(a: str, b: str, similarity: float, judge: Judge) -> bool:
    """Whether `judge` finds them the same, which it is asked only where no veto stands and the vectors are near."""
    if similarity < JUDGE_THRESHOLD or same_answer(a, b, similarity).vetoes:
        return False
    return judge.same(a, b)


def upper_bound(trials: int) -> float:
    """The rate of false hits, at 95% confidence, that 0 of `trials` leaves possible."""
    return 3 / trials


def _vetoes(a: Slots, b: Slots) -> Iterator[str]:
    known, here, there = lexicon(), _concepts(a), _concepts(b)
    yield from (f"another {kind}" for kind in _FIXED if _of_kind(a, kind) != _of_kind(b, kind))
    if _denials(a) % 2 != _denials(b) % 2:
        yield "one of them denies"
    yield from (f"another {kind}" for kind, members in known.kinds.items() if here & members != there & members)
    if (here ^ there) & (known.parties - _VAGUE_PARTIES):
        yield "another party"
    for one, other in known.opposites:
        if _opposed(here, there, one, other) or _opposed(there, here, one, other):
            yield f"{one} against {other}"


def _opposed(here: frozenset[str], there: frozenset[str], one: str, other: str) -> bool:
    return one in here and other in there and not (other in here and one in there)


def _doubts(a: Slots, b: Slots) -> Iterator[str]:
    if a.asks != b.asks:
        yield f"one asks {' and '.join(a.asks)}, the other {' and '.join(b.asks)}"
    if a.strong != b.strong and not (_is_open(a) and _is_open(b) and a.strong and b.strong):
        yield "what must be done, should be done or may be done differs"
    if a.past != b.past:
        yield "one asks about the past"
    if a.to_come != b.to_come:
        yield "one tells of what is still to come"
    if not a.words or not b.words:
        yield "nothing is left to compare"
    only_a, only_b = Counter(a.words) - Counter(b.words), Counter(b.words) - Counter(a.words)
    if only_a or only_b:
        yield f"only one says {', '.join(sorted([*only_a, *only_b]))}"
    elif not _same_order(a, b):
        yield "the same words stand in another order"


def _of_kind(slots: Slots, kind: str) -> Counter[str]:
    return Counter(word[word.index(f"{kind}:") :] for word in slots.words if f":{kind}:" in f":{word}")


def _concepts(slots: Slots) -> frozenset[str]:
    """Every concept and relation, and the concepts inside a relation."""
    return frozenset(part.lstrip("~") for word in slots.words for part in word.split(":"))


def _denials(slots: Slots) -> int:
    return sum(word.split(":").count("not") for word in slots.words)


def _is_open(slots: Slots) -> bool:
    """Whether it asks for more than yes or no: "when must" and "when should" are answered alike."""
    return slots.asks != ("whether",)


def _same_order(a: Slots, b: Slots) -> bool:
    if a.words == b.words or _is_rotated(a.words, b.words):
        return a.passive == b.passive or not _names_somebody(a)
    if _has_tier_moved(a, b):
        return a.passive == b.passive
    if not _names_somebody(a):
        return _has_act_moved(a, b) or _has_means_moved(a, b)
    return _has_doer_first(a, b) and _has_act_moved(a, b)


def _has_doer_first(a: Slots, b: Slots) -> bool:
    """ "Must HMRC record it?" and "Must it be recorded by HMRC?", where nobody else is named."""
    somebody = [word for word in a.words if word.rpartition(":")[2] in lexicon().parties]
    return somebody == ["hmrc"] and a.words[0] == b.words[0] == "hmrc" and a.passive != b.passive


def _has_tier_moved(a: Slots, b: Slots) -> bool:
    """ "a tier 2 complaint" and "a complaint at tier 2", which ends one of them."""
    tiers = [word for word in a.words if word.startswith("tier:")]
    if len(tiers) != 1 or _without(a.words, tiers[0]) != _without(b.words, tiers[0]):
        return False
    early, late = (b, a) if a.words[-1] == tiers[0] else (a, b)
    follows = early.words.index(tiers[0]) + 1
    return late.words[-1] == tiers[0] and len(late.words) > 1 and early.words[follows] == late.words[-2]


def _has_means_moved(a: Slots, b: Slots) -> bool:
    """ "complain in writing about X" and "complain about X in writing": one means, and one act to belong to."""
    means = [word for word in a.words if word in lexicon().kinds["means"]]
    acts = [word for word in a.words if word in lexicon().acts]
    return len(means) == 1 and len(acts) == 1 and _without(a.words, means[0]) == _without(b.words, means[0])


def _names_somebody(slots: Slots) -> bool:
    return any(word.rpartition(":")[2] in lexicon().parties for word in slots.words)


def _is_rotated(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """A clause that begins with "if", "before", "while" stands first in one and last in the other."""
    cuts = range(1, len(a))
    return any(a[cut:] + a[:cut] == b and (_opens_clause(a[0]) or _opens_clause(a[cut])) for cut in cuts)


def _opens_clause(word: str) -> bool:
    return word.partition(":")[0] in ("if", "before", "after", "while", "once", "until", "because")


def _has_act_moved(a: Slots, b: Slots) -> bool:
    """ "claim costs" and "costs claim", "are costs refunded" and "refund costs": one act stands elsewhere."""
    acts = {word for word in a.words if word in lexicon().acts}
    if a.passive != b.passive:
        movable = acts & {(a if a.passive else b).done}
    else:
        movable = acts if len(acts) == 1 and not _CHANNELS & set(a.words) else set()
    return any(_without(a.words, act) == _without(b.words, act) for act in movable)


def _without(words: tuple[str, ...], one: str) -> tuple[str, ...]:
    place = words.index(one)
    return words[:place] + words[place + 1 :]
