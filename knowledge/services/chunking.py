"""Chunks of versions: written whenever a version is, embedded afterwards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.db import transaction
from django.db.models.functions import Length
from pgvector import HalfVector

from knowledge.digest.questions import load_questions
from knowledge.ingestion.chunks import Piece, cut
from knowledge.models import Chunk, SectionVersion
from knowledge.terms import expand_terms, figure_tokens
from lightpoint.progress import NullProgress, Progress

STEP: Final = "embeddings"
HEADING: Final = 400
AT_ONCE: Final = 64  # chunks whose vectors are asked for and stored together: what a kill may cost
ROWS: Final = 500  # of one INSERT
SELDOM_READ: Final = ("search", "embedding")  # columns that are wide, and not needed to compare


def rechunk(version: SectionVersion) -> int:
    """Write the chunks of `version` where they are not as they should be; how many were written.

    Vectors of texts that the section's chunks had already are kept; the others are for `embed_missing`.
    """
    return rechunk_all([version])


@transaction.atomic
def rechunk_all(versions: Iterable[SectionVersion]) -> int:
    """As `rechunk`, for many versions in a handful of queries. `version.section.source` is read."""
    wanted = {version.pk: list(_chunks_of(version)) for version in versions}
    standing: dict[int, list[Chunk]] = {pk: [] for pk in wanted}
    for row in Chunk.objects.filter(version__in=wanted).defer(*SELDOM_READ):
        standing[row.version_id].append(row)
    changed = {pk for pk, rows in wanted.items() if _plain(rows) != _plain(standing[pk])}
    if not changed:
        return 0
    new = [row for pk in wanted if pk in changed for row in wanted[pk]]
    _keep_vectors(new)
    Chunk.objects.filter(version__in=changed).delete()
    Chunk.objects.bulk_create(new, batch_size=ROWS)
    return len(new)


def end_chunks(version: SectionVersion) -> None:
    """Let the chunks of `version` have its days and its standing, after it was ended or superseded."""
    Chunk.objects.filter(version=version).update(valid_to=version.valid_to, standing=version.superseded_at is None)


def embedding_text(chunk: Chunk) -> str:
    """What the vector of `chunk` is of: a question alone, any other words with their heading before them."""
    return chunk.text if chunk.role == "question" else f"{chunk.heading}\n{chunk.text}"


def embed_missing(progress: Progress | None = None, *, limit: int | None = None) -> int:
    """Give every chunk its vector under the current model; how many were given one. Safe to stop and to run again.

    What a vector costs is paid once for each different text: `embed` keeps it. Chunks under another model are embedded
    anew. With `limit`, so many chunks at most.
    """
    from knowledge.embeddings import model_key  # noqa: PLC0415  loads the model's runtime: half a second

    progress = progress or NullProgress()
    model = model_key()
    rows = Chunk.objects.exclude(embedded_with=model).order_by(Length("text"), "pk")  # alike lengths waste no padding
    waiting = list(rows.values_list("pk", flat=True)[:limit])
    progress.start(STEP, len(waiting))
    given = 0
    for first in range(0, len(waiting), AT_ONCE):
        given += _embed(waiting[first : first + AT_ONCE], model)
        for _ in waiting[first : first + AT_ONCE]:
            progress.advance(STEP, "")
    return given


def _embed(keys: Sequence[int], model: str) -> int:
    from knowledge.embeddings import embed  # noqa: PLC0415

    rows = list(Chunk.objects.filter(pk__in=keys).defer("search").order_by("pk"))
    vectors = embed([embedding_text(row) for row in rows])
    for row, vector in zip(rows, vectors, strict=True):
        row.embedding, row.embedded_with = HalfVector(vector), model
    return Chunk.objects.bulk_update(rows, ("embedding", "embedded_with"), batch_size=AT_ONCE)


def _chunks_of(version: SectionVersion) -> Iterator[Chunk]:
    for position, piece in enumerate(cut(version.body)):
        yield _chunk(version, "text", position, piece)
    extra = _digest_terms(version)
    for position, piece in enumerate(cut(version.requires)):
        yield _chunk(version, "summary", position, piece, extra)
    for position, question in enumerate(_questions(version)):
        yield _chunk(version, "question", position, Piece(0, 0, question))


def _questions(version: SectionVersion) -> tuple[str, ...]:
    """Questions are of the digest: they go with the platform's versions that it describes."""
    return load_questions().get(version.identifier, ()) if version.digest_version else ()


def _digest_terms(version: SectionVersion) -> str:
    figures = [f"{value} {role}" for value, role in version.figures]
    topics = [str(topic).replace("_", " ") for topic in version.topics]
    return "; ".join([*version.keywords, *topics, *figures])


def _chunk(version: SectionVersion, role: str, position: int, piece: Piece, extra: str = "") -> Chunk:
    heading = f"{version.identifier} {version.title}"[:HEADING]
    source = version.section.source
    return Chunk(
        version=version,
        practice_id=version.section.practice_id,
        shared=source.shared,
        source_id=source.pk,
        identifier=version.identifier,
        kind=source.kind,
        role=role,
        position=position,
        start=piece.start,
        end=piece.end,
        heading=heading,
        text=piece.text,
        terms=_terms(f"{heading}\n{piece.text}", extra),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        standing=version.superseded_at is None,
        archived=version.archived,
    )


@lru_cache(maxsize=4_096)
def _terms(shown: str, extra: str) -> str:
    searched = f"{shown}\n{extra}"
    return " ".join([*expand_terms(searched), *figure_tokens(searched), *([extra] if extra else [])])


_COMPARED: Final = (
    "role", "position", "start", "end", "heading", "text", "terms", "practice_id", "shared", "source_id", "identifier",
    "kind", "valid_from", "valid_to", "standing", "archived",
)  # fmt: skip


def _plain(rows: Iterable[Chunk]) -> list[tuple[Any, ...]]:
    return sorted((tuple(getattr(row, name) for name in _COMPARED) for row in rows), key=lambda row: (row[0], row[1]))


def _keep_vectors(new: Sequence[Chunk]) -> None:
    """Give the chunks of sections that have been embedded before the vectors of the same texts."""
    known: Mapping[str, tuple[Any, str]] = {
        embedding_text(row): (row.embedding, row.embedded_with)
        for row in Chunk.objects.filter(identifier__in={row.identifier for row in new})
        .exclude(embedded_with="")
        .defer("search")
    }
    for row in new:
        row.embedding, row.embedded_with = known.get(embedding_text(row), (None, ""))
