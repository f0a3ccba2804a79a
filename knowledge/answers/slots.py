"""What a question asks, reduced to what must agree before two wordings may share an answer. Pure.

Every word that means something becomes a concept of the lexicon, or its own base form; figures, days, tiers and pages
are written in one way. Nothing unknown is dropped: a word that only one question has keeps the two apart.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.answers.lexicon import base_form, lexicon
from knowledge.answers.quantities import mark_quantities
from lightpoint.grounding.words import irregular_forms
from lightpoint.language.normalise import squeeze

_PAST = frozenset({"was", "were", "did", "had", "has", "have"})
_STRONG = {"must": "must", "should": "should", "ought": "should"}
_ONLY_BEFORE_PARTIES = frozenset({"about", "to", "for"})
_OPENINGS = frozenset({"not", "if", "while", "once", "before", "after", "until", "because"})
_PRONOUNS = frozenset({"who", "whom", "which"})
_QUESTION_WORDS = _PRONOUNS | {"what", "when", "where", "why", "how"}
_MEASURES = {"much": "how much", "many": "how many", "long": "how long", "often": "how often", "far": "how far"}
_TOKEN = re.compile(r"(?:num|ord|tier|page|date):[^\s?]*[^\s?.,;:]|_?[a-z0-9&]+(?:[-'./][a-z0-9]+)*'?|,")
_BE = frozenset({"be", "been", "being", "is", "are", "was", "were", "am", "get", "gets", "got"})
_BY_HMRC = re.compile(
    r"\b(?:be|been|being|is|are|was|were) (?:(?:an? |the |my )?\w+ )?(?P<does>\w+) by hmrc"
    r"(?= ?[?,]|$| (?:when|if|as|after|before|within|in|at|to|because)\b)"
)
_FUTURE = frozenset({"will", "would", "shall"})
_FAULTS = frozenset({"mistake", "delay", "late", "fault", "failur", "not", "negligenc"})
_MADE = frozenset({"complain", "claim", "appeal", "ask", "apologise", "decide", "record", "pay", "mistake", "award"})
_POSSESSIVES = frozenset({"my", "our", "your"})
_LEADING = frozenset({"for", "on", "about", "regarding", "concerning"})
_DETERMINERS = frozenset({"a", "an", "the", "any", "own"})
_BRINGING = frozenset({"~rais", "~lodg", "~submit", "~bring"})
_BROUGHT = frozenset({"complain", "claim", "appeal"})
_COSTS = frozenset({"cost", "fee", "professional_fee", "accountant_fee", "legal_fee", "agent_fee", "bill"}) | {
    "phone",
    "postage",
    "photocopying",
    "travel",
    "childcare",
}
_PROFESSIONS = {"accountant": "accountant_fee", "solicitor": "legal_fee", "agent": "agent_fee"}
_GIVEN = frozenset({"apologise", "explain", "reply"})


@dataclass(frozen=True, slots=True)
class Slots:
    """`asks`: the question words; `strong`: must and should; `words`: concepts in their order, with what governs them.

    A word of `words` is "delay", "not:pay", "before:appeal", "num:£5000"; a word that the lexicon lacks begins with
    "~". `past` is about the question itself, `to_come` about a clause in it ("fees I will pay"); `passive` tells
    whether anything is said to be done rather than to do, and `done` what.
    """

    asks: tuple[str, ...]
    strong: tuple[str, ...]
    past: bool
    to_come: bool
    passive: bool
    done: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word or phrase: its concept ("" for what says nothing), and what was written."""

    concept: str
    written: str


_END = _Word("", "")


def read_slots(question: str) -> Slots:
    """The slots of `question`; its case, quotation marks and white space do not matter."""
    text = rewritten(question)
    words = _content(text)
    asks, rest = _asked(words)
    done = _done(words)
    strong = tuple(sorted(_STRONG[word.written] for word in words if word.written in _STRONG))
    governed = _paid_by_hmrc(_fees(_with_doer_first(_governed(_without_light(rest, asks), asks), text)))
    return Slots(
        asks=asks or ("whether",),
        strong=strong,
        past=_main_auxiliary(words) in _PAST,
        to_come=_is_to_come(words),
        passive=bool(done),
        done=done,
        words=tuple(_without_implied(governed)),
    )


