"""Which words name nobody: those of the guidance and of the field, as far as they are written there. Pure."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.digest import load_digest
from lightpoint.grounding.words import lemma, lexicon

_WORD: Final = re.compile(r"[^\W\d_]+")
_CAPITAL_WITHIN: Final = re.compile(r"(?<=[a-z,;] )([A-Z][^\W\d_]+)")
SMALL: Final = frozenset(
    _WORD.findall(
        "a about above after again all also although an and another any are as at be because been before being below"
        " between both but by can cannot could did do does done during each either else even ever every few first for"
        " from further had has have having he hence her here his how however i if in instead into is it its itself just"
        " last later least less many may me might more most much must my neither never next no nobody none nor not"
        " nothing now of off often on once one only or other our out over own per please quite rather same second she"
        " should since so some something soon still such than thank that the their them then there therefore these they"
        " thing third this those though three through thus to together too two under unless until up upon us very via"
        " was we well were what whatever when where whether which while who whole whom whose why will with within"
        " without would yes yet you your yours sincerely faithfully regards dear sir madam"
    )
)
_FIELD: Final = frozenset(
    _WORD.findall(
        "hmrc hm revenue customs vat paye nic nics cgt sdlt utr nino ni uk gov ico mp mps gdpr dsar sar faq pdf"
        " ltd tax taxes treasury parliamentary ombudsman adjudicator tribunal court england scotland wales northern"
        " ireland britain british january february march april may june july august september october november"
        " december monday tuesday wednesday thursday friday saturday sunday self assessment tier complaint"
        " complaints charter act tma itepa ittoia fa cta tcga ihta tiopa schedule order regulation regulations"
        " finance management capital gains corporation income national insurance child benefit credits credit"
        " making digital tax certificate residence construction industry scheme stamp duty land"
    )
)


@cache
def ordinary() -> frozenset[str]:
    """Words in lower case that are used of things: alone and capitalised, at the start of a sentence, they stay."""
    found = {word for text in _public() for word in _WORD.findall(text) if word.islower()}
    field = {part for word in lexicon().concepts for part in word.split("_")}
    return frozenset(found | field) - names() | SMALL | _FIELD


@cache
def titles() -> frozenset[str]:
    """Words in lower case that public pages write with a capital within a sentence, as "Adjudicator"."""
    found = {word.casefold() for text in _public() for word in _CAPITAL_WITHIN.findall(text)}
    acronyms = {
        word.casefold() for text in _public() for word in _WORD.findall(text) if len(word) > 1 and word.isupper()
    }
    return frozenset((found | acronyms | _FIELD) - names())


@cache
def names() -> frozenset[str]:
    """Given names and surnames in lower case that are no ordinary words."""
    lines = Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split()) - _FIELD


def is_ordinary(word: str) -> bool:
    """Whether `word` names nobody, going by itself; a plural or a past tense counts as its base."""
    plain = word.casefold()
    return plain in ordinary() or (plain not in names() and lemma(plain) in ordinary())


def _public() -> Iterator[str]:
    for section in load_digest().values():
        yield section.requires
        yield section.title
