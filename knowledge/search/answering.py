"""Whether what was found answers the question: a calibrated signal of 0 to 1. Pure.

A near miss has the question's words and lacks its answer: it is told by what the question asks for (a sum, a rate, a
period, a form, where to write), and whether a passage gives such a thing beside the question's telling words.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from knowledge.search.features import Weighing
from knowledge.search.ranking import Scored
from knowledge.search.snippets import stem_of
from knowledge.search.weights import ANSWERING, ANSWERING_BASE

LOOKED_AT: Final = 5  # sections, best first, whose sentences are read
COMPARED: Final = 20  # sections whose questions are compared with the one asked
AGREE: Final = 2  # both legs have the section among so many first
_NUMBER: Final = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|thirty|forty|"
    r"sixty|ninety|half a)"
)
_UNIT: Final = r"(?:working\s+)?(?:minute|hour|day|week|month|quarter|year)s?"
# What a question asks for, by how it is put, and what gives it. The first that fits.
_ASKS: Final = (
    ("contact", r"\b(?:what|which|need|give|have|is there) (?:\w+ ){0,4}(?:address|phone|telephone|"
                r"email|post ?code|number to call)\b|\bopening hours\b|"
                r"\bhow (?:do|can|should|would) (?:i|we|he|she|they|you|my client|a client|"
                r"clients) (?:contact|reach|write to|ring|call)\b|"
                r"\bwhere\b.{0,40}\b(?:send|sent|post|posted|write|download|go)\b"),
    ("form", r"\b(?:which|what) (?:\w+ ){0,2}(?:form|box|certificate)\b|\bform (?:is|do|should)\b"),
    ("rate", r"\b(?:percentage|per ?cent|proportion|what share|success rate|interest rate|rate of|"
             r"hourly rate|daily rate|pence per|"
             r"per mile|exchange rate|what rate|rate will|rate can|rate does|rate applies)\b"),
    ("period", r"\bhow (?:long|quickly|soon|late|old|fast)\b|\bhow (?:many|much) (?:working )?(?:hour|"
               r"day|week|month|year|notice)s?\b|"
               r"\b(?:deadline|time limit|how far back)\b|\bwhen (?:does|do|must|will|is|"
               r"are) .{0,40}\b(?:next|due|expire|start)\b|"
               r"\bhow often\b"),
    ("amount", r"\bhow much\b|\b(?:what|which)(?:'?s| is| are)? (?:\w+ ){0,2}(?:sum|amount|figure|"
               r"price|limit|threshold|bracket|range|level|band|penalty)\b|"
               r"\b(?:range|bracket|maximum|minimum|the most|at most|at least|up to what|price limit|income limit)\b"),
    ("count", r"\bhow many\b|\bwhat number\b"),
    ("person", r"\bwho is the (?:current|new)\b|\bwhich (?:minister|person|manager|officer)\b"),
    ("steps", r"\bhow (?:do|can|should|would) (?:i|we|they|you|he|she|my client|a client|clients)\b"),
    ("meaning", r"\bhow (?:does|do|is|are)\b.{0,60}\b(?:define|defined|calculated|worked out)\b"),
)  # fmt: skip
_GIVES: Final = {
    "contact": r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\bBX\d\b|@|\b0\d{3,4}[\s\d]{5,}|https?://|"
               r"\b(?:address|telephone|email|write to|post to|online|ring|phone)\b",
    "form": r"\bform\b|\b[A-Z]{1,5}\s?\d{2,4}\b",
    "rate": rf"\b{_NUMBER}\s?(?:%|per ?cent|pence|p\b)|£\s?\d[\d,.]*\s?(?:an hour|per hour|per mile|"
            rf"a day|per day)|\b(?:half|third|quarter) of\b",
    "period": rf"\b{_NUMBER}[\s-](?:\w+\s)?{_UNIT}\b|\b(?:quarterly|yearly|annual|annually|monthly|"
              rf"each (?:quarter|year|month))\b",
    "amount": r"£\s?\d|\b\d[\d,]*\s?(?:pounds|pence)\b",
    "count": rf"\b{_NUMBER}\b",
    "person": r"\b(?:Mr|Mrs|Ms|Sir|Dame|Minister|Secretary)\b",
    "steps": r"\b(?:must|should|can|may|need to|write|apply|send|ask|contact|tell)\b",
    "meaning": r"\b(?:means|is defined|defined as|we mean|is where|is when|is any|includes)\b",
}  # fmt: skip
VALUES: Final = ("contact", "form", "rate", "period", "amount", "count", "person")
_ASKING: Final = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _ASKS)
_GIVING: Final = {kind: re.compile(pattern) for kind, pattern in _GIVES.items()}
_SENTENCE: Final = re.compile(r"(?<=[.!?;:])\s+|\n+|(?=• )")
_WORD: Final = re.compile(r"[A-Za-z0-9&]+")


def kind_asked(question: str) -> str:
    """What the question asks for: "amount", "period", ...; empty where it is none of these (whether, why, what)."""
    return next((kind for kind, pattern in _ASKING if pattern.search(question)), "")


@dataclass(frozen=True, slots=True)
class Telling:
    """The groups of a question as stems, each with its weight; a word that nothing stored has weighs most."""

    stems: tuple[tuple[frozenset[str], ...], ...]
    weights: tuple[float, ...]

    def coverage(self, text: str) -> float:
        """The part of the question's weight that `text` has, 0 to 1."""
        have = {stem_of(word) for word in _WORD.findall(text)}
        gained = sum(
            weight
            * max((1.0 if number == 0 else 0.7 for number, one in enumerate(group) if one and one <= have), default=0)
            for group, weight in zip(self.stems, self.weights, strict=True)
        )
        total = sum(self.weights)
        return gained / total if total else 0.0


