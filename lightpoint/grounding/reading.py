"""A text as the checkers see it: figures, dates, names and words in order, cut into segments. Pure, cached."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from lightpoint.grounding import words
from lightpoint.grounding.entities import Entity, find_entities
from lightpoint.grounding.relative_dates import relative_dates
from lightpoint.language.dates import DateMention, MonthMention, find_dates, find_months, find_partial_dates
from lightpoint.language.durations import DurationMention, find_durations
from lightpoint.language.money import MoneyMention, find_amounts
from lightpoint.language.sentences import split_sentences

TokenKind = Literal["word", "entity", "date", "amount", "duration", "figure", "mark"]

_TOKEN = re.compile(
    r"[A-Za-zÀ-ÿ]+(?:['’\-][A-Za-zÀ-ÿ]+)*(?:['’](?!\w))?|\d[\d,./\-]*\d|\d|[;:,.()%!?|\"“”‘'’/&–—]|\n[ \t]*\n"
)
_LONG_TEXT = 1500  # characters; a page of a document, whose first date is its own
_PERCENT = re.compile(r"\b(\d+(?:\.\d+)?)\s*(?:%|per\s+cent\b|percent\b)", re.IGNORECASE)
CITATION = re.compile(r"\b(?:CRG|CHG|ARTG|CC/FS|CH|EM|SAM|PAYE|VATGPB|DMBM|NIM|ADML)\d{1,6}[A-Z]?\b")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a figure or a mark. `concepts` is empty for what has no meaning of its own."""

    kind: TokenKind
    text: str
    low: str
    lemma: str
    concepts: frozenset[str]
    start: int
    end: int
    entity: Entity | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch that says one thing: a clause, a line or an item, with the dates that hold for it."""

    tokens: tuple[Token, ...]
    start: int
    end: int
    own_dates: tuple[date, ...]
    dates: tuple[date, ...]  # own, or those of the heading above it
    header: bool = False

    def concepts(self) -> frozenset[str]:
        return frozenset(name for token in self.tokens for name in token.concepts)


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, read once."""

    text: str
    tokens: tuple[Token, ...]
    segments: tuple[Segment, ...]
    entities: tuple[Entity, ...]
    dates: tuple[DateMention, ...]
    months: tuple[MonthMention, ...]  # "March 2022" without a day
    amounts: tuple[MoneyMention, ...]
    durations: tuple[DurationMention, ...]
    citations: tuple[str, ...]

    def concepts(self) -> frozenset[str]:
        return frozenset(name for token in self.tokens for name in token.concepts)


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a text once; later calls with the same words cost nothing."""
    plain = find_dates(text, reference=_reference_day(text))
    dates = tuple(sorted([*plain, *relative_dates(text, plain)], key=lambda mention: mention.start))
    durations = tuple(d for d in find_durations(text) if not _RATE_UNIT.search(text[: d.end]))
    amounts = tuple(m for m in find_amounts(text) if _is_money(m, durations, dates))
    entities = find_entities(text)
    months = tuple(find_months(text))
    tokens = _tokens(text, entities, _masks(text, dates, months, amounts, durations))
    return Reading(
        text, tokens, _segments(text, tokens, dates), entities, dates, months, amounts, durations,
        tuple(dict.fromkeys(CITATION.findall(text))),
    )  # fmt: skip


def _is_money(mention: MoneyMention, durations: tuple[DurationMention, ...], dates: tuple[DateMention, ...]) -> bool:
    """A bare number counts as money only when it is written like a sum and is no length of time and no date."""
    if mention.explicit:
        return True
    places = [(d.start, d.end) for d in durations] + [(d.start, d.end) for d in dates]
    taken = any(start < mention.end and mention.start < end for start, end in places)
    return not taken and re.search(r"\d,\d{3}|\.\d\d(?!\d)", mention.text) is not None


# "£150 an hour" is a rate, and the hour in it no length of time.
_RATE_UNIT = re.compile(r"(?:£[\d,.]*\d|\brate|\bsum|\bprice)\s*,?\s*(?:an?|per|each)\s+\w+$", re.IGNORECASE)


def _reference_day(text: str) -> date | None:
    """By which day a date without a year is told: a paper's own date, or else most of a year after the first one."""
    found = [m for m in find_dates(text) if m.complete]
    if not found:
        return None
    dated = found[0].start < header_end(text) or len(text) > _LONG_TEXT
    return found[0].date if dated else found[0].date + timedelta(days=300)


