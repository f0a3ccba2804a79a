"""Search as the rest of the product calls it: scores, the answer's check, and what is kept for whom."""

import random
from datetime import date

import pytest

from knowledge.search import SEARCH, search
from knowledge.search.legs import Limits
from knowledge.search.searching import cache_parts
from knowledge.tests.search.conftest import make_chunks
from lightpoint.cache.entries import keys_of

KEYS = 75_000


@pytest.mark.django_db
def test_a_practice_finds_its_own_and_the_platforms_and_what_is_shared(practices):
    make_chunks("P1", "A kingfisher of the platform.")
    make_chunks("N1", "A kingfisher of ours.", practice=practices[0], kind="practice_note")
    make_chunks("N2", "A kingfisher of theirs.", practice=practices[1], kind="practice_note")
    make_chunks("N3", "A shared kingfisher.", practice=practices[2], kind="precedent", shared=True)

    def found(practice_id: int | None, **limits: object) -> set[str]:
        return {hit.identifier for hit in search("kingfisher", practice_id=practice_id, **limits).results}

    assert found(practices[0].pk) == {"P1", "N1", "N3"}
    assert found(practices[1].pk) == {"P1", "N2", "N3"}
    assert found(None) == {"P1", "N3"}
    assert found(practices[0].pk, kinds=["practice_note"]) == {"N1"}


@pytest.mark.django_db
def test_a_hit_carries_its_scores_by_leg_and_the_words_that_matched():
    version = make_chunks("N1", "A kingfisher that waits is not late.")
    (hit,) = search("kingfisher", practice_id=None).results
    assert (hit.version_id, hit.title, hit.kind, hit.passage.role) == (version.pk, "Title of N1", "manual", "text")
    assert ("kingfisher", True) in hit.snippet
    assert (hit.score.named, hit.score.text, hit.score.vector) == (0.0, 1.0, 0.0)
    assert (hit.passage.start, hit.passage.end) == (0, len(hit.passage.text))


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", " ", "\0", "' & | ! ( ) : * \\", "the of and", "zyzzyva"])
def test_a_query_that_says_nothing_finds_nothing(query):
    make_chunks("N1", "A kingfisher.")
    found = search(query, practice_id=None)
    assert (found.results, found.answerable) == ((), 0.0)


@pytest.mark.django_db
def test_a_form_is_first_for_its_number_and_is_surely_answered():
    make_chunks("SA100", "The tax return.", kind="form")
    make_chunks("N1", "SA100, the form SA 100, SA100.")
    found = search("SA 100", practice_id=None)
    assert (found.results[0].identifier, found.answerable) == ("SA100", 1.0)


@pytest.mark.django_db
def test_a_word_written_wrongly_does_not_hide_the_others():
    make_chunks("N1", "A kingfisher that waits is not late.")
    make_chunks("N2", "A heron.")
    assert search("kingfisher waits notlaate", practice_id=None).results[0].identifier == "N1"


def test_75_000_look_ups_of_practices_have_no_key_of_the_cache_in_common():
    chance = random.Random(5)  # noqa: S311 - an order, not a secret
    whose: dict[str, tuple[int | None, str]] = {}
    for number in range(KEYS):
        owner = chance.choice([None, *range(1, 50)])
        day = chance.choice([None, date(2024, 1, 1)])
        kinds = tuple(sorted(chance.sample(["manual", "form", "precedent"], chance.randint(0, 2))))
        limits = Limits(owner, day, kinds, chance.random() < 0.5, tuple(range(chance.randint(0, 3))))
        query = f"question {number % 500}"
        key = keys_of(SEARCH, None, cache_parts(limits, 10, "model", query)).value
        assert whose.setdefault(key, (owner, query)) == (owner, query)