def rewritten(question: str) -> str:
    """`question` in lower case with its figures marked and its turns of phrase made plain."""
    text = re.sub(r"((?:num|date):\S+) +'s?(?= )", r"\1", mark_quantities(squeeze(question)))
    text = re.sub(r"\s+", " ", text.lower())
    for pattern, words in lexicon().rewrites:
        text = pattern.sub(words, text)
    return re.sub(r"\s+", " ", text).strip()


def _main_auxiliary(words: list[_Word]) -> str:
    """The auxiliary that opens the question, or follows its question word; a clause may stand before it."""
    written = [word.written for word in words]
    if "," in written and written[0] not in lexicon().auxiliaries | _QUESTION_WORDS:
        written = written[written.index(",") + 1 :]
    if not written or (
        written[0] not in lexicon().auxiliaries and not any(word in _QUESTION_WORDS for word in written)
    ):
        return ""
    return next((word for word in written if word in lexicon().auxiliaries), "")


def _done(words: list[_Word]) -> str:
    """The concept of the last participle that follows a form of "be" or "get", four words on at most; or ""."""
    found = ""
    for place, word in enumerate(words):
        near = words[max(0, place - 5) : place]
        if _is_participle(word.written) and any(one.written in _BE for one in near):
            found = word.concept or word.written
    return found


def _is_participle(word: str) -> bool:
    word = word.partition(" ")[0]
    return word.isalpha() and word not in lexicon().auxiliaries and (word.endswith("ed") or word in irregular_forms())


def _is_to_come(words: list[_Word]) -> bool:
    """Whether a clause tells of what is still to come: "will" past the main auxiliary, "to be paid"."""
    written = [part for word in words for part in word.written.split(" ")]
    auxiliaries = [word for word in written if word in lexicon().auxiliaries]
    return bool(_FUTURE & set(auxiliaries[1:])) or ("to", "be") in pairwise(written)


def _content(text: str) -> list[_Word]:
    tokens = _TOKEN.findall(text)
    bases = [token if ":" in token or token in lexicon().auxiliaries else base_form(token) for token in tokens]
    found: list[_Word] = []
    place = 0
    while place < len(tokens):
        length, concept = _phrase_at(tokens, bases, place)
        written = " ".join(tokens[place : place + length])
        if length == 1 and tokens[place] in lexicon().auxiliaries:
            concept = ""
        found.append(_Word(concept, written))
        place += length
    return found


def _phrase_at(tokens: Sequence[str], bases: Sequence[str], place: int) -> tuple[int, str]:
    known = lexicon()
    for length in range(min(known.longest, len(bases) - place), 0, -1):
        concept = known.phrases.get(tuple(bases[place : place + length]))
        if concept:
            return length, concept
    word = tokens[place]
    if ":" in word or word in known.relations:
        return 1, word
    if word in ("no", "never"):
        return 1, "not"
    return 1, "" if word in known.fillers | {","} else f"~{bases[place]}"


def _asked(words: list[_Word]) -> tuple[tuple[str, ...], list[_Word]]:
    """The question words, and the rest; "when" and "where" before anything but an auxiliary mean "if"."""
    asks: list[str] = []
    rest: list[_Word] = []
    for place, word in enumerate(words):
        after = words[place + 1].written if place + 1 < len(words) else ""
        measured = place > 0 and words[place - 1].written == "how" and word.written in _MEASURES
        if measured or _is_relative(words, place, asks, rest):
            continue
        if word.written not in _QUESTION_WORDS:
            rest.append(word)
        elif word.written in ("when", "where", "how") and after not in lexicon().auxiliaries | _MEASURES.keys():
            rest.append(_Word("~how" if word.written == "how" else "if", word.written))
        else:
            asks.append(_ask(word.written, after, words[place + 1 :]))
    return tuple(asks), rest


def _is_relative(words: list[_Word], place: int, asks: list[str], rest: list[_Word]) -> bool:
    """Whether "who" or "which" belongs to the noun before it: "the customer who complains"."""
    if words[place].written not in _PRONOUNS:
        return False
    asked_again = words[place - 1].written in ("and", "or", ",")
    said = any(word.concept or word.written in lexicon().auxiliaries for word in rest)
    return said or (bool(asks) and not asked_again)


