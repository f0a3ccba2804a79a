"""Who does what to whom in a sentence about the guidance, and whose a thing is. Pure, by the order of its words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lightpoint.grounding import words

HMRC: Final = "hmrc"
_PARTIES: Final[Mapping[str, str]] = {
    word: party
    for party, row in {
        HMRC: "hmrc staff officer officers caseworker caseworkers handler handlers",
        "customer": "customer customers taxpayer taxpayers complainant complainants claimant claimants client clients",
        "agent": "agent agents adviser advisers accountant accountants",
        "adjudicator": "adjudicator adjudicator's",
        "ombudsman": "ombudsman",
        "tribunal": "tribunal tribunals court courts",
        "director": "director directors",
        "ccast": "ccast",
        "treasury": "treasury",
        "insurer": "insurer insurers",
        "helper": "relative relatives friend friends neighbour neighbours helper",
        "company": "company companies",
        "police": "police",
        "debtor": "debtor debtors",
        "owner": "owner owners",
        "trader": "trader traders",
        "minister": "minister ministers",
    }.items()
    for word in row.split()
}
_TOKEN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[’'][a-z]*)?|£?\d[\d,.]*\d%?|\d|[,;:()]")
_BREAKS: Final = frozenset({",", ";", ":", "(", ")"})
_BE: Final = frozenset(["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"])
_BEFORE_NOUN_WORDS: Final = """
a an the this these those its their his her of in on for with from about any no some each every such whose own
one
"""
_BEFORE_NOUN: Final = frozenset(_BEFORE_NOUN_WORDS.split())
_IN_BETWEEN_WORDS: Final = """
may might can could must shall should will would to not never also only then normally usually generally always still
already do does did has have had itself themselves first sometimes exceptionally reasonably both
"""
_IN_BETWEEN: Final = frozenset(_IN_BETWEEN_WORDS.split())
_RELATIVE: Final = frozenset({"who", "which", "that"})
_MODALS: Final = frozenset(["may", "might", "can", "could", "must", "shall", "should", "will", "would", "cannot"])
_BARE_NOUNS_WORDS: Final = """
mistake mistakes fault error errors delay delays fee fees cost costs time complaint complaints review reviews level
office charter letter letters account record records claim claims request requests invoice invoices payment payments
reply replies decision handling
"""
_BARE_NOUNS: Final = frozenset(_BARE_NOUNS_WORDS.split())


@dataclass(frozen=True, slots=True)
class Doing:
    """Somebody who does something (`acts`), or to whom it is done."""

    party: str
    verb: str
    acts: bool


def party_of(word: str) -> str:
    """Whose name a word is, "" where it is nobody's."""
    plain = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    return _PARTIES.get(plain, "")


def doings_of(text: str) -> tuple[Doing, ...]:
    """What the parties of `text` do and have done to them; "it" is HMRC, as in the guidance."""
    tokens = _tokens(text)
    return tuple(dict.fromkeys([*_acting(tokens), *_acted_on(tokens)]))


def belongings(text: str) -> tuple[tuple[str, str], ...]:
    """(party, thing) for "HMRC's mistake", "the mistake of HMRC" and "a mistake by HMRC"."""
    tokens = _tokens(text)
    found = []
    for at, token in enumerate(tokens):
        party = party_of(token)
        if "'" in token and party:
            found += [(party, thing) for thing in tokens[at + 1 : at + 4] if thing.isalpha()]
        elif party and tokens[max(0, at - 1)] in ("of", "by", "the", "from"):
            found += [(party, thing) for thing in tokens[max(0, at - 4) : at - 1] if thing.isalpha()]
        elif token in ("its", "our"):
            found += [(HMRC, thing) for thing in tokens[at + 1 : at + 4] if thing.isalpha()]
    return tuple(found)


def _tokens(text: str) -> list[str]:
    return [token.lower() for token in _TOKEN.findall(text.replace("’", "'").replace("'s Office", ""))]


def _acting(tokens: Sequence[str]) -> Iterator[Doing]:
    """A party with the verb after it, or after "by" and a participle."""
    for at, token in enumerate(tokens):
        party = _subject(tokens, at)
        if not party:
            continue
        if at and tokens[at - 1] in ("by", "the", "a", "an") and (verb := _passive_before(tokens, at)):
            yield Doing(party, verb, acts=True)
            continue
        verb_at = _verb_after(tokens, at + 1)
        if verb_at is None or (token in _RELATIVE and not party):
            continue
        passive = _is_passive(tokens, verb_at)
        yield Doing(party, tokens[verb_at], acts=not passive)


def _acted_on(tokens: Sequence[str]) -> Iterator[Doing]:
    """A party straight after an active verb: "pay the agent", "paid to the customer"."""
    for at, token in enumerate(tokens):
        party = party_of(token)
        if not party or "'" in token:
            continue
        for back in range(at - 1, max(-1, at - 5), -1):
            before = tokens[back]
            if before in _BREAKS or before == "by":
                break
            if _is_verb(tokens, back):
                yield Doing(party, before, acts=False)
                break


def _subject(tokens: Sequence[str], at: int) -> str:
    token = tokens[at]
    if "'" in token:
        return ""
    if token == "it":  # noqa: S105  # a word
        return HMRC
    if token in _RELATIVE and at:
        return party_of(tokens[at - 1]) if "'" not in tokens[at - 1] else ""
    return party_of(token)


def _passive_before(tokens: Sequence[str], at: int) -> str:
    """The participle of "authorised by the Director"."""
    by = at - 1 if tokens[at - 1] == "by" else at - 2
    if by < 1 or tokens[by] != "by":
        return ""
    return next(
        (
            tokens[back]
            for back in range(by - 1, max(-1, by - 3), -1)
            if tokens[back].endswith(("ed", "en", "id", "de", "nt"))
        ),
        "",
    )


def _verb_after(tokens: Sequence[str], start: int) -> int | None:
    for at in range(start, min(len(tokens), start + 7)):
        token = tokens[at]
        if token in _IN_BETWEEN or token in _BE or token.endswith("ly"):
            continue
        if token in _RELATIVE:
            continue
        return at if _is_verb(tokens, at) else None
    return None


def _is_verb(tokens: Sequence[str], at: int) -> bool:
    token = tokens[at]
    if not token.isalpha() or (at and tokens[at - 1] in _BEFORE_NOUN) or party_of(token):
        return False
    if at and "'" in tokens[at - 1] and not tokens[at - 1].endswith("n't"):
        return False
    if _MODALS & set(tokens[max(0, at - 2) : at]) and token not in _IN_BETWEEN | _BE and not token.endswith("ly"):
        return True
    if at and party_of(tokens[at - 1]) and token in _BARE_NOUNS:
        return False
    return (
        words.lemma(token) in words.lexicon().verbs or words.lemma(token) in words.LIGHT_VERBS or token.endswith("ed")
    )


def _is_passive(tokens: Sequence[str], verb_at: int) -> bool:
    before = [token for token in tokens[max(0, verb_at - 3) : verb_at] if token not in _BREAKS]
    verb = tokens[verb_at]
    return bool(_BE & set(before)) and not verb.endswith("ing")
