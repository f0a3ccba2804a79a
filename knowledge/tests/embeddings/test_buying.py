"""That a text is bought once, kept, and the same before and after; with Redis and without."""

import threading
from collections.abc import Sequence
from typing import NoReturn

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from knowledge.embeddings import EmbeddingError, embed, model_key, normalise
from knowledge.embeddings.texts import digest
from knowledge.models.chunks import Embedding
from knowledge.tests.embeddings.conftest import Counting, unit
from lightpoint import redis_link
from lightpoint.redis_link import Breaker, Link, Unreachable


class _Stopped(Link):
    def call(self, action: object) -> NoReturn:
        raise Unreachable("stopped")


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.embeddings.kept.link", _Stopped(Breaker(lambda: 1.0)))


@pytest.fixture(params=["redis", "no redis"])
def with_and_without_redis(request: pytest.FixtureRequest) -> None:
    if request.param == "no redis":
        request.getfixturevalue("no_redis")


def together(texts: Sequence[Sequence[str]]) -> list[object]:
    """What each caller got, rows or its error; each a thread with a connection of its own."""
    barrier = threading.Barrier(len(texts))
    found: list[object] = [None] * len(texts)

    def one(place: int) -> None:
        try:
            barrier.wait()
            found[place] = embed(texts[place])
        except EmbeddingError as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_white_space_and_the_form_of_accents_make_no_other_text() -> None:
    assert normalise("  cafe\u0301\n\tat  10\u00a0am ") == normalise("café at 10 am") == "café at 10 am"
    assert normalise("Delay") != normalise("delay")
    assert digest("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


def test_no_texts_are_no_rows(counting: Counting) -> None:
    assert embed([]).shape == (0, 384)
    assert counting.calls == []


@pytest.mark.django_db
@pytest.mark.usefixtures("with_and_without_redis")
def test_what_was_bought_is_not_bought_again_and_is_the_same(counting: Counting) -> None:
    first = embed(["one", "two", " one "])
    again = embed(["two", "one"])
    assert counting.bought == ["one", "two"]
    assert first.dtype == np.float32
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(again, first[[1, 0]])
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-6)
    assert np.allclose(first[0], unit("one"), atol=1e-3)


@pytest.mark.django_db
def test_vectors_outlive_redis_and_come_back_in_one_query(counting: Counting, settings: Settings) -> None:
    texts = [f"text {number}" for number in range(100)]
    first = embed(texts)
    settings.CACHE_NAMESPACE += ":elsewhere"
    with CaptureQueriesContext(connection) as queries:
        again = embed(texts)
    assert len(queries) == 1
    assert np.array_equal(first, again)
    assert len(counting.bought) == 100
    with CaptureQueriesContext(connection) as queries:
        embed(texts)
    assert len(queries) == 0


@pytest.mark.django_db
def test_another_model_or_version_is_another_text(counting: Counting) -> None:
    embed(["one"])
    counting.key = "counting@2"
    embed(["one"])
    assert counting.bought == ["one", "one"]
    assert set(Embedding.objects.values_list("model", flat=True)) == {"counting@1", "counting@2"}
    assert set(Embedding.objects.values_list("text_sha256", flat=True)) == {digest("one")}


@pytest.mark.django_db
def test_what_stands_in_redis_and_is_no_vector_is_passed_over(counting: Counting, settings: Settings) -> None:
    embed(["one"])
    name = f"{settings.CACHE_NAMESPACE}:embedding:counting@1:{digest('one')}"
    redis_link.link.call(lambda client: client.set(name, b"short"))
    assert np.allclose(embed(["one"])[0], unit("one"), atol=1e-3)
    assert counting.bought == ["one"]


@pytest.mark.django_db
def test_what_one_caller_may_not_have_is_kept_for_the_others(counting: Counting) -> None:
    with pytest.raises(EmbeddingError):
        embed(["one", "bad", "two"])
    calls = len(counting.calls)
    embed(["one", "two"])
    assert len(counting.calls) == calls


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("with_and_without_redis")
def test_the_same_text_wanted_by_64_threads_is_bought_once(counting: Counting) -> None:
    counting.seconds = 0.05
    found = together([["the same", f"own {number}"] for number in range(64)])
    assert all(isinstance(rows, np.ndarray) and rows.shape == (2, 384) for rows in found)
    assert counting.bought == sorted(["the same", *(f"own {number}" for number in range(64))])
    assert len(counting.calls) <= 8
    assert Embedding.objects.count() == 65


@pytest.mark.django_db(transaction=True)
def test_a_bad_text_fails_its_own_caller_alone(counting: Counting) -> None:
    found = together([*([f"text {number}"] for number in range(15)), ["bad"]])
    assert all(isinstance(rows, np.ndarray) for rows in found[:15])
    assert isinstance(found[15], EmbeddingError)
    assert embed(["text 1"]).shape == (1, 384)


@pytest.mark.django_db
def test_a_text_that_failed_is_tried_again_by_the_next_caller(counting: Counting) -> None:
    counting.error = EmbeddingError("away", "service")
    with pytest.raises(EmbeddingError):
        embed(["bad"])
    with pytest.raises(EmbeddingError):
        embed(["bad"])
    assert len(counting.calls) == 2


@pytest.mark.django_db(transaction=True)
def test_a_text_whose_first_caller_broke_off_is_bought_by_the_one_who_waited(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, broke = threading.Event(), threading.Event()

    def read(_model: str, _digests: Sequence[str]) -> dict[str, object]:
        if not broke.is_set():
            reached.set()
            broke.wait(5)
            raise ConnectionError("the database is away")
        return {}

    monkeypatch.setattr("knowledge.embeddings.buying.read_database", read)
    faults: list[BaseException] = []

    def first() -> None:
        try:
            embed(["one"])
        except ConnectionError as error:
            faults.append(error)

    thread = threading.Thread(target=first)
    thread.start()
    reached.wait(5)
    threading.Timer(0.1, broke.set).start()
    assert embed(["one"]).shape == (1, 384)
    thread.join()
    assert len(faults) == 1


@pytest.mark.django_db(transaction=True)
def test_vectors_that_cannot_be_kept_are_given_out_and_no_text_is_logged(
    counting: Counting, caplog: pytest.LogCaptureFixture, no_redis: None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        assert embed(["private words"]).shape == (1, 384)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
    assert "could not be kept" in caplog.text
    assert "private" not in caplog.text
    assert Embedding.objects.count() == 0


def test_the_key_names_model_and_version(settings: Settings) -> None:
    assert model_key() == "all-MiniLM-L6-v2-int8@8199be6f"
    settings.EMBEDDING_URL, settings.EMBEDDING_MODEL, settings.EMBEDDING_VERSION = "http://localhost/v1", "m", "7"
    assert model_key() == "m@7-384"
    settings.EMBEDDING_MODEL = "m" * 200
    assert len(model_key()) == 120
    settings.EMBEDDING_VERSION = "8"
    assert model_key() != f"{'m' * 103}"
