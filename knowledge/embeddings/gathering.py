"""Callers at the same moment share one call of the provider. Pure: threads and a clock, nothing else.

The first caller opens a batch and leads it: it waits for the window (10 ms), or until the batch is full, and makes the
call for all who joined. There is no thread of our own that could die, and a fork needs only to forget. The only thread
of a process has nobody to wait for, and does not.

A call that fails is repeated in halves where one of its texts may be at fault, so that a text which the provider
refuses fails its own caller alone. An outage is not: after `log2(n) + 3` calls in a row without an answer, more than
one bad text accounts for, the rest fails with it.
"""

import math
import os
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from knowledge.embeddings.errors import EmbeddingError

T = TypeVar("T")
Call = Callable[[list[str]], Sequence[T]]


@dataclass(frozen=True, slots=True)
class Limits:
    """The seconds that the first caller waits for others, the texts of one call, and the texts in line."""

    window: float = 0.010
    batch: int = 64
    waiting: int = 4_096


@dataclass(eq=False, slots=True)
class _Batch(Generic[T]):
    opened_at: float
    items: list[tuple[str, "Future[T]"]] = field(default_factory=list)
    full: threading.Event = field(default_factory=threading.Event)


class Gatherer(Generic[T]):
    """Gathers calls of `call`, which turns n texts into n values, in their order, or raises."""

    def __init__(self, call: Call[T], limits: Limits) -> None:
        self._call = call
        self._limits = limits
        self._forget()
        _gatherers.add(self)

    def _forget(self) -> None:
        self._lock = threading.Condition()
        self._open: _Batch[T] | None = None
        self._waiting = 0

    def ask(self, texts: Sequence[str], deadline: float) -> list[T | EmbeddingError]:
        """The value of each text, or why it has none, by `deadline` (of `time.monotonic`). Texts go in by batches."""
        found: list[T | EmbeddingError] = []
        for first in range(0, len(texts), self._limits.batch):
            found += self._ask_some(texts[first : first + self._limits.batch], deadline)
        return found

    def _ask_some(self, texts: Sequence[str], deadline: float) -> list[T | EmbeddingError]:
        if not self._enter(len(texts), deadline):
            return [_busy() for _ in texts]
        try:
            futures, led = self._join(texts)
            for batch in led:
                self._lead(batch, deadline)
            outcomes: list[T | EmbeddingError] = [*map(partial(_outcome, deadline=deadline), futures)]
            return outcomes
        finally:
            self._leave(len(texts))

    def _enter(self, number: int, deadline: float) -> bool:
        """Take a place in line for so many texts, or give up at the deadline."""
        room = max(self._limits.waiting, number)
        with self._lock:
            while self._waiting + number > room:
                left = deadline - time.monotonic()
                if left <= 0 or not self._lock.wait(left):
                    return False
            self._waiting += number
        return True

    def _leave(self, number: int) -> None:
        with self._lock:
            self._waiting -= number
            self._lock.notify_all()

    def _join(self, texts: Sequence[str]) -> tuple[list["Future[T]"], list[_Batch[T]]]:
        """The futures of the texts, and the batches that this caller has opened and leads."""
        futures: list[Future[T]] = []
        led: list[_Batch[T]] = []
        with self._lock:
            for text in texts:
                if self._open is None:
                    self._open = _Batch(time.monotonic())
                    led.append(self._open)
                future: Future[T] = Future()
                futures.append(future)
                self._open.items.append((text, future))
                if len(self._open.items) >= self._limits.batch:
                    self._open.full.set()
                    self._open = None
        return futures, led

    def _lead(self, batch: _Batch[T], deadline: float) -> None:
        try:
            if not _is_alone():
                batch.full.wait(max(0.0, min(batch.opened_at + self._limits.window, deadline) - time.monotonic()))
            with self._lock:
                if self._open is batch:
                    self._open = None
            self._serve(batch.items)
        finally:
            with self._lock:  # whatever ended this thread early, nobody joins or waits for the batch any more
                if self._open is batch:
                    self._open = None
            for _, future in batch.items:
                if not future.done():
                    future.set_exception(EmbeddingError("The call for these texts ended without an answer", "unknown"))

    def _serve(self, items: Sequence[tuple[str, "Future[T]"]]) -> None:
        """Settle every future, trying apart the texts of a call that one of them may have spoiled."""
        most_in_a_row = math.ceil(math.log2(len(items))) + 3
        in_a_row = 0
        parts = [list(items)]
        while parts:
            part = parts.pop()
            error = self._settle(part)
            in_a_row = in_a_row + 1 if error else 0
            if error is None:
                continue
            if error.fault == "service" or (error.fault == "unknown" and in_a_row >= most_in_a_row):
                part += [item for other in parts for item in other]
                parts = []
            elif len(part) > 1:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]
                continue
            for _, future in part:
                future.set_exception(error)

    def _settle(self, part: Sequence[tuple[str, "Future[T]"]]) -> EmbeddingError | None:
        """Call for the texts of `part` and give each its value; the error when the call failed."""
        try:
            values = self._call([text for text, _ in part])
        except EmbeddingError as error:
            return error
        except Exception as error:  # whatever a provider raises is no fault of all callers
            return EmbeddingError(f"The provider of embeddings failed ({type(error).__name__})", "unknown")
        if len(values) != len(part):
            return EmbeddingError("The provider of embeddings answered with another number of vectors", "unknown")
        for (_, future), value in zip(part, values, strict=True):
            future.set_result(value)
        return None


def _outcome(future: "Future[T]", deadline: float) -> T | EmbeddingError:
    try:
        value: T = future.result(max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        return _late()
    except EmbeddingError as error:
        return error
    return value


def _busy() -> EmbeddingError:
    return EmbeddingError("Too many texts wait for their embeddings; try again in a moment")


def _late() -> EmbeddingError:
    return EmbeddingError("The embeddings were not there in time; try again in a moment")


def _is_alone() -> bool:
    """Whether no other thread of this process can be about to call; asking makes a foreign thread known to Python."""
    return threading.current_thread() is threading.main_thread() and threading.active_count() == 1


_gatherers: "weakref.WeakSet[Gatherer[Any]]" = weakref.WeakSet()


def _forget_all() -> None:
    for gatherer in list(_gatherers):
        gatherer._forget()


os.register_at_fork(after_in_child=_forget_all)
