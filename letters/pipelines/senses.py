"""Words that mean nearly the same and say something else: "hoped" for "promised", "admitted" for "acknowledged". Pure.

The lexicon lets one word stand for another where a letter of a person is held against its papers. A model was given the
words: what it makes of them may be weaker or other in general terms, and never stronger or more special.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from lightpoint.grounding.reading import Token, read
from lightpoint.grounding.verbs import is_verb
from lightpoint.grounding.words import LIGHT_VERBS, STOP_WORDS, lemma

_EQUAL: Final = (
    "promise undertake undertaking pledge", "commit commitment", "assure assurance", "guarantee", "vow", "swear",
    "expect expectation", "intend intention", "aim", "hope", "plan",
    "accept acceptance", "agree agreement", "approve approval", "allow", "grant", "recognise", "concede concession",
    "acknowledge acknowledgement acknowledgment", "admit admission", "own", "confess", "confirm confirmation",
    "claim", "maintain", "assert", "declare", "allege", "deny denial", "dispute", "contest", "refute",
    "apologise apology", "regret", "warn warning", "threaten threat", "demand", "insist", "press", "remind reminder",
    "refuse refusal", "reject rejection", "dismiss dismissal", "decline", "disallow", "uphold", "justify justified",
    "cancel cancellation", "withdraw withdrawal", "rescind", "revoke", "quash", "waive", "remit", "reverse", "retract",
    "lose loss", "mislay", "misplace", "forfeit", "destroy", "withhold", "seize", "confiscate", "enforce", "recover",
    "breach", "leak", "infringe", "contravene", "disclose disclosure", "expose", "mislead", "misinform", "misadvise",
    "ignore", "disregard", "overlook", "neglect", "suspend suspension", "stop", "close closure", "dissolve",
    "tax", "vat", "duty", "sdlt", "cgt", "iht", "nic nics", "penalty", "fine", "surcharge", "sanction", "interest",
    "loan", "overdraft", "mortgage", "advance", "facility", "borrow", "deficit", "debt", "arrears", "liability",
    "compensation", "damages", "redress", "award", "fee", "expense", "cheque", "instalment", "settlement",
    "estimate", "anxiety", "stress", "distress", "worry", "anguish", "sleeplessness", "redundancy", "employee", "staff",
    "director", "shareholder", "inspector", "receive receipt", "deliver delivery", "obtain", "register registration",
    "reminder", "chaser", "complaint complain", "grievance", "investigate investigation", "enquiry",
    "car", "lorry", "van", "child", "dependant", "home", "flat", "office", "manager", "partner", "principal",
)  # fmt: skip
_HELD: Final = frozenset(
    {"promise", "accept", "admit", "acknowledge", "agree", "apologise", "deny", "uphold", "reject", "offer", "decide",
     "authorise", "say", "tell", "ask", "show", "find", "withdraw"}
)  # fmt: skip
_ENDS: Final = frozenset({",", ";", ":", ".", "and", "but"})


def other_senses(text: str, cards: Sequence[str]) -> Iterator[str]:
    """What the words of `text` say beyond those of `cards`, although the lexicon has them for the same."""
    held = {token.lemma for card in cards for token in read(card).tokens}
    lows = {token.low for card in cards for token in read(card).tokens}
    for token in read(text).tokens:
        if token.kind != "word" or token.lemma in held or ("_" not in token.lemma and token.low in lows):
            continue
        equal = _equals().get(token.lemma)
        if equal is not None and not equal & held:
            yield f"word: “{token.text}” is another thing than the cards which the sentence uses say"
    if len(cards) > 1:
        yield from _said_of_another(text, cards)


def _said_of_another(text: str, cards: Sequence[str]) -> Iterator[str]:
    """What somebody promised, accepted or said must be what the card with that verb has of it."""
    told = [_words(read(card).tokens) for card in cards]
    for verb, said in _holdings(text):
        own = [words for words in told if verb.concepts & _HELD & frozenset(name for w in words for name in w[1])]
        if own and not any(_most(said, words) for words in own):
            yield f"role: no single card has “{verb.text}” with what the sentence says behind it"


def _holdings(text: str) -> Iterator[tuple[Token, list[tuple[str, frozenset[str]]]]]:
    """Each verb of holding with the words of meaning and figures behind it in its clause."""
    tokens = read(text).tokens
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.concepts & _HELD and is_verb(tokens, place):
            rest = []
            for one in tokens[place + 1 :]:
                if one.low in _ENDS:
                    break
                rest.append(one)
            yield token, _words(rest)


def _words(tokens: Sequence[Token]) -> list[tuple[str, frozenset[str]]]:
    """The words of meaning and the figures of a text, each with its concepts."""
    return [
        (token.low if token.kind != "word" else token.lemma, token.concepts)
        for token in tokens
        if token.kind in ("date", "amount", "duration", "figure", "entity")
        or (token.kind == "word" and token.concepts and token.lemma not in STOP_WORDS | LIGHT_VERBS)
    ]


def _most(said: Sequence[tuple[str, frozenset[str]]], words: Sequence[tuple[str, frozenset[str]]]) -> bool:
    """Whether a card has two thirds of what is said, and all of less than three words."""
    lows, names = {low for low, _ in words}, frozenset(name for _, concepts in words for name in concepts)
    return sum(low not in lows and not concepts & names for low, concepts in said) <= len(said) // 3


@cache
def _equals() -> dict[str, frozenset[str]]:
    """For each word that only some others may stand for, those by their lemmas."""
    found: dict[str, frozenset[str]] = {}
    for line in _EQUAL:
        words = frozenset(lemma(word) for word in line.split())
        for word in words:
            found[word] = found.get(word, frozenset()) | words
    return found
