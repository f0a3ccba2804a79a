"""Rules: what must, always or automatically happens must be laid down with that force in the evidence. Pure."""

import re

from lightpoint.grounding.context import Context
from lightpoint.grounding.records import Reason

_OBLIGATION = (
    r"must|shall|(?:is|are|was|were|be)\s+(?:legally\s+)?(?:required|obliged|bound|compelled)\s+to|"
    r"obliges|requires?|has\s+to|have\s+to|prescribes?|mandatory|compulsory|stipulates?"
)
_UNIVERSAL = (
    r"always|automatic(?:ally)?|invariably|in\s+(?:every|all|each)\s+cases?|without\s+exception|whenever|"
    r"in\s+any\s+event|regardless|as\s+of\s+right|never"
)
_ENTITLEMENT = (
    r"guarantee[sd]?|entitle[sd]?|entitlement|(?:has|have|gives?)\s+(?:an?\s+)?(?:absolute\s+)?right\s+to|"
    r"owed\s+as\s+of\s+right"
)
_QUANTIFIER = r"every|all|any|each|no"
_WEAKENED = re.compile(r"\b(?:not|n't|no|never)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_ONLY = r"only|unless|except|solely"

# What a text may say instead of the words of a sentence without losing force.
_FORCE = {
    "obligation": (_OBLIGATION, rf"(?:{_OBLIGATION}|needs?\s+to|need|will\s+be|{_ONLY}|asks?\s+that)"),
    "universal": (_UNIVERSAL, rf"(?:{_UNIVERSAL}|every|all)"),
    "entitlement": (_ENTITLEMENT, rf"(?:{_ENTITLEMENT}|rights?|{_OBLIGATION})"),
}  # fmt: skip


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many words of force the sentence has and which the evidence does not bear out."""
    sentence, count, reasons = context.sentence.text, 0, []
    for name, (claimed, held) in _FORCE.items():
        found = [
            m for m in re.finditer(rf"\b(?:{claimed})\b", sentence, re.IGNORECASE) if not _is_weakened(sentence, m)
        ]
        if not found or (
            name == "universal" and all(m[0].lower() == "never" for m in found) and not is_normative(context)
        ):
            continue
        count += 1
        if not _is_held(context.text, held):
            reasons.append(Reason("rule", f"the evidence does not lay down what the sentence calls {found[0][0]!r}"))
    if is_normative(context):
        reasons += _overgeneralised(context)
    return count, reasons


def _is_weakened(text: str, match: re.Match[str]) -> bool:
    return (
        _WEAKENED.search(text[: match.start()]) is not None
        or re.match(r"\s+(?:not|normally|usually|generally|ordinarily)\b", text[match.end() :]) is not None
    )


def _is_held(text: str, words: str) -> bool:
    return any(not _is_weakened(text, m) for m in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE))


def is_normative(context: Context) -> bool:
    """Whether the sentence says what guidance holds: it cites a section, or all its evidence is guidance."""
    if context.sentence.citations:
        return True
    return bool(context.evidence) and all(
        re.fullmatch(r"[A-Z]{2,6}\d+[A-Z]?|[a-z]+(?:-[a-z]+)*", i) for i, _ in context.evidence
    )


def _overgeneralised(context: Context) -> list[Reason]:
    """ "all delays" is not borne out by "not every delay"."""
    found = re.search(rf"\b(?:{_QUANTIFIER})\s+[a-z]+", context.sentence.text, re.IGNORECASE)
    if not found or _is_weakened(context.sentence.text, found):
        return []
    if found[0].lower().startswith("no ") and re.search(
        r"\b(?:not|no|never|cannot|none|without)\b", context.text, re.IGNORECASE
    ):
        return []
    if re.search(r"\bnot\s+(?:every|all|any|each)\b", context.text, re.IGNORECASE) or not _is_held(
        context.text, rf"{_QUANTIFIER}|whenever|{_UNIVERSAL}"
    ):
        return [Reason("rule", f"the evidence does not say it of {found[0]!r}")]
    return []
