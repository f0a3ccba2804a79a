"""Sentences of a page: prose that wraps, headings, bullets, table rows, chat lines. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lightpoint.language.dates import MONTH, WEEKDAY

_SHORTENED = """
mr mrs ms miss dr prof rev sir st messrs ltd co no nos ref refs tel ext fig para paras sect sec vol pp p art cl e.g i.e
eg ie etc viz cf vs v approx dept govt hon jnr snr inc plc reg regs sch encl enc attn acct a/c yr yrs mth mths wk wks hr
hrs min mins jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun nr rd ave c ca
n.b nb p.a p.m a.m am pm esq max incl excl est
"""
_SHORTENED_AT_AN_END = """
ltd co etc plc inc p.m a.m am pm p.a no sat sun mar dec min mins hrs hr yrs jan feb oct nov sep aug jul jun apr max rd
mon fri wed esq reg ref enc encl
"""
_ABBREVIATIONS = frozenset(_SHORTENED.split())
_MAY_END = frozenset(_SHORTENED_AT_AN_END.split())
_BULLET = re.compile(
    r"\s*(?:[-*•·▪‣◦–—o→]\s+|>+\s?|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]\s+|\d{1,2}(?:\.\d{1,2})+\.?\s+[A-Z]|"
    r"\[\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\]|\d{1,2}[:.]\d{2}\s)"
)
_LABEL = re.compile(
    r"\s*(?:(?:our|your|hmrc)\s*ref(?:erence)?|date(?: of \w+)?|utr|nino|ni (?:number|no)|national insurance number|"
    r"vat (?:reg|no|number)|paye ref\w*|employer paye|phone|tel|telephone|fax|e-?mail|from|to|cc|bcc|subject|re|sent|"
    r"attachments?|reference|company (?:no|number)|penalty ref|agent (?:code|ref)|message-id|content-type|mime-version|"
    r"period|page \d+|dear|yours|enc|encl|enclosures?|copy to|client|by|with|action|diary|ans|asked)\b(?:[\s.:]|$)",
    re.IGNORECASE,
)
_CHAT_NAME = re.compile(r"\s*[A-Z][\w'.()-]*(?: [\w'.()&-]+){0,4}:(?:\s|$)")
_DATE_LINE = re.compile(
    rf"\s*(?:{WEEKDAY},?\s+)?\d{{1,2}}(?:st|nd|rd|th)?[\s./-]+(?:\d{{1,2}}|{MONTH})[\s./-]+(?:19|20)?\d\d\s*",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"\S(?: {3,}|\t+| \| )\S")
_ROW_END = re.compile(r"(?:^|[\s£(])[\d,]+\.\d{2}\)?(?:\s?CR)?\s*$")
_END = re.compile(r"(?<![.!?])[.!?]++[\"'”’)\]]*+(?=\s|$)|(?<=[.!?])[\"'”’)\]]+(?=\s|$)")
_CONNECTIVES = re.compile(
    r"(?:[,;&/]|\b(?:and|or|of|the|a|an|to|in|on|at|by|for|with|from|that|which|we|is|was|were|has|have|had|be|been|"
    r"your|our|his|her|their|my|its|not|this|these|if|as|but|than|into|about|under|dated|will|would|may|can))\s*$"
)
_SHORT_LINE = 45
_ENDLESS = 4_000  # such a line is a paragraph by itself
_FULL_LINE = 0.85  # a line is full when the next word would pass this share of the widest line


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """A sentence where it stands: `text == source[start:end]`, without the white space around it."""

    start: int
    end: int
    text: str


def split_sentences(text: str, *, terse: bool = False) -> list[SentenceSpan]:
    """Return the sentences of `text` in order; every character that is not white space lies in exactly one.

    A single line end inside prose does not end a sentence. Blank lines, bullets, list numbers, label lines
    ("Our ref ABC/12"), table rows, chat lines and short lines before a capital letter do. In a `terse` text, such as
    a note of a call, sentences may begin in small letters.
    """
    spans: list[SentenceSpan] = []
    for start, end in _units(text, terse=terse):
        spans.extend(_split_unit(text, start, end, terse=terse))
    return spans


def _units(text: str, *, terse: bool) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each run of lines that reads as one paragraph."""
    start: int | None = None
    previous = ""
    end = 0
    width = max((len(line.rstrip()) for line in text.splitlines()), default=0)
    for match in re.finditer(r"[^\n\f\v\x85\u2028\u2029]*(?:\n|\f|\v|\x85|\u2028|\u2029|$)", text):
        line = match[0]
        if not line:
            continue
        begins = terse and _begins_note(previous, line)
        if start is not None and (begins or not _continues(previous, line.rstrip(), width)):
            yield start, end
            start = None
        if line.strip():
            start = match.start() if start is None else start
        previous, end = line.rstrip(), match.end()
    if start is not None:
        yield start, end


