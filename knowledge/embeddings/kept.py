"""Vectors that were bought: in Redis for a while, in PostgreSQL for good.

Redis is asked once for each thousand texts, PostgreSQL once for any number. Without Redis, PostgreSQL answers alone.
What cannot be kept was still bought: the caller has it, and a line is logged.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt
import redis
from django.conf import settings
from django.db import DatabaseError, transaction
from pgvector import HalfVector

from knowledge.models.chunks import DIMENSIONS, Embedding
from lightpoint.redis_link import Unreachable, link

logger = logging.getLogger(__name__)
Kept = npt.NDArray[np.float16]  # of shape (384,)
ROWS = 1_000  # of one call of Redis, and of one statement that writes
WIRE = np.dtype("<f2")


def read_redis(model: str, digests: Sequence[str]) -> dict[str, Kept]:
    """Those of `digests` that Redis holds; none without it."""
    found: dict[str, Kept] = {}
    with suppress(Unreachable):
        for first in range(0, len(digests), ROWS):
            found |= _read_some(model, digests[first : first + ROWS])
    return found


def _read_some(model: str, digests: Sequence[str]) -> dict[str, Kept]:
    names = [_name(model, digest) for digest in digests]
    found = link.call(lambda client: client.mget(names))
    size = DIMENSIONS * WIRE.itemsize
    return {
        digest: np.frombuffer(raw, dtype=WIRE).astype(np.float16)
        for digest, raw in zip(digests, found, strict=True)
        if isinstance(raw, bytes) and len(raw) == size
    }


def read_database(model: str, digests: Collection[str]) -> dict[str, Kept]:
    """Those of `digests` that PostgreSQL holds, in one query."""
    if not digests:
        return {}
    rows = Embedding.objects.filter(model=model, text_sha256__in=list(digests)).order_by()
    return {digest: _plain(vector) for digest, vector in rows.values_list("text_sha256", "vector")}


def write_redis(model: str, vectors: Mapping[str, Kept]) -> None:
    """Keep for EMBEDDING_CACHE_HOURS; without Redis, nothing."""
    lifetime = timedelta(hours=settings.EMBEDDING_CACHE_HOURS)
    named = [(_name(model, digest), row) for digest, row in vectors.items()]
    with suppress(Unreachable):
        for first in range(0, len(named), ROWS):
            link.call(partial(_write_some, named[first : first + ROWS], lifetime))


def write_database(model: str, vectors: Mapping[str, Kept], *, now: datetime) -> None:
    """Keep for good what is not there yet. In the order of the digests, so that two writers cannot lock each other."""
    rows = [
        Embedding(model=model, text_sha256=digest, vector=HalfVector(vectors[digest]), created_at=now)
        for digest in sorted(vectors)
    ]
    try:
        with transaction.atomic():
            Embedding.objects.bulk_create(rows, batch_size=ROWS, ignore_conflicts=True)
    except DatabaseError as error:
        logger.warning("Embeddings were bought and could not be kept: %s", type(error).__name__)


def _write_some(named: Sequence[tuple[str, Kept]], lifetime: timedelta, client: redis.Redis) -> None:
    with client.pipeline(transaction=False) as line:
        for name, row in named:
            line.set(name, row.astype(WIRE).tobytes(), ex=lifetime)
        line.execute()


def _name(model: str, digest: str) -> str:
    """Not by database: a vector is a function of the model and the text, and tells nothing but to who has the text."""
    return f"{settings.CACHE_NAMESPACE}:embedding:{model}:{digest}"


def _plain(vector: object) -> Kept:
    found = vector.to_numpy() if isinstance(vector, HalfVector) else vector
    return np.asarray(found, dtype=np.float16)
