"""Whether a sentence says no more than the cards that it rests on. Pure; decided by code alone.

The ledger asks whether the papers bear a sentence out. This asks more: the words of a model are held against the few
checked sentences that it was given, figure by figure and word by word. Every word of meaning must be in a card, the
same person must do the same thing, and what a card denies may not be asserted, nor the other way.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from letters.pipelines.bounds import missing_hedges, unlike
from letters.pipelines.directions import turned_round
from letters.pipelines.records import Card
from letters.pipelines.senses import other_senses
from lightpoint.grounding.reading import Reading, Token, read
from lightpoint.grounding.verbs import is_participle, is_verb
from lightpoint.grounding.words import LIGHT_VERBS, STOP_WORDS, is_party_concept
from lightpoint.language.dates import find_partial_dates
from lightpoint.language.quotations import find_quotations
from lightpoint.language.references import find_references

_NEUTRAL_WORDS: Final = (
    "according accordingly again also although asked both case concern concerned earlier following further however"
    " later meanwhile moreover nevertheless nonetheless particular respect shown similarly simply though together turn"
    " whatever"
)
NEUTRAL: Final = frozenset(_NEUTRAL_WORDS.split())  # they join what is said, and say nothing
_DENIALS: Final = frozenset(
    {"not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "cannot", "unable"}
)
_LEFT_UNDONE: Final = frozenset({"fail", "failure", "refuse", "refusal", "decline", "omit", "neglect"})
_ACTORS: Final = {"we": "we", "us": "we", "our": "we", "ours": "we", "ourselves": "we"}
_AUXILIARIES: Final = frozenset({"be", "have", "do"})
_BEFORE: Final = frozenset({"to", "from", "by", "of", "for", "with", "against"})
_NEAR: Final = 4  # words of meaning between an actor and what it does
_DIGITS: Final = re.compile(r"\d[\d,./]*\d|\d")
_TOKENS: Final = re.compile(r"\[[A-Z]+-[A-Z2-7]+\]")


class _Deed(NamedTuple):
    """Somebody with a word of meaning: as the one who does it, owns it, or is on its other end."""

    actor: str
    place: str  # "does", "undergoes", "owns" or the preposition before the actor
    meaning: frozenset[str]


def unfaithful(text: str, cards: Sequence[Card]) -> tuple[str, ...]:
    """What `text` says that `cards` do not, in words; empty where it says no more than they do."""
    return tuple(dict.fromkeys(_objections(text, [card.text for card in cards])))


def missing_figures(card: Card, texts: Iterable[str]) -> tuple[str, ...]:
    """The figures of `card`, its hedges, and the titles that a rule gives, that stand in none of `texts`."""
    told = tuple(texts)
    held = " ".join(told)
    present = _figures(held)
    wanted = [figure for figure in _figures(card.text) if figure not in present]
    if card.sentence.kind == "rule":
        wanted += [f"“{title}”" for title in _quoted(card.text) if title not in _flat(held)]
    return tuple(dict.fromkeys((*wanted, *missing_hedges(card.text, told))))


def _objections(text: str, cards: Sequence[str]) -> Iterator[str]:
    if _TOKENS.search(text):
        yield f"token: {_TOKENS.findall(text)[0]} is none that you were given"
    held = Counter(figure for card in cards for figure in _all_figures(card))
    for figure, count in Counter(_all_figures(text)).items():
        if count > held[figure]:
            yield f"figure: {figure} is not in the cards that the sentence uses, or not so often"
    quoted = [words for card in cards for words in _quoted(card)]
    for words in _quoted(text):
        if not any(words in others for others in quoted):
            yield f"quotation: “{words}” is not quoted in the cards that the sentence uses"
    yield from _words(text, cards)
    yield from _deeds_not_in(text, cards)
    yield from _denials(text, cards)
    yield from _figures_elsewhere(text, cards)
    yield from _figures_apart(text, cards)
    yield from _papers_of_another_day(text, cards)
    yield from unlike(text, cards)
    yield from turned_round(text, cards)
    yield from other_senses(text, cards)


def _figures(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_all_figures(text)))


@lru_cache(maxsize=1024)
def _all_figures(text: str) -> tuple[str, ...]:
    """Dates, sums, lengths, references, citations and any other digits, each in one form."""
    reading = read(text)
    found = [f"{mention.date.day} {mention.date:%B %Y}" for mention in reading.dates]
    found += [mention.text.replace(" ", "") for mention in reading.amounts]
    found += [" ".join(mention.text.lower().split()) for mention in reading.durations]
    found += list(reading.citations)
    taken = [(m.start, m.end) for group in (reading.dates, reading.amounts, reading.durations) for m in group]
    taken += [(m.start, m.end) for m in find_partial_dates(text)]
    found += ["".join(mention.value.split()) for mention in find_references(text)]
    for digits in _DIGITS.finditer(text):
        if not any(start <= digits.start() < end for start, end in taken):
            found.append(digits[0])
    found += [" ".join(m.text.split()) for m in find_partial_dates(text)]
    return tuple(found)


def _quoted(text: str) -> tuple[str, ...]:
    return tuple(_flat(quotation.text) for quotation in find_quotations(text))


@lru_cache(maxsize=1024)
def _flat(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).strip(" .,;").lower()


def _words(text: str, cards: Sequence[str]) -> Iterator[str]:
    """Words of meaning and names that no card has, in these or in words of the same meaning."""
    readings = [read(card) for card in cards]
    lemmas = {token.lemma for reading in readings for token in reading.tokens} | NEUTRAL
    lows = {token.low for reading in readings for token in reading.tokens}
    concepts = frozenset(name for reading in readings for name in reading.concepts())
    names = {_name(token.text) for reading in readings for token in reading.tokens if token.kind == "entity"}
    for token in read(text).tokens:
        if token.kind == "entity" and _name(token.text) not in names and token.low not in lows:
            yield f"name: {token.text} is not in the cards that the sentence uses"
        if token.kind != "word" or token.lemma in lemmas or (_is_one(token) and token.low in lows | NEUTRAL):
            continue
        if token.lemma in STOP_WORDS | LIGHT_VERBS or (_is_one(token) and token.low in STOP_WORDS):
            continue
        if not token.concepts & concepts:
            yield f"word: “{token.text}” says something that the cards which the sentence uses do not"


def _is_one(token: Token) -> bool:
    """Whether a token is a single word; a phrase such as "in full" is no "in"."""
    return "_" not in token.lemma


def _name(text: str) -> str:
    return re.sub(r"['’]s?$", "", text).casefold()


def _deeds(reading: Reading) -> Iterator[_Deed]:
    """Each actor of a text with what stands beside it, clause by clause."""
    for segment in reading.segments:
        tokens = segment.tokens
        for place, token in enumerate(tokens):
            actor = _actor(token)
            if not actor:
                continue
            before = tokens[place - 1].low if place else ""
            if _owns(token):
                yield from _near(actor, "owns", tokens[place + 1 :], 1)
            elif before in _BEFORE:
                yield from _near(actor, before, tokens[: place - 1][::-1], 1)
            else:
                verb = tokens[place - 1] if place and is_verb(tokens, place - 1) else None
                if verb is not None and verb.concepts and verb.lemma not in LIGHT_VERBS:
                    yield _Deed(actor, "undergoes", verb.concepts)
                passive, rest = _after_auxiliaries(tokens[place + 1 :])
                yield from _near(actor, "undergoes" if passive else "does", rest, 1)


def _after_auxiliaries(tokens: Sequence[Token]) -> tuple[bool, Sequence[Token]]:
    """Whether what follows an actor is done to it ("was told"), and from its verb on, where one has auxiliaries."""
    place, passive = 0, False
    while place < len(tokens) and (tokens[place].lemma in _AUXILIARIES or tokens[place].lemma in STOP_WORDS):
        passive = tokens[place].lemma == "be" or (passive and tokens[place].lemma not in _AUXILIARIES)
        place += 1
    if 0 < place < len(tokens) and is_participle(tokens[place]) and tokens[0].lemma in _AUXILIARIES:
        return passive, tokens[place:]
    return False, tokens


def _owns(token: Token) -> bool:
    return token.low == "our" or token.text.endswith(("'s", "’s", "s'"))


def _near(actor: str, place: str, tokens: Sequence[Token], count: int) -> Iterator[_Deed]:
    for token in tokens[: _NEAR * 2]:
        if _actor(token):
            return
        if token.concepts and token.lemma not in STOP_WORDS:
            yield _Deed(actor, place, token.concepts)
            count -= 1
            if not count:
                return


def _actor(token: Token) -> str:
    if token.low in _ACTORS:
        return _ACTORS[token.low]
    if token.kind == "entity":
        return _name(token.text)
    plain = _name(token.text)
    return plain if plain in ("hmrc", "hmrc's", "client", "agent", "adviser", "officer", "company", "bank") else ""


def _deeds_not_in(text: str, cards: Sequence[str]) -> Iterator[str]:
    """Who does, owns or receives what: in some card the same one must, as whoever does it or by whom it is done."""
    readings = [read(card) for card in cards]
    held = [deed for reading in readings for deed in _deeds(reading)]
    actors = {deed.actor for deed in held} | {_actor(t) for r in readings for t in r.tokens if _actor(t)}
    for deed in _deeds(read(text)):
        if deed.actor not in actors:
            yield f"role: {deed.actor} does not come into the cards that the sentence uses"
        elif not any(_same(deed, other) for other in held):
            yield f"role: the cards do not have {deed.actor} with “{sorted(deed.meaning)[0].strip('~')}”"


def _same(deed: _Deed, other: _Deed) -> bool:
    places = {"by": "does", "from": "does", "to": "undergoes"}
    alike = places.get(deed.place, deed.place) == places.get(other.place, other.place)
    return deed.actor == other.actor and alike and bool(deed.meaning & other.meaning)


def _denials(text: str, cards: Sequence[str]) -> Iterator[str]:
    """What is denied must be denied in a card, and what is asserted must be asserted in one."""
    readings = [read(card) for card in cards]
    denied = frozenset(name for reading in readings for name in _denied(reading))
    if _count_denials(read(text)) > sum(map(_count_denials, readings)):
        yield "denial: the sentence denies more than its cards do"
    whole = frozenset(name for reading in readings for name in _asserted(reading))
    reading = read(text)
    for name in sorted(_denied(reading) - denied):
        yield f"denial: the cards do not deny “{name.strip('~')}”"
    for name in sorted((_asserted(reading) & denied) - whole):
        yield f"denial: the cards deny “{name.strip('~')}”"


def _count_denials(reading: Reading) -> int:
    return sum(denies for _, denies in _with_denials(reading.tokens))


def _with_denials(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Each token, and whether it denies what follows: "not", and "failed" in "failed to answer"."""
    for place, token in enumerate(tokens):
        after = tokens[place + 1].low if place + 1 < len(tokens) else ""
        left_undone = after == "to" and (token.lemma in _LEFT_UNDONE or token.low == "yet")
        yield token, left_undone or token.low in _DENIALS or token.low.endswith(("n't", "n’t"))


