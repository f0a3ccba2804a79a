"""A small knowledge base of several practices, with vectors that need no model."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import pytest
from pgvector import HalfVector

from knowledge.embeddings.model import Vectors
from knowledge.models import Chunk, Section, SectionVersion, Source
from users.models import Practice
from users.tests.factories import make_practice

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
MakeChunks = Callable[..., SectionVersion]


def unit_rows(count: int, seed: int) -> Vectors:
    """Random directions, of shape (count, 384)."""
    rows = np.random.default_rng(seed).standard_normal((count, 384)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def make_chunks(
    identifier: str,
    *texts: str,
    practice: Practice | None = None,
    shared: bool = False,
    kind: str = "manual",
    valid_from: date | None = None,
    valid_to: date | None = None,
    archived: bool = False,
    vectors: Vectors | None = None,
) -> SectionVersion:
    """A version of a section with a chunk for each text; without `vectors` its chunks are not embedded."""
    source, _ = Source.objects.get_or_create(
        name=f"{kind}{' shared' if shared else ''}", practice=practice,
        defaults={"kind": kind, "shared": shared, "publisher": "Tests", "licence": "None"},
    )  # fmt: skip
    section, _ = Section.objects.get_or_create(identifier=identifier, practice=practice, defaults={"source": source})
    version = SectionVersion.objects.create(
        section=section, identifier=identifier, version=f"v{valid_from}", title=f"Title of {identifier}",
        retrieved_at=NOW, valid_from=valid_from, valid_to=valid_to, archived=archived,
    )  # fmt: skip
    Chunk.objects.bulk_create(
        Chunk(
            version=version, practice=practice, shared=shared, source_id=source.pk, identifier=identifier, kind=kind,
            position=position, heading=f"{identifier} Title", text=text, end=len(text), archived=archived,
            valid_from=valid_from, valid_to=valid_to,
            embedding=None if vectors is None else HalfVector(vectors[position]),
            embedded_with="" if vectors is None else "synthetic",
        )
        for position, text in enumerate(texts)
    )  # fmt: skip
    return version


@pytest.fixture
def practices(db) -> list[Practice]:
    """Three of them."""
    return [make_practice(f"Practice {number}") for number in range(3)]
