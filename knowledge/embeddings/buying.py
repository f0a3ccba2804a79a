"""From texts to vectors: what is in flight is waited for, what is kept is read, the rest is bought and kept.

A caller claims its texts before it looks for them, so that a text is looked for and bought by one caller of a process
at a time. Its flight lands once the vector is there, before PostgreSQL is written to: whoever waits for it may itself
hold locks there. It stays in the register until the row is written, so that nobody comes between the two.
"""

import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from copy import copy

import numpy as np
from django.conf import settings
from django.utils import timezone

from knowledge.embeddings.errors import EmbeddingError
from knowledge.embeddings.gathering import Gatherer, Limits
from knowledge.embeddings.kept import Kept, read_database, read_redis, write_database, write_redis
from knowledge.embeddings.model import Vectors
from knowledge.embeddings.providers import DIMENSIONS, Provider, provider
from knowledge.embeddings.texts import digest, normalise
from lightpoint.outgoing import once_per_process

Outcome = Kept | EmbeddingError
Flight = Future[Outcome]


class _Abandoned(Exception):
    """Whoever claimed the text did not come to an end with it; another caller may."""


class _Register:
    """The texts in flight, by the key of the model and their digest."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, as the child of a fork does."""
        self._lock = threading.Lock()
        self._flights: dict[tuple[str, str], Flight] = {}

    def claim(self, key: str, digests: Sequence[str]) -> tuple[dict[str, Flight], dict[str, Flight]]:
        """Flights that are now the caller's own, and those of others."""
        mine: dict[str, Flight] = {}
        others: dict[str, Flight] = {}
        with self._lock:
            for name in digests:
                found = self._flights.get((key, name))
                if found is None:
                    mine[name] = self._flights[key, name] = Future()
                else:
                    others[name] = found
        return mine, others

    def end(self, key: str, mine: Mapping[str, Flight]) -> None:
        """Take the caller's flights out; those that have not landed are up to others."""
        with self._lock:
            for name in mine:
                self._flights.pop((key, name), None)
        for flight in mine.values():
            if not flight.done():
                flight.set_exception(_Abandoned())


_register = _Register()
os.register_at_fork(after_in_child=_register.forget)


def model_key() -> str:
    """The name and version of the model that `embed` uses, as it stands in every key and beside every vector."""
    return provider().key


def embed(texts: Sequence[str]) -> Vectors:
    """Unit rows of shape (len(texts), 384), float32, for the normalised `texts`, in their order.

    Raises EmbeddingError when one of these texts has no vector; those that have one are kept all the same. Callers
    wait EMBEDDING_WAIT_SECONDS at most.
    """
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    plain = [normalise(text) for text in texts]
    names = [digest(text) for text in plain]
    deadline = time.monotonic() + settings.EMBEDDING_WAIT_SECONDS
    found = _outcomes(provider(), dict(zip(names, plain, strict=True)), deadline)
    for outcome in found.values():
        if isinstance(outcome, EmbeddingError):
            raise copy(outcome)  # the others who wait for the text raise it too
    return _unit([found[name] for name in names])


def _outcomes(source: Provider, wanted: Mapping[str, str], deadline: float) -> dict[str, Outcome]:
    """By digest, for texts by digest."""
    found: dict[str, Outcome] = {}
    missing = dict(wanted)
    while missing:
        mine, others = _register.claim(source.key, list(missing))
        try:
            _fly(source, {name: missing[name] for name in mine}, mine, deadline)
        finally:
            _register.end(source.key, mine)
        for name, flight in (mine | others).items():
            landed = _landed(flight, deadline)
            if landed is not None:
                found[name] = landed
                del missing[name]
    return found


def _landed(flight: Flight, deadline: float) -> Outcome | None:
    """How a flight ended; None when it was abandoned."""
    try:
        return flight.result(max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        return EmbeddingError("The embeddings were not there in time; try again in a moment")
    except _Abandoned:
        return None


def _fly(source: Provider, texts: Mapping[str, str], flights: Mapping[str, Flight], deadline: float) -> None:
    """Land every flight: from Redis, from PostgreSQL, from the provider."""
    if not texts:
        return
    near = read_redis(source.key, list(texts))
    _land(flights, near)
    far = read_database(source.key, [name for name in texts if name not in near])
    _land(flights, far)
    bought = _buy(source, {name: text for name, text in texts.items() if name not in near | far}, deadline)
    vectors = {name: row for name, row in bought.items() if not isinstance(row, EmbeddingError)}
    write_redis(source.key, far | vectors)
    _land(flights, bought)
    if vectors:
        write_database(source.key, vectors, now=timezone.now())


def _land(flights: Mapping[str, Flight], outcomes: Mapping[str, Outcome]) -> None:
    for name, outcome in outcomes.items():
        flights[name].set_result(outcome)


def _buy(source: Provider, texts: Mapping[str, str], deadline: float) -> dict[str, Outcome]:
    if not texts:
        return {}
    limits = Limits(
        window=settings.EMBEDDING_GATHER_MS / 1000,
        batch=settings.EMBEDDING_MAX_BATCH,
        waiting=settings.EMBEDDING_MAX_WAITING,
    )
    values = _gatherer(source, limits).ask(list(texts.values()), deadline)
    return dict(zip(texts, values, strict=True))


@once_per_process
def _gatherer(source: Provider, limits: Limits) -> Gatherer[Kept]:
    """One for each provider and settings; both are values."""
    return Gatherer(lambda texts: list(source.embed(texts).astype(np.float16)), limits)


def _unit(rows: Sequence[Outcome]) -> Vectors:
    stacked = np.asarray(rows, dtype=np.float32)
    unit: Vectors = stacked / np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-12)
    return unit
