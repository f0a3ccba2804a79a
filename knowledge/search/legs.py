"""The one statement of a search: what exact identifiers, words and vectors find, with what the ranking weighs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from knowledge.embeddings.model import Vectors
from knowledge.search.asking import Asked
from knowledge.search.features import Evidence

_STATEMENT: Final = """
SELECT found.*, jsonb_build_object(
    'identifier', version.identifier, 'title', version.title, 'kind', source.kind, 'manual', source.name,
    'requires', version.requires, 'figures', version.figures, 'topics', version.topics, 'keywords', version.keywords,
    'page_date', version.page_date, 'page_date_role', version.page_date_role, 'in_force_from', version.in_force_from,
    'archived', version.archived, 'url', version.url, 'version', version.version, 'standards', version.standards,
    'addresses', version.addresses, 'source_id', source.id)
FROM knowledge_search(%s::text[], %s::text[], %s::halfvec, %s::text, %s::bigint, %s::date, %s::text[], %s::boolean,
                      %s::bigint[], %s::integer) AS found
JOIN knowledge_sectionversion AS version ON version.id = found.version_id AND version.superseded_at IS NULL
JOIN knowledge_section AS section ON section.id = version.section_id
JOIN knowledge_source AS source ON source.id = section.source_id
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search may see. No kinds or sources: all of them."""

    practice_id: int | None
    on: date | None = None
    kinds: tuple[str, ...] = ()
    archived: bool = False
    source_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Embedded:
    """The question's vector, of the shape (384,), and the key of the model that made it: only its vectors compare."""

    vector: Vectors
    model: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One of the chunks nearest to the question. `start` and `end` are places in the version's body."""

    id: int
    role: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that may answer: up to six passages of each role, nearest first, and its record's fields by name."""

    evidence: Evidence
    passages: tuple[Passage, ...]
    page: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidates:
    """All of them, with how many chunks have each term and how many there are, both up to a bound."""

    rows: tuple[Candidate, ...]
    chunks_with: tuple[int, ...]
    chunks: int


def find_candidates(asked: Asked, embedded: Embedded | None, limits: Limits, wanted: int) -> Candidates:
    """Up to `wanted` versions that may answer, found in one round trip; without a vector, by words alone."""
    vector, model = (None, "") if embedded is None else (vector_text(embedded.vector), embedded.model)
    values = [
        list(asked.terms), list(asked.named), vector, model, limits.practice_id, limits.on, list(limits.kinds),
        limits.archived, list(limits.source_ids), wanted,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        rows = cursor.fetchall()
    counts, chunks = (tuple(rows[0][10]), rows[0][11]) if rows else ((), 0)
    return Candidates(tuple(_candidate(row) for row in rows), counts, chunks)


def vector_text(vector: Vectors) -> str:
    """A vector as pgvector reads it."""
    return "[" + ",".join(f"{value:.6g}" for value in vector.tolist()) + "]"


def _candidate(row: tuple[Any, ...]) -> Candidate:
    version_id, vector_place, text_place, is_named, heading, ids, roles, cosines, terms, best, _counts, _all, page = row
    evidence = Evidence(
        version_id, vector_place, text_place, is_named, heading, tuple(ids), tuple(roles), tuple(cosines), tuple(terms)
    )
    passages = tuple(Passage(**fields) for fields in _json(best))
    return Candidate(evidence, passages, _json(page))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
