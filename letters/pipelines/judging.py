"""Whether what a model wrote for a part may stand: sentence by sentence, against its cards and the ledger. Pure.

Code gives a sentence the sources, the evidence and the exhibits of the cards that it uses. Where one sentence is not
borne out, or one card is left out, the part is asked for once more. After that the drafter's own sentences stand in the
place of those that may not, and where they would be most of it, the part stays the drafter's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from complaints.facts.records import Facts
from letters.craft import craft_faults
from letters.ledger import Checks
from letters.pipelines.answers import LONGEST_SENTENCE, unknown_uses
from letters.pipelines.faithful import missing_figures, unfaithful
from letters.pipelines.records import NO_GROUP, Card, Part, Place, Written, WrittenSentence
from letters.records import Block, DraftLetter, Sentence, SentenceKind

_MOST_CARDS: Final = 4  # of one sentence
_MOST_SENTENCES: Final = 3  # for each card: there may be more of them than cards, and not without end
_MOST_REASONS: Final = 3  # of one sentence; they are asked with, and paid for
_PASSED: Final[Mapping[SentenceKind, tuple[str, ...]]] = {
    "fact": ("verified", "repaired"),
    "rule": ("verified", "repaired"),
    "ask": ("verified", "not_checkable"),
    "form": ("verified", "not_checkable"),
}


@dataclass(frozen=True, slots=True)
class Bench:
    """What the ledger judges with, for one letter: the letter as the embedded drafter composed it, and its records."""

    letter: DraftLetter
    checks: Checks

    @property
    def facts(self) -> Facts:
        """Those of the case."""
        return self.checks.facts

    def checked(self, letter: DraftLetter) -> DraftLetter:
        """`letter` as the ledger finds it."""
        return self.checks.checked(letter)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The blocks to put in place of a part, or the reasons why none may be.

    `mended` counts the sentences of the drafter's that stand in those blocks instead of a model's. `faulty` are the
    sentences that may not stand, and `left` the ids of the cards that no other sentence tells.
    """

    blocks: tuple[Block, ...] = ()
    reasons: tuple[str, ...] = ()
    mended: int = 0
    faulty: frozenset[Place] = frozenset()
    left: tuple[str, ...] = ()


Faults = dict[Place, list[str]]


def judged(part: Part, written: Written, bench: Bench) -> Verdict:
    """What becomes of `written`, alone in a letter that is otherwise the embedded drafter's."""
    shape = _shape_fault(part, written)
    if shape:
        return Verdict(reasons=(shape,))
    faults = _faults(part, written, bench)
    reasons = _told(faults, _dropped(part, written, {}))
    if reasons:
        left = tuple(card.id for card in _dropped(part, written, faults))
        return Verdict(reasons=reasons, faulty=frozenset(faults), left=left)
    return _placed(part, _mixed_groups(part, written, {}), bench)


def mended(part: Part, written: Written, bench: Bench) -> Verdict:
    """The same, with the drafter's own sentences where the model's may not stand; nothing where few are left."""
    if _shape_fault(part, written):
        return judged(part, written, bench)
    faults = _faults(part, written, bench)
    groups = _mixed_groups(part, written, faults)
    own = sum(isinstance(one, Card) for group in groups for one in group)
    whole = sum(len(group) for group in groups)
    verdict = _placed(part, groups, bench)
    if verdict.reasons or 2 * own > whole:
        return Verdict(reasons=_told(faults, _dropped(part, written, {})) or verdict.reasons)
    return replace(verdict, reasons=(), mended=own)


def _placed(part: Part, groups: Sequence[Sequence["WrittenSentence | Card"]], bench: Bench) -> Verdict:
    """The blocks of these sentences, when the ledger and the craft of letters let them stand."""
    letter = bench.checked(replace(bench.letter, blocks=_blocks(part, groups)))
    failed = tuple(_unsupported(letter))
    if failed:
        return Verdict(reasons=failed)
    craft = tuple(new_faults(with_blocks(bench.letter, {part.id: letter.blocks}, [part]), bench.letter))
    return Verdict(reasons=craft) if craft else Verdict(blocks=letter.blocks)


