"""The vector and word legs of search over 100,000 chunks, beside comparing every chunk.

Targets: for practices that own 10 to 50,000 of the chunks, recall@10 of at least 0.99 and as many rows as there are in
every one of 2,000 queries; at 50,000 without other filters at least 20 times as quick as comparing all; the 95th
percentile for a word of 97% of the chunks at most 5 times that for one of 0.1%; and after 30% were deleted and inserted
again, a recall of at least 0.99 of a fresh index's.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.utils import timezone
from rich.console import Console

from knowledge.embeddings.model import Vectors
from knowledge.models import Source
from knowledge.search.asking import read_question
from knowledge.search.legs import Embedded, Limits, find_candidates, vector_text
from lightpoint.benchmarks.harness import Figures, medians, ratio, seconds_of, take_turns
from lightpoint.benchmarks.server import own_database
from users.models import Practice

CHUNKS: Final = 100_000
OWNED: Final = (10, 100, 1_000, 10_000, 50_000)
A_VERSION: Final = 10  # chunks of one version
CLUSTERS, SPREAD = 400, 0.7  # chunks lie round so many points, at about so much of their length
QUERIES: Final = 400  # for each practice
TOP: Final = 10
ROUNDS, CALLS = 15, 10
WORD_CALLS: Final = 300
COMMON, RARE = "kingfisher", "halcyon"
EMBEDDED_WITH: Final = "synthetic"
SEED: Final = 20_250_304
NEAREST: Final = (
    "SELECT chunk_id, distance, taken FROM knowledge_nearest(%s::halfvec, %s, %s, NULL, '{}', false, '{}', %s, %s)"
)
Rows = list[tuple[int, float, str]]


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    with own_database():
        owners = _fill(console)
        chance = np.random.default_rng(SEED + 1)
        recall = {str(size): _recall(owner, size, chance) for size, owner in owners.items()}
        console.print(f"Recall and rows: {json.dumps(recall)}")
        speed = _speed(owners[OWNED[-1]], chance)
        words = _words(chance)
        console.print(f"Against all compared: {json.dumps(speed)}; words: {json.dumps(words)}")
        churn = _churn(owners)
    holds = [*(one["holds"] for one in recall.values()), speed["holds"], words["holds"], churn["holds"]]
    return {
        "chunks": CHUNKS, "queries": QUERIES * len(OWNED), "by_owned": recall, "speed_50k": speed, "words": words,
        "churn": churn, "holds": all(holds),
    }  # fmt: skip


def _fill(console: Console) -> dict[int, int]:
    """Practices with their chunks; gives the practice of each size."""
    started = time.perf_counter()
    now = timezone.now()
    sizes = [*OWNED, CHUNKS - sum(OWNED)]
    practices = [Practice.objects.create(name=f"Practice of {size}", created_at=now) for size in sizes]
    sources = [
        Source.objects.create(
            name=practice.name, kind="practice_note", practice=practice, publisher="Practice", licence="Own"
        )
        for practice in practices
    ]
    chance = np.random.default_rng(SEED)
    vectors = _clustered(CHUNKS, chance)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    chance.shuffle(owner)
    with connection.as_owner(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SET maintenance_work_mem = '1GB'; SET statement_timeout = 0")
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'chunk_nearest'")
        (index,) = cursor.fetchone()
        cursor.execute("DROP INDEX chunk_nearest")
        versions = _versions(cursor, practices, sources, sizes)
        _copy(cursor, _rows(owner, versions, practices, sources, vectors, chance))
        cursor.execute(index)
        cursor.execute("ANALYZE knowledge_chunk; ANALYZE knowledge_sectionversion")
    console.print(f"{CHUNKS} chunks loaded and indexed in {time.perf_counter() - started:.0f} s")
    return {size: practice.pk for size, practice in zip(OWNED, practices, strict=False)}


def _clustered(count: int, chance: np.random.Generator) -> Vectors:
    """Unit rows round the points of CLUSTERS."""
    centres = np.random.default_rng(SEED + 2).standard_normal((CLUSTERS, 384))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    noise = chance.standard_normal((count, 384)) * SPREAD / np.sqrt(384)
    rows = centres[chance.integers(0, CLUSTERS, count)] + noise
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _versions(
    cursor: Any, practices: Sequence[Practice], sources: Sequence[Source], sizes: Sequence[int]
) -> list[list[int]]:
    """Keys of versions, enough for each practice's chunks."""
    found = []
    for practice, source, size in zip(practices, sources, sizes, strict=True):
        cursor.execute(
            "WITH section AS (INSERT INTO knowledge_section (source_id, practice_id, identifier)"
            " SELECT %s, %s, 'N' || number FROM generate_series(1, %s) AS number RETURNING id, identifier)"
            " INSERT INTO knowledge_sectionversion (section_id, identifier, version, digest_version, body,"
            " body_sha256, title, requires, figures, topics, keywords, standards, addresses, page_date_role, archived,"
            " url, retrieved_at) SELECT id, identifier, 'v1', '', '', '', 'Note', '', '[]', '[]', '[]', '[]', '[]',"
            " 'updated', false, '', now() FROM section RETURNING id",
            [source.pk, practice.pk, -(-size // A_VERSION)],
        )
        found.append([key for (key,) in cursor.fetchall()])
    return found


def _rows(
    owner: npt.NDArray[np.int64],
    versions: Sequence[Sequence[int]],
    practices: Sequence[Practice],
    sources: Sequence[Source],
    vectors: Vectors,
    chance: np.random.Generator,
) -> Iterator[tuple[Any, ...]]:
    words = [f"word{number}" for number in range(5_000)]
    picks = (chance.zipf(1.3, (len(owner), 30)) - 1) % len(words)
    common, rare = chance.random(len(owner)) < 0.97, chance.random(len(owner)) < 0.001
    places = [0] * len(versions)
    for number, whose in enumerate(owner):
        place, places[whose] = places[whose], places[whose] + 1
        text = " ".join(words[pick] for pick in picks[number])
        text += f" {COMMON}" if common[number] else ""
        text += f" {RARE}" if rare[number] else ""
        yield (
            versions[whose][place // A_VERSION], practices[whose].pk, False, sources[whose].pk,
            f"N{place // A_VERSION + 1}", "practice_note", "text", place % A_VERSION, 0, len(text), "Note", text, "",
            True, False, vector_text(vectors[number]), EMBEDDED_WITH,
        )  # fmt: skip


def _copy(cursor: Any, rows: Iterator[tuple[Any, ...]]) -> None:
    columns = (
        'version_id, practice_id, shared, source_id, identifier, kind, role, position, start, "end", heading, text,'
        " terms, standing, archived, embedding, embedded_with"
    )
    with cursor.copy(f"COPY knowledge_chunk ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _nearest(query: Vectors, practice: int, way: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, [vector_text(query), EMBEDDED_WITH, practice, TOP, way])
        return list(cursor.fetchall())


def _recall(practice: int, size: int, chance: np.random.Generator, queries: int = QUERIES) -> Figures:
    """Of the ten nearest that comparing all finds, the part that search finds (as near: ties are as good)."""
    found, full, ways = [], 0, set()
    for query in _queries(queries, chance):
        exact, ours = _nearest(query, practice, "exact"), _nearest(query, practice, "chosen")
        edge = max(distance for _id, distance, _way in exact) + 1e-6
        found.append(sum(distance <= edge for _id, distance, _way in ours) / len(exact))
        full += len(ours) == len(exact) == min(TOP, size)
        ways |= {way for _id, _distance, way in ours}
    mean = sum(found) / len(found)
    return {
        "recall": round(mean, 4), "worst_query": min(found), "full_rows": full, "of": queries, "way": sorted(ways),
        "holds": mean >= 0.99 and full == queries,
    }  # fmt: skip


def _queries(count: int, chance: np.random.Generator) -> Vectors:
    return _clustered(count, chance)


def _speed(practice: int, chance: np.random.Generator) -> Figures:
    """How many times as quick as comparing all: of the largest practice, without other filters."""
    queries = _queries(500, chance)
    at = iter(range(10**9))

    def arm(way: str) -> Callable[[], object]:
        return lambda: _nearest(queries[next(at) % len(queries)], practice, way)

    arms = {"exact": arm("exact"), "exact again": arm("exact"), "ours": arm("chosen")}
    samples = take_turns(arms, rounds=ROUNDS, calls=CALLS)
    p50 = {name: medians(rounds) for name, rounds in samples.items()}
    gain, again = ratio(p50["exact"], p50["ours"]), ratio(p50["exact again"], p50["exact"])
    milliseconds = {name: round(1000 * float(np.median(rounds)), 2) for name, rounds in p50.items()}
    return {"ms": milliseconds, "gain": gain.figures, "aa": again.figures, "holds": gain.value >= 20}


def _words(chance: np.random.Generator) -> Figures:
    """The 95th percentile of a whole search for a word that nearly all chunks have, and for one that few have."""
    practice = Practice.objects.order_by("-pk").values_list("pk", flat=True)[1]
    queries = _queries(WORD_CALLS, chance)
    seconds: dict[str, list[float]] = {COMMON: [], RARE: []}
    for query in queries:
        for word, spent in seconds.items():
            asked, embedded = read_question(word), Embedded(query, EMBEDDED_WITH)
            spent.append(seconds_of(partial(find_candidates, asked, embedded, Limits(practice), 40)))
    p95 = {word: 1000 * float(np.percentile(spent, 95)) for word, spent in seconds.items()}
    times = p95[COMMON] / p95[RARE]
    return {
        "p95_ms_97_percent": round(p95[COMMON], 2), "p95_ms_0.1_percent": round(p95[RARE], 2),
        "ratio": round(times, 3), "holds": times <= 5,
    }  # fmt: skip


def _churn(owners: dict[int, int]) -> Figures:
    """Recall after 30% of the chunks were deleted and inserted again, beside that of an index built afterwards."""
    practice, size = owners[OWNED[-1]], OWNED[-1]
    with connection.as_owner(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SET statement_timeout = 0; SET maintenance_work_mem = '1GB'")
        cursor.execute("CREATE TEMP TABLE taken AS SELECT * FROM knowledge_chunk WHERE id % 10 < 3")
        cursor.execute("DELETE FROM knowledge_chunk WHERE id % 10 < 3")
        cursor.execute("ALTER TABLE taken DROP COLUMN search")
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
            " WHERE attrelid = 'taken'::regclass AND attnum > 0 AND NOT attisdropped"
        )
        (columns,) = cursor.fetchone()
        cursor.execute(f"INSERT INTO knowledge_chunk ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM taken")  # noqa: S608 - names from the catalogue
        cursor.execute("ANALYZE knowledge_chunk")
    after = _recall(practice, size, np.random.default_rng(SEED + 3))
    with connection.as_owner(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SET statement_timeout = 0; SET maintenance_work_mem = '1GB'")
        cursor.execute("REINDEX INDEX chunk_nearest")
    fresh = _recall(practice, size, np.random.default_rng(SEED + 3))
    part = float(str(after["recall"])) / float(str(fresh["recall"]))
    return {"after": after, "fresh": fresh, "part": round(part, 4), "holds": part >= 0.99 and bool(after["holds"])}
