"""Answers without a model: the sentences of the best passages that answer, quoted word for word. Pure.

A sentence is scored by the question's words that stand in it, each by how rare it is among the sentences (the inverse
document frequency of BM25, Robertson and Zaragoza 2009, formula 3.15), by how near its meaning is to the question's
(cosine of embeddings), and by the rank of its passage. Weights were set by hand on questions of our own.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from knowledge.chat.asked import covered, is_strange, lacks, states_sum, stem_of
from knowledge.chat.orders import without_orders
from knowledge.chat.records import Passage
from knowledge.chat.values import value_asked
from knowledge.ranking import named_sections, query_terms
from lightpoint.language.sentences import split_sentences

MOST: Final = 4  # citations of an answer
WEIGHED: Final = 24  # sentences whose meaning is compared; bounds the cost of long pages
GIVEN: Final = 0.4  # what it counts that a sentence gives a sum, period, rate or number where one is asked for
TITLED: Final = 0.3  # for a title that says what is asked
RULES: Final = 0.1  # for a rule
ASIDE: Final = 0.3  # against a sentence that leans on others
RANGED: Final = 0.3  # for a range of sums, where one asks how much
TITLE: Final = 0.5  # of the words in the sentence itself: what the same words count in its title
LOWER: Final = 0.08  # against each page that search put before
MEANT: Final = 0.8  # cosine of a sentence that means what is asked, in whatever words
LEAST_SHARE: Final = 0.7  # of the best sentence's score; what has less does not answer
COVERED: Final = 0.7  # of the words of a question for a value, in the sentence that gives it and its title
BEFORE: Final = 160  # characters before it, which may say what the value is of
LEAST_SCORE: Final = 0.5  # of the best sentence; below it nothing answers
_SHORTEST, _LONGEST = 25, 700  # characters of a sentence that can stand alone
_WORD: Final = re.compile(r"[a-z0-9£%]+")
_SMALL_WORDS: Final = """
a an and are as at be by can could customer did do does for from had has have hmrc how i if in is it its long many may
me much my of on or our should so that the their them then there these they this to was we were what when where which
who whom why will with would you your
"""
_SMALL: Final = frozenset(_SMALL_WORDS.split())
_FOLLOWING: Final = re.compile(
    r"^\W*(?:and|but|or|so|then|also|what about|how about|what if|why|does (?:that|it|this)|is (?:that|it|this)|"
    r"(?:can|could|would|do|will) (?:they|it|that|he|she))\b|\b(?:it|that|they|them|those|these|this)\W*$",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"\b(?:must|should|may|can|cannot|will|normally|usually|(?:do|does) not)\b", re.IGNORECASE)
_RANGE: Final = re.compile(r"\b(?:from|between|range of) £[\d,]+ (?:to|and) £")
_ASIDE: Final = re.compile(
    r"^\W*(?:finally|again|also|however|remember|make sure|please|note|see|he|she|they|this|these|those|such|at our|"
    r"for (?:example|instance)|in (?:one|the|an|this|our|another) (?:examples?|case)|you must consult)\b",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(r"^(?:what|how|if|when|who|where|why|which|whether)\b", re.IGNORECASE)
_FULL: Final = re.compile(r"[.!;][\"”’')\]]*$")
Similarities = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence to be quoted; `start` and `end` are places in what its version says."""

    passage: Passage
    start: int
    end: int
    text: str
    score: float = 0.0


def search_words(question: str, earlier: Sequence[str]) -> str:
    """What to search for: the question, after the one before it where it cannot be understood alone."""
    if earlier and (_FOLLOWING.search(question) or len(stems(question)) < 2):
        return f"{earlier[-1]} {question}"
    return question


def best_sentences(
    question: str, passages: Sequence[Passage], similarities: Similarities, *, most: int = MOST
) -> tuple[Quoted, ...]:
    """The sentences of `passages`, best first, that answer `question`: at most `most`, none said twice.

    The first is the best that has what the question asks for by name, and the sum, period, rate or number. None where
    there is no such sentence, or it is far from the question. Of a section that the question names sentences are always
    given.

    `similarities` gives the cosine of a text and each of others.
    """
    named = named_sections(question)
    passages = [passage for passage in passages if passage.identifier in named] or passages
    found = list(_candidates(passages))
    if not found:
        return ()
    if named and not stems(question) - stems(" ".join(named)):
        return tuple(found[:most])
    ranked = _ranked(question, found, similarities)
    if named:
        return tuple(_chosen([one for one, _ in ranked], most))
    pages = {one.version_id: f"{one.title} {one.text}" for one in passages}
    first = next((one for one, _ in ranked if _answers(question, one, pages[one.passage.version_id])), None)
    if first is None or first.score < LEAST_SCORE:
        return ()
    meant = max(close for _, close in ranked) >= MEANT or value_asked(question) is not None
    if not meant and is_strange(question, " ".join(pages.values())):
        return ()
    return tuple(_chosen([first, *(one for one, _ in ranked if one is not first)], most))


