"""What a question asks for: its telling words, with those that mean the same, and the identifiers that it names. Pure.

Both legs of search start from it: the words go to the full text, the whole to the embedder, the identifiers first.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.ranking import FILLERS, named_sections, section_id
from knowledge.terms import expand_terms, figure_tokens, question_synonyms

MAX_CHARACTERS: Final = 2_000  # of a question; what follows is not read
MAX_TERMS: Final = 28
_WORD: Final = re.compile(r"[A-Za-z0-9&£,.'’/-]+")
_NUMBERED: Final = re.compile(r"\b([A-Za-z]{1,6})[\s-]?(\d{1,6}[A-Za-z]?(?:\([A-Za-z0-9]{1,5}\))?)(?![\w,.]*\d)")
_NOT_FORMS: Final = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "an",
        "and",
        "are",
        "at",
        "before",
        "by",
        "for",
        "from",
        "in",
        "is",
        "its",
        "last",
        "least",
        "more",
        "most",
        "next",
        "of",
        "on",
        "only",
        "or",
        "over",
        "per",
        "section",
        "than",
        "the",
        "to",
        "under",
        "until",
        "up",
        "was",
        "were",
        "with",
        "within",
        "st",
        "nd",
        "rd",
        "th",
        "day",
        "week",
        "month",
        "year",
        "page",
        "case",
    ]
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as search uses it. `terms` are words or phrases; `groups` are places of terms that mean one thing.

    The first place of a group is what was written, and those after it are what else says it.
    """

    text: str
    terms: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    named: tuple[str, ...]

    @property
    def is_identifier(self) -> bool:
        """Whether the question is no more than the name of a section or form."""
        return bool(section_id(self.text) or _NUMBERED.fullmatch(self.text))


def read_question(query: str) -> Asked:
    """`query` taken apart. Nothing that can be typed is an error; one without telling words has no terms."""
    text = " ".join(query.replace("\0", " ")[:MAX_CHARACTERS].split())
    terms: dict[str, int] = {}
    groups: list[tuple[int, ...]] = []
    for members in _groups(text):
        fresh = [member for member in members if member not in terms]
        if members[0] in terms or len(terms) + len(fresh) > MAX_TERMS:
            continue
        terms |= {member: len(terms) + number for number, member in enumerate(fresh)}
        groups.append(tuple(terms[member] for member in members))
    return Asked(text, tuple(terms), tuple(groups), tuple(_named(text)))


def _groups(text: str) -> Iterator[tuple[str, ...]]:
    for letters, digits in _form_numbers(text):
        yield (f"{letters}{digits}", f"{letters} {digits}")
    yield from ((figure,) for figure in figure_tokens(text))
    words = list(dict.fromkeys(_words(text)))
    telling = [word for word in words if word not in FILLERS] or words
    said: set[str] = set()
    for word in telling:
        also = _lowered((*expand_terms(word), *question_synonyms(word)))
        said |= {word, *also}
        yield tuple(dict.fromkeys((word, *also)))
    yield from ((term,) for term in _lowered(expand_terms(text)) if term not in said)


def _words(text: str) -> Iterator[str]:
    for raw in _WORD.findall(text):
        word = raw.strip(".,'’-£/&").lower().replace("’", "'")
        if word:
            yield word


def _lowered(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(term.lower() for term in terms)


def _form_numbers(text: str) -> Iterator[tuple[str, str]]:
    """ "SA 100", "sa100" and "P45", as letters and digits in lower case."""
    for letters, digits in _NUMBERED.findall(text):
        if letters.lower() not in _NOT_FORMS:
            yield letters.lower(), digits.lower()


def _named(text: str) -> Iterator[str]:
    """The identifiers that may be meant, in the ways in which they may be stored."""
    found = dict.fromkeys(named_sections(text))
    for letters, digits in _form_numbers(text):
        for one in (letters.upper(), letters):
            for number in (digits.upper(), digits):
                found |= dict.fromkeys((f"{one}{number}", f"{one} {number}", f"{one}-{number}"))
    if text and len(text) <= 80:
        found |= dict.fromkeys((text, text.upper(), text.lower(), re.sub(r"\s+", "-", text.lower())))
    yield from found
