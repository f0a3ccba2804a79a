"""A checked letter as parts with evidence cards: what a model may write, and what stays as it is. Pure.

Letterhead, addressee, date, subject, tables, requests, signature and enclosures are never a model's. Of the rest, a
part is a run of paragraphs or a list of failings in which something is stated that evidence bears out.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from letters.ledger import without_exhibits
from letters.pipelines.records import Card, Part, Shape
from letters.records import Block, DraftLetter, Sentence

_EXHIBITS: Final = re.compile(r"\(exhibits?\s+(\d[^()]*)\)", re.IGNORECASE)
_END: Final = ("signature", "enclosures", "annex")


def parts_of(letter: DraftLetter, number: int = 0) -> tuple[Part, ...]:
    """The parts of `letter` in their order; `number` is the letter's place in the case and goes into their ids."""
    found: list[Part] = []
    taken = 1
    for title, run in _runs(letter):
        part = _part(f"L{number}.{len(found) + 1}", title, run, taken)
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


def _part(name: str, title: str, run: list[tuple[int, Block]], first_card: int) -> Part | None:
    shape: Shape = "items" if run[0][1].kind == "numbered" else "prose"
    groups = [list(item) for _, block in run for item in (block.items if shape == "items" else (block.sentences,))]
    if not any(sentence.kind in ("fact", "rule") for group in groups for sentence in group):
        return None
    cards: list[Card] = []
    for place, group in enumerate(groups):
        for sentence in group:
            if not sentence.lead:
                cards.append(_card(f"c{first_card + len(cards)}", place, sentence))
    leads = tuple(tuple(s for s in group if s.lead) for group in groups) if shape == "items" else ()
    blocks = tuple(block for _, block in run)
    return Part(name, title, shape, run[0][0], run[-1][0] + 1, blocks, tuple(cards), leads)


def _card(name: str, group: int, sentence: Sentence) -> Card:
    return Card(name, group, without_exhibits(sentence.text), exhibits_in(sentence.text), sentence)