def _ranked(question: str, found: Sequence[Quoted], similarities: Similarities) -> list[tuple[Quoted, float]]:
    """The WEIGHED sentences that share most with the question, scored, best first, each with its cosine."""
    asked = frozenset(stem for term in query_terms(question) for stem in stems(term))
    held = [stems(f"{one.passage.title} {one.text}") for one in found]
    weights = _weights(asked, held)
    ranks = {key: place for place, key in enumerate(dict.fromkeys(one.passage.version_id for one in found))}
    lexical = [
        (_overlap(asked, stems(one.text), weights) + TITLE * _overlap(asked, titled, weights)) / (1 + TITLE)
        for one, titled in zip(found, held, strict=True)
    ]
    order = sorted(range(len(found)), key=lambda at: (-lexical[at], ranks[found[at].passage.version_id], at))[:WEIGHED]
    near = similarities(question, [f"{found[at].passage.title}. {found[at].text}" for at in order])
    scored = []
    for at, close in zip(order, near, strict=True):
        one = found[at]
        score = lexical[at] + max(0.0, close) - LOWER * ranks[one.passage.version_id] + _standing(question, one)
        scored.append((replace(one, score=score), close))
    return sorted(scored, key=lambda pair: -pair[0].score)


def _standing(question: str, one: Quoted) -> float:
    """What it counts that a sentence has the value asked for, is of a page about it, and is the rule, not an aside."""
    gives = value_asked(question)
    given = GIVEN if gives and gives(one.text) else 0.0
    about = TITLED * covered(question, one.passage.title)
    about += RANGED if _RANGE.search(one.text) and "much" in question.lower() else 0.0
    aside = ASIDE if _ASIDE.search(one.text) and not given else 0.0
    return given + about + (RULES if _RULE.search(one.text) else 0.0) - aside


def _answers(question: str, one: Quoted, page: str) -> bool:
    """Whether a sentence has what the question asks for by name, and the value that it asks for beside its words."""
    gives, title = value_asked(question), one.passage.title
    at = one.start - one.passage.start
    before = one.passage.text[max(0, at - BEFORE) : at]
    if lacks(question, one.text, title, page):
        return False
    if gives is None and not states_sum(question):
        return True
    near = f"{title} {before} {one.text}"
    return (gives is None or gives(one.text)) and covered(question, near) >= COVERED


def stems(text: str) -> frozenset[str]:
    """The telling words of `text`, so that the forms of a word are one."""
    return frozenset(stem_of(word) for word in _WORD.findall(text.lower()) if word not in _SMALL and len(word) > 1)


def _candidates(passages: Iterable[Passage]) -> Iterable[Quoted]:
    for passage in passages:
        text = without_orders(passage.text)
        for span in split_sentences(text):
            if _SHORTEST <= len(span.text) <= _LONGEST and _stands_alone(span.text):
                start = passage.start + span.start
                yield Quoted(passage, start, passage.start + span.end, " ".join(span.text.split()))


def _stands_alone(sentence: str) -> bool:
    """Headings, questions and what only leads to a list do not."""
    if sentence.endswith((":", "?")):
        return False
    return bool(_FULL.search(sentence)) or not (_HEADING.match(sentence) or len(sentence.split()) < 6)


def _weights(asked: frozenset[str], held: Sequence[frozenset[str]]) -> dict[str, float]:
    total = len(held)
    counts = {word: sum(1 for words in held if word in words) for word in asked}
    return {word: math.log(1 + (total - count + 0.5) / (count + 0.5)) for word, count in counts.items()}


def _overlap(asked: frozenset[str], words: frozenset[str], weights: dict[str, float]) -> float:
    ceiling = sum(weights[word] for word in asked)
    return sum(weights[word] for word in asked & words) / ceiling if ceiling else 0.0


def _chosen(scored: Sequence[Quoted], most: int) -> Iterable[Quoted]:
    taken: list[frozenset[str]] = []
    for one in scored:
        if len(taken) == most or one.score < LEAST_SHARE * scored[0].score:
            return
        words = stems(one.text)
        if not any(len(words & other) > 0.8 * min(len(words), len(other)) for other in taken):
            taken.append(words)
            yield one