_SCOPE: Final = 3  # words of meaning after a denial that it denies


def _scopes(reading: Reading) -> Iterator[tuple[Token, bool]]:
    """Each word of meaning, and whether it stands behind a denial of its clause."""
    for segment in reading.segments:
        left = 0
        for token, denies in _with_denials(segment.tokens):
            if denies:
                left = _SCOPE
            elif token.text in (",", ":", "“"):
                left = 0
            elif token.concepts and token.lemma not in STOP_WORDS:
                yield token, left > 0
                left -= 1


def _denied(reading: Reading) -> frozenset[str]:
    firsts: set[str] = set()
    before = False
    for token, denied in _scopes(reading):
        if denied and not before:
            firsts |= token.concepts
        before = denied
    return frozenset(firsts)


def _asserted(reading: Reading) -> frozenset[str]:
    return frozenset(name for token, denied in _scopes(reading) if not denied for name in token.concepts)


def _figures_elsewhere(text: str, cards: Sequence[str]) -> Iterator[str]:
    """A figure told of something else than in its card: most of the words beside it must stand beside it there."""
    beside: dict[str, list[frozenset[str]]] = {}
    for card in cards:
        for figure, words in _neighbours(card):
            beside.setdefault(figure, []).extend(words)
    for figure, words in _neighbours(text):
        held = frozenset(name for concepts in beside.get(figure, ()) for name in concepts)
        if words and 2 * sum(bool(concepts & held) for concepts in words) <= len(words):
            yield f"role: {figure} is told of something else than in its card"