def _masks(
    text: str,
    dates: tuple[DateMention, ...],
    months: tuple[MonthMention, ...],
    amounts: tuple[MoneyMention, ...],
    durations: tuple[DurationMention, ...],
) -> list[tuple[int, int, TokenKind]]:
    found: list[tuple[int, int, TokenKind]] = [(d.start, d.end, "date") for d in dates]
    found += [(p.start, p.end, "date") for p in find_partial_dates(text)]
    found += [(m.start, m.end, "date") for m in months]
    found += [(m.start(), m.end(), "figure") for m in _PERCENT.finditer(text)]
    found += [(m.start(), m.end(), "figure") for m in CITATION.finditer(text)]
    found += [(d.start, d.end, "duration") for d in durations]
    found += [(a.start, a.end, "amount") for a in amounts]
    return found


def _tokens(text: str, entities: tuple[Entity, ...], masks: list[tuple[int, int, TokenKind]]) -> tuple[Token, ...]:
    taken: list[Token] = [Token("entity", e.text, e.text.lower(), "", frozenset(), e.start, e.end, e) for e in entities]
    for start, end, kind in masks:
        if not any(start < t.end and t.start < end for t in taken):
            taken.append(Token(kind, text[start:end], text[start:end].lower(), "", frozenset(), start, end))
    covered = sorted((t.start, t.end) for t in taken)
    plain = _plain_tokens(text, covered)
    return tuple(sorted(_join_phrases(plain) + taken, key=lambda token: token.start))


def _plain_tokens(text: str, covered: list[tuple[int, int]]) -> list[Token]:
    found: list[Token] = []
    position = 0
    for start, end in [*covered, (len(text), len(text))]:
        for match in _TOKEN.finditer(text, position, max(position, start)):
            found.append(_token(match[0], match.start(), match.end()))
        position = max(position, end)
    return found


def _token(text: str, start: int, end: int) -> Token:
    if text[0].isdigit():
        return Token("figure", text, text, "", words.lexicon().concepts.get(text, frozenset()), start, end)
    if not text[0].isalpha():
        return Token("mark", text, text, "", frozenset(), start, end)
    low = text.lower().replace("’", "'")
    base = words.lemma(low)
    meaning = words.concepts_of(base) if base not in words.STOP_WORDS else frozenset()
    if "-" in low and base not in words.lexicon().concepts:
        parts = [words.lemma(part) for part in low.split("-")]
        meaning = (
            frozenset(c for part in parts if part not in words.STOP_WORDS for c in words.concepts_of(part)) or meaning
        )
    return Token("word", text, low, base, meaning, start, end)


def _join_phrases(tokens: list[Token]) -> list[Token]:
    """Give the first word of a known phrase the meaning of the whole, and the others none."""
    lemmas = [token.lemma for token in tokens]
    found = list(tokens)
    position = 0
    while position < len(found):
        phrase = words.phrase_at(lemmas, position) if lemmas[position] else None
        if phrase is None:
            position += 1
            continue
        parts, reach = phrase
        first, last = found[position], found[position + reach - 1]
        joined = "_".join(parts)
        found[position : position + reach] = [
            Token(
                "word", f"{first.text}…{last.text}", first.low, joined, words.concepts_of(joined), first.start, last.end
            )
        ]
        lemmas[position : position + reach] = [joined]
        position += 1
    return found


