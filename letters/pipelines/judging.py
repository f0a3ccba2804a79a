"""Whether what a model wrote for a part may stand: sentence by sentence, against its cards and the ledger. Pure.

Code gives a sentence the sources, the evidence and the exhibits of the cards that it uses. A part stands as a whole or
not at all: one sentence that is not borne out, or one card that is left out, and the drafter's own words stay.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from complaints.facts.records import Facts, Nation
from knowledge.digest.records import GuidanceSection
from letters.craft import craft_faults
from letters.evidence import Pages
from letters.ledger import Checks, check_letter
from letters.pipelines.answers import unknown_uses
from letters.pipelines.faithful import missing_figures, unfaithful
from letters.pipelines.records import Card, Part, Written, WrittenSentence
from letters.records import Block, DraftLetter, Sentence, SentenceKind

_MOST_CARDS: Final = 4  # of one sentence
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
    facts: Facts
    guidance: Mapping[str, GuidanceSection]
    nation: Nation
    pages: Pages
    checks: Checks

    def checked(self, letter: DraftLetter) -> DraftLetter:
        """`letter` as the ledger finds it."""
        records = (self.facts, self.guidance, self.nation)
        return check_letter(letter, *records, pages=self.pages, checks=self.checks)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The blocks to put in place of a part, or the reasons why none may be."""

    blocks: tuple[Block, ...] = ()
    reasons: tuple[str, ...] = ()


def judged(part: Part, written: Written, bench: Bench) -> Verdict:
    """What becomes of `written`, alone in a letter that is otherwise the embedded drafter's."""
    if not written:
        return Verdict(reasons=("nothing was written for this section",))
    reasons = tuple(dict.fromkeys([*_form_faults(part, written), *_dropped(part, written)]))
    if reasons:
        return Verdict(reasons=reasons)
    blocks = _blocks(part, written)
    letter = bench.checked(replace(bench.letter, blocks=blocks))
    failed = tuple(_unsupported(letter))
    if failed:
        return Verdict(reasons=failed)
    whole = with_blocks(bench.letter, {part.id: letter.blocks}, [part])
    craft = tuple(new_faults(whole, bench.letter))
    return Verdict(reasons=craft) if craft else Verdict(blocks=letter.blocks)


def with_blocks(letter: DraftLetter, blocks: Mapping[str, Sequence[Block]], parts: Sequence[Part]) -> DraftLetter:
    """`letter` with the blocks of each part of `blocks` in the place of those that it has."""
    found = list(letter.blocks)
    for part in sorted(parts, key=lambda part: -part.first):
        if part.id in blocks:
            found[part.first : part.last] = list(blocks[part.id])
    return replace(letter, blocks=tuple(found))


def new_faults(letter: DraftLetter, base: DraftLetter) -> Iterator[str]:
    """What the craft of letters forbids in `letter` and does not find in `base`."""
    known = set(craft_faults(base))
    yield from (f"{fault.rule}: {fault.words}" for fault in craft_faults(letter) if fault not in known)


def _form_faults(part: Part, written: Written) -> Iterator[str]:
    """What is wrong with the sentences before the ledger sees them."""
    known = {card.id for card in part.cards}
    if part.shape == "items" and len(written) != len(part.groups()):
        yield f"write one paragraph for each of the {len(part.groups())} items, in their order"
    for place, paragraph in enumerate(written):
        for sentence in paragraph:
            if not sentence.uses or unknown_uses(sentence, known):
                yield f"“{sentence.text}” names no card of this section, or one that is not there"
                continue
            cards = _cards(part, sentence)
            if part.shape == "items" and any(card.group != place for card in cards):
                yield f"“{sentence.text}” uses cards of another item"
            if len(cards) > _MOST_CARDS:
                yield f"“{sentence.text}” uses more than {_MOST_CARDS} cards"
            if _mixed(cards):
                yield f"“{sentence.text}” asks and states at once: make two sentences of it"
            yield from (f"“{sentence.text}”: {reason}" for reason in unfaithful(sentence.text, cards))


def _mixed(cards: Sequence[Card]) -> bool:
    kinds = {card.sentence.kind for card in cards}
    return "ask" in kinds and bool(kinds & {"fact", "rule"})


def _dropped(part: Part, written: Written) -> Iterator[str]:
    """Every card but a form of words is told, and each figure of it stands in a sentence that tells it."""
    for card in part.cards:
        telling = [sentence.text for paragraph in written for sentence in paragraph if card.id in sentence.uses]
        if card.sentence.kind == "form":
            continue
        if not telling:
            yield f"card {card.id} is left out: “{card.text}”"
            continue
        for figure in missing_figures(card, telling):
            yield f"{figure} of card {card.id} is left out"


def _cards(part: Part, sentence: WrittenSentence) -> tuple[Card, ...]:
    return tuple(card for name in sentence.uses if (card := part.card(name)))


def _blocks(part: Part, written: Written) -> tuple[Block, ...]:
    paragraphs = [tuple(_sentence(sentence, _cards(part, sentence)) for sentence in group) for group in written]
    if part.shape == "items":
        items = tuple((*lead, *group) for lead, group in zip(part.leads, paragraphs, strict=True))
        return (replace(part.blocks[0], items=items),)
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
    ending = re.search(r":\s*“[^”]*”\.?$", text)
    if ending:
        return f"{text[: ending.start()]} {cited}{text[ending.start() :]}"
    return f"{text.rstrip('. ')} {cited}."


def _unsupported(letter: DraftLetter) -> Iterator[str]:
    for sentence in letter.sentences():
        if sentence.status not in _PASSED[sentence.kind]:
            yield f"“{sentence.text}”: {'; '.join(sentence.reasons) or 'nothing in it can be checked'}"
