"""Small words that change what a sentence says: those that bound, hedge or multiply. Pure.

To the ledger "may", "almost" or "again" mean nothing by themselves. A sentence that has one which its cards have not,
or that has lost one, says something else with every figure right. So does a letter of another script or a mark that
turns the line round: no word list knows it, and a person reads it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lightpoint.grounding.reading import Token, read
from lightpoint.grounding.words import LIGHT_VERBS, STOP_WORDS

_MARKS: Final = frozenset("“”‘’–—…£€")  # beside plain ASCII
_CODE: Final = frozenset("<>{}[]\\|^~`_@#*=$?")  # ASCII that a letter has only where its evidence does
_GROUPS: Final = (
    "must shall", "may might", "can could", "should ought", "will would", "if", "unless", "whether",
    "because cause causes caused causing lead leads led leading result resulted hence thus therefore",
    "all every each", "only", "several", "many", "few", "most", "more", "less", "least", "almost nearly",
    "again", "twice", "always", "ever", "once", "just", "already", "same", "some", "very", "much", "instead",
    "normally usually generally typically ordinarily", "today yesterday", "altogether total",
    "seem seems seemed appear appears appeared", "believe believes believed think thinks thought",
    "know knows knew known", "want wants wanted", "try tries tried", "find finds found", "mean means meant", "so",
    "another other others", "both", "over", "under",
)  # fmt: skip
_GUARDED: Final[Mapping[str, str]] = {word: group for group in _GROUPS for word in group.split()}
_KEPT: Final = frozenset(
    {
        "must shall",
        "may might",
        "should ought",
        "will would",
        "if",
        "unless",
        "almost nearly",
        "only",
        "some",
        "normally usually generally typically ordinarily",
    }
)  # a sentence that has lost one says more than its card
_BEFORE_DATES: Final = {
    "before": "before", "after": "after", "until": "until", "till": "until", "to": "until", "up": "until",
    "since": "since", "from": "since", "between": "since", "by": "by", "within": "by", "against": "against",
    "about": "about", "around": "about", "during": "during", "past": "after", "beyond": "after", "towards": "before",
    "late": "about", "early": "about", "as": "about",
}  # fmt: skip
_BEFORE_MEASURES: Final = {
    "over": "more than", "under": "less than", "almost": "almost", "nearly": "almost", "about": "about",
    "around": "about", "least": "least", "most": "most", "some": "about", "above": "more than", "below": "less than",
    "beyond": "more than", "within": "within", "after": "after", "before": "before", "until": "until",
    "further": "further", "another": "further",
}  # fmt: skip
_HEDGES: Final = _KEPT - {"if", "unless", "only", "some"}
_PROMISING: Final = frozenset({"promise", "offer", "ask", "say", "tell"})
_BEHIND: Final = frozenset({"each", "per", "every"})
_SAYING: Final = frozenset({"say", "tell", "claim", "answer"})


def unlike(text: str, cards: Sequence[str]) -> Iterator[str]:
    """What the small words and the characters of `text` say that `cards` do not."""
    yield from _strange(text, cards)
    yield from _added(text, cards)
    yield from _moved(text, cards)
    yield from _unhedged(text, cards)
    if any(_is_reported(card) for card in cards) and not _SAYING & _concepts(text):
        yield "role: the cards have it as what somebody said, and the sentence as a fact"


def missing_hedges(card: str, texts: Sequence[str]) -> tuple[str, ...]:
    """The hedges and conditions of `card` that stand in none of `texts`, which tell it."""
    present = {group for text in texts for group in _guards(text).values()}
    if any(token.low == "to" for text in texts for token in read(text).tokens):
        present.add("will would")  # "promised that it would pay" is "promised to pay"
    return tuple(word for word, group in _guards(card).items() if group in _KEPT and group not in present)


def _strange(text: str, cards: Sequence[str]) -> Iterator[str]:
    held = {mark for card in cards for mark in card} | _MARKS
    for mark in dict.fromkeys(text):
        if mark not in held and (mark in _CODE or not (mark.isascii() and mark.isprintable())):
            yield f"character: U+{ord(mark):04X} is not in the cards that the sentence uses"


def _guards(text: str) -> dict[str, str]:
    """The guarded words of a text, each with its group; a capital May may be a month or a name."""
    return {
        token.low: _GUARDED[token.low]
        for token in read(text).tokens
        if token.kind == "word" and token.low in _GUARDED and token.text != "May"
    }


def _added(text: str, cards: Sequence[str]) -> Iterator[str]:
    held = {group for card in cards for group in _guards(card).values()}
    for word, group in _guards(text).items():
        if group not in held:
            yield f"word: “{word}” changes what the cards which the sentence uses say"


def _moved(text: str, cards: Sequence[str]) -> Iterator[str]:
    """A figure with another bound than in its cards: "before 3 March", "more than £300", "£300 each"."""
    held: dict[str, set[str]] = {}
    for card in cards:
        for figure, bound in _bounds(card):
            held.setdefault(figure, set()).add(bound)
    for figure, bound in _bounds(text):
        if figure in held and bound not in held[figure]:
            yield f"role: the cards do not have {figure} with “{bound or 'no bound'}”"


def _unhedged(text: str, cards: Sequence[str]) -> Iterator[str]:
    """What the cards have with "would", "may" or "normally" alone, and the sentence without it."""
    held = [told for card in cards for told in _told_with(card, softened=frozenset())]
    for word, concepts, hedges in _told_with(text, softened=frozenset({"will would"})):
        alike = [other for _, others, other in held if concepts & others]
        if alike and not any(other <= hedges for other in alike):
            hedge = sorted(alike[0] - hedges)[0].split()[0]
            yield f"word: the cards have “{word}” with “{hedge}”"


def _told_with(text: str, *, softened: frozenset[str]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Each word of meaning with its concepts, and the hedges before it; `softened` are those of "promised to pay"."""
    hedges: frozenset[str] = frozenset()
    promised: frozenset[str] = frozenset()
    for token in read(text).tokens:
        if token.text in (",", ";", ":", "“"):
            hedges, promised = frozenset(), frozenset()
        elif token.low == "to":
            hedges |= softened
        elif token.kind == "word" and _GUARDED.get(token.low) in _HEDGES and token.text != "May":
            hedges |= {_GUARDED[token.low]}
        elif token.kind == "word" and token.concepts and token.lemma not in STOP_WORDS | LIGHT_VERBS:
            yield token.text, token.concepts, hedges | promised
            hedges = frozenset()
            promised |= softened if token.concepts & _PROMISING else frozenset()


def _bounds(text: str) -> Iterator[tuple[str, str]]:
    tokens = read(text).tokens
    for place, token in enumerate(tokens):
        if token.kind in ("date", "amount", "duration"):
            behind = tokens[place + 1].low if place + 1 < len(tokens) else ""
            bound = _bound(token, [one.low for one in tokens[max(0, place - 3) : place] if one.low != "the"])
            yield " ".join(token.low.split()), f"{bound} {behind}".strip() if behind in _BEHIND else bound


def _bound(token: Token, before: Sequence[str]) -> str:
    last, second = ("", *before)[-1], ("", "", *before)[-2]
    if last == "than" or (last, second) == ("to", "up"):
        return f"{second} {last}"
    if token.kind == "date":
        return _BEFORE_DATES.get(last, "")
    return _BEFORE_MEASURES.get(last, "")


def _is_reported(card: str) -> bool:
    """Whether what a card has is somebody's word: "HMRC told us that the client owed £300"."""
    tokens = read(card).tokens
    thats = (place for place, token in enumerate(tokens) if token.low == "that")
    return any(_SAYING & one.concepts for place in thats for one in tokens[max(0, place - 5) : place])


def _concepts(text: str) -> frozenset[str]:
    return read(text).concepts()
