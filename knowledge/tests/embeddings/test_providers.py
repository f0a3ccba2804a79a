"""The embedded model, and an endpoint that speaks OpenAI's shape, asked by the real client."""

import logging
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pytest_django import Settings

from knowledge.embeddings import EmbeddingError, embed, model, model_key
from knowledge.embeddings.providers import EmbeddedModel, provider
from knowledge.tests.embeddings.conftest import Server, unit, well

SECRET = "sk-secret-word"  # noqa: S105 - what the tests look for in messages and logs


@pytest.fixture
def other_weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    model._loaded.cache_clear()
    monkeypatch.setattr(model, "SHA256", "0" * 64)
    yield
    model._loaded.cache_clear()


def test_the_embedded_model_puts_what_means_the_same_nearest() -> None:
    rows = EmbeddedModel().embed(
        [
            "How long does HMRC have to answer a complaint?",
            "What is the time limit for HMRC to reply to our complaint?",
            "Can the client claim for worry and distress?",
            "The cat sat on the mat.",
        ]
    )
    near = rows @ rows[0]
    assert rows.shape == (4, 384)
    assert list(np.argsort(-near)) == [0, 1, 2, 3]
    assert near[1] > 0.7
    assert near[3] < 0.3


def test_a_vector_does_not_hang_on_the_company_it_is_computed_in() -> None:
    texts = ["delay", "a much longer text about the costs of an accountant " * 5]
    together, alone = EmbeddedModel().embed(texts), EmbeddedModel().embed(texts[:1])
    assert float(together[0] @ alone[0]) > 0.99


def test_texts_past_256_tokens_are_cut_there_and_not_at_128() -> None:
    start = "delay " * 150
    one, same, other = EmbeddedModel().embed([start, start + "delay", start + "kingfisher " * 40])
    assert float(one @ same) > float(one @ other)
    far = "delay " * 300
    cut, longer = EmbeddedModel().embed([far, far + "kingfisher " * 40])
    assert np.allclose(cut, longer, atol=1e-5)


@pytest.mark.usefixtures("other_weights")
def test_weights_that_are_not_the_tested_ones_are_refused() -> None:
    with pytest.raises(EmbeddingError, match="not those that were tested"):
        EmbeddedModel().embed(["one"])


@pytest.mark.django_db
def test_the_endpoint_is_asked_for_384_dimensions_and_its_rows_are_put_in_order(endpoint: Server) -> None:
    rows = embed(["one", "two", "three"])
    assert np.allclose(rows, [unit("one"), unit("two"), unit("three")], atol=1e-3)
    (request,) = endpoint.requests
    assert (request["model"], request["dimensions"]) == ("small", 384)
    assert request["input"] == ["one", "two", "three"]
    assert endpoint.headers[0]["authorization"] == f"Bearer {SECRET}"
    assert model_key() == "small@1-384"


def test_a_key_does_not_show_in_what_is_printed_of_the_provider(endpoint: Server) -> None:
    assert SECRET not in repr(provider())


@pytest.mark.django_db
def test_a_text_of_nothing_does_not_reach_the_endpoint_as_nothing(endpoint: Server) -> None:
    assert embed(["  "]).shape == (1, 384)
    assert endpoint.requests[0]["input"] == ["."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "words", "most"),
    [
        (401, "EMBEDDING_API_KEY", 1),
        (402, "credit", 1),
        (404, "EMBEDDING_URL or EMBEDDING_MODEL", 1),
        (429, "too many requests", 3),
        (400, "refused", 1),
        (500, "fault", 3),
    ],
)
def test_an_error_of_the_endpoint_is_one_clear_line_without_text_or_key(
    endpoint: Server, caplog: pytest.LogCaptureFixture, status: int, words: str, most: int
) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint.answer = lambda body: (status, {}, {"error": {"message": f"no {SECRET} {body['input']}"}})
    with pytest.raises(EmbeddingError, match=words) as caught:
        embed(["private words"])
    said = f"{caught.value}{caught.value.__cause__}{caplog.text}"
    assert SECRET not in said
    assert "private" not in said
    assert len(endpoint.requests) <= most


@pytest.mark.django_db
def test_a_fault_that_passes_is_not_seen(endpoint: Server) -> None:
    def answer(body: dict[str, Any]) -> tuple[int, dict[str, str], object]:
        return well(body) if len(endpoint.requests) > 1 else (429, {"Retry-After": "0"}, {})

    endpoint.answer = answer
    assert embed(["one"]).shape == (1, 384)


@pytest.mark.django_db
def test_a_text_that_the_endpoint_refuses_leaves_the_others_their_vectors(endpoint: Server) -> None:
    endpoint.answer = lambda body: (400, {}, {}) if "bad" in body["input"] else well(body)
    with pytest.raises(EmbeddingError):
        embed(["one", "bad", "two"])
    asked = len(endpoint.requests)
    assert embed(["one", "two"]).shape == (2, 384)
    assert len(endpoint.requests) == asked


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"object": "list", "data": [{"index": 0, "embedding": [0.1] * 1536}]}, "1536 dimensions"),
        ({"object": "list", "data": []}, "another number|something else"),
        ({"object": "list", "data": [{"index": 0, "embedding": [0.0] * 384}]}, "no direction"),
        ({"object": "list", "data": [{"index": 7, "embedding": [0.1] * 384}]}, "another number"),
        ({"object": "list", "data": [{"index": 0, "embedding": "AAAA"}]}, "something else|dimensions"),
        ({"object": "list"}, "something else"),
        (b"<html>", "something else"),
    ],
)
def test_an_answer_that_is_no_vector_of_384_is_an_error(endpoint: Server, answer: object, words: str) -> None:
    endpoint.answer = lambda _body: (200, {}, answer)
    with pytest.raises(EmbeddingError, match=words):
        embed(["one"])


@pytest.mark.django_db
def test_an_endpoint_that_hangs_is_left_in_time(endpoint: Server, settings: Settings) -> None:
    settings.EMBEDDING_SECONDS = 0.4
    endpoint.answer = lambda body: (time.sleep(1.5), well(body))[1]
    started = time.perf_counter()
    with pytest.raises(EmbeddingError, match="in time"):
        embed(["one"])
    assert time.perf_counter() - started < 1.2


@pytest.mark.django_db
def test_an_endpoint_that_is_not_there_cannot_be_reached(settings: Settings) -> None:
    settings.EMBEDDING_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(EmbeddingError, match="cannot be reached"):
        embed(["one"])
