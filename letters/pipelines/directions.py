"""Which way it goes: "runs from the notice" and "runs to the notice" differ in a word that no word list has. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from lightpoint.grounding.reading import read

_OPPOSITE: Final = {"from": "to", "to": "from", "before": "after", "after": "before"}
_PASSED_OVER: Final = frozenset({"a", "an", "the", "this", "that", "its", "our", "their", "his", "her"})


def turned_round(text: str, cards: Sequence[str]) -> Iterator[str]:
    """What `text` has with the opposite of the direction that all `cards` have it with."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    for card in cards:
        for direction, thing in _directions(card):
            held[thing].add(direction)
    for direction, thing in _directions(text):
        if direction not in held[thing] and _OPPOSITE[direction] in held[thing]:
            yield f"role: the cards have “{_OPPOSITE[direction]}” before “{thing}”, and not “{direction}”"


def _directions(text: str) -> Iterator[tuple[str, str]]:
    """Each word of direction with the first word behind it that names something."""
    tokens = read(text).tokens
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.low in _OPPOSITE:
            behind = next((one for one in tokens[place + 1 :] if one.low not in _PASSED_OVER), None)
            if behind is not None:
                yield token.low, " ".join(behind.low.split()).removesuffix("'s").removesuffix("’s")
