"""What a reader types as words and identifiers. Pure."""

import re

from knowledge.terms import question_synonyms, written_out

MAX_TERMS = 16
_BETWEEN = r"(?:[\s\-\u2010-\u2015_/:]|\.(?=\d)|\bno\b\.?){0,4}"
_IDENTIFIER = re.compile(rf"(?<![A-Za-z0-9])crg{_BETWEEN}(\d{{4}})(?![A-Za-z0-9])", re.IGNORECASE)
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
EVERYWHERE = frozenset(["hmrc"])  # not written out: it would stand for nothing in particular


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
            if word not in EVERYWHERE:
                terms |= dict.fromkeys((*written_out(word), *question_synonyms(word)))
    telling = [term for term in terms if term not in FILLERS]
    return tuple(telling or terms)[:MAX_TERMS]
