"""Who is who in a piece of evidence: names, callings beside names, pronouns, and who writes to whom. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lightpoint.grounding import words
from lightpoint.grounding.authorship import Authorship
from lightpoint.grounding.entities import Entity
from lightpoint.grounding.reading import Reading, Token
from lightpoint.grounding.small_words import word_list
from lightpoint.grounding.verbs import is_verb

_CALLINGS = word_list("callings")
_ANYBODY = frozenset({"client", "customer", "taxpayer", "company", "business", "partnership", "firm", "employer"})
_FIRST = frozenset({"i", "we", "me", "us"})
_WOMEN, _MEN = frozenset({"mrs", "ms", "miss"}), frozenset({"mr"})
_TRADE = re.compile(r"(?:er|or|ist|smith|ian|ant|man|men)s?$")
_NO_TRADES = frozenset({"year", "quarter", "letter", "order", "paper", "winter", "summer", "number", "matter", "other",
                        "former", "latter", "september", "october", "november", "december", "human", "woman", "women",
                        "van", "plan", "error", "computer", "folder", "counter"})  # fmt: skip
_OURS, _YOURS = frozenset({"my", "our"}), frozenset({"your"})
_OWNING = frozenset({"my", "our", "your", "his", "her"})
_UNKNOWN = frozenset({"he", "she", "it", "they", "him", "her", "them", "who", "which"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts or is acted on; `names` may be empty for one known by a calling alone."""

    names: frozenset[str] = frozenset()
    calling: str = ""
    titles: frozenset[str] = frozenset()
    hmrc: bool = False
    possessive: bool = False


NOBODY = Actor()  # a pronoun that the text does not settle


@dataclass(slots=True)
class Cast:
    """The people of the evidence: which names are HMRC's staff, and which callings belong to which names."""

    staff: set[str] = field(default_factory=set)
    callings: dict[str, set[str]] = field(default_factory=dict)
    writers: list[Actor] = field(default_factory=list)
    strangers: list[tuple[str, Actor]] = field(default_factory=list)  # "my accountant" is not whoever writes so
    speaks_of_client: bool = False

    def same(self, one: Actor, other: Actor) -> bool:
        """Whether two may be one person or body."""
        one_hmrc, other_hmrc = self._is_hmrc(one), self._is_hmrc(other)
        if one_hmrc != other_hmrc:
            return False
        if one.names and other.names:
            return _overlap(one.names, other.names)
        if one_hmrc:
            return True
        if one.calling and other.calling:
            return _alike(one.calling, other.calling)
        called, named = (one, other) if one.calling else (other, one)
        return not (called.calling and named.names) or self._may_be_called(named, called.calling)

    def _is_hmrc(self, actor: Actor) -> bool:
        return actor.hmrc or bool(actor.names & self.staff)

    def _may_be_called(self, named: Actor, calling: str) -> bool:
        if calling == "client" and self.speaks_of_client:
            return not any(writer.names and _overlap(named.names, writer.names) for writer in self.writers)
        if any(stranger == calling and self.same(named, owner) for stranger, owner in self.strangers):
            return False
        if calling in _ANYBODY or any(calling[:5] == name[:5] for name in named.names):
            return True
        bearers = self.callings.get(calling, set())
        if bearers:
            return _overlap(frozenset(bearers), named.names)
        others = {c for c, names in self.callings.items() if names & named.names}
        return not others or any(_alike(calling, c) for c in others)


