"""The statement of a search: what it may see, that nothing is missed, and that no text harms it."""

import random
from datetime import date

import numpy as np
import pytest
from django.db import connection

from knowledge.models import Chunk
from knowledge.search.asking import read_question
from knowledge.search.legs import Embedded, Limits, find_candidates, vector_text
from knowledge.tests.search.conftest import make_chunks, unit_rows

pytestmark = pytest.mark.django_db
LOOK_UPS = 25_000  # in the database; 75,000 more are of the cache's keys, in test_searching.py
KINDS = ("manual", "practice_note", "precedent")
DAYS = (None, date(2019, 1, 1), date(2021, 6, 1), date(2024, 1, 1))


def found(query: str, limits: Limits, vector=None) -> list[str]:
    embedded = None if vector is None else Embedded(vector, "synthetic")
    return [row.page["identifier"] for row in find_candidates(read_question(query), embedded, limits, 40).rows]


@pytest.fixture
def mixed(practices):
    """Chunks of the platform and of three practices, of several kinds and days."""
    chance = random.Random(7)  # noqa: S311 - an order, not a secret
    for number in range(60):
        owner = chance.choice([None, *practices])
        kind = "manual" if owner is None else chance.choice(KINDS[1:])
        starts = chance.choice([None, date(2020, 1, 1), date(2022, 1, 1)])
        ends = chance.choice([None, None, date(2023, 1, 1)])
        make_chunks(
            f"N{number}",
            f"A kingfisher numbered word{number % 7}.",
            "Another passage of it.",
            practice=owner,
            shared=kind == "precedent" and chance.random() < 0.5,
            kind=kind,
            valid_from=starts,
            valid_to=ends,
            archived=chance.random() < 0.1,
            vectors=unit_rows(2, number),
        )
    return practices


def random_limits(practices, chance: random.Random) -> Limits:
    owner = chance.choice([None, *(practice.pk for practice in practices)])
    kinds = tuple(chance.sample(KINDS, chance.randint(0, 2)))
    return Limits(owner, chance.choice(DAYS), kinds, chance.random() < 0.3)


def visible(limits: Limits) -> list[Chunk]:
    """The chunks that `limits` lets be seen, chosen without SQL."""
    return [
        chunk
        for chunk in Chunk.objects.defer("search")
        if (chunk.practice_id in (None, limits.practice_id) or chunk.shared)
        and (limits.archived or not chunk.archived)
        and (not limits.kinds or chunk.kind in limits.kinds)
        and (
            chunk.valid_to is None
            if limits.on is None
            else (chunk.valid_from is None or chunk.valid_from <= limits.on)
            and (chunk.valid_to is None or chunk.valid_to > limits.on)
        )
    ]


def test_the_nearest_are_those_of_comparing_all_whatever_the_filter(mixed):
    chance = random.Random(11)  # noqa: S311 - an order, not a secret
    for number in range(60):
        limits, query = random_limits(mixed, chance), unit_rows(1, 1_000 + number)[0]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT chunk_id FROM knowledge_nearest("
                " %s::halfvec, 'synthetic', %s, %s, %s::text[], %s, '{}', 10, 'chosen') ORDER BY distance LIMIT 10",
                [vector_text(query), limits.practice_id, limits.on, list(limits.kinds), limits.archived],
            )
            ours = [key for (key,) in cursor.fetchall()]
        chunks = visible(limits)
        cosines = {chunk.pk: float(np.dot(np.asarray(chunk.embedding, dtype=np.float32), query)) for chunk in chunks}
        assert len(ours) == min(10, len(chunks))
        edge = sorted(cosines.values(), reverse=True)[: len(ours)]
        assert [cosines[key] for key in ours] == pytest.approx(edge, abs=2e-3)


def test_the_words_find_all_that_may_be_seen_and_nothing_else(mixed):
    chance = random.Random(13)  # noqa: S311 - an order, not a secret
    for _ in range(40):
        limits = random_limits(mixed, chance)
        expected = {chunk.identifier for chunk in visible(limits)}
        assert set(found("kingfisher", limits)) == expected if len(expected) <= 40 else len(expected) > 40


