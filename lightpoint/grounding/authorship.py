"""Who speaks in a piece of evidence, and to whom: from its heading, its letterhead or its title line. Pure."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from lightpoint.grounding.entities import Entity, find_entities
from lightpoint.grounding.reading import header_end

_PAPER = (
    r"(?:letter|note|e-?mail|statement|message|invoice|reply|report|memo|memorandum|fee note|bill|advice|"
    r"notice|transcript|account|log)"
)
_AUTHOR_CUE = re.compile(
    rf"\b(?:{_PAPER}\b[^:\n]{{0,40}}?\b(?:from|by|of)|from:?|by|signed(?: by)?|"
    rf"author:?)\s+(?:the\s+)?(?:agent|officer|adviser|client|director|partner|clerk|trustee|taxpayer|"
    rf"manager)?\s*$",
    re.IGNORECASE,
)
_RECIPIENT_CUE = re.compile(r"(?:\bto:?|\bDear)\s+(?:the\s+)?$", re.IGNORECASE)


_OURS = re.compile(r"\bfrom (us|our client)\b")


@dataclass(frozen=True, slots=True)
class Authorship:
    """`author` is who "I" and "we" are, `recipient` who "you" are; None where the text does not tell."""

    author: Entity | None = None
    recipient: Entity | None = None


@lru_cache(maxsize=512)
def authorship_of(text: str) -> Authorship:
    """Read the heading of a text for who wrote it and to whom."""
    head = header_end(text)
    if not head:
        return Authorship()
    ours = _OURS.search(text[:head])
    if ours:
        return Authorship(Entity("name", frozenset({ours[1].lower()}), frozenset(), "", 0, 0, ours[1]), None)
    named = [entity for entity in find_entities(text) if entity.start < head]
    speaker = [e for e in named if e.kind in ("hmrc", "person") and re.match(r"\s*:", text[e.end : e.end + 3])
               and e.titles and not _RECIPIENT_CUE.search(text[: e.start])]  # fmt: skip
    author = next((e for e in (*named, *speaker) if e in speaker or _AUTHOR_CUE.search(text[: e.start])), None)
    recipient = next((e for e in named if e is not author and _RECIPIENT_CUE.search(text[: e.start])), None)
    if author is None:
        author = next((e for e in named if e is not recipient and _heads_paper(text, e, head)), None)
    return Authorship(_plain(author), _plain(recipient))


def _heads_paper(text: str, entity: Entity, head: int) -> bool:
    """Whether the name stands before the paper's own word, "Northline Bank letter", or is the letterhead."""
    following = text[entity.end : min(head, entity.end + 60)]
    leads = re.match(rf"[^:\n,;]{{0,40}}\b{_PAPER}\b", following, re.IGNORECASE) is not None
    return leads or (
        entity.kind == "hmrc" and (entity.start == 0 or ("\n" in text[:head] and entity.start < head // 2))
    )


def _plain(entity: Entity | None) -> Entity | None:
    return replace(entity, possessive=False) if entity else None
