"""Callers at the same moment share one look and one call of the provider. Pure: threads and a clock, nothing else.

The first caller opens a batch and leads it: it waits for the window (10 ms), or until the batch is full, looks for the
texts where they are kept, and makes one call for those that are not. There is no thread of our own that could die, and
a fork needs only to forget. The only thread of a process has nobody to wait for, and does not.

A text in flight is not asked for again: who wants it waits for it. It is in flight until it is kept for good, so that
nobody comes between; but those who wait go on as soon as it is there, for they may hold locks that the keeping needs.

A call that fails is repeated in halves where one of its texts may be at fault, so that a text which the provider
refuses fails its own caller alone. An outage is not: after `log2(n) + 3` calls in a row without an answer, more than
one bad text accounts for, the rest fails with it.
"""

import math
import os
import threading
import time
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from knowledge.embeddings.errors import EmbeddingError

T = TypeVar("T")
Call = Callable[[list[str]], Sequence[T]]


class Store(Protocol[T]):
    """Where values are kept, by the names of their texts."""

    def find(self, names: Collection[str]) -> Mapping[str, T]:
        """Those of `names` that are kept."""
        ...

    def keep(self, values: Mapping[str, T]) -> None:
        """Keep them; those who wait for them have them already."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """The seconds that the first caller waits for others, the texts of one call, and the texts in line."""

    window: float = 0.010
    batch: int = 64
    waiting: int = 4_096


class _Abandoned(Exception):
    """Whoever led the batch did not come to an end with it; another caller may."""


@dataclass(eq=False, slots=True)
class _Item(Generic[T]):
    name: str
    text: str
    future: "Future[T]" = field(default_factory=Future)


@dataclass(eq=False, slots=True)
class _Batch(Generic[T]):
    opened_at: float
    items: list[_Item[T]] = field(default_factory=list)
    full: threading.Event = field(default_factory=threading.Event)


class Gatherer(Generic[T]):
    """Gathers calls of `call`, which turns n texts into n values, in their order, or raises."""

    def __init__(self, call: Call[T], limits: Limits, store: Store[T]) -> None:
        self._call = call
        self._limits = limits
        self._store = store
        self._forget()
        _gatherers.add(self)

    def _forget(self) -> None:
        self._lock = threading.Condition()
        self._open: _Batch[T] | None = None
        self._flights: dict[str, Future[T]] = {}
        self._waiting = 0

    def ask(self, texts: Mapping[str, str], deadline: float) -> dict[str, T | EmbeddingError]:
        """By name, for texts by name: the value, or why there is none by `deadline` (of `time.monotonic`).

        Raises what looking in the store raises.
        """
        found: dict[str, T | EmbeddingError] = {}
        missing = dict(texts)
        while missing:  # by batches, so that nobody who joins the last one waits for all of them
            part = dict(islice(missing.items(), self._limits.batch))
            for name, outcome in self._ask_some(part, deadline).items():
                found[name] = outcome
                del missing[name]
        return found

    def _ask_some(self, texts: Mapping[str, str], deadline: float) -> dict[str, T | EmbeddingError]:
        """The outcomes; none for a text whose batch was abandoned."""
        if not self._enter(len(texts), deadline):
            return {name: _busy() for name in texts}
        try:
            futures, led = self._join(texts)
            for batch in led:
                self._lead(batch, deadline)
            outcomes = {name: self._outcome(future, deadline) for name, future in futures.items()}
            return {name: outcome for name, outcome in outcomes.items() if outcome is not None}
        finally:
            self._leave(len(texts))

    @staticmethod
    def _outcome(future: "Future[T]", deadline: float) -> T | EmbeddingError | None:
        """How a flight ended; None when it was abandoned."""
        try:
            value: T = future.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return EmbeddingError("The embeddings were not there in time; try again in a moment")
        except EmbeddingError as error:
            return error
        except _Abandoned:
            return None
        return value

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

    def _join(self, texts: Mapping[str, str]) -> tuple[dict[str, "Future[T]"], list[_Batch[T]]]:
        """The futures of the texts, and the batches that this caller has opened and leads."""
        futures: dict[str, Future[T]] = {}
        led: list[_Batch[T]] = []
        with self._lock:
            for name, text in texts.items():
                if name not in self._flights:
                    if self._open is None:
                        self._open = _Batch(time.monotonic())
                        led.append(self._open)
                    self._board(self._open, _Item(name, text))
                futures[name] = self._flights[name]
        return futures, led

    def _board(self, batch: _Batch[T], item: _Item[T]) -> None:
        batch.items.append(item)
        self._flights[item.name] = item.future
        if len(batch.items) >= self._limits.batch:
            batch.full.set()
            self._open = None

    def _lead(self, batch: _Batch[T], deadline: float) -> None:
        try:
            if not _is_alone():
                batch.full.wait(max(0.0, min(batch.opened_at + self._limits.window, deadline) - time.monotonic()))
            with self._lock:
                if self._open is batch:
                    self._open = None
            self._serve(batch.items)
        finally:
            self._end(batch)

    def _end(self, batch: _Batch[T]) -> None:
        """Nobody joins or waits for the batch any more, whatever ended it."""
        with self._lock:
            if self._open is batch:
                self._open = None
            for item in batch.items:
                self._flights.pop(item.name, None)
        for item in batch.items:
            if not item.future.done():
                item.future.set_exception(_Abandoned())

    def _serve(self, items: Sequence[_Item[T]]) -> None:
        """Settle every future: with what is kept, else with what is bought."""
        found = self._store.find([item.name for item in items])
        for item in items:
            if item.name in found:
                item.future.set_result(found[item.name])
        bought = self._buy([item for item in items if item.name not in found])
        if bought:
            self._store.keep(bought)

    def _buy(self, items: Sequence[_Item[T]]) -> dict[str, T]:
        """What was bought, trying apart the texts of a call that one of them may have spoiled."""
        bought: dict[str, T] = {}
        most_in_a_row = math.ceil(math.log2(max(1, len(items)))) + 3
        in_a_row = 0
        parts = [list(items)] if items else []
        while parts:
            part = parts.pop()
            values = self._values([item.text for item in part])
            if not isinstance(values, EmbeddingError):
                in_a_row = 0
                bought |= self._give(part, values)
                continue
            in_a_row += 1
            if values.fault == "service" or (values.fault == "unknown" and in_a_row >= most_in_a_row):
                part += [item for other in parts for item in other]
                parts = []
            elif len(part) > 1:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]
                continue
            for item in part:
                item.future.set_exception(values)
        return bought

    def _give(self, part: Sequence[_Item[T]], values: Sequence[T]) -> dict[str, T]:
        found = {item.name: value for item, value in zip(part, values, strict=True)}
        for item in part:
            item.future.set_result(found[item.name])
        return found

    def _values(self, texts: list[str]) -> Sequence[T] | EmbeddingError:
        try:
            values = self._call(texts)
        except EmbeddingError as error:
            return error
        except Exception as error:  # whatever a provider raises is no fault of all callers
            return EmbeddingError(f"The provider of embeddings failed ({type(error).__name__})", "unknown")
        if len(values) != len(texts):
            return EmbeddingError("The provider of embeddings answered with another number of vectors", "unknown")
        return values


def _busy() -> EmbeddingError:
    return EmbeddingError("Too many texts wait for their embeddings; try again in a moment")


def _is_alone() -> bool:
    """Whether no other thread of this process can be about to call; asking makes a foreign thread known to Python."""
    return threading.current_thread() is threading.main_thread() and threading.active_count() == 1


_gatherers: "weakref.WeakSet[Gatherer[Any]]" = weakref.WeakSet()


def _forget_all() -> None:
    for gatherer in list(_gatherers):
        gatherer._forget()


os.register_at_fork(after_in_child=_forget_all)
