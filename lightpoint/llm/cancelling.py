"""Ending calls from outside: what runs within `cancelled_by` ends, at the provider too, soon after `cancel`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancellation:
    """Ends calls from any thread. One that is cancelled stays so, and calls that begin then are not made."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """End the calls; they raise LLMError "cancelled" within outgoing.WATCH_SECONDS."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called."""
        return self._event.is_set()


_cancellation: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


@contextmanager
def cancelled_by(cancellation: Cancellation) -> Iterator[None]:
    """Within, calls of models end when `cancellation` is cancelled. Threads need a copy of the context."""
    before = _cancellation.set(cancellation)
    try:
        yield
    finally:
        _cancellation.reset(before)


def cancellation_now() -> Cancellation | None:
    """What ends the calls of this context; None outside of any."""
    return _cancellation.get()
