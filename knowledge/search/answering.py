"""Whether what was found answers the question: a calibrated signal of 0 to 1. Pure.

A near miss has the question's words and lacks its answer: it is told by what the question asks for (a sum, a rate, a
period, a form, where to write), and whether a passage gives such a thing beside the question's telling words.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.search.features import Weighing
from knowledge.search.ranking import Scored
from knowledge.search.snippets import stem_of

LOOKED_AT: Final = 5  # sections, best first, whose passages are read
_NUMBER: Final = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|thirty|forty|"
    r"sixty|ninety|half a)"
)
_UNIT: Final = r"(?:working\s+)?(?:minute|hour|day|week|month|quarter|year)s?"
# What a question asks for, by how it is put, and what gives it. The first that fits.
_ASKS: Final = (
    ("contact", r"\b(?:what|which|need|give|have|is there) (?:\w+ ){0,4}(?:address|phone|telephone|email|post ?code|number to call)\b|\bopening hours\b|"
                r"\bhow (?:do|can|should|would) (?:i|we|he|she|they|you|my client|a client|clients) (?:contact|reach|write to|ring|call)\b|"
                r"\bwhere\b.{0,40}\b(?:send|sent|post|posted|write|download|go)\b"),
    ("form", r"\b(?:which|what) (?:\w+ ){0,2}(?:form|box|certificate)\b|\bform (?:is|do|should)\b"),
    ("rate", r"\b(?:percentage|per ?cent|proportion|what share|success rate|interest rate|rate of|hourly rate|daily rate|pence per|"
             r"per mile|exchange rate|what rate|rate will|rate can|rate does|rate applies)\b"),
    ("period", r"\bhow (?:long|quickly|soon|late|old|fast)\b|\bhow (?:many|much) (?:working )?(?:hour|day|week|month|year|notice)s?\b|"
               r"\b(?:deadline|time limit|how far back)\b|\bwhen (?:does|do|must|will|is|are) .{0,40}\b(?:next|due|expire|start)\b|"
               r"\bhow often\b"),
    ("amount", r"\bhow much\b|\b(?:what|which)(?:'?s| is| are)? (?:\w+ ){0,2}(?:sum|amount|figure|price|limit|threshold|bracket|range|level|band|penalty)\b|"
               r"\b(?:range|bracket|maximum|minimum|the most|at most|at least|up to what|price limit|income limit)\b"),
    ("count", r"\bhow many\b|\bwhat number\b"),
    ("person", r"\bwho is the (?:current|new)\b|\bwhich (?:minister|person|manager|officer)\b"),
    ("steps", r"\bhow (?:do|can|should|would) (?:i|we|they|you|he|she|my client|a client|clients)\b"),
    ("meaning", r"\bhow (?:does|do|is|are)\b.{0,60}\b(?:define|defined|calculated|worked out)\b"),
)  # fmt: skip
_GIVES: Final = {
    "contact": r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\bBX\d\b|@|\b0\d{3,4}[\s\d]{5,}|https?://|\b(?:address|telephone|email|write to|post to|online|ring|phone)\b",
    "form": r"\bform\b|\b[A-Z]{1,5}\s?\d{2,4}\b",
    "rate": rf"\b{_NUMBER}\s?(?:%|per ?cent|pence|p\b)|£\s?\d[\d,.]*\s?(?:an hour|per hour|per mile|a day|per day)|\b(?:half|third|quarter) of\b",
    "period": rf"\b{_NUMBER}[\s-](?:\w+\s)?{_UNIT}\b|\b(?:quarterly|yearly|annual|annually|monthly|each (?:quarter|year|month))\b",
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
            weight * max((1.0 if number == 0 else 0.7 for number, one in enumerate(group) if one and one <= have), default=0)
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


def signals(ranked: Sequence[Scored], passages: Sequence[Sequence[str]], weighing: Weighing, chunks: int) -> Mapping[str, float]:
    """The numbers that tell an answer from a near miss, each about 0 to 1."""
    telling = telling_of(weighing, chunks)
    known = weighing.total / (sum(telling.weights) or 1.0)
    best = ranked[0].features
    top = ranked[:LOOKED_AT]
    kind = kind_asked(weighing.asked.text)
    sentences = [sentence for texts in passages for text in texts for sentence in _sentences(text)]
    giving = _GIVING.get(kind)
    given = max((telling.coverage(one) for one in sentences if giving and giving.search(one)), default=0.0)
    said = max((telling.coverage(one) for one in sentences), default=0.0)
    rest = ranked[1].score.total if len(ranked) > 1 else 0.0
    later = ranked[5].score.total if len(ranked) > 5 else 0.0
    return {
        "question_cosine": max(one.features["question_cosine"] for one in top),
        "question_both": max(one.features["question_both"] for one in top) * known,
        "text_cosine": max(one.features["text_cosine"] for one in top),
        "summary_cosine": max(one.features["summary_cosine"] for one in top),
        "words": best["any_words"] * known,
        "question_words": max(one.features["question_words"] for one in top) * known,
        "known": known,
        "score": ranked[0].score.total,
        "margin": ranked[0].score.total - rest,
        "margin5": ranked[0].score.total - later,
        "agree": float((ranked[0].evidence.vector_place or 99) <= 2 and (ranked[0].evidence.text_place or 99) <= 2),
        "sentence": said,
        "value": float(kind in VALUES),
        "steps": float(kind in ("steps", "meaning")),
        "given": given if kind in VALUES else said,
        "lacking": (1 - given) if kind in VALUES else 0.0,
        "lacking_steps": (1 - given) if kind in ("steps", "meaning") else 0.0,
    }


def _sentences(text: str) -> Iterator[str]:
    """Sentences, and each with the one after it: a value often stands beside what it is of."""
    single = [piece for piece in _SENTENCE.split(text) if piece and piece.strip()]
    yield from single
    yield from (f"{one} {other}" for one, other in zip(single, single[1:], strict=False))


def answerability(ranked: Sequence[Scored], passages: Sequence[Sequence[str]], weighing: Weighing) -> float:
    """How likely it is that one of the sections, best first, answers. `passages` are words of the first of them."""
    if not ranked:
        return 0.0
    best = ranked[0].features
    return 1 / (1 + math.exp(-8 * (best["question_both"] - 0.4)))
