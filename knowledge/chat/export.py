"""A conversation written out, to be kept outside: JSON, or Markdown that reads as plain text. Pure."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CitedWords:
    """A citation as it is written out."""

    number: int
    identifier: str
    version: str
    title: str
    url: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Message:
    """A question or an answer."""

    speaker: str
    text: str
    state: str
    declined: bool
    on: date | None
    at: datetime
    citations: tuple[CitedWords, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A conversation with all that was said."""

    title: str
    started_at: datetime
    pinned: tuple[str, ...]
    messages: tuple[Message, ...]


def as_json(record: Record) -> str:
    """The record as JSON; days and times in ISO form."""
    return json.dumps(asdict(record), default=lambda value: value.isoformat(), ensure_ascii=False, indent=2) + "\n"


def as_markdown(record: Record) -> str:
    """The record as Markdown."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: Record) -> Iterator[str]:
    yield f"# {record.title or 'Conversation'}"
    yield f"Begun {record.started_at:%d %B %Y, %H:%M}."
    for fact in record.pinned:
        yield f"- Pinned: {fact}"
    for message in record.messages:
        who = "Question" if message.speaker == "user" else "Answer"
        day = f", for an event of {message.on:%d %B %Y}" if message.on else ""
        yield f"\n## {who}, {message.at:%d %B %Y, %H:%M}{day}\n"
        yield message.text or "(no answer could be written)"
        if message.citations:
            yield ""
        for cited in message.citations:
            where = f" <{cited.url}>" if cited.url else ""
            quote = " ".join(cited.quote.split())
            yield f"[{cited.number}] {cited.identifier}, {cited.title} (version {cited.version}): “{quote}”{where}"
