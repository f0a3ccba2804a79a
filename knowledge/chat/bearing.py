"""Whether a sentence is borne out by one sentence of a source, or by two that stand together. Pure; errs towards no.

Each telling word of the sentence has its counterpart in the source, words that stand together there do so here, nobody
does what the source has another do, and what the source denies, limits, allows or requires it says with that limit.
A true sentence that is put quite differently is refused too: the answer can do without it, and cannot take it back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, pairwise
from typing import Final

from knowledge.chat.doings import HMRC, belongings, doings_of, party_of
from lightpoint.grounding import words
from lightpoint.language.sentences import split_sentences

APART, BACK = 5, 3  # how far on, and how far back, the source has the next telling word of the sentence at most
BROKEN: Final = 2  # what the end of a part of a sentence adds to that
_LEAST: Final = 2  # telling words, without which nothing is said
_PIECE: Final = re.compile(r"£?\d+(?:,\d{3})*(?:\.\d+)?%?|[A-Za-z][A-Za-z0-9]*(?:[’'][a-z]+)?|[,;:()]")
_ADDRESS: Final = re.compile(
    r"[@\\]|://|\bwww\b|\bhttps?\b|\bdot\b|\bslash\b|\b[\w-]+\.[a-z]{2,}\b|\bpoint (?:com|org|net|uk)\b",
    re.IGNORECASE,
)
_SPLIT: Final = frozenset(
    {",", ";", ":", "(", ")", "nor", "but", "while", "whereas", "although", "though", "because", "so"}
)
_NEGATIVE_WORDS: Final = """
not no never cannot nor neither without nothing none nobody refuse refused refuses refusing exclude excluded fail
fails failed failing unable hardly cease ceases instead barred forbidden prohibited unlikely
"""
_NEGATIVE: Final = frozenset(_NEGATIVE_WORDS.split())
_CONDITION: Final = re.compile(
    r"\b(?:if|where|when|unless|once|provided|only after|so long as|so far as|as far as|until|except)\b", re.IGNORECASE
)
# What limits a saying; words of one row mean the same.
_LIMITS: Final = tuple(
    re.compile(rf"\b(?:{row})\b", re.IGNORECASE)
    for row in (
        "only|solely|exclusively|just|alone",
        "exceptionally|exceptional|rarely|rare|unique",
        "normally|usually|usual|generally|mostly|ordinarily|as a (?:general )?rule|typically|often|mainly",
        "sometimes|occasionally|at times|some cases",
        "necessarily",
        "unless|except(?:ing)?",
        "at least|(?:or|no) (?:more|fewer|less)|minimum",
        "over|above|exceed(?:s|ing)?|more than|greater than|higher than",
        "under|below|less than|smaller than|lower than",
        "up to|at most|maximum|within",
        "before|prior to|until",
        "after|since|following",
        "most|greatest|largest|highest|best|majority",
        "least|smallest|lowest|worst",
        "all|every|each|any|both",
        "same|similar|identical|alike",
        "different|differs?|unlike|distinct|rather than",
        "part|partly|proportion|half|share",
        "usually|fully|in full|entire|entirely|whole|wholly|total|complete",
    )
)
# What may be left out of what the source says, and not be put into it.
_DROPPED: Final = tuple(limit for limit in _LIMITS if limit.search("before after all"))
_MUST: Final = re.compile(
    r"\b(?:must|shall|(?:has|have|had|needs?) to|(?:is|are) (?:required|obliged|to)|requires?|bound)\b", re.IGNORECASE
)
_SHOULD: Final = re.compile(r"\b(?:should|ought|expect(?:s|ed)?|advised|best)\b", re.IGNORECASE)
_MAY: Final = re.compile(
    r"\b(?:may|might|can|could|possibl[ey]|allowed|entitled|unable|cannot|(?:be|is|are) considered)\b"
    r"|\bconsider(?:s|ing)? (?!reasonable)\w",
    re.IGNORECASE,
)
_WILL: Final = re.compile(r"\b(?:will|would|going to)\b", re.IGNORECASE)
_BE: Final = frozenset(["is", "are", "was", "were", "be", "been", "being"])
_SMALL_WORDS: Final = """
say says said state states set sets out guidance according page section case cases matter matters account way make
makes made take takes taken taking give gives given do does did done has have had having be get gets got such own
whose because by as also too very still however well
"""
_SMALL: Final = frozenset(_SMALL_WORDS.split())
_TELLING: Final = frozenset(["same", "later", "earlier", "another", "again", "less", "more", "against"])
_SAME: Final = (
    "reimburse refund repay compensate",
    "pay payment",
    "fee cost charge expense",
    "mistake error",
    "customer taxpayer complainant",
    "agent adviser accountant",
    "authorise approve sign agree",
    "evidence proof prove",
    "direct directly",
    "individual person people",
    "reply respond response answer",
    "company business",
    "distress upset",
    "consult ask refer seek",
    "normal normally usual usually",
    "include including",
    "extra additional",
    "delay late",
    "apologise apology",
    "complain complaint",
    "decide decision",
    "begin start",
    "big large",
    "relative family",
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or figure, with the number of its clause; `party` is whose name it is."""

    text: str
    key: str
    clause: int
    place: int
    party: str = ""
    figure: bool = False