_NOTE_VERB = re.compile(
    r"(?:told|asked|said|says|gave|rang|called|explained|queried|promised|chased|pointed out|agreed|confirmed|refused|"
    r"requested|apologised|will|check|fix|ref)\b"
)
_OPEN_END = re.compile(
    r"(?:[,;]|\b(?:he|she|they|it|I|we|you|HMRC|who|which|and|but|or|then|to|was|were|been|be|a|the|of|[A-Z][a-z]+))$"
)


def _begins_note(previous: str, line: str) -> bool:
    """A line of a note that is not set in begins a new jotting where its first word or the line above says so."""
    words = line.strip()
    if not previous.strip() or not words[:1].islower() or len(line) - len(line.lstrip()) > 1:
        return False
    closed = previous.rstrip()[-1] in '.!?"”)]'
    return closed or bool(_NOTE_VERB.match(words) and not _OPEN_END.search(previous.rstrip()))


def _continues(previous: str, line: str, width: int) -> bool:
    """Say whether `line` carries on the paragraph that `previous` is part of, on a page `width` characters wide."""
    if not previous.strip() or not line.strip() or max(len(previous), len(line)) > _ENDLESS:
        return False
    if _BULLET.match(line) or _COLUMNS.search(line) or _COLUMNS.search(previous):
        return False
    if line.lstrip()[0].islower():
        return True
    if _ROW_END.search(previous) or _DATE_LINE.fullmatch(line) or _DATE_LINE.fullmatch(previous):
        return False
    if _LABEL.match(line) or _CHAT_NAME.match(line):
        return False
    if _CONNECTIVES.search(previous):
        return True
    if len(previous.strip()) > _SHORT_LINE and len(previous) + 1 + len(line.split(maxsplit=1)[0]) > _FULL_LINE * width:
        return True
    return _is_hanging(previous, line) and not _LABEL.match(previous)


def _is_hanging(previous: str, line: str) -> bool:
    """An indented line below a bullet, or the second half of a sentence that ended nowhere, belongs to it."""
    indent = len(line) - len(line.lstrip())
    return bool(_BULLET.match(previous)) and indent > len(previous) - len(previous.lstrip())


def _split_unit(text: str, start: int, end: int, *, terse: bool) -> Iterator[SentenceSpan]:
    at = start
    if " | " in text[start:end]:  # a row of a table
        yield from _trimmed(text, start, end)
        return
    for match in _END.finditer(text, start, end):
        if match.end() > at and _ends_sentence(text, match, at, end, terse=terse):
            yield from _trimmed(text, at, match.end())
            at = match.end()
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[SentenceSpan]:
    words = text[start:end]
    stripped = words.strip()
    if stripped:
        begin = start + len(words) - len(words.lstrip())
        yield SentenceSpan(begin, begin + len(stripped), stripped)


_NEAR = 200  # what stands on either side of a full stop decides, however long the line is


def _ends_sentence(text: str, match: re.Match[str], sentence_start: int, unit_end: int, *, terse: bool) -> bool:
    following = text[match.end() : min(unit_end, match.end() + _NEAR)].lstrip()
    if not following:
        return True
    if following[0].islower() and not (terse and match[0].strip("\"'”’)]") in {".", "!", "?"}):
        return False
    if not match[0].startswith("."):
        return True
    return not _is_abbreviation(text[max(sentence_start, match.start() - _NEAR) : match.start()], following)


def _is_abbreviation(before: str, following: str) -> bool:
    word = (re.search(r"[\w./&']*$", before) or [""])[0].lower()
    if re.fullmatch(r"\s*\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})", before, re.IGNORECASE):
        return True  # the number of a list item
    if re.fullmatch(r"[a-z](?:\.[a-z])*", word) and word != "i":
        return word not in ("a.m", "p.m") or not following[:1].isupper()
    if word not in _ABBREVIATIONS:
        return False
    if word in ("no", "nos", "ref"):
        return _is_code(following) or before.endswith("No")
    return word not in _MAY_END or following[0].isdigit() or not _starts_sentence(following)


def _is_code(following: str) -> bool:
    """A figure or a token such as FPI/2024/7 or GB after "no." is its value."""
    return bool(re.match(r"\S*\d|[A-Z]{2,}\b|[A-Z0-9]+/", following))


def _starts_sentence(following: str) -> bool:
    """After "Ltd." or "3 p.m." only a capital followed by a small word reads as a new sentence."""
    return bool(re.match(r"[\"'“‘(\[]?(?:[A-Z][a-z']*|[A-Z]{2,})\b(?!\.)", following))