def _overlap(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool({_singular(name) for name in one} & {_singular(name) for name in other})


def _singular(name: str) -> str:
    return name.removesuffix("s") if len(name) > 4 else name


def _alike(one: str, other: str) -> bool:
    if one == other or _ANYBODY & {one, other}:
        return True
    return bool(words.concepts_of(words.lemma(one)) & words.concepts_of(words.lemma(other)))


def cast_of(readings: Iterable[tuple[Reading, Authorship]]) -> Cast:
    """Read who is who from all the evidence."""
    cast = Cast()
    for reading, author in readings:
        for entity in reading.entities:
            if entity.kind == "hmrc" and entity.titles:
                cast.staff |= entity.words - {"hmrc"}
        for calling, names in _appositions(reading.tokens):
            cast.callings.setdefault(calling, set()).update(names)
        if author.author is not None:
            writer = actor_of(author.author)
            cast.writers.append(writer)
            cast.strangers += [(c, writer) for c in _own_people(reading.tokens, _OURS) if writer.names]
        if author.recipient is not None:
            addressee = actor_of(author.recipient)
            cast.strangers += [(c, addressee) for c in _own_people(reading.tokens, _YOURS) if addressee.names]
        cast.speaks_of_client |= re.search(r"\b(?:the|our) clients?\b", reading.text, re.IGNORECASE) is not None
    return cast


def _appositions(tokens: Sequence[Token]) -> Iterable[tuple[str, frozenset[str]]]:
    """ "our bookkeeper Miss Amory", "The buyers, Mr and Mrs Noonan,"."""
    for index, token in enumerate(tokens[:-1]):
        if token.low not in _CALLINGS:
            continue
        step = 2 if tokens[index + 1].low == "," else 1
        after = tokens[index + step] if index + step < len(tokens) else None
        if after is not None and after.entity is not None and after.entity.kind in ("person", "name", "body"):
            yield words.lemma(token.low), after.entity.words


def _own_people(tokens: Sequence[Token], owners: frozenset[str]) -> Iterable[str]:
    """The callings after a possessive, with a word between at most: "my accountant", "your new bank"."""
    for index, owner in enumerate(tokens):
        if owner.low in owners:
            called = [t.low for t in tokens[index + 1 : index + 3] if t.low in _CALLINGS - _ANYBODY]
            yield from (words.lemma(low) for low in called[:1])


def actor_of(entity: Entity) -> Actor:
    """Somebody named, as an actor."""
    if entity.kind in ("client", "role"):
        calling = "client" if entity.kind == "client" else min(entity.words, default="")
        return Actor(calling=calling, possessive=entity.possessive)
    hmrc = entity.kind == "hmrc"
    return Actor(entity.words - {"hmrc"}, "", entity.titles, hmrc, entity.possessive)


def actors_in(tokens: Sequence[Token], author: Authorship) -> dict[int, Actor]:
    """Who stands at which token; a pronoun that nothing settles is NOBODY."""
    found: dict[int, Actor] = {}
    for index in range(len(tokens)):
        actor = _actor_at(tokens, index, author, list(found.values()))
        if actor is not None:
            found[index] = actor
    return found


def _actor_at(tokens: Sequence[Token], index: int, author: Authorship, earlier: Sequence[Actor]) -> Actor | None:
    token = tokens[index]
    if token.entity is not None and token.kind == "entity":
        return actor_of(token.entity)
    if token.kind != "word":
        return None
    if token.low in _FIRST:
        return actor_of(author.author) if author.author else NOBODY
    if token.low == "you":
        return actor_of(author.recipient) if author.recipient else NOBODY
    if token.low in ("he", "she", "him"):
        titles = _WOMEN if token.low == "she" else _MEN
        return next((a for a in reversed(earlier) if a.titles & titles), NOBODY)
    if token.low in _OWNING:
        return _owning(tokens, index, author, earlier)
    if token.low in _UNKNOWN - {"who", "which", "her"}:
        return NOBODY
    return _called(tokens, index)


def _is_trade(word: str) -> bool:
    """Whether a word is built like the name of who does something: "locksmiths", "grower"."""
    return _TRADE.search(word) is not None and word.removesuffix("s") not in _NO_TRADES


def _called(tokens: Sequence[Token], index: int) -> Actor | None:
    """Somebody known by a calling; none where it qualifies a name or a noun ("buyer Mr Lee", "council tax")."""
    text = tokens[index].text.replace("’", "'").lower()
    plain = text.removesuffix("'s").removesuffix("'")
    base, owns = words.lemma(plain), plain != text
    if plain not in _CALLINGS and base not in _CALLINGS and not (owns and _is_trade(plain)):
        return None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    qualifies = after is not None and (after.kind == "entity" or (after.kind == "word" and bool(after.concepts)))
    if qualifies and not owns and not is_verb(tokens, index + 1):
        return None
    return Actor(calling=base, possessive=owns)


def _owning(tokens: Sequence[Token], index: int, author: Authorship, earlier: Sequence[Actor]) -> Actor | None:
    """Whose "my", "our", "your", "his" or "her" thing it is; none where a calling follows, who acts for himself."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is None or after.low in _CALLINGS or after.kind == "entity":
        return None
    low = tokens[index].low
    owner = author.author if low in ("my", "our") else author.recipient if low == "your" else None
    if owner is not None:
        return replace(actor_of(owner), possessive=True)
    titles = {"her": _WOMEN, "his": _MEN}.get(low, frozenset())
    known = next((a for a in reversed(earlier) if a.titles & titles), None)
    return replace(known, possessive=True) if known else None