def unborne(sentence: str, sources: Sequence[tuple[str, str]]) -> str:
    """Why none of `sources`, each a title with its text, has a sentence, or two neighbours, that say `sentence`.

    "" where one does.
    """
    if _ADDRESS.search(sentence):
        return "it gives an address"
    reasons = [_against(sentence, window, title) for title, text in sources for window in _windows(text)]
    return "" if "" in reasons else max(reasons, key=_nearness, default="its sources are empty")


def _nearness(reason: str) -> int:
    """Which reason tells most: that of a sentence about the same."""
    return 0 if reason.startswith("no sentence") else 1


def _windows(text: str) -> Iterator[str]:
    spans = [" ".join(span.text.split()) for span in split_sentences(text)]
    yield from spans
    yield from (f"{one} ; {other}" for one, other in pairwise(spans))


def _against(sentence: str, window: str, title: str) -> str:
    said, held = _words(sentence), _words(window)
    strangers = {word.party for word in said} - {word.party for word in held} - {HMRC, ""}
    if strangers:
        return f"no sentence of the source is about the {min(strangers)}"
    telling = [word for word in said if word.party != HMRC]
    topic = [word.key for word in _words(title)]
    reasons = []
    for chosen in dict.fromkeys((tuple(telling), tuple(_beyond(telling, topic)))):
        reasons.append(_against_words(chosen, held) or _against_sense(sentence, window, chosen, held))
    return "" if "" in reasons else max(reasons, key=_nearness)


def _against_words(telling: Sequence[Word], held: Sequence[Word]) -> str:
    missing = [word.text for word in telling if not any(alike(word.key, other.key) for other in held)]
    if missing:
        return f"no sentence of the source has {missing[0]!r}"
    return "no sentence says so little" if len(telling) < _LEAST else ""


def _against_sense(sentence: str, window: str, telling: Sequence[Word], held: Sequence[Word]) -> str:
    found = _aligned(telling, held)
    if found is None:
        return "the source says these things apart"
    clauses = _clauses(window)
    near = " ".join(clauses[number] for number in sorted({held[place].clause for place in found}))
    return _against_limits(sentence, near, window) or _against_parties(sentence, near, window)


def _beyond(telling: Sequence[Word], topic: Sequence[str]) -> list[Word]:
    """The telling words without those at the start that only name what the page is about, and without "payments"."""
    rest = list(dropwhile(lambda word: any(alike(word.key, key) for key in topic), telling))
    paid = key_of("payment")
    return [word for word in rest if not (word.key == paid and paid in topic)]


def _aligned(telling: Sequence[Word], held: Sequence[Word]) -> tuple[int, ...] | None:
    """Which of `held` are the telling words, each near the one before it: the tightest there is. None if none is."""
    figures = {word.key for word in telling if word.figure}
    paths: dict[int, tuple[int, tuple[int, ...]]] = {}
    for number, word in enumerate(telling):
        following: dict[int, tuple[int, tuple[int, ...]]] = {}
        for at, other in enumerate(held):
            if not alike(word.key, other.key):
                continue
            ways = [
                (cost + abs(other.place - held[last].place), path)
                for last, (cost, path) in paths.items()
                if _leads(held, last, at, figures)
            ]
            if number == 0:
                following[at] = (0, (at,))
            elif ways:
                cost, path = min(ways)
                following[at] = (cost, (*path, at))
        paths = following
    return min(paths.values())[1] if paths else None


def _leads(held: Sequence[Word], one: int, other: int, figures: set[str]) -> bool:
    """Whether a sentence may go on from one word of the source to another: near, and past no figure that it omits."""
    if held[other].place < held[one].place:
        near = held[one].place - held[other].place <= BACK and held[one].clause == held[other].clause
    else:
        near = held[other].place - held[one].place <= APART
    between = held[min(one, other) + 1 : max(one, other)]
    passes = held[one].figure or held[other].figure
    return near and not (passes and any(word.figure and word.key not in figures for word in between))


def _against_limits(sentence: str, near: str, window: str) -> str:
    if _count(_NEGATIVE, sentence) != _count(_NEGATIVE, near):
        return "the source denies it, or does not deny it"
    for limit in _LIMITS:
        said, has = limit.search(sentence), limit.search(near)
        if (said and not has) or (has and not said and limit not in _DROPPED):
            return f"the source says it {'with' if has else 'without'} {(has or said)[0]!r}"  # type: ignore[index]
    if _CONDITION.search(sentence) and not _CONDITION.search(window):
        return "the source does not have the condition"
    return _against_force(sentence, near)


