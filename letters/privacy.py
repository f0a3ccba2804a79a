"""What tells who a case is about, replaced before anything leaves, and put back into what comes in. Pure.

A value stands for itself in every text of the case: its token is a keyed hash of it, so that texts of different days
fit together, and another case's token for the same value is another one. Dates and amounts stay. What is hidden is
what the case knows of the people in it, and what `find_private` takes for a name, an address or a number of somebody.
"""

import hashlib
import hmac
import json
import re
from base64 import b32encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from complaints.facts.records import Facts, Intake
from knowledge.anonymising import (
    ACCOUNT,
    ADDRESS,
    BIRTH,
    BUSINESS,
    EMAIL,
    LINK,
    NAME,
    PHONE,
    REFERENCE,
    WHOLE,
    find_private,
    is_ordinary,
)
from letters.practice import PracticeDetails
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts

KINDS: Final[Mapping[str, str]] = {
    NAME: "NAME",
    BUSINESS: "BUSINESS",
    ADDRESS: "ADDRESS",
    REFERENCE: "REF",
    PHONE: "PHONE",
    EMAIL: "EMAIL",
    ACCOUNT: "ACCOUNT",
    LINK: "LINK",
    BIRTH: "BIRTH",
    WHOLE: "TEXT",
}
TOKEN: Final = re.compile(
    r"\[(?:CLIENT|PRACTICE|NAME|BUSINESS|ADDRESS|REF|PHONE|EMAIL|ACCOUNT|LINK|BIRTH|TEXT)-[A-Z2-7]+\]"
)
_LENGTH: Final = 5  # letters of a token; longer where two values of a case would share one
_BODIES: Final = re.compile(
    r"\b(?:HMRC|HM Revenue(?: (?:and|&) Customs)?|Adjudicator|Commissioner|Ombudsman|Tribunal)\b", re.IGNORECASE
)
_TITLE: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir)\b\.?\s")
_SMALL: Final = frozenset(
    {"and", "the", "ltd", "limited", "llp", "plc", "mr", "mrs", "ms", "miss", "dr", "t/a", "trading"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """A value that the case knows to be private; `kind` is the first word of its token."""

    value: str
    kind: str


def known_of(intake: Intake, facts: Facts | None, practice: PracticeDetails) -> tuple[Known, ...]:
    """What a case knows of its people: client, practice, parties, their references and addresses."""
    found = [
        Known(intake.client_name, "CLIENT"),
        *(Known(word, "CLIENT") for word in _words(intake.client_name)),
        Known(intake.practice_name, "PRACTICE"),
        Known(practice.name, "PRACTICE"),
        Known(practice.signatory_name, "NAME"),
        *(Known(word, "NAME") for word in _words(practice.signatory_name)),
        Known(intake.practice_address, "ADDRESS"),
        *(Known(line, "ADDRESS") for line in practice.address_lines),
        Known(intake.agent_reference, "REF"),
        Known(practice.agent_reference, "REF"),
        *(Known(value, "REF") for _, value in intake.references),
    ]
    if facts is not None:
        parties = [(party.name, party.side) for party in facts.parties]
        parties += [(profile.author_name, profile.author) for profile in facts.documents]
        for name, side in parties:
            found.append(Known(name, "CLIENT" if side == "client" else "NAME"))
            found += [Known(word, "NAME") for word in _words(name)]
        found += [Known(profile.addressed_to, "ADDRESS") for profile in facts.documents]
        found += [Known(reference.value, "REF") for reference in facts.references]
    return tuple(dict.fromkeys(one for one in found if len(one.value.strip()) > 2 and not _BODIES.search(one.value)))


def _words(name: str) -> Iterable[str]:
    """The parts of a name that may stand for the whole, those of a double-barrelled one too."""
    words = re.findall(r"[^\W\d_][\w'’\-]{2,}", name)
    parts = [part for word in words if "-" in word for part in word.split("-")]
    return [w for w in (*words, *parts) if len(w) > 2 and w.casefold() not in _SMALL and w[0].isupper()]


@dataclass
class Veil:
    """The tokens of one case. `secret` is a key of that case; `restore` knows the values that went through `hide`.

    `learned` is what answers have told beside what is `known`.
    """

    secret: bytes = field(repr=False)
    known: tuple[Known, ...] = field(default=(), repr=False)
    learned: frozenset[Known] = field(default=frozenset(), repr=False)
    _values: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        known = (*self.known, *sorted(self.learned, key=lambda one: (one.value, one.kind)))
        self._known = _pattern(known)
        self._kinds = {_bare(one.value): one.kind for one in reversed(known)}

    def hide(self, text: str) -> str:
        """`text` with a token in place of each private value; `restore` gives exactly `text` again."""
        return self._hidden(text, self._places(text))

    def _hidden(self, text: str, places: Iterable[tuple[int, int, str]]) -> str:
        parts, last = [], 0
        for start, end, kind in places:
            parts += [text[last:start], self._token(text[start:end], kind)]
            last = end
        return "".join(parts) + text[last:]

    def hide_in_prompt(self, text: str) -> str:
        """The same for the words that a practice tells models: a capital makes no name there without a title."""
        return self._hidden(text, self._places(text, guess_names=False))

    def taught(self, veil: "Veil", answer: Any) -> "Veil":
        """A veil that knows too what `veil` has hidden and `answer` tells: without its title it may not be found."""
        tokens = {token for token in TOKEN.findall(json.dumps(answer)) if not token.startswith("[TEXT-")}
        told = {Known(veil._values[token], token[1:].partition("-")[0]) for token in tokens if token in veil._values}
        return replace(self, learned=self.learned | told) if told else self

    def restore(self, text: str) -> str:
        """`text` with the values of the tokens that are known; others stay as they are."""
        return TOKEN.sub(lambda hit: self._values.get(hit[0], hit[0]), text)

    def restored(self, value: Any) -> Any:
        """A JSON value with every string of it restored."""
        if isinstance(value, str):
            return self.restore(value)
        if isinstance(value, list):
            return [self.restored(item) for item in value]
        if isinstance(value, dict):
            return {key: self.restored(item) for key, item in value.items()}
        return value

    def _places(self, text: str, *, guess_names: bool = True) -> list[tuple[int, int, str]]:
        """What is to be hidden, in order: first what the case knows, then what the patterns find beside it."""
        stays = [(day.start, day.end) for day in find_dates(text) if day.complete]
        stays += [(amount.start, amount.end) for amount in find_amounts(text) if amount.explicit]
        taken = [(hit.start(), hit.end(), "TEXT") for hit in TOKEN.finditer(text)]
        for hit in self._known.finditer(text) if self._known else ():
            kind = self._kinds.get(_bare(hit[0]), "NAME")
            if not (hit[0].isalpha() and (_says_something(hit[0]) or _overlaps(hit.span(), stays))):
                taken.append((hit.start(), hit.end(), kind))
        taken = _apart(taken)
        blocked = sorted([*((start, end) for start, end, _ in taken), *stays])
        for private in find_private(text):
            if not guess_names and private.kind in (NAME, BUSINESS) and not _titled(text, private.start, private.end):
                continue
            kept_out = () if private.kind in (BIRTH, WHOLE) else blocked
            for start, end in _without(private.start, private.end, kept_out):
                if re.search(r"\w", text[start:end]):
                    taken.append((start, end, KINDS[private.kind]))
        return _apart(taken)

    def _token(self, value: str, kind: str) -> str:
        letters = b32encode(hmac.new(self.secret, f"{kind}:{value}".encode(), hashlib.sha256).digest()).decode()
        for length in range(_LENGTH, len(letters)):
            token = f"[{kind}-{letters[:length].rstrip('=')}]"
            if self._values.setdefault(token, value) == value:
                return token
        raise AssertionError("two values of a case have the same hash")


def _pattern(known: Iterable[Known]) -> re.Pattern[str] | None:
    """Finds each known value as a whole, however its parts are spaced; in a reference the parts may have no space.

    In names of files a value may stand between other words: "Hope_1234567895.pdf", "LetterToHope.pdf".
    """
    values = sorted({one.value.strip() for one in known}, key=lambda value: (-len(value), value))
    if not values:
        return None
    return re.compile("|".join(f"{_edge(v[0], '<')}{_loosely(v)}{_edge(v[-1], '')}" for v in values), re.IGNORECASE)


def _edge(char: str, side: str) -> str:
    """Where a value may begin ("<") or end that has `char` there: no letter goes on a word, no digit a number."""
    if char.isdigit():
        return rf"(?{side}!\d)"
    return rf"(?:(?{side}![^\W\d_])|(?-i:(?<=[a-z])(?=[A-Z])))"


def _loosely(value: str) -> str:
    if re.fullmatch(r"[A-Z0-9 ./\-]*\d[A-Z0-9 ./\-]*", value):
        return r"[\s./\-–_]{0,3}".join(re.sub(r"[ ./\-]", "", value))
    return r"(?:\s+|[_\-])".join(map(re.escape, value.split()))


def _titled(text: str, start: int, end: int) -> bool:
    """Whether a name stands with a title, so that it is one for sure."""
    return _TITLE.search(text[max(0, start - 6) : end]) is not None


def _says_something(word: str) -> bool:
    """Whether a part of a name stands for a thing where it has no capital: a Miss Hope, and the hope of an answer."""
    return word[0].islower() and is_ordinary(word)


def _overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _bare(value: str) -> str:
    return re.sub(r"[\s./\-]", "", value).casefold()


def _apart(places: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """In order, of those that overlap the first and longest; what is left of another stays a place of its own."""
    found: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(places, key=lambda place: (place[0], -place[1])):
        begin = max(start, found[-1][1]) if found else start
        if begin < end:
            found.append((begin, end, kind))
    return found


def _without(start: int, end: int, blocked: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """What of a stretch none of `blocked`, which are in order, covers."""
    for left, right in blocked:
        if right <= start or left >= end:
            continue
        if left > start:
            yield start, left
        start = max(start, right)
    if start < end:
        yield start, end