def _ask(word: str, after: str, following: list[_Word]) -> str:
    if word == "how":
        return _MEASURES.get(after, word)
    if word == "who" and _has_subject(following):
        return "whom"
    return "what" if word == "which" else word


def _has_subject(words: list[_Word]) -> bool:
    """Whether "who" is no subject: "do", or an auxiliary and then somebody, comes next."""
    if not words or words[0].written not in lexicon().auxiliaries:
        return False
    subject = next((word for word in words[1:] if word.written not in ("the", "a", "an", "not")), _Word("", ""))
    return words[0].written in ("do", "does", "did") or subject.concept in lexicon().parties


def _without_light(words: list[_Word], asks: tuple[str, ...]) -> list[_Word]:
    """Leave out "make" of "make a complaint", "give" of "give an apology", and "I get" of "I get my fees refunded"."""
    concepts = {word.concept for word in words}
    kept = list(words)
    takes_time = "how long" in asks
    for place, word in enumerate(words):
        after = words[place + 1].written if place + 1 < len(words) else ""
        following = {other.concept for other in [one for one in words[place + 1 :] if one.concept][:2]}
        if (
            (word.concept == "~mak" and concepts & _MADE)
            or (word.concept in _BRINGING and following & _BROUGHT)
            or (word.concept == "give" and following & _GIVEN)
            or (word.written == "given" and words[place - 1].written in _BE and concepts & _GIVEN)
            or (word.written in ("take", "takes") and takes_time and after == "to")
        ):
            kept[place] = _Word("", word.written)
        elif word.concept == "receive" and words[place - 1].written != "to" and _gets_done(words[place + 1 :]):
            somebody = next((n for n in range(place - 1, -1, -1) if words[n].concept not in ("", "not")), -1)
            if somebody < 0 or words[somebody].concept not in lexicon().parties:
                kept[place] = _Word("", word.written)
            elif words[somebody].concept == "customer":
                kept[place] = kept[somebody] = _Word("", word.written)
    return kept


def _gets_done(words: list[_Word]) -> bool:
    """Whether what somebody gets is an act of HMRC: "a refund", "an apology", "my fees refunded"."""
    actors = lexicon().actors
    content = [
        word
        for word in words
        if word.concept and word.concept not in lexicon().relations and word.concept != "customer"
    ]
    if content and actors.get(content[0].concept) == "hmrc":
        return True
    return any(actors.get(word.concept) == "hmrc" and word.written.endswith("ed") for word in content)


def _governed(words: list[_Word], asks: tuple[str, ...]) -> list[tuple[str, _Word]]:
    """Concepts with the relation that governs each; "range of payments for X" is read "X payment range"."""
    found: list[tuple[str, _Word]] = []
    heads: list[tuple[str, _Word]] = []  # nouns that wait for what they are "of"
    relation: list[str] = []
    led = after_noun = False
    last = ""
    for word in [*words, _END]:
        if after_noun and _joins(word, found[-1][1]):
            heads.append(found.pop())
            after_noun = False
            continue
        if heads and after_noun and word.concept in lexicon().acts and not _is_nominal(word):
            found += reversed(heads)
            heads = []
        if word.concept in lexicon().relations or not (word.concept or word.written in _DETERMINERS):
            found += reversed(heads)
            heads = []
            if led and after_noun and _is_nominal(found[-1][1]):
                found[-1] = (f"on:{found[-1][0]}".rstrip(":"), found[-1][1])
            led = word.written in _LEADING and bool(found)
            relation += [word.concept] if word.concept else []
        elif word.written in _POSSESSIVES:
            found.append(("", word))
        elif word.concept:
            before = found[-1][1].concept if found else ""
            governs = [r for r in relation if r not in _ONLY_BEFORE_PARTIES or _tells(r, before, word, last)]
            relation = []
            found.append((":".join(governs), word))
        last = word.written
        after_noun = bool(word.concept) and word.concept not in lexicon().relations and word.written not in _POSSESSIVES
    left = relation if asks else [r for r in relation if r not in ("with", "for")]
    return [*found, *([(":".join(left), _Word("", ""))] if left else [])]


