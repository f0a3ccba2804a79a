"""Search: the question embedded, one statement, a pure ranking; kept for a day by question, filters and practice."""

import hashlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db.models import Q

from knowledge.digest.records import GuidanceSection
from knowledge.embeddings import EmbeddingError, embed, model_key
from knowledge.models import Chunk
from knowledge.ranking import named_sections
from knowledge.search.answering import Read, answerability
from knowledge.search.asking import Asked, read_question
from knowledge.search.features import Weighing, weigh_terms
from knowledge.search.legs import Candidate, Embedded, Limits, Passage, find_candidates
from knowledge.search.ranking import Score, Scored, rank
from knowledge.search.snippets import Pieces, snippet_of
from lightpoint.cache import Entry, get_or_compute
from lightpoint.codec import from_plain, to_plain

logger = logging.getLogger(__name__)
SEARCH: Final = Entry("guidance.search", ttl=timedelta(hours=24), stale=timedelta(hours=1), schema=3)
CANDIDATES: Final = 40  # versions that are weighed
MOST: Final = 100  # results, at most


@dataclass(frozen=True, slots=True)
class Hit:
    """A version that may answer: its score by leg, the words that matched, and the chunk that answers best."""

    version_id: int
    source_id: int
    kind: str
    section: GuidanceSection
    score: Score
    snippet: Pieces
    passage: Passage

    @property
    def identifier(self) -> str:
        return self.section.id

    @property
    def title(self) -> str:
        return self.section.title


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, and how likely it is, 0 to 1, that something of it answers the question.

    `archived` are sections that the question names and that are left out because they may not be cited any more.
    """

    results: tuple[Hit, ...]
    answerable: float
    archived: tuple[str, ...] = ()


_SHOWN: Final = ("text", "summary", "question")
NOTHING: Final = Found((), 0.0)


def search(
    query: str,
    *,
    practice_id: int | None,
    on: date | None = None,
    kinds: Collection[str] = (),
    archived: bool = False,
    source_ids: Collection[int] = (),
    limit: int = 10,
) -> Found:
    """The versions that answer `query`, best first; those that it names come before all others.

    What is seen is the platform's, the practice's own and what others share: as it stands now, or as it was in force
    on the day `on`. One query, two where a section is named that is not found, or none (cache); and none for a query
    that says nothing. Raises nothing for any text.
    """
    asked = read_question(query)
    if not asked.terms:
        return NOTHING
    limits = Limits(practice_id, on, tuple(sorted(set(kinds))), archived, tuple(sorted(set(source_ids))))
    limit = max(1, min(limit, MOST))
    plain = get_or_compute(
        SEARCH,
        practice=None,  # what a practice may see changes with the platform's rows too: one version ends all
        parts=cache_parts(limits, limit, f"{model_key()} {code_version()}", asked.text),
        compute=lambda: to_plain(_search(asked, limits, limit)),
    )
    return from_plain(Found, plain)


def cache_parts(limits: Limits, limit: int, model: str, text: str) -> list[str | int | None]:
    """What tells one kept search from another: whose it is, its filters, model and code, and the question."""
    return [
        limits.practice_id, limits.on.isoformat() if limits.on else None, *limits.kinds, None, int(limits.archived),
        *limits.source_ids, None, limit, model, text,
    ]  # fmt: skip


@cache
def code_version() -> str:
    """A short hash of this package: what other weights or rules found is not given out by these."""
    files = sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in {".py", ".sql"})
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _search(asked: Asked, limits: Limits, limit: int) -> Found:
    found = find_candidates(asked, _embedded(asked), limits, max(CANDIDATES, limit))
    archived = _archived(asked, limits, found.rows)
    if not found.rows:
        return replace(NOTHING, archived=archived)
    weighing = weigh_terms(asked, found.chunks_with, found.chunks)
    rows = {row.evidence.version_id: row for row in found.rows}
    ranked = rank([row.evidence for row in found.rows], weighing)
    hits = tuple(_hit(one, rows[one.evidence.version_id], asked) for one in ranked[:limit])
    answerable = 0.0 if archived else _answerable(ranked, rows, weighing, found.chunks)
    return Found(hits, answerable, archived)


def _archived(asked: Asked, limits: Limits, rows: Sequence[Candidate]) -> tuple[str, ...]:
    """The sections that were named and not found, where an archived one has that name. No query for other questions."""
    have = {_plain(str(row.page["identifier"])) for row in rows}
    named = asked.named if asked.is_identifier else named_sections(asked.text)
    lost = {name for name in named if _plain(name) not in have}
    if not lost or limits.archived:
        return ()
    seen = Q(practice=None) | Q(shared=True) | Q(practice=limits.practice_id)
    kept = Chunk.objects.filter(seen, identifier__in=lost, archived=True, standing=True)
    return tuple(sorted(set(kept.values_list("identifier", flat=True))))


def _plain(identifier: str) -> str:
    return "".join(letter for letter in identifier.lower() if letter.isalnum())


def _embedded(asked: Asked) -> Embedded | None:
    """The question's vector; None where the embedder cannot be reached, and words alone have to do."""
    try:
        return Embedded(embed([asked.text])[0], model_key())
    except EmbeddingError:
        logger.warning("search without vectors: the embedder did not answer")
        return None


def _answerable(ranked: Sequence[Scored], rows: dict[int, Candidate], weighing: Weighing, chunks: int) -> float:
    read = [
        Read(one, tuple((passage.id, passage.role, passage.text) for passage in rows[one.evidence.version_id].passages))
        for one in ranked
    ]
    return answerability(read, weighing, chunks)


def _hit(one: Scored, row: Candidate, asked: Asked) -> Hit:
    passage = _shown(row)
    page: dict[str, Any] = dict(row.page)
    source_id, kind = page.pop("source_id"), page.pop("kind")
    return Hit(
        version_id=one.evidence.version_id,
        source_id=source_id,
        kind=kind,
        section=section_record(page),
        score=one.score,
        snippet=snippet_of(passage.text, asked.terms),
        passage=passage,
    )


def _shown(row: Candidate) -> Passage:
    """The words of the page where there are any, else our account of it; questions are for finding."""
    return min(row.passages, key=lambda passage: _SHOWN.index(passage.role))


def section_record(page: dict[str, Any]) -> GuidanceSection:
    """The record of a section from the fields of its stored version."""
    figures = [{"value": value, "role": role} for value, role in page["figures"]]
    standards = [{"name": name, "promise": promise} for name, promise in page["standards"]]
    addresses = [{"taxes": taxes, "lines": lines} for taxes, lines in page["addresses"]]
    fields = {**page, "id": page["identifier"], "figures": figures, "standards": standards, "addresses": addresses}
    del fields["identifier"]
    return from_plain(GuidanceSection, fields)