def _against_force(sentence: str, near: str) -> str:
    """Whether what must be, should be, will be or may be is so in the source too."""
    said = {row: len(row.findall(sentence)) for row in (_MUST, _SHOULD, _WILL, _MAY)}
    held = {row: len(row.findall(near)) for row in said}
    wrong = {
        "the source does not require it": said[_MUST] > held[_MUST],
        "the source does not say that it should be": said[_SHOULD] > held[_SHOULD] + held[_MUST],
        "the source does not say that it will be": said[_WILL] > held[_WILL],
        "the source says no more than that it may be": said[_MAY] < held[_MAY],
        "the source requires it": said[_MAY] > held[_MAY] and said[_MUST] < held[_MUST],
    }
    return next((reason for reason, applies in wrong.items() if applies), "")


def _count(among: frozenset[str], text: str) -> int:
    return sum(
        1 for word in re.findall(r"[a-z]+(?:n['’]t)?", text.lower()) if word in among or word.endswith(("n't", "n’t"))
    )


def _against_parties(sentence: str, near: str, window: str) -> str:
    others = _parties(near) - _parties(sentence)
    held = doings_of(window)
    for one in doings_of(sentence):
        same = [other for other in held if other.acts == one.acts and alike(key_of(one.verb), key_of(other.verb))]
        if any(other.party == one.party for other in same):
            continue
        if same or (one.acts and (one.party != HMRC or others)):
            return f"in the source it is not the {one.party} that does or has it"
    owned = belongings(window)
    owners = {owner for owner, _ in belongings(sentence)}
    for owner in owners:
        things = [thing for other, thing in belongings(sentence) if other == owner]
        if not any(other == owner and alike(key_of(name), key_of(thing)) for other, name in owned for thing in things):
            return f"in the source it is not the {owner}'s"
    return ""


def _parties(text: str) -> set[str]:
    return {word.party for word in _words(text)} - {""}


@lru_cache(maxsize=4096)
def key_of(word: str) -> str:
    """What forms of a word have in common."""
    return words.stem(words.lemma(word.lower()))


def alike(one: str, other: str) -> bool:
    """Whether two words mean the same, by their keys."""
    return one == other or bool(_rows().get(one, frozenset()) & _rows().get(other, frozenset()))


@lru_cache(maxsize=1)
def _rows() -> Mapping[str, frozenset[int]]:
    rows: dict[str, set[int]] = {}
    for number, row in enumerate(_SAME):
        for word in row.split():
            rows.setdefault(key_of(word), set()).add(number)
    return {key: frozenset(numbers) for key, numbers in rows.items()}


def _words(text: str) -> tuple[Word, ...]:
    """The telling words and figures, and the parties, each with the number of its clause."""
    found: list[Word] = []
    clause = broken = 0
    pieces = _pieces(text)
    for at, piece in enumerate(pieces):
        low = piece.lower().removesuffix("'s").removesuffix("'")
        clause += _splits(pieces, at)
        broken += BROKEN * (piece == ";")
        party, place = party_of(low), len(found) + broken
        if party:
            found.append(Word(piece, key_of(low), clause, place, party))
        elif low[0].isdigit() or low[0] == "£":
            found.append(Word(piece, low.lstrip("£ ").replace(",", ""), clause, place, figure=True))
        elif low.isalpha() and not _is_small(low):
            found.append(Word(piece, key_of(low), clause, place))
    return tuple(found)


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text.replace("’", "'").replace("'s Office", ""))


def _splits(pieces: Sequence[str], at: int) -> bool:
    """Whether a clause begins here: at a mark, a "but", or an "and" that somebody follows."""
    low = pieces[at].lower()
    following = [piece.lower() for piece in pieces[at + 1 : at + 3]]
    joins = low == "and" and bool(following) and (following[0] == "it" or any(map(party_of, following)))
    return low in _SPLIT or joins


def _is_small(low: str) -> bool:
    return (
        (low in words.STOP_WORDS and low not in _TELLING)
        or low in _SMALL
        or low in _BE
        or low in _NEGATIVE
        or len(low) < 2
    )


def _clauses(text: str) -> dict[int, str]:
    """The clauses of `text` by number, as `_words` numbers them."""
    clauses: dict[int, list[str]] = {0: []}
    pieces = _pieces(text)
    for at, piece in enumerate(pieces):
        if _splits(pieces, at):
            clauses[max(clauses) + 1] = []
        clauses[max(clauses)].append(piece)
    return {number: " ".join(pieces) for number, pieces in clauses.items()}
