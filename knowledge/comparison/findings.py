"""What two texts are to each other, and the pairs of their sentences that say the same with another figure. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

from knowledge.comparison.figures import Figure, FigureKind, figures_of
from knowledge.comparison.shingles import containment, digest_of, resemblance, shingles
from lightpoint.language.normalise import squeeze
from lightpoint.language.sentences import split_sentences

Finding = Literal["identical", "near_duplicate", "overlapping", "conflicting", "new"]
NEAR: Final = 0.8  # resemblance from which two texts are one, but for small changes
OVERLAP: Final = 0.12  # resemblance, and
CONTAINED: Final = 0.3  # containment, from either of which two texts have wording in common
FEWEST_SHINGLES: Final = 4  # that two texts share for that
SAME_SENTENCE: Final = 0.6  # share of the words of two sentences that they have in common
FEWEST_WORDS: Final = 2  # that two sentences share, unless they have no others
UNRELATED_SENTENCE: Final = 0.8  # the same as the two above, in texts that have nothing else in common
UNRELATED_WORDS: Final = 5
MOST_PAIRS: Final = 40
# What a person has to know of first.
TELLING: Final[tuple[Finding, ...]] = ("identical", "conflicting", "near_duplicate", "overlapping", "new")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SMALL: Final = frozenset(
    _WORD.findall(
        "a about all also an and any are as at be been but by can could do does for from had has have he her his if in"
        " into is it its may might must of on or our shall she should so some such than that the their them then there"
        " these they this those to up was we were what when where which who will with within would you your"
    )
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sentences that say the same with another figure: `one_figures` and `other_figures` as they are written."""

    kind: FigureKind
    one: str
    other: str
    one_figures: tuple[str, ...]
    other_figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """`similarity` is the resemblance of the wording, from 0 to 1, in which figures do not count."""

    finding: Finding
    similarity: float
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: frozenset[str]
    figures: tuple[Figure, ...]

    def values(self, kind: str) -> frozenset[str]:
        return frozenset(figure.value for figure in self.figures if figure.kind == kind)

    def written(self, kind: str, values: frozenset[str]) -> tuple[str, ...]:
        found = (figure.text for figure in self.figures if figure.kind == kind and figure.value in values)
        return tuple(dict.fromkeys(found))


def compare(one: str, other: str, *, same_section: bool = False) -> Compared:
    """What `one` is to `other`. `same_section`: both go by one identifier, so that they are about one matter."""
    if digest_of(one) == digest_of(other):
        return Compared("identical", 1.0)
    mine, theirs = shingles(one), shingles(other)
    alike, within = resemblance(mine, theirs), containment(mine, theirs)
    common = len(mine & theirs) >= FEWEST_SHINGLES and (alike >= OVERLAP or within >= CONTAINED)
    related = same_section or common
    found = tuple(_disagreements(one, other, related=related))[:MOST_PAIRS]
    similarity = round(alike, 4)
    if found:
        return Compared("conflicting", similarity, found)
    if alike >= NEAR:
        return Compared("near_duplicate", similarity)
    return Compared("overlapping" if related else "new", similarity)


def most_telling(findings: Iterable[Finding]) -> Finding:
    """The finding that a person has to know of first; "new" where there is none."""
    return min(findings, key=TELLING.index, default="new")


def _disagreements(one: str, other: str, *, related: bool) -> Iterator[Disagreement]:
    theirs = [sentence for sentence in _sentences(other) if sentence.figures]
    for mine in _sentences(one):
        shares = [(_share(mine, sentence, related=related), sentence) for sentence in theirs] if mine.figures else []
        alike = sorted((pair for pair in shares if pair[0]), key=lambda pair: -pair[0])
        yield from _of_sentence(mine, [sentence for _, sentence in alike])


def _of_sentence(mine: _Sentence, alike: Sequence[_Sentence]) -> Iterator[Disagreement]:
    kinds: tuple[FigureKind, ...] = get_args(FigureKind)
    for kind in kinds:
        values = mine.values(kind)
        rivals = [(sentence, sentence.values(kind)) for sentence in alike if sentence.values(kind)]
        # One that agrees is the sentence itself; the others are about something beside it.
        if not values or any(values <= held or held <= values for _, held in rivals):
            continue
        for sentence, held in rivals[:1]:
            pair = mine.written(kind, values - held), sentence.written(kind, held - values)
            yield Disagreement(kind, mine.text, sentence.text, *pair)


def _share(one: _Sentence, other: _Sentence, *, related: bool) -> float:
    """The share of the words that both have, from 0 to 1; 0 where it is too little to be the same sentence."""
    common, words = len(one.words & other.words), len(one.words | other.words)
    share = common / words if words else 0.0
    fewest, least = (FEWEST_WORDS, SAME_SENTENCE) if related else (UNRELATED_WORDS, UNRELATED_SENTENCE)
    enough = common >= fewest or (related and common == words)
    return share if enough and share >= least else 0.0


@lru_cache(maxsize=8)  # an upload is compared with one text after the other
def _sentences(text: str) -> tuple[_Sentence, ...]:
    return tuple(_sentence(squeeze(span.text)) for span in split_sentences(text))


def _sentence(line: str) -> _Sentence:
    figures = figures_of(line)
    return _Sentence(line, frozenset(_content(line, figures)), figures)


def _content(line: str, figures: Iterable[Figure]) -> Iterator[str]:
    """The words of a sentence beside its figures, without endings that make no difference here."""
    for figure in figures:
        line = f"{line[: figure.start]}{' ' * (figure.end - figure.start)}{line[figure.end :]}"
    for word in _WORD.findall(line.casefold()):
        if word not in _SMALL and len(word) > 1:
            yield re.sub(r"(?<=\w{3})(?:ies|ing|ed|es|s|y)$", "", word)
