"""Which words of a clause are verbs, with their auxiliaries, and whether they are passive. Pure."""

from collections.abc import Sequence

from lightpoint.grounding import words
from lightpoint.grounding.entities import Entity
from lightpoint.grounding.reading import Token
from lightpoint.grounding.small_words import word_list

NEGATORS = frozenset({"not", "never", "nor", "neither", "without", "cannot", "nobody", "none", "nothing", "hardly"})
MODALS = frozenset({"would", "will", "shall", "should", "may", "might", "could", "can", "must"})
PREPOSITIONS = word_list("prepositions")
_DETERMINERS = word_list("determiners")
PRONOUNS = frozenset(["i", "we", "you", "he", "she", "it", "they", "who", "which", "me", "us", "him", "them"])
_ADVERBS = word_list("adverbs")
_AUXILIARIES = frozenset({"be", "have", "do", *MODALS, "ought"})


def is_participle(token: Token) -> bool:
    """Whether the form can be a past participle or past tense ("paid", "received")."""
    base = token.lemma.split("_")[0]
    return (
        token.low != base
        and not token.low.endswith(("ing", "s"))
        and (token.low.endswith(("ed", "en", "wn")) or token.low in words.irregular_forms())
    )


def _previous(tokens: Sequence[Token], index: int) -> Token | None:
    for token in reversed(tokens[:index]):
        if token.kind == "word" and (token.low in _ADVERBS or token.low.endswith("ly")):
            continue
        return token
    return None


_INVARIANT = frozenset({"set", "put", "cut", "read", "let", "hit", "shut", "split", "spread", "cost", "beset", "reset"})


def _is_invariant_participle(tokens: Sequence[Token], index: int) -> bool:
    """Whether a verb without a form of its own for the past stands after an auxiliary ("was set by us")."""
    before = _previous(tokens, index)
    return tokens[index].low in _INVARIANT and before is not None and before.lemma in ("be", "have")


def is_verb(tokens: Sequence[Token], index: int) -> bool:
    """Whether the word at `index` is used as a verb here, by its form and its neighbours."""
    token = tokens[index]
    known = token.lemma in words.lexicon().verbs or token.lemma in words.LIGHT_VERBS
    before = _previous(tokens, index)
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if _is_invariant_participle(tokens, index):
        return True
    if is_participle(token):
        return _participle_is_verb(before, after) and (known or token.low.endswith("ed"))
    if not known:
        return before is not None and before.low in ("to", *MODALS, "did", "not") and before.low != "to"
    if token.low.endswith("ing"):
        return before is None or before.low not in _DETERMINERS
    if before is None:
        return False
    if (
        before.low in ("to", "not", *MODALS, "did", "does", "do", "cannot")
        or before.low.endswith("n't")
        or before.lemma.endswith("_to")
        or before.low in PRONOUNS - {"it"}
    ):
        return True
    return token.low.endswith("s") and _finite_s(before, after)


def _participle_is_verb(before: Token | None, after: Token | None) -> bool:
    attributive = before is not None and before.low in _DETERMINERS and after is not None and after.kind == "word"
    return not (attributive and after is not None and after.low not in PREPOSITIONS)


def _finite_s(before: Token, after: Token | None) -> bool:
    if before.kind == "figure" or before.low == "it":
        return True
    if before.kind == "entity":
        return not (before.entity and before.entity.possessive)
    object_follows = after is not None and (after.low in _DETERMINERS or after.kind in ("entity", "amount", "duration"))
    return object_follows and before.low not in _DETERMINERS


def auxiliaries(tokens: Sequence[Token], index: int) -> tuple[int, list[Token]]:
    """Return where the verb group starts, and its auxiliaries and adverbs before the verb."""
    start, found = index, []
    while start > 0:
        token = tokens[start - 1]
        part = token.kind == "word" and (
            token.lemma in _AUXILIARIES or token.low in NEGATORS or token.low in _ADVERBS or token.low.endswith("ly")
            or token.low in ("to", "no", "longer", "need") or token.low.endswith("n't")
        )  # fmt: skip
        if not part:
            break
        found.append(token)
        start -= 1
    return start, found


def is_passive(tokens: Sequence[Token], index: int, group: list[Token]) -> bool:
    token = tokens[index]
    if not is_participle(token) and not _is_invariant_participle(tokens, index):
        return False
    if any(t.lemma == "be" for t in group):
        return True
    if any(t.lemma == "have" for t in group):
        return False
    after = [t for t in tokens[index + 1 :] if t.kind != "date"]
    if after and after[0].low == "by" and _next_entity(tokens, index + 1):
        return True
    before = tokens[index - len(group) - 1] if index - len(group) > 0 else None
    thing = before is not None and before.kind == "word" and bool(before.concepts)
    return thing and (
        not after or after[0].kind == "mark" or after[0].low in PREPOSITIONS or tokens[index + 1].kind == "date"
    )


def _next_entity(tokens: Sequence[Token], index: int) -> Entity | None:
    for token in tokens[index : index + 4]:
        if token.kind == "entity":
            return token.entity
    return None
