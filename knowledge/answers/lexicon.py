"""The words of lexicon.txt: what questions say in different words. Pure, read once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from lightpoint.grounding.words import irregular_forms


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`phrases` gives the concept of a run of base forms; `actors` who does an act where nobody is named.

    `kinds` are sets of concepts of which two questions have to name the same.
    """

    fillers: frozenset[str]
    auxiliaries: frozenset[str]
    relations: frozenset[str]
    capitals: frozenset[str]
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    phrases: Mapping[tuple[str, ...], str]
    parties: frozenset[str]
    acts: frozenset[str]
    actors: Mapping[str, str]
    kinds: Mapping[str, frozenset[str]]
    opposites: tuple[tuple[str, str], ...]
    longest: int


@cache
def lexicon() -> Lexicon:
    """The lexicon as shipped."""
    lists = _lists()
    phrases: dict[tuple[str, ...], str] = {}
    actors: dict[str, str] = {}
    names: dict[str, set[str]] = {}
    for part in ("parties", "acts", "things"):
        for line in lists[part]:
            head, words = line.split(" = ", 1)
            name, *actor = head.split()
            names.setdefault(part, set()).add(name)
            actors |= {name: actor[0]} if actor else {}
            for phrase in words.split("|"):
                phrases[tuple(base_form(word) for word in phrase.strip().split("_"))] = name
    return Lexicon(
        fillers=_words(lists["fillers"]),
        auxiliaries=_words(lists["auxiliaries"]),
        relations=_words(lists["relations"]),
        capitals=_words(lists["capitals"]),
        rewrites=tuple(_rewrite(line) for line in lists["rewrites"]),
        phrases=phrases,
        parties=frozenset(names["parties"]),
        acts=frozenset(names["acts"]),
        actors=actors,
        kinds={name: frozenset(members.split()) for name, members in (line.split(" = ") for line in lists["kinds"])},
        opposites=tuple((one, other) for one, other in (line.split() for line in lists["opposites"])),
        longest=max(map(len, phrases)),
    )


def _words(lines: list[str]) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _lists() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in _lines():
        if line.startswith("["):
            name = line[1 : line.index("]")]
            found[name] = []
        else:
            found[name].append(line)
    return found


def _lines() -> Iterator[str]:
    text = (files("knowledge.answers") / "lexicon.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _rewrite(line: str) -> tuple[re.Pattern[str], str]:
    pattern, words = line.split(" -> ")
    return re.compile(rf"(?<![\w:])(?:{pattern})(?![\w'])"), "" if words == "_" else words.replace(" _", "")


_DOUBLED = re.compile(r"([bdfgklmnprt])\1$")
_ITSELF = frozenset({"cannot", "unpaid", "missing", "mistaken"})
_SHORTENINGS = frozenset({"paye"})

_NO_ADVERBS = frozenset({"monthly", "shortly", "friendly", "unlikely", "elderly", "quarterly", "scarcely"})


@lru_cache(maxsize=8192)
def base_form(word: str) -> str:
    """The form under which the inflections of one word meet; prefixes and other endings are left alone."""
    low = word.removesuffix("'s").removesuffix("'")
    if not low.isalpha() or len(low) < 4 or low in _SHORTENINGS:
        return low
    known = irregular_forms().get(low)
    if known and low not in _ITSELF:
        return known.removesuffix("e") if len(known) > 3 else known
    for ending, instead in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")):
        stem = low.removesuffix(ending)
        if stem != low and len(stem) >= (2 if ending == "s" else 3) and not low.endswith(("ss", "eed")):
            low = _DOUBLED.sub(r"\1", stem + instead) if ending in ("ing", "ed") else stem + instead
            break
    if low.endswith("ly") and len(low) > 6 and low not in _NO_ADVERBS:
        low = low.removesuffix("ly")
    return low.removesuffix("e") if len(low) > 3 else low