def test_look_ups_across_practices_give_no_foreign_row(practices):
    for number, owner in enumerate([None, *practices]):
        make_chunks(f"N{number}", "A kingfisher.", practice=owner, vectors=unit_rows(1, number), kind="practice_note")
        make_chunks(f"S{number}", "A heron.", practice=owner, vectors=unit_rows(1, 9 + number), kind="case_law")
    # In statements of many look-ups each: a practice asks with a vector of any of the chunks, its own or not.
    total = foreign = 0
    for practice in practices:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '58s'")
            cursor.execute(
                "SELECT count(DISTINCT asked.number), count(*) FILTER (WHERE c.practice_id <> %s) FROM ("
                " SELECT number, (SELECT array_agg(embedding) FROM knowledge_chunk) AS vectors"
                " FROM generate_series(1, %s) AS number) AS asked CROSS JOIN LATERAL knowledge_nearest("
                " asked.vectors[1 + asked.number %% 8], 'synthetic', %s, NULL, '{}', false, '{}', 4, 'exact') AS n"
                " JOIN knowledge_chunk c ON c.id = n.chunk_id",
                [practice.pk, LOOK_UPS // 3 + 1, practice.pk],
            )
            asked, strange = cursor.fetchone()
        total, foreign = total + asked, foreign + strange
    assert foreign == 0
    assert total >= LOOK_UPS


def test_a_version_is_found_on_the_days_on_which_it_holds():
    make_chunks("N1", "The kingfisher of old.", valid_to=date(2022, 1, 1))
    make_chunks("N1", "The kingfisher of now.", valid_from=date(2022, 1, 1))

    def text(on: date | None) -> list[str]:
        rows = find_candidates(read_question("kingfisher"), None, Limits(None, on), 40).rows
        return [passage.text for row in rows for passage in row.passages]

    assert text(None) == text(date(2022, 1, 1)) == ["The kingfisher of now."]
    assert text(date(2021, 12, 31)) == ["The kingfisher of old."]


@pytest.mark.parametrize(("query", "named"), [("SA 100", "SA100"), ("sa100", "SA100"), ("P45", "P45"), ("p 45", "P45")])
def test_a_form_is_first_for_its_number(query, named):
    make_chunks("SA100", "The tax return.", kind="form")
    make_chunks("P45", "Details of an employee who leaves.", kind="form")
    make_chunks("N1", "SA 100 and SA100 and P45 and p45 stand here often. SA100, P45.")
    rows = find_candidates(read_question(query), None, Limits(None), 40).rows
    assert [row.page["identifier"] for row in rows if row.evidence.is_named] == [named]


@pytest.mark.parametrize(
    "query",
    ["\0", "x" * 10_000, "' | & ! <-> :*", "kingfisher:* & !(", "%s %(a)s", "word " * 5_000, "🐦 \u200b", "a'b\"c\\"],
)
def test_no_text_is_an_error(query):
    make_chunks("N1", "A kingfisher.")
    find_candidates(read_question(query), None, Limits(None), 40)


def test_chunks_without_vectors_are_found_by_their_words():
    make_chunks("N1", "A kingfisher.")
    assert found("kingfisher", Limits(None), unit_rows(1, 1)[0]) == ["N1"]


def test_a_search_is_one_statement(mixed, django_assert_num_queries):
    with django_assert_num_queries(1):
        embedded = Embedded(unit_rows(1, 1)[0], "synthetic")
        assert find_candidates(read_question("kingfisher P45"), embedded, Limits(mixed[0].pk), 40).rows


def test_vectors_of_another_model_are_not_compared():
    """After a change of model the old vectors mean nothing beside a new one's."""
    make_chunks("N1", "A kingfisher.", vectors=unit_rows(1, 1))
    near = unit_rows(1, 1)[0]
    for model, cosine in (("synthetic", 1.0), ("another", 0.0)):
        (row,) = find_candidates(read_question("kingfisher"), Embedded(near, model), Limits(None), 40).rows
        assert row.evidence.cosines == pytest.approx((cosine,), abs=1e-2)
        assert (row.evidence.vector_place is None) == (model == "another")
    assert not find_candidates(read_question("heron"), Embedded(near, "another"), Limits(None), 40).rows
