"""A checked letter as parts with evidence cards: what a model may write, and what stays as it is. Pure.

Letterhead, addressee, date, subject, tables, requests, signature and enclosures are never a model's. Of the rest, a
part is a run of paragraphs or a list of failings in which something is stated that evidence bears out.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final, NamedTuple

from letters.ledger import without_exhibits
from letters.pipelines.records import Card, Part
from letters.records import Block, DraftLetter, Sentence

_EXHIBITS: Final = re.compile(r"\(exhibits?\s+(\d[^()]*)\)", re.IGNORECASE)
MOST_CARDS: Final = 6  # of a part, where its paragraphs allow
MOST_CARDS_AT_BEST: Final = (
    8  # of a letter whose every section is the best model's: a call's fixed words cost most there
)
_AT_BEST: Final = ("complaint_tier_2", "adjudicator")
_END: Final = ("signature", "enclosures", "annex")


class _Group(NamedTuple):
    """A paragraph, which is a block, or an item of one."""

    block: int
    sentences: tuple[Sentence, ...]
    item: int | None


def parts_of(letter: DraftLetter, number: int = 0) -> tuple[Part, ...]:
    """The parts of `letter` in their order; `number` is the letter's place in the case and goes into their ids."""
    found: list[Part] = []
    taken = 1
    for title, run in _runs(letter):
        for groups in _portions(_groups_of(run), MOST_CARDS_AT_BEST if letter.type in _AT_BEST else MOST_CARDS):
            part = _part(f"s{number}.{len(found) + 1}", title, groups, taken)
            if part:
                found.append(part)
                taken += len(part.cards)
    return tuple(found)


def exhibits_in(text: str) -> tuple[int, ...]:
    """The numbers in "(exhibits 2 and 6)", in order."""
    numbers = (
        int(number)
        for match in _EXHIBITS.finditer(text)
        for number in re.findall(r"\d+", re.sub(r"\bp(?:ages?|p)?\.?\s*\d+", "", match[1]))
    )
    return tuple(sorted(set(numbers)))


def _runs(letter: DraftLetter) -> Iterator[tuple[str, list[tuple[int, Block]]]]:
    """Runs of blocks of one shape under one heading, with its title; those under a list of requests are left out."""
    body = []
    for place, block in enumerate(letter.blocks):
        if block.kind in _END:
            break
        body.append((place, block))
    for title, section in _sections(body):
        if any(block.kind == "numbered" and _only_asks(block) for _, block in section):
            continue
        for kind, run in groupby(section, key=lambda item: item[1].kind):
            if kind == "paragraph":
                yield title, list(run)
            elif kind == "numbered":
                yield from ((title, [item]) for item in run)


def _sections(body: list[tuple[int, Block]]) -> Iterator[tuple[str, list[tuple[int, Block]]]]:
    title, section = "", list[tuple[int, Block]]()
    for place, block in body:
        if block.kind == "heading":
            yield title, section
            title, section = " ".join(s.text for s in block.sentences), []
        else:
            section.append((place, block))
    yield title, section


def _only_asks(block: Block) -> bool:
    return all(sentence.kind in ("ask", "form") for item in block.items for sentence in item)


def _groups_of(run: list[tuple[int, Block]]) -> list[_Group]:
    """The paragraphs of a run, or the items of its list."""
    place, block = run[0]
    if block.kind == "numbered":
        return [_Group(place, item, number) for number, item in enumerate(block.items)]
    return [_Group(place, block.sentences, None) for place, block in run]


def _portions(groups: list[_Group], most: int) -> Iterator[list[_Group]]:
    """The groups in portions of at most `most` sentences, a longer one alone: small ones are written quickly."""
    portion: list[_Group] = []
    for group in groups:
        if portion and sum(map(_size, portion)) + _size(group) > most:
            yield portion
            portion = []
        portion.append(group)
    if portion:
        yield portion


def _size(group: _Group) -> int:
    return sum(not sentence.lead for sentence in group.sentences)


def _part(name: str, title: str, groups: list[_Group], first_card: int) -> Part | None:
    if not any(sentence.kind in ("fact", "rule") for group in groups for sentence in group.sentences):
        return None
    cards: list[Card] = []
    for place, group in enumerate(groups):
        for sentence in group.sentences:
            if not sentence.lead:
                cards.append(_card(str(first_card + len(cards)), place, sentence))
    first, last = groups[0].block, groups[-1].block + 1
    if groups[0].item is None:
        return Part(name, title, "prose", first, last, tuple(cards))
    leads = tuple(tuple(s for s in group.sentences if s.lead) for group in groups)
    return Part(name, title, "items", first, last, tuple(cards), leads, groups[0].item)


def _card(name: str, group: int, sentence: Sentence) -> Card:
    return Card(name, group, without_exhibits(sentence.text), exhibits_in(sentence.text), sentence)