def _neighbours(text: str) -> Iterator[tuple[str, list[frozenset[str]]]]:
    """Each figure of a text with the words of meaning beside it in its clause; parties do not count."""
    tokens = read(text).tokens
    for place, token in enumerate(tokens):
        if token.kind in ("date", "amount", "duration", "figure"):
            before, after = tokens[:place][::-1], tokens[place + 1 :]
            here = [side for side in (before, after) if side and not _ends_clause(side[0])] or [before, after]
            yield _flat(token.text), [concepts for side in here for concepts in _stretch(side)]


def _stretch(tokens: Sequence[Token]) -> list[frozenset[str]]:
    """The words of meaning up to the next date, or the end of the clause once there is one; at most _NEAR."""
    found: list[frozenset[str]] = []
    for token in tokens:
        if token.kind == "date" or (_ends_clause(token) and found) or len(found) == _NEAR:
            break
        if token.concepts and token.lemma not in STOP_WORDS and not any(map(is_party_concept, token.concepts)):
            found.append(token.concepts)
    return found


def _ends_clause(token: Token) -> bool:
    return token.text in (",", ";", ":", ".") or token.low in ("and", "but")


def _papers_of_another_day(text: str, cards: Sequence[str]) -> Iterator[str]:
    """ "Our letter of 1 May" where a card has the reply of that day, and our letter of another."""
    held: dict[str, frozenset[str]] = {}
    for card in cards:
        for day, thing in _dated_things(card):
            held[day] = held.get(day, frozenset()) | thing
    for day, thing in _dated_things(text):
        if day in held and not thing & held[day]:
            yield f"role: the cards do not have “{sorted(thing)[0].strip('~')}” with {day}"