def telling_of(weighing: Weighing, chunks: int) -> Telling:
    """The question's groups, to be looked for in sentences."""
    stems = tuple(
        tuple(frozenset(stem_of(word) for word in _WORD.findall(weighing.asked.terms[place])) for place in group)
        for group in weighing.asked.groups
    )
    unknown = math.log(1 + 2 * (chunks + 0.5))
    return Telling(stems, tuple(weight or unknown for weight in weighing.groups))


@dataclass(frozen=True, slots=True)
class Read:
    """A section with words of it: (chunk, role, text) of those of its chunks that are nearest to the question."""

    scored: Scored
    texts: tuple[tuple[int, str, str], ...]


def signals(read: Sequence[Read], weighing: Weighing, chunks: int) -> Mapping[str, float]:
    """The numbers that tell an answer from a near miss, each about 0 to 1. `read` is best first, and not empty.

    `given` is how much of the question a sentence has that gives what it asks for, `lacking` what is missing of that.
    `same` is the cosine of the nearest question of ours that asks for the same kind of thing, and `apart` how much
    nearer it is than those that ask for other things.
    """
    telling = telling_of(weighing, chunks)
    known = weighing.total / (sum(telling.weights) or 1.0)
    top = read[:LOOKED_AT]
    kind = kind_asked(weighing.asked.text)
    sentences = [
        (sentence, telling.coverage(sentence))
        for one in top for _id, role, text in one.texts if role != "question" for sentence in _sentences(text)
    ]  # fmt: skip
    said = max((covered for _, covered in sentences), default=0.0)
    giving = _GIVING.get(kind)
    given = max((covered for sentence, covered in sentences if giving and giving.search(sentence)), default=0.0)
    same, other = _nearest_questions(read[:COMPARED], kind)
    evidence = read[0].scored.evidence
    return {
        "text_cosine": max(one.scored.features["text_cosine"] for one in top),
        "summary_cosine": max(one.scored.features["summary_cosine"] for one in top),
        "question_both": max(one.scored.features["question_both"] for one in top) * known,
        "words": read[0].scored.features["any_words"] * known,
        "known": known,
        "agree": float((evidence.vector_place or 99) <= AGREE and (evidence.text_place or 99) <= AGREE),
        "sentence": said,
        "value": float(kind in VALUES),
        "given": given if kind in VALUES else said,
        "lacking": (1 - given) if kind in VALUES else 0.0,
        "lacking_steps": (1 - given) if kind in ("steps", "meaning") else 0.0,
        "same": same,
        "apart": same - other,
    }


def _nearest_questions(read: Sequence[Read], kind: str) -> tuple[float, float]:
    """The cosine of the nearest question that asks for the same kind of value, and of the nearest that does not."""
    nearest = {True: 0.0, False: 0.0}
    for one in read:
        evidence = one.scored.evidence
        cosines = dict(zip(evidence.chunk_ids, evidence.cosines, strict=True))
        for chunk_id, role, text in one.texts:
            if role == "question" and chunk_id in cosines:
                alike = _value(kind_asked(text)) == _value(kind)
                nearest[alike] = max(nearest[alike], cosines[chunk_id])
    return nearest[True], nearest[False]


def _value(kind: str) -> str:
    return kind if kind in VALUES else ""


def _sentences(text: str) -> Iterator[str]:
    """Sentences, and each with the one after it: a value often stands beside what it is of."""
    single = [piece for piece in _SENTENCE.split(text) if piece and piece.strip()]
    yield from single
    yield from (f"{one} {other}" for one, other in pairwise(single))


def answerability(read: Sequence[Read], weighing: Weighing, chunks: int) -> float:
    """How likely it is that one of the sections, best first, answers: 0 to 1, 0.5 where it is as likely as not."""
    if not read:
        return 0.0
    if weighing.asked.named and read[0].scored.score.named:
        return 1.0
    found = signals(read, weighing, chunks)
    return 1 / (1 + math.exp(-ANSWERING_BASE - sum(weight * found[name] for name, weight in ANSWERING.items())))
