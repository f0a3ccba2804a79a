"""What a question asks for by name, and so what a sentence that is quoted in answer has to have. Pure.

A near miss has most words of a question and lacks the one that matters: whose name it is, which kind of thing is asked
for, which sum is asked about, that it is an average or of last year. Words that matter are told by where they stand.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from knowledge.chat.bearing import alike, key_of
from knowledge.ranking import query_terms
from knowledge.terms import written_out
from lightpoint.grounding import words
from lightpoint.language.numbers import parse_number_words

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9&]*")
_STORY: Final = re.compile(r"[.?!]\s+\S")
_DONE: Final = re.compile(r"\bto ([a-z]+)\b|\b([a-z]+) (?:up|out|off)\b")
_NAME: Final = re.compile(r"(?<=[a-z,;] )[A-Z][A-Za-z0-9&]+|\b[A-Z]{2,}[0-9]*\b|\b[A-Z][0-9]{2,}\b")
_SUM: Final = re.compile(r"£\s?\d[\d,]*|\d+(?:\.\d+)?\s?%")
_YES_OR_NO: Final = re.compile(
    r"^\W*(?:do|does|did|can|could|will|would|is|are|may|must|should|has|have)\b", re.IGNORECASE
)
# What the guidance says nothing of unless it says the word: statistics, and the state of things today.
_STATED: Final = re.compile(
    r"\b(?:average|mean|median|statistics?|last (?:financial |tax )?year|this year|current(?:ly)?|latest|new|next|"
    r"so far|in (?:19|20)\d\d|since (?:19|20)\d\d|today|now)\b",
    re.IGNORECASE,
)
ALIKE: Final = 0.85  # of the letters of a word that is spelt wrong
SHORT: Final = 5  # telling words of a question each of which matters
_ASKING_WORDS: Final = """
much many long time limit deadline maximum minimum range bracket number sum amount figure rate what which often quickly
soon late please pls need usual usually normal normally level pay hmrc client customer case get give go have let like
does did been being type really actually simply just isn doesn don won can cannot doesnt isnt dont wont worth
whats exactly address postal post phone telephone email happen say tell mean make take put
"""
_DOES: Final = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would)"
_HEAD: Final = re.compile(
    rf"\b(?:what|which)(?:'s|’s)? (?!(?:the|an?|{_DOES})\b)((?:[\w’'-]+ ){{0,5}}?[\w’'-]+)(?= {_DOES}\b)", re.IGNORECASE
)
_BARE_HEAD: Final = re.compile(rf"^\W*which (?!{_DOES}\b)([\w’'-]+)", re.IGNORECASE)
_OF: Final = re.compile(
    r"\bwhat(?:'s|’s| is| are| was| were) (?:the |an? )((?:[\w’'-]+ ){0,5}?[\w’'-]+)"
    r"(?= (?:for|of|to|on|at|in|that|which|when|per|by|against|between)\b|\W*$)",
    re.IGNORECASE,
)
# Heads that ask for a value, which is looked for as such, or that say nothing.
_PLAIN_WORDS: Final = """
sum amount figure number rate percentage level threshold limit deadline period range bracket maximum minimum most least
price time point circumstance case way kind type sort thing part check step route happen address phone email day week
month year usual normal standard section page manual guidance rule principle effect consequence last first remedy
difference meaning mean definition test criterion condition evidence hmrc's hmrc
"""


def lacks(question: str, sentence: str, title: str, page: str) -> bool:
    """Whether `sentence`, under `title` on a page whose words are `page`, lacks what `question` asks for by name."""
    own = stems_of(f"{title} {sentence}")
    if any(not group & own for group in _heads(question)):
        return True
    if any(not _is_named(name, page) for name in _names(question)):
        return True
    if any(found[0].lower() not in sentence.lower() for found in _STATED.finditer(question)):
        return True
    sums = _SUM.findall(question) if states_sum(question) else []
    return any(_plain_sum(one) not in map(_plain_sum, _SUM.findall(sentence)) for one in sums)


def covered(question: str, text: str) -> float:
    """The share of the telling words of `question` that `text` has, in some form or in another word for it."""
    told = telling(question)
    return 1 - len(_missing(told, text)) / len(told) if told else 1.0


def is_strange(question: str, text: str) -> bool:
    """Whether `text` says nothing of a thing that a short question asks about.

    A long question tells a story, most of whose words do not matter.
    """
    told = telling(question)
    done = {word for found in _DONE.finditer(question) for word in found.groups() if word}
    things = [word for word in told if word not in done and not _is_doing_or_number(word)]
    return len(told) <= SHORT and not _STORY.search(question) and bool(_missing(things, text))


def _is_doing_or_number(word: str) -> bool:
    base = words.lemma(word)
    return base in words.lexicon().verbs or word in words.irregular_forms() or parse_number_words(word) is not None


def telling(question: str) -> tuple[str, ...]:
    """The words of `question` that tell what it is about, once each, without those that only ask."""
    written = (word for term in query_terms(question) for word in _WORD.findall(term))
    small = words.STOP_WORDS | words.LIGHT_VERBS
    kept = (word for word in written if len(word) > 2 and word not in small and stem_of(word) not in _asking())
    return tuple(dict.fromkeys(kept))


def _missing(told: Iterable[str], text: str) -> list[str]:
    held, meant = stems_of(text), _meanings(text)
    return [
        word
        for word in told
        if not (stem_of(word) in held or words.concepts_of(words.lemma(word)) & meant or _has_synonym(word, held))
    ]


def _has_synonym(word: str, held: frozenset[str]) -> bool:
    """Whether `held` has another word for `word`, or what it is when it is spelt right."""
    stem = stem_of(word)
    return any(alike(key_of(word), other) or _is_slip(stem, other) for other in held)


@lru_cache(maxsize=65536)
def _is_slip(one: str, other: str) -> bool:
    if one[0] != other[0] or min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1:
        return False
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


@lru_cache(maxsize=64)
def _meanings(text: str) -> frozenset[str]:
    return frozenset(name for word in set(_WORD.findall(text.lower())) for name in words.concepts_of(words.lemma(word)))


def states_sum(question: str) -> bool:
    """Whether `question` asks whether a sum is so: "Does HMRC pay £5,000 for ...?"."""
    return bool(_YES_OR_NO.search(question) and _SUM.search(question))


def stems_of(text: str) -> frozenset[str]:
    """The words of `text` so that their forms are one: "paid" is "pay"."""
    return frozenset(stem_of(word) for word in _WORD.findall(text))


@lru_cache(maxsize=8192)
def stem_of(word: str) -> str:
    """What the forms of `word` have in common."""
    return words.stem(words.lemma(word.lower()))


def _heads(question: str) -> Iterator[frozenset[str]]:
    """Stems of which a sentence has to have one: the kind of thing that "what" or "which" asks for."""
    for pattern in (_HEAD, _BARE_HEAD, _OF):
        for found in pattern.finditer(question):
            told = [stem_of(word) for word in _WORD.findall(found[1]) if word.lower() not in words.STOP_WORDS]
            if told and told[-1] not in _plain():
                yield frozenset(told[-1:])


@lru_cache(maxsize=1)
def _asking() -> frozenset[str]:
    return frozenset(stem_of(word) for word in _ASKING_WORDS.split())


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    return frozenset(stem_of(word) for word in _PLAIN_WORDS.split())


def _names(question: str) -> Iterator[str]:
    yield from (found[0] for found in _NAME.finditer(question) if len(found[0]) > 3 and found[0] != "HMRC")


def _is_named(name: str, page: str) -> bool:
    written = " ".join(written_out(name)) or name
    return re.search(rf"\b{re.escape(name)}\b", page, re.IGNORECASE) is not None or stems_of(written) <= stems_of(page)


def _plain_sum(written: str) -> str:
    return re.sub(r"[\s,]", "", written)
