"""Who speaks in a piece of evidence, and to whom: from its heading, its letterhead or its title line. Pure."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from lightpoint.grounding.entities import Entity, find_entities, significant_words
from lightpoint.grounding.reading import header_end

_PAPER = (
    r"(?:letter|note|e-?mail|statement|message|invoice|reply|report|memo|memorandum|fee note|bill|advice|"
    r"notice|transcript|account|log)"
)
_AUTHOR_CUE = re.compile(
    rf"\b(?:{_PAPER}\b[^:\n]{{0,40}}?\b(?:from|by|of)(?:\s+the\s+[a-z ]{{3,30}},)?|from:?|by|signed(?: by)?|"
    rf"author:?)\s+(?:the\s+)?(?:agent|officer|adviser|client|director|partner|clerk|trustee|taxpayer|"
    rf"manager)?\s*$",
    re.IGNORECASE,
)
_RECIPIENT_CUE = re.compile(r"(?:(?<!call )(?<!visit )\bto:?|\bDear)\s+(?:the\s+)?$", re.IGNORECASE)


_FROM_ONE_TO_ANOTHER = re.compile(
    rf"(?:{_PAPER},?\s+(?:from\s+|by\s+|of\s+)?)?(?P<author>[A-Z][^:;,]{{1,70}}?)(?:\s*\([^()]*\))?(?:['’]s?)?"
    rf"(?:\s+{_PAPER}|\s+remittance advice|\s+\w+ record)?\s+to\s+(?P<recipient>[^:;,(]{{2,70}})", re.IGNORECASE,
)  # fmt: skip
_CALLING = re.compile(
    r"\b(?:agent|accountant|solicitor|conveyancer|buyer|importer|executors?|trustees?|employer|insurer|bank|landlord|"
    r"tenant|customer|client|taxpayer|adviser|bookkeeper|payroll bureau|broker|charity|treasurer)\b",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(
    r"\b(?:HMRC|Customs|Revenue|tax office|excise|officer|caseworker|complaints? team)\b", re.IGNORECASE
)
# "Conveyancer's e-mail, 11 March 2021:", "Student Loans Company, 15 October 2022:", "Tier 1 letter, 2 September 2024:"
_OWNER = re.compile(
    rf"(?:(?P<author>[A-Z][\w .&'’-]{{2,50}}?)['’]s?\s+(?:\w+\s+)?{_PAPER}\b|"
    r"(?P<office>(?:(?:First|Second)(?:[- ]tier| review)|Tier [12]|Penalty|Coding|Assessment|Customs|Debt Management)\b"
    r"[\w ]*\b(?:letter|reply|notice|response|decision|outcome|determination|message|e-?mail)\b)|"
    r"(?P<keeper>[A-Z][A-Za-z.&'’ -]{2,50}),\s"
    r"(?:file note|attendance note|note|chronology|call log|telephone record)\b|"
    r"(?P<body>[A-Z][A-Za-z.&'’ -]{2,50}),\s(?:[A-Z][a-z]+day\s)?\d{1,2}\s[A-Z][a-z]+\s\d{4}:)",
    re.IGNORECASE,
)  # fmt: skip
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
    pair = _correspondents(text[:head])
    if pair is not None:
        return pair
    owner = _OWNER.match(text[:head])
    if owner is not None and (author := _owner(owner)):
        return Authorship(author, None)
    named = [entity for entity in find_entities(text) if entity.start < head]
    speaker = [e for e in named if e.kind in ("hmrc", "person") and re.match(r"\s*:", text[e.end : e.end + 3])
               and e.titles and not _RECIPIENT_CUE.search(text[: e.start])]  # fmt: skip
    author = next((e for e in (*named, *speaker) if e in speaker or _AUTHOR_CUE.search(text[: e.start])), None)
    recipient = next((e for e in named if e is not author and _RECIPIENT_CUE.search(text[: e.start])), None)
    if author is None:
        author = next((e for e in named if e is not recipient and _heads_paper(text, e, head)), None)
    return Authorship(_plain(author), _plain(recipient))


def _correspondents(head: str) -> Authorship | None:
    """Read "X to Y, date:", "X's e-mail to Y:" and "E-mail, X to Y:"; None for a heading of another build."""
    match = _FROM_ONE_TO_ANOTHER.match(head)
    if match is None or _AUTHOR_CUE.search(match["recipient"]):
        return None
    author, recipient = party_named(match["author"]), party_named(match["recipient"])
    if author is None and not re.search(rf"\b(?:{_PAPER}|call|visit|check|order)\b", match["author"], re.IGNORECASE):
        author = _of_name(match["author"])
    return Authorship(author, recipient) if author and recipient else None


def _owner(match: re.Match[str]) -> Entity | None:
    if match["office"]:
        return Entity("hmrc", frozenset({"hmrc"}), frozenset(), "", 0, 0, "HMRC")
    if match["author"]:
        return party_named(match["author"])
    if match["keeper"]:
        return party_named(match["keeper"]) or _of_name(match["keeper"])
    named = not re.search(
        rf"\b(?:{_PAPER}|call|visit|check|tribunal|decision|outcome|assessment|chronology|minutes|page|payslips?)\b",
        match["body"],
        re.IGNORECASE,
    )
    return (party_named(match["body"]) or _of_name(match["body"])) if named else None


def _of_name(words: str) -> Entity:
    return Entity("name", significant_words(words), frozenset(), "", 0, 0, words)


def party_named(words: str) -> Entity | None:
    """Whoever a stretch of a heading names, by name or by calling ("Agent", "the buyer")."""
    found = [e for e in find_entities(words) if e.kind != "client"]
    if found:
        return _plain(found[0])
    if _OFFICIAL.search(words):
        return Entity("hmrc", frozenset({"hmrc"}), frozenset(), "", 0, 0, words)
    office = _CALLING.search(words)
    if office is None:
        return None
    return Entity("role", frozenset({office[0].lower()}), frozenset(), "", 0, 0, office[0])


def _heads_paper(text: str, entity: Entity, head: int) -> bool:
    """Whether the name stands before the paper's own word, "Northline Bank letter", or is the letterhead."""
    following = text[entity.end : min(head, entity.end + 60)]
    leads = re.match(rf"[^:\n,;]{{0,40}}\b{_PAPER}\b", following, re.IGNORECASE) is not None
    return leads or (
        entity.kind == "hmrc" and (entity.start == 0 or ("\n" in text[:head] and entity.start < head // 2))
    )


def _plain(entity: Entity | None) -> Entity | None:
    return replace(entity, possessive=False) if entity else None
