"""Whether a question is about public guidance alone, and may share an answer with other wordings. Pure.

In doubt it may not: a question taken for somebody's case is answered anew, and loses only time.
"""

import re
from typing import Final

from knowledge.answers.lexicon import base_form, lexicon
from lightpoint.language.dates import find_partial_dates
from lightpoint.language.money import find_amounts
from lightpoint.language.normalise import squeeze
from lightpoint.language.references import find_references

LONGEST: Final = 300  # characters; longer ones tell a case
_OF_A_CASE = re.compile(
    r"\b(?:my|our|this|the|her|his|their) (?:client|matter|case|complaint ref|file)\b|\bclient's\b|"
    r"\b(?:mr|mrs|ms|miss|dr|sir)\b\.? \w|"
    r"\b(?:your|our|my) (?:ref|reference|letter|email|e-mail)\b|@|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|"
    r"\b\d{6,}\b|\b(?:he|she|him) (?:was|is|has|had|did)\b|\b(?:his|her) ",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\b[A-Z][a-z]+(?:[-'][A-Za-z]+)*")


def is_public(question: str) -> bool:
    """False where `question` tells of a client, a case, a named person, a reference, or a sum together with a day."""
    text = squeeze(question)
    if len(text) > LONGEST or _OF_A_CASE.search(text) or find_references(text) or _names(text):
        return False
    return not (find_amounts(text) and find_partial_dates(text))


def _names(text: str) -> bool:
    """Whether a word has a capital that neither begins a sentence nor belongs to the field."""
    for match in _CAPITAL.finditer(text):
        begins = re.search(r"(?:^|[.?!:] ?)$", text[: match.start()])
        base = base_form(match[0].lower())
        known = match[0].lower().removesuffix("'s") in lexicon().capitals or (base,) in lexicon().phrases
        if not known and (not begins or match[0].endswith("'s")):
            return True
    return False
