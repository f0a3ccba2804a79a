"""What of a letter can be read while it is being written: its sections, each told again when it has changed. Pure.

Only checked text is ever in sight: what the embedded drafter composed, and of a model's words those that the ledger has
accepted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from letters.export.text import block_text
from letters.pipelines.records import Part
from letters.records import Block, DraftLetter

State = Literal["drafted", "checked", "kept"]
_BEGINNING: Final = ("heading", "annex", "signature")  # of a section
_ORDER: Final[tuple[State, ...]] = ("drafted", "checked", "kept")


@dataclass(frozen=True, slots=True)
class SeenSection:
    """A section in plain words. `index` counts from 0, where 0 is what stands before the first heading.

    `state` is "drafted" while a model may still word it otherwise, "checked" when words of a model stand in it that the
    ledger has accepted, or when the letter was kept before, and "kept" when it stays as the embedded drafter has it.
    """

    index: int
    title: str
    state: State
    paragraphs: tuple[str, ...]


@dataclass
class Sight:
    """Tells `tell` of each section that is new or has changed, with the number of the letter and the letter."""

    tell: Callable[[int, DraftLetter, SeenSection], None]
    _told: dict[tuple[int, int], SeenSection] = field(default_factory=dict)

    def show(self, number: int, letter: DraftLetter, states: Mapping[int, State], *, otherwise: State = "kept") -> None:
        """`letter`, the one of that number, as it stands; `states` are those of its sections (section_states)."""
        for section in seen_sections(letter, states, otherwise):
            if self._told.get((number, section.index)) != section:
                self._told[number, section.index] = section
                self.tell(number, letter, section)


def seen_sections(letter: DraftLetter, states: Mapping[int, State], otherwise: State) -> Iterator[SeenSection]:
    """The sections of `letter` in reading order; one without a state in `states` has that of `otherwise`."""
    for index, (title, blocks) in enumerate(_sections(letter)):
        lines = tuple(line for block in blocks for line in block_text(block).split("\n") if line.strip())
        yield SeenSection(index, title, states.get(index, otherwise), lines)


def _sections(letter: DraftLetter) -> Iterator[tuple[str, list[Block]]]:
    title, blocks = "", list[Block]()
    for block in letter.blocks:
        if block.kind in _BEGINNING:
            yield title, blocks
            title, blocks = "", [block]
            if block.kind != "signature":
                title, blocks = " ".join(s.text for s in block.sentences), []
        else:
            blocks.append(block)
    yield title, blocks


def section_states(base: DraftLetter, parts: Sequence[Part], states: Mapping[str, State]) -> dict[int, State]:
    """The state of each section that has parts; `base` is the letter that they are of, `states` those by their ids.

    A section with a part that is still open is open.
    """
    held: defaultdict[int, set[State]] = defaultdict(set)
    for part in parts:
        index = sum(block.kind in _BEGINNING for block in base.blocks[: part.first + 1])
        held[index].add(states.get(part.id, "drafted"))
    return {index: next(state for state in _ORDER if state in found) for index, found in held.items()}
