"""An answer as server-sent events: delta, citation, and at the end done or error."""

from collections.abc import Callable, Iterator

from django.conf import settings

from knowledge.chat.records import Cited, Delta, Piece
from knowledge.models import Message
from knowledge.services.answering import release_connection
from knowledge.services.chat import Exchange, stream_answer
from lightpoint.rest.events import with_heartbeats

Event = tuple[str, object] | None
Shape = Callable[[Message], object]
FAILED = "The answer could not be written. Ask for it again."


def answer_events(exchange: Exchange, *, shape: Shape) -> Iterator[Event]:
    """The events of an answer. `shape` makes the data of the last one; None of the events is a sign of life."""
    for piece in stream_answer(exchange, waiting=_heard):
        if piece is None:
            yield None
        elif isinstance(piece, Delta):
            yield "delta", {"text": piece.text}
        elif isinstance(piece, Cited):
            yield "citation", citation_shape(piece)
    if exchange.answer.state == "failed":
        yield "error", {"type": "urn:lightpoint:answer-failed", "detail": FAILED, "message": exchange.answer.pk}
    else:
        yield "done", shape(exchange.answer)
    release_connection()


def _heard(pieces: Iterator[Piece]) -> Iterator[Piece | None]:
    return with_heartbeats(pieces, seconds=settings.CHAT_HEARTBEAT_SECONDS)


def citation_shape(cited: Cited) -> dict[str, object]:
    """A citation as the API writes it."""
    return {
        "number": cited.number,
        "identifier": cited.identifier,
        "version": cited.version,
        "title": cited.title,
        "url": cited.url,
        "start": cited.start,
        "end": cited.end,
        "quote": cited.quote,
    }
