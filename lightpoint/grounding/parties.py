"""People and bodies: every name must stand in the evidence, with the same title, initial and office. Pure."""

import re
from collections.abc import Iterator

from lightpoint.grounding import words
from lightpoint.grounding.context import Context
from lightpoint.grounding.entities import Entity
from lightpoint.grounding.records import Reason


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many parties the sentence names and what speaks against them."""
    named = [e for e in context.sentence.entities if e.kind in ("person", "body", "name")]
    details = [detail for entity in named for detail in _objections(context, entity)]
    details += list(_unknown_offices(context))
    return len(named), [Reason("party", detail) for detail in dict.fromkeys(details)]


def _objections(context: Context, entity: Entity) -> Iterator[str]:
    known = [other for reading in context.readings for other in reading.entities]
    alike = [other for other in known if entity.words & other.words and entity.same_as(other)]
    if not alike:
        if not _stands_in_text(context, entity):
            yield f"{entity.text} is not named in the evidence"
        return
    titled = [other for other in alike if other.titles]
    if entity.titles and titled and not any(entity.titles & other.titles for other in titled):
        yield f"{entity.text} is called {', '.join(sorted({o.text for o in titled}))} in the evidence"
    lettered = [other for other in alike if other.initials]
    if entity.initials and lettered and not any(o.initials[0] == entity.initials[0] for o in lettered):
        yield f"{entity.text} has another initial in the evidence"


def _stands_in_text(context: Context, entity: Entity) -> bool:
    """A capital amid a sentence is not always a name; its words may stand in the evidence as plain words."""
    text = context.text.lower()
    if all(word in text or (len(word) > 4 and word.removesuffix("s") in text) for word in entity.words):
        return True
    meanings = [words.concepts_of(words.lemma(word)) for word in sorted(entity.words)]
    return entity.kind == "name" and all(meaning & context.concepts for meaning in meanings)


def _unknown_offices(context: Context) -> Iterator[str]:
    """Offices and callings ("the bank", "the senior partner", "the Ombudsman") that the evidence does not have."""
    names = {word for reading in context.readings for e in reading.entities for word in e.words}
    text = context.text.lower()
    for token in context.sentence.tokens:
        offices = {name for name in token.concepts if words.is_party_concept(name)}
        if not offices or len(offices) < len(token.concepts):
            continue
        if (
            not offices & context.concepts
            and not any(word[:5] == token.lemma[:5] for word in names)
            and not _in_words(token.lemma, text)
            and not (not context.strict and _is_implied(token.low, text))
        ):
            yield f"no {token.text.lower()} is mentioned in the evidence"


_KIN = r"\b(?:relatives?|famil(?:y|ies)|parents?|child(?:ren)?|spouses?|next of kin)\b"
_IMPLIED = {
    "landlord": r"\b(?:rent\w*|lease\w*|let|tenan\w+)\b",
    "tenant": r"\b(?:rent\w*|lease\w*|let|landlord)\b",
    "buyer": r"\b(?:s[eo]ld?|sell\w*|sale|bought|purchase\w*)\b",
    "purchaser": r"\b(?:s[eo]ld?|sell\w*|sale|bought|purchase\w*)\b",
    "seller": r"\b(?:bought|buy\w*|purchase\w*|s[eo]ld?|sale)\b",
    "lender": r"\b(?:lent|loans?|mortgage|borrow\w*)\b",
    "employer": r"\b(?:employ\w*|payroll|wages?|payslips?|P60|P45)\b",
    **dict.fromkeys(("daughter", "son", "father", "mother", "sister", "brother", "wife", "husband", "child"), _KIN),
}


def _is_implied(calling: str, text: str) -> bool:
    """Whether a doing of the evidence makes somebody what the sentence calls him: who lets is a landlord."""
    pattern = _IMPLIED.get(calling.removesuffix("s"))
    return pattern is not None and re.search(pattern, text, re.IGNORECASE) is not None


def _in_words(lemma: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(lemma.replace('_', ' '))}", text) is not None
