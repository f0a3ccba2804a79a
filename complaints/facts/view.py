"""A read document cut into units: sentences and lines with their place and the person who speaks in them.

Everything downstream looks at units, so that a fact always knows the page and the characters it came from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from complaints.documents.records import Page, ReadDocument
from complaints.facts.records import Actor, Span
from lightpoint.language.sentences import split_sentences

_SPEECH_MARK = re.compile(r"^(?:>\s?)+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, bullet, table row or label line of a page, with the actor whose words they are."""

    document: str
    page: int | None
    start: int
    end: int
    text: str
    speaker: Actor
    on: date | None  # the day the words were written or spoken
    block: int = 0  # units of one paragraph or bullet share it
    quoted: bool = False  # part of an older e-mail that this document repeats
    who: str = ""  # the writer of that e-mail as its header names them

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The span of a part of the unit, by positions inside its text, without outer white space."""
        part = self.text[start:end]
        lead = len(part) - len(part.lstrip())
        part = part.strip()
        begin = self.start + start + lead
        label = _HEADER.match(part) if self.page is None else None
        skip = label.end() if label else 0
        return Span(self.document, self.page, begin + skip, begin + len(part), part[skip:])


def flat(text: str) -> str:
    """White space collapsed to single blanks."""
    return " ".join(text.split())


def page_units(document: str, page: Page, speaker: Actor, on: date | None, *, terse: bool = False) -> Iterator[Unit]:
    """The units of one page, in order; a blank line, a bullet or a table row begins a new block."""
    block = 0
    last_end = 0
    for sentence in split_sentences(page.text, terse=terse):
        gap = page.text[last_end : sentence.start]
        if "\n" in gap:
            block += 1
        last_end = sentence.end
        for start, end in _pieces(page.text, sentence.start, sentence.end):
            text = page.text[start:end]
            if text.strip():
                yield Unit(document, page.number, start, end, text, speaker, on, block)


_LONGEST = 1200  # no sentence of a letter is longer; a run of text without stops is cut at a blank


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


def document_units(document: ReadDocument, speaker: Actor, on: date | None, *, terse: bool = False) -> tuple[Unit, ...]:
    """All units of a document as if one person had said all of it; `terse` for notes in small letters."""
    units: list[Unit] = []
    for page in document.pages:
        offset = units[-1].block + 1 if units else 0
        units += [replace(u, block=u.block + offset) for u in page_units(document.name, page, speaker, on, terse=terse)]
    return tuple(units)


def head_lines(document: ReadDocument, count: int = 30) -> tuple[str, ...]:
    """The first lines of a document that are not blank."""
    if not document.pages:
        return ()
    lines = islice(page_lines(document.pages[0]), count)
    return tuple(flat(line) for _start, _end, line in lines)


_WHOLE = 60_000  # a document has said what it is by then


def whole_text(document: ReadDocument) -> str:
    """The first 60,000 characters of a document with single blanks, for questions about it as a whole."""
    texts: list[str] = []
    for page in document.pages:
        left = _WHOLE - sum(map(len, texts))
        if left <= 0:
            break
        texts.append(page.text[:left])
    return flat("\n".join(texts))


def page_lines(page: Page) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of each line of a page that is not blank, a line of endless length in pieces."""
    position = 0
    for line in page.text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        if body.strip():
            for start, end in _pieces(body, 0, len(body)):
                yield position + start, position + end, body[start:end]
        position += len(line)


_HEADER = re.compile(r"\s*(?:From|To|Cc|Subject|Date):\s*(?=\S)")


def span_of(document: str, page: Page, start: int, end: int) -> Span:
    """The span of characters of a page, trimmed of outer white space and of the name of an e-mail's header."""
    quote = page.text[start:end]
    lead = len(quote) - len(quote.lstrip())
    label = _HEADER.match(quote) if page.method == "eml" else None
    lead = label.end() if label else lead
    quote = quote[lead:].rstrip()
    return Span(document, page.number, start + lead, start + lead + len(quote), quote)