def with_blocks(letter: DraftLetter, blocks: Mapping[str, Sequence[Block]], parts: Sequence[Part]) -> DraftLetter:
    """`letter` with the blocks of each part of `blocks` in the place of those that it has."""
    found = list(letter.blocks)
    for part in sorted(parts, key=lambda part: -part.first):
        if part.id not in blocks:
            continue
        if part.shape == "items":
            found[part.first] = _with_items(found[part.first], blocks[part.id][0].items, part.item)
        else:
            found[part.first : part.last] = list(blocks[part.id])
    return replace(letter, blocks=tuple(found))


def _with_items(block: Block, items: Sequence[tuple[Sentence, ...]], first: int) -> Block:
    """The list with `items` in place of as many of its own, from number `first` on."""
    return replace(block, items=(*block.items[:first], *items, *block.items[first + len(items) :]))


def new_faults(letter: DraftLetter, base: DraftLetter) -> Iterator[str]:
    """What the craft of letters forbids in `letter` and does not find in `base`."""
    known = set(craft_faults(base))
    yield from (f"{fault.rule}: {fault.words}" for fault in craft_faults(letter) if fault not in known)


def _shape_fault(part: Part, written: Written) -> str:
    if not written:
        return "nothing was written for this section"
    if sum(map(len, written)) > _MOST_SENTENCES * (len(part.cards) + len(part.more)):
        return "far more sentences were written than there are cards"
    if part.shape == "items" and len(written) != len(part.groups()):
        return f"write one paragraph for each of the {len(part.groups())} items, in their order"
    return ""


def _faults(part: Part, written: Written, bench: Bench) -> Faults:
    """What is wrong with each sentence that has a fault: with its cards, with its words, or by the ledger."""
    found: Faults = {}
    for place, sentence in _each(written):
        own = islice(_sentence_faults(part, place[0], sentence), _MOST_REASONS)
        reasons = list(own) or _ledger_faults(part, sentence, bench)
        if reasons:
            found[place] = reasons
    for card in part.cards:
        telling = [(place, s) for place, s in _each(written) if card.id in s.uses and place not in found]
        left_out = missing_figures(card, [sentence.text for _, sentence in telling]) if telling else ()
        if left_out and card.sentence.kind != "form":
            reason = f"{left_out[0]} of card {card.id} is left out"
            found |= {place: [f"“{sentence.text}”: {reason}"] for place, sentence in telling}
    return found


def _each(written: Written) -> Iterator[tuple[Place, WrittenSentence]]:
    for number, paragraph in enumerate(written):
        for at, sentence in enumerate(paragraph):
            yield (number, at), sentence


def _sentence_faults(part: Part, place: int, sentence: WrittenSentence) -> Iterator[str]:
    """What is wrong with a sentence before the ledger sees it; `place` is that of its paragraph."""
    if len(sentence.text) > LONGEST_SENTENCE:
        yield f"“{sentence.text[:80]} …” is too long: at most 40 words"
        return
    known = {card.id for card in (*part.cards, *part.more)}
    if not sentence.uses or unknown_uses(sentence, known):
        yield f"“{sentence.text}” names no card of this section, or one that is not there"
        return
    cards = _cards(part, sentence)
    if part.shape == "items" and any(card.group not in (place, NO_GROUP) for card in cards):
        yield f"“{sentence.text}” uses cards of another item"
    if len(cards) > _MOST_CARDS:
        yield f"“{sentence.text}” uses more than {_MOST_CARDS} cards"
    if _asks_and_states(cards):
        yield f"“{sentence.text}” asks and states at once: make two sentences of it"
    yield from (f"“{sentence.text}”: {reason}" for reason in unfaithful(sentence.text, cards))


def _ledger_faults(part: Part, sentence: WrittenSentence, bench: Bench) -> list[str]:
    built = _sentence(sentence, _cards(part, sentence))
    return list(_unsupported(bench.checked(replace(bench.letter, blocks=(Block("paragraph", (built,)),)))))


