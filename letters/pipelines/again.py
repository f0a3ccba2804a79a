"""Asking once more: only for the cards that no sentence has told as it may, and the new sentences put among the old.

A refused section is seldom all wrong. What stands in it is kept, so that the second answer costs and takes as much as
what was wrong. Pure.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from letters.pipelines.records import Part, Place, Plan, Written, WrittenSentence


def reduced(part: Part, left: Collection[str], plans: Mapping[str, Plan]) -> tuple[Part, dict[str, Plan]]:
    """`part` with the cards whose ids are `left` alone, and its plan where it has one. Paragraphs stay in order."""
    groups = [kept for group in part.groups() if (kept := [card for card in group if card.id in left])]
    cards = tuple(replace(card, group=place) for place, group in enumerate(groups) for card in group)
    plan = plans.get(part.id)
    if plan is None:
        return replace(part, cards=cards), {}
    paragraphs = tuple(some for names in plan.paragraphs if (some := tuple(name for name in names if name in left)))
    return replace(part, cards=cards), {part.id: replace(plan, paragraphs=paragraphs)}


def joined(part: Part, written: Written, faulty: Collection[Place], again: Written) -> Written:
    """`written` with the sentences of `again` where those stood, of the `faulty` ones, that told the same cards.

    One whose cards had been left out goes to the end of the paragraph of its first card.
    """
    owners = {name: place for place in sorted(faulty, reverse=True) for name in _sentence(written, place).uses}
    instead: defaultdict[Place, list[WrittenSentence]] = defaultdict(list)
    for sentence in (sentence for paragraph in again for sentence in paragraph):
        instead[_place(part, sentence, owners, len(written))].append(sentence)
    found = []
    for number, paragraph in enumerate(written):
        sentences: list[WrittenSentence] = []
        for at, sentence in enumerate(paragraph):
            sentences += instead[number, at] if (number, at) in faulty else [sentence]
        found.append((*sentences, *instead[number, -1]))
    return tuple(found)


def _sentence(written: Written, place: Place) -> WrittenSentence:
    return written[place[0]][place[1]]


def _place(part: Part, sentence: WrittenSentence, owners: Mapping[str, Place], paragraphs: int) -> Place:
    """Where a new sentence goes; -1 stands for the end of a paragraph."""
    groups = [card.group for name in sentence.uses if (card := part.card(name))]
    paragraph = min(groups[0] if groups else 0, paragraphs - 1)
    owner = next((owners[name] for name in sentence.uses if name in owners), None)
    if owner is None or (part.shape == "items" and owner[0] != paragraph):
        return paragraph, -1
    return owner
