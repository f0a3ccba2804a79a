"""From texts to vectors: what is kept is read, the rest is gathered, bought and kept."""

import time
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

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
    """By digest, for texts by digest. Who brings more than a batch looks for all of them in one query beforehand."""
    limits = Limits(
        window=settings.EMBEDDING_GATHER_MS / 1000,
        batch=max(1, settings.EMBEDDING_MAX_BATCH),
        waiting=settings.EMBEDDING_MAX_WAITING,
    )
    found: dict[str, Outcome] = {**read_redis(source.key, list(wanted))}
    missing = {name: text for name, text in wanted.items() if name not in found}
    if len(missing) > limits.batch:
        far = read_database(source.key, missing)
        write_redis(source.key, far)
        found |= far
        missing = {name: text for name, text in missing.items() if name not in far}
    if missing:
        found |= _gatherer(source, source.key, limits).ask(missing, deadline)
    return found


@dataclass(frozen=True, slots=True)
class _Store:
    """The vectors of one model, by digest, for whoever leads a batch."""

    key: str

    def find(self, names: Collection[str]) -> dict[str, Kept]:
        """In Redis once more, for another caller may have bought them since; then in PostgreSQL."""
        near = read_redis(self.key, list(names))
        far = read_database(self.key, [name for name in names if name not in near])
        write_redis(self.key, far)
        return near | far

    def keep(self, values: Mapping[str, Kept]) -> None:
        """For good first: what only Redis had would be lost with it, and nobody would write it again."""
        write_database(self.key, values, now=timezone.now())
        write_redis(self.key, values)


@once_per_process
def _gatherer(source: Provider, key: str, limits: Limits) -> Gatherer[Kept]:
    """One for each provider, model and settings; they are values."""
    return Gatherer(lambda texts: list(source.embed(texts).astype(np.float16)), limits, _Store(key))


def _unit(rows: Sequence[Outcome]) -> Vectors:
    stacked = np.asarray(rows, dtype=np.float32)
    unit: Vectors = stacked / np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-12)
    return unit