_BREAKS = frozenset({";", "|"})
_BREAK_WORDS = frozenset(
    {
        "although",
        "though",
        "but",
        "whereas",
        "because",
        "while",
        "unless",
        "when",
        "after",
        "before",
        "since",
        "until",
        "so",
    }
)
_DOCUMENT = re.compile(
    r"\b(?:letter|note|e-?mail|statement|invoice|notice|report|record|form|reply|decision|receipt|certificate|transcript|"
    r"chronology|memo|minutes|order|register|slips?|payslips|bill|log|advice|extract|timesheet|webchat|page|section|visit|check|team|office|unit|department)\b",
    re.IGNORECASE,
)


# "Tolbooth Building Society to Mr and Mrs Lacey, 3 February 2023:"
# and "Student Loans Company, 15 October 2022:".
_CORRESPONDENTS = re.compile(
    r"[A-Z][^,:;.]{1,60}(?:\sto\s[^:;]{3,90}|,\s(?:[^:;]{2,40},\s)?(?:[A-Z][a-z]+day\s)?\d{1,2}\s[A-Z][a-z]+\s\d{4}):"
)


def header_end(text: str) -> int:
    """Where the heading of a piece of evidence ends: "HMRC letter of 10 February 2025:" or the head of a page."""
    match = re.match(r"[^\n:]{3,160}?(?::\d\d[^\n:]{0,60}?)?:(?=\s)", text)
    if match and (_DOCUMENT.search(match[0]) or _CORRESPONDENTS.match(match[0])):
        return match.end()
    salutation = re.search(r"^(?:Dear\b|To whom\b).*$", text[:3000], re.MULTILINE)
    if salutation:
        return salutation.end()
    return 0


def _segments(text: str, tokens: tuple[Token, ...], dates: tuple[DateMention, ...]) -> tuple[Segment, ...]:
    head = header_end(text)
    heading_dates = tuple(d.date for d in dates if d.start < head)[:1]
    found: list[Segment] = []
    for piece in split_sentences(text):
        inside = [t for t in tokens if piece.start <= t.start < piece.end]
        for group in _split_dated(_split_clauses(inside, head)):
            found.append(_segment(group, dates, heading_dates, head))
    return tuple(found)


def _split_clauses(tokens: list[Token], head: int) -> list[list[Token]]:
    groups: list[list[Token]] = [[]]
    for token in tokens:
        starts = token.low in _BREAKS or (token.kind == "word" and token.low in _BREAK_WORDS)
        crosses = bool(groups[-1]) and groups[-1][-1].start < head <= token.start
        if (starts or crosses) and groups[-1]:
            groups.append([])
        groups[-1].append(token)
    return [group for group in groups if group]


def _split_dated(groups: list[list[Token]]) -> list[list[Token]]:
    """Cut a clause with several dates between them, at the last comma or "and" before the later date's words."""
    found: list[list[Token]] = []
    for group in groups:
        current: list[Token] = []
        for index, token in enumerate(group):
            dated = any(t.kind == "date" for t in current)
            later = any(t.kind == "date" for t in group[index:])
            if token.low in (",", "and") and dated and later and len(current) > 1 and _says_more(group[index + 1 :]):
                found.append(current)
                current = []
            current.append(token)
        found.append(current)
    return found


def _says_more(following: list[Token]) -> bool:
    """Whether words of meaning come before the next comma; "9 March and 22 June" only goes on with a list of dates."""
    for token in following:
        if token.low in (",", "and"):
            return False
        if token.concepts or token.kind == "entity":
            return True
    return False


def _segment(tokens: list[Token], dates: tuple[DateMention, ...], heading: tuple[date, ...], head: int) -> Segment:
    start, end = tokens[0].start, tokens[-1].end
    own = tuple(d.date for d in dates if start <= d.start < end)
    return Segment(tuple(tokens), start, end, own, own or heading, header=end <= head)