def _asks_and_states(cards: Sequence[Card]) -> bool:
    kinds = {card.sentence.kind for card in cards}
    return "ask" in kinds and bool(kinds & {"fact", "rule"})


def _dropped(part: Part, written: Written, faults: Faults) -> tuple[Card, ...]:
    """The cards that no sentence without fault tells; forms of words may be left out."""
    told = {name for place, sentence in _each(written) if place not in faults for name in sentence.uses}
    return tuple(card for card in part.cards if card.id not in told and card.sentence.kind != "form")


def _told(faults: Faults, dropped: Sequence[Card]) -> tuple[str, ...]:
    found = [reason for reasons in faults.values() for reason in reasons]
    found += [f"card {card.id} is left out: “{card.text}”" for card in dropped]
    return tuple(dict.fromkeys(found))


def _mixed_groups(part: Part, written: Written, faults: Faults) -> list[list[WrittenSentence | Card]]:
    """The paragraphs, with the cards themselves in the place of sentences that have a fault, and what was dropped."""
    left = {card.id for card in _dropped(part, written, faults)}
    groups: list[list[WrittenSentence | Card]] = [[] for _ in written]
    for place, sentence in _each(written):
        if place not in faults:
            groups[place[0]].append(sentence)
            continue
        for card in _cards(part, sentence):
            if card.id in left and (part.shape == "prose" or card.group == place[0]):
                groups[place[0]].append(card)
                left.discard(card.id)
    for card in part.cards:
        if card.id in left:
            groups[card.group if part.shape == "items" else min(card.group, len(groups) - 1)].append(card)
    if part.shape == "items":
        return [group or list(own) for group, own in zip(groups, part.groups(), strict=True)]
    return [group for group in groups if group]


def _cards(part: Part, sentence: WrittenSentence) -> tuple[Card, ...]:
    return tuple(card for name in sentence.uses if (card := part.card(name)))


def _blocks(part: Part, groups: Sequence[Sequence[WrittenSentence | Card]]) -> tuple[Block, ...]:
    paragraphs = [
        tuple(one.sentence if isinstance(one, Card) else _sentence(one, _cards(part, one)) for one in group)
        for group in groups
    ]
    if part.shape == "items":
        items = tuple((*lead, *group) for lead, group in zip(part.leads, paragraphs, strict=True))
        return (Block("numbered", items=items),)
    return tuple(Block("paragraph", group) for group in paragraphs)


def _sentence(written: WrittenSentence, cards: Sequence[Card]) -> Sentence:
    """The sentence with all that carries its cards; what it is, is decided by them."""
    kinds = {card.sentence.kind for card in cards}
    kind: SentenceKind = next((kind for kind in ("rule", "fact", "ask", "form") if kind in kinds), "form")
    sources = tuple(dict.fromkeys(source for card in cards for source in card.sentence.sources))
    evidence = tuple(dict.fromkeys(given for card in cards for given in card.sentence.evidence))
    exhibits = sorted({number for card in cards for number in card.exhibits})
    return Sentence(with_exhibits(written.text, exhibits), kind, sources, evidence=evidence)


def with_exhibits(text: str, numbers: Sequence[int]) -> str:
    """`text` with "(exhibits 2 and 6)" at its end, before a quotation that ends it."""
    if not numbers:
        return text
    shown = ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
    cited = f"(exhibit{'s' if len(numbers) > 1 else ''} {shown})"
    ending = re.search(r":\s*“[^:]*”\.?$", text)
    if ending:
        return f"{text[: ending.start()]} {cited}{text[ending.start() :]}"
    return f"{text.rstrip('. ')} {cited}."


def passes(sentence: Sentence) -> bool:
    """Whether the ledger, which has checked it, lets `sentence` be told."""
    return sentence.status in _PASSED[sentence.kind]


def _unsupported(letter: DraftLetter) -> Iterator[str]:
    for sentence in letter.sentences():
        if not passes(sentence):
            yield f"“{sentence.text}”: {'; '.join(sentence.reasons) or 'nothing in it can be checked'}"
