"""What every checker is given: the sentence and its evidence, read; and which stretches of evidence bear on what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lightpoint.calendars import Nation
from lightpoint.grounding.predicates import Predicate, predicates_of
from lightpoint.grounding.reading import Reading, Segment, read
from lightpoint.grounding.records import Evidence
from lightpoint.language.quotations import find_quotations

_LINE = 400  # characters; a paper of more says many things
PAGE = 12  # segments; what has more is a page, where a word alone proves little


@dataclass(frozen=True)
class Context:
    """A sentence to be judged. All evidence counts alike; `nation` is whose bank holidays count.

    `sentence` is read without what it quotes, which is judged by its letters alone; `whole` is all of it. `strict` is
    for sentences written close to their evidence, as those of a letter are: less is taken to follow from its figures.
    """

    sentence: Reading
    whole: Reading
    evidence: tuple[tuple[str, Reading], ...]
    nation: Nation
    strict: bool = False

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(reading for _, reading in self.evidence)

    @cached_property
    def text(self) -> str:
        return "\n".join(reading.text for reading in self.readings)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(segment for reading in self.readings for segment in reading.segments)

    @cached_property
    def concepts(self) -> frozenset[str]:
        return frozenset(name for reading in self.readings for name in reading.concepts())

    @cached_property
    def claims(self) -> tuple[Predicate, ...]:
        return predicates_of(self.sentence.text)

    @cached_property
    def grounds(self) -> tuple[Predicate, ...]:
        return tuple(p for reading in self.readings for p in predicates_of(reading.text))

    @cached_property
    def sized_grounds(self) -> tuple[tuple[Predicate, bool], ...]:
        """The grounds, each with whether it stands on a page among many others."""
        return tuple((p, len(r.text) > _LINE) for r in self.readings for p in predicates_of(r.text))

    @cached_property
    def weights(self) -> dict[str, float]:
        """How telling a concept is in this evidence: one over the number of segments that hold it."""
        counts: dict[str, int] = {}
        for segment in self.segments:
            for name in segment.concepts() | segment_names(segment):
                counts[name] = counts.get(name, 0) + 1
        return {name: 1 / count for name, count in counts.items()}

    @cached_property
    def dates(self) -> tuple[date, ...]:
        return tuple(sorted({m.date for reading in self.readings for m in reading.dates}))

    def overlap(self, concepts: Iterable[str], segment: Segment) -> float:
        """How much of what `concepts` says stands in a segment."""
        held = segment.concepts() | segment_names(segment)
        return sum(self.weights.get(name, 0.0) for name in sorted(set(concepts)) if name in held)


def segment_names(segment: Segment) -> frozenset[str]:
    """The names in a segment, in a form that can be weighed beside concepts."""
    return frozenset("@" + word for token in segment.tokens if token.entity is not None for word in token.entity.words)


def without_quotations(sentence: str) -> str:
    """The sentence with its quoted words blanked, all else in its place."""
    for mention in find_quotations(sentence):
        sentence = sentence[: mention.start] + " " * (mention.end - mention.start) + sentence[mention.end :]
    return sentence


def make_context(sentence: str, evidence: Sequence[Evidence], nation: Nation, *, strict: bool = False) -> Context:
    """Read a sentence and its evidence; the id of a section counts as a part of its text."""
    return Context(
        read(without_quotations(sentence)),
        read(sentence),
        tuple((item.id, read(item.text)) for item in evidence),
        nation,
        strict,
    )
