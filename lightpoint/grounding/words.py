"""The meaning of words: lemmas, stems and the concepts of words.txt. Pure, read once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from lightpoint.grounding.small_words import word_list

STOP_WORDS = word_list("stop")
LIGHT_VERBS = word_list("light")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Concepts by lemma or phrase, the lemmas that can be verbs, and the flags of concepts."""

    concepts: Mapping[str, frozenset[str]]
    verbs: frozenset[str]
    qualities: frozenset[str]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    flags: Mapping[str, frozenset[str]]
    acts: frozenset[str]  # the concepts that have verbs of their own
    parts: frozenset[str]  # the words that phrases are made of
    doings: frozenset[str]  # the concepts that some verb has


def _lines(name: str) -> list[str]:
    text = (files("lightpoint.grounding") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def irregular_forms() -> Mapping[str, str]:
    pairs = (item.split("=") for line in _lines("irregular.txt") for item in line.split())
    return {form: base for form, base in pairs}


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    concepts: dict[str, set[str]] = {}
    verbs: set[str] = set()
    acts: set[str] = set()
    qualities: set[str] = set()
    flags: dict[str, frozenset[str]] = {}
    for line in _lines("words.txt"):
        head, body = line.split(" = ", 1)
        name, *marks = head.split()
        flags[name] = flags.get(name, frozenset()) | frozenset(marks)
        for part in body.split("|"):
            kind, words = part.strip().split(":", 1)
            for word in words.split():
                concepts.setdefault(word, set()).add(name)
                if kind == "v":
                    verbs.add(word)
                    acts.add(name)
                if kind == "a":
                    qualities.add(word)
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for word in concepts:
        if "_" in word:
            parts = tuple(word.split("_"))
            phrases.setdefault(parts[0], []).append(parts)
    return Lexicon(
        concepts={word: frozenset(names) for word, names in concepts.items()},
        verbs=frozenset(verbs),
        qualities=frozenset(qualities),
        phrases={first: tuple(sorted(found, key=len, reverse=True)) for first, found in phrases.items()},
        flags=flags,
        acts=frozenset(acts),
        parts=frozenset(part for found in phrases.values() for parts in found for part in parts),
        doings=frozenset(name for verb in verbs for name in concepts[verb]),
    )


_DOUBLED = re.compile(r"([bdfgklmnprt])\1$")


def _bases(word: str) -> list[str]:
    """Candidate base forms of a regular inflection, the likeliest first."""
    found: list[str] = []
    if word.endswith("ies") or word.endswith("ied"):
        found.append(word[:-3] + "y")
    for ending in ("es", "s", "ed", "d", "ing"):
        if word.endswith(ending) and len(word) - len(ending) >= 2 and not word.endswith("ss"):
            stem = word[: -len(ending)]
            found.append(stem)
            if ending == "ing":
                found.append(stem + "e")
            if ending in ("ing", "ed") and _DOUBLED.search(stem):
                found.append(stem[:-1])
    return found


@lru_cache(maxsize=8192)
def lemma(word: str) -> str:
    """The base form of a word in lower case: known words by the lexicon, others by their ending."""
    low = word.lower().replace("’", "'")
    low = low.removesuffix("'s").removesuffix("s'") if "'" in low and not low.endswith("n't") else low
    irregular = irregular_forms()
    if low in irregular:
        return irregular[low]
    known = lexicon().concepts
    if low in known or low in STOP_WORDS or low in LIGHT_VERBS:
        return low
    if low in lexicon().parts and not any(base in known or base in LIGHT_VERBS for base in _bases(low)):
        return low
    candidates = _bases(low)
    for base in candidates:
        if base in known or base in LIGHT_VERBS or base in STOP_WORDS:
            return base
    return stem(low)


_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ingly",
    "edly",
    "ings",
    "ing",
    "ions",
    "ion",
    "ness",
    "ies",
    "ied",
    "ed",
    "es",
    "ly",
    "s",
    "e",
    "y",
)


def stem(word: str) -> str:
    """A crude stem for words the lexicon does not hold, so that inflections of one word meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            base = word[: -len(ending)]
            return base[:-1] if _DOUBLED.search(base) and len(base) > 4 else base
    return word


@lru_cache(maxsize=8192)
def concepts_of(word_lemma: str) -> frozenset[str]:
    """What a lemma or joined phrase means; a word the lexicon does not hold means itself."""
    return lexicon().concepts.get(word_lemma) or frozenset({"~" + word_lemma})


def phrase_at(lemmas: Sequence[str], position: int) -> tuple[tuple[str, ...], int] | None:
    """The longest known phrase that starts here, e.g. ("turn", "down"), and over how many words it reaches.

    An object may stand inside it when it is a pronoun or two short words: "gave them back", "put it right".
    """
    for parts in lexicon().phrases.get(lemmas[position], ()):
        if tuple(lemmas[position : position + len(parts)]) == parts:
            return parts, len(parts)
        gap = lemmas[position + 1 : position + 2]
        if len(parts) == 2 and gap and gap[0] in _SHORT_OBJECTS and lemmas[position + 2 : position + 3] == [parts[1]]:
            return parts, 3
        rest = parts[1:]
        for length in range(1, _LONG_OBJECT) if len(rest) > 1 else ():
            if tuple(lemmas[position + 1 + length : position + 1 + length + len(rest)]) == rest:
                return parts, len(parts) + length
    return None


_LONG_OBJECT = 6  # words, in a phrase whose rest is long enough to be known again: "leave ... out of account"
_SHORT_OBJECTS = frozenset({"it", "them", "him", "her", "us", "me", "this", "that", "matter", "thing", "you"})


def is_party_concept(concept: str) -> bool:
    return "party" in lexicon().flags.get(concept, frozenset())


def is_money_concept(concept: str) -> bool:
    return "money" in lexicon().flags.get(concept, frozenset())


def is_light(concept: str) -> bool:
    return "light" in lexicon().flags.get(concept, frozenset())


def is_sayso(concept: str) -> bool:
    return "sayso" in lexicon().flags.get(concept, frozenset())


@lru_cache(maxsize=1)
def _relations() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    against: dict[str, set[str]] = {}
    sources: dict[str, frozenset[str]] = {}
    for line in _lines("relations.txt"):
        if "<>" in line:
            one, other = line.split(" <> ")
            against.setdefault(one, set()).add(other)
            against.setdefault(other, set()).add(one)
        else:
            name, others = line.split(" <- ")
            sources[name] = frozenset(others.split())
    return {name: frozenset(found) for name, found in against.items()}, sources


def opposites(concepts: frozenset[str]) -> frozenset[str]:
    """The concepts that deny these."""
    return frozenset(other for name in concepts for other in _relations()[0].get(name, ()))


def mutually_related(concepts: frozenset[str]) -> frozenset[str]:
    """The concepts that may be told as these, and these as them ("given back" and "refunded")."""
    return frozenset(o for o in related(concepts) if concepts & _relations()[1].get(o, frozenset()))


def related(concepts: frozenset[str]) -> frozenset[str]:
    """The concepts that may be told as one of these ("lent" as "borrowed")."""
    return frozenset(other for name in concepts for other in _relations()[1].get(name, ()))