def _tells(relation: str, before: str, word: _Word, last: str) -> bool:
    """Whether "about", "to" or "for" says more than that two words belong together.

    It does before a party, before a length of time ("for 30 days"), and where it gives the end of a complaint:
    "complain for a refund", "complain to stop interest".
    """
    if word.concept in lexicon().parties:
        return True
    if relation == "for":
        return before == "complain" or word.concept.startswith("num:")
    return relation == "to" and last == "to" and before in _BROUGHT and word.concept in lexicon().acts


def _joins(word: _Word, noun: _Word) -> bool:
    """Whether "of" stands here, or the "for" or "on" of a noun such as "payment" or "decision"."""
    if word.written == "of":
        return True
    return _is_nominal(noun) and word.written in _LEADING


def _is_nominal(noun: _Word) -> bool:
    """Whether it is a noun made of a verb, which takes what it is about as "of" does: "payment for distress"."""
    return noun.concept in lexicon().acts | {"limit"} and noun.written.removesuffix("s").endswith(
        ("ion", "ment", "limit")
    )


def _with_doer_first(words: list[tuple[str, _Word]], text: str) -> list[tuple[str, _Word]]:
    """ "Is it recorded by HMRC?" in the order of "Does HMRC record it?"."""
    match = _BY_HMRC.search(text)
    if not match or not _is_participle(match["does"]):
        return words
    place = next((n for n, (relation, word) in enumerate(words) if (relation, word.concept) == ("by", "hmrc")), -1)
    return [("", words[place][1]), *words[:place], *words[place + 1 :]] if place >= 0 else words


def _fees(words: list[tuple[str, _Word]]) -> list[tuple[str, _Word]]:
    """ "accountant's bill", "fees of my accountant" as one concept."""
    found: list[tuple[str, _Word]] = []
    for relation, word in words:
        before = found[-1][1] if found else _Word("", "")
        if not relation and before.concept in _PROFESSIONS and word.concept in ("fee", "cost", "bill"):
            found[-1] = (found[-1][0], _Word(_PROFESSIONS[before.concept], f"{before.written} {word.written}"))
        else:
            found.append((relation, word))
    return found


def _paid_by_hmrc(words: list[tuple[str, _Word]]) -> list[tuple[str, _Word]]:
    """HMRC that pays, meets or covers somebody's costs refunds them."""
    concepts = {word.concept for _, word in words}
    found = list(words)
    for place, ((_, who), (relation, does)) in enumerate(pairwise(words), 1):
        if who.concept == "hmrc" and does.concept in ("pay", "~meet", "cover") and concepts & _COSTS:
            found[place] = (relation, _Word("refund", does.written))
    return found


def _without_implied(words: list[tuple[str, _Word]]) -> Iterator[str]:
    """Leave out HMRC and the customer where the act itself tells who does it, and for whom."""
    actors = lexicon().actors
    acts = {actors[word.concept] for _, word in words if word.concept in actors}
    acts |= {"distress"} & {word.concept for _, word in words}
    carried = ""
    for place, (relation, word) in enumerate(words):
        after = words[place + 1][1].concept if place + 1 < len(words) else ""
        opening = relation if relation in _OPENINGS else ""
        if _is_implied("" if opening else relation, word, after, acts):
            carried = ":".join(filter(None, (carried, opening)))
            continue
        governs = ":".join(filter(None, (carried, relation)))
        carried = ""
        yield f"{governs}:{word.concept}" if governs else word.concept
    if carried:
        yield f"{carried}:"


def _is_implied(relation: str, word: _Word, after: str, acts: set[str]) -> bool:
    doer = lexicon().actors.get(after)
    if after == "pay" and "distress" in acts:
        doer = "hmrc"
    if word.concept == "hmrc":
        by_itself = not relation and doer == "hmrc"
        return (
            by_itself
            or (relation in ("by", "from") and "hmrc" in acts)
            or (relation == "to" and acts - {"distress"} == {"customer"})
        )
    if word.concept != "customer" or after in _FAULTS:
        return False
    if word.written in _POSSESSIVES:
        return True
    if relation in ("", "to", "for") and doer != "hmrc" and "hmrc" in acts and not after.startswith(("~", "pay")):
        return True
    return not relation and doer == "customer"
