"""From what a reader types to a ranking of sections. Pure: the database tells which term matched where.

The database scores each term of the question against each section apart. Here the terms are weighed by how rare they
are among the sections found (the inverse document frequency of BM25, Robertson and Zaragoza 2009, formula 3.15), so
that "HMRC" or "customer", which stand everywhere, count for nearly nothing.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_TERMS = 16
SATURATION = 0.15  # a term that ts_rank scores thus counts half of what it can
ALL_TERMS_BONUS = 0.15
_IDENTIFIER = re.compile(r"\bcrg[\s\-]*(\d{4})\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9&£,.'’-]+")
_PAGE_NAMES = {
    "charter": "charter",
    "hmrc charter": "charter",
    "complain-about-hmrc": "complain-about-hmrc",
    "make-a-complaint": "make-a-complaint",
    "adjudicator": "adjudicator",
}
# Words of questions that the database's own stop list keeps and that never say what a question is about.
_FILLERS = """
also anything ask asked ever everything get gets getting give given go goes going got happen happened happens know let
like many may much must need put say says shall something sort still tell thing things think told want wants way whether
would
"""
FILLERS = frozenset(_FILLERS.split())
# What advisers write short. Source: the sections' own words, and usage in the profession.
ABBREVIATIONS = {
    "w&d": "worry distress",
    "pch": "poor complaint handling",
    "sa": "self assessment",
    "ao": "adjudicator",
    "phso": "ombudsman",
    "ftt": "tribunal",
    "utt": "tribunal",
    "nic": "national insurance",
    "ni": "national insurance",
    "iht": "inheritance tax",
    "frs": "flat rate scheme",
    "adr": "alternative dispute resolution",
    "compensation": "redress payment",
    "refund": "repayment reimburse",
    "accountant": "agent professional",
    "accountants": "agent professional",
    "adviser": "agent professional",
    "letter": "correspondence",
    "letters": "correspondence",
}


@dataclass(frozen=True, slots=True)
class Match:
    """How well one section matched: a score of 0 to 1 for each term, and whether its identifier was named."""

    terms: tuple[float, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Score:
    """`total` orders the results; `named` and `text` are its parts."""

    total: float
    named: float
    text: float


def section_id(text: str) -> str | None:
    """The identifier that `text` is: "crg 5225" and "CRG-5225" are "CRG5225". None when it is none."""
    plain = text.strip()
    match = _IDENTIFIER.fullmatch(plain)
    return f"CRG{match[1]}" if match else _PAGE_NAMES.get(plain.lower())


def named_sections(query: str) -> tuple[str, ...]:
    """The identifiers that `query` names, in its order."""
    whole = section_id(query)
    found = [whole] if whole else [f"CRG{digits}" for digits in _IDENTIFIER.findall(query)]
    return tuple(dict.fromkeys(found))


def query_terms(query: str) -> tuple[str, ...]:
    """The words to look for, abbreviations written out beside themselves, each once, at most MAX_TERMS.

    A term may be more than one word: all of them must then stand in the section.
    """
    terms: dict[str, None] = {}
    for raw in _WORD.findall(query):
        word = raw.strip(".,'’-£").lower().replace("’", "'")
        if word:
            terms[word] = None
            if word in ABBREVIATIONS:
                terms[ABBREVIATIONS[word]] = None
    telling = [term for term in terms if term not in FILLERS]
    return tuple(telling or terms)[:MAX_TERMS]


def score_matches(matches: Sequence[Match]) -> tuple[Score, ...]:
    """A score for each match, in the order given. All matches must have been asked the same terms."""
    weights = _term_weights(matches)
    ceiling = sum(weights) or 1.0
    return tuple(_score(match, weights, ceiling) for match in matches)


def _term_weights(matches: Sequence[Match]) -> tuple[float, ...]:
    total = len(matches)
    columns = zip(*(match.terms for match in matches), strict=True)
    counts = [sum(1 for value in column if value > 0) for column in columns]
    return tuple(math.log(1 + (total - count + 0.5) / (count + 0.5)) if count else 0.0 for count in counts)


def _score(match: Match, weights: Sequence[float], ceiling: float) -> Score:
    gained = sum(weight * value / (value + SATURATION) for weight, value in zip(weights, match.terms, strict=True))
    asked = [value for value, weight in zip(match.terms, weights, strict=True) if weight]
    text = gained / ceiling + (ALL_TERMS_BONUS if asked and all(asked) else 0.0)
    named = 1.0 if match.named else 0.0
    return Score(total=round(2 * named + text, 6), named=named, text=round(text, 6))