def _dated_things(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each day that says which paper is meant, or what is relied on, with the word of meaning before it."""
    tokens = read(text).tokens
    for place, token in enumerate(tokens):
        before = tokens[max(0, place - _NEAR) : place][::-1]
        named = token.kind == "date" and before and before[0].low in ("of", "dated", "on")
        thing = next((one for one in before if one.concepts and one.lemma not in STOP_WORDS), None) if named else None
        if thing is not None and (before[0].low != "on" or thing.lemma == "rely"):
            yield _flat(token.text), thing.concepts


class _Clause(NamedTuple):
    """The figures of a clause, who does something in it, and whether it denies."""

    figures: frozenset[str]
    actors: frozenset[str]
    denied: bool


def _figures_apart(text: str, cards: Sequence[str]) -> Iterator[str]:
    """Figures of one clause must stand in one clause of a card, with the same one doing what is done there."""
    held = [clause for card in cards for clause in _clauses(card)]
    for figures, actors, denied in _clauses(text):
        together = [clause for clause in held if figures <= clause.figures]
        if figures and not together:
            yield f"role: {' and '.join(sorted(figures))} do not belong together in any card"
        elif figures and actors and all(clause.actors and not actors & clause.actors for clause in together):
            yield f"role: in the cards {sorted(figures)[0]} is told of another than {sorted(actors)[0]}"
        elif figures and all(clause.denied != denied for clause in together):
            yield f"denial: in the cards {sorted(figures)[0]} stands {'without' if denied else 'with'} a denial"


def _clauses(text: str) -> Iterator[_Clause]:
    groups: list[list[Token]] = [[]]
    for token in read(text).tokens:
        groups[-1].append(token)
        if _ends_clause(token):
            groups.append([])
    for group in groups:
        figures = {_flat(t.text) for t in group if t.kind in ("date", "amount", "duration", "figure")}
        doing = {
            _actor(token)
            for place, token in enumerate(group)
            if _actor(token) and not _owns(token) and not (place and group[place - 1].low in _BEFORE)
        }
        yield _Clause(frozenset(figures), frozenset(doing), any(denies for _, denies in _with_denials(group)))
