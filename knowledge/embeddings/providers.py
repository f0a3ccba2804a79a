"""Where embeddings come from: the embedded model, or the OpenAI-compatible endpoint that the settings name."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import openai
from django.conf import settings
from openai.types import CreateEmbeddingResponse

from knowledge.embeddings import model
from knowledge.embeddings.errors import EmbeddingError, Fault
from knowledge.embeddings.model import Vectors
from lightpoint.outgoing import attempts, http_client, once_per_process, until

DIMENSIONS = 384
RETRIES = 2
KEY_CHARACTERS = 120  # of the column that keeps it


class Provider(Protocol):
    """Turns texts into unit rows of shape (n, 384), in their order. Raises EmbeddingError."""

    @property
    def key(self) -> str:
        """The name and version of the model: rows of different keys do not compare."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """The model that ships as a package."""

    key: str = model.NAME

    def embed(self, texts: Sequence[str]) -> Vectors:
        return model.embed_texts(texts)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint. `seconds` bounds one call with its retries."""

    url: str
    model: str
    version: str
    api_key: str = field(repr=False)
    seconds: float

    @property
    def key(self) -> str:
        """The model with its version and dimensions; a name too long for the column is cut, and its hash added."""
        name = f"{self.model}@{self.version}-{DIMENSIONS}"
        if len(name) <= KEY_CHARACTERS:
            return name
        return f"{name[: KEY_CHARACTERS - 17]}#{hashlib.sha256(name.encode()).hexdigest()[:16]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Empty texts, which endpoints refuse, have the row of one full stop."""
        wanted = [text or "." for text in texts]
        try:
            answer = self._ask(wanted)
            rows = sorted(answer.data, key=lambda row: row.index)
            places = [row.index for row in rows]
            found = [row.embedding for row in rows]
        except openai.OpenAIError as error:
            raise _explained(error) from None  # what the client says may hold the text or the key
        except (ValueError, TypeError, AttributeError):
            raise EmbeddingError("The embedding endpoint answered with something else than vectors") from None
        if places != list(range(len(texts))):
            raise EmbeddingError("The embedding endpoint answered with another number of vectors", "unknown")
        return _unit_rows(found)

    def _ask(self, texts: list[str]) -> CreateEmbeddingResponse:
        client = _client(self.url, self.api_key)
        deadline = time.monotonic() + self.seconds

        def call() -> CreateEmbeddingResponse:
            return client.embeddings.create(
                model=self.model, input=texts, dimensions=DIMENSIONS, encoding_format="float", timeout=self.seconds
            )

        with until(deadline):
            return attempts(call, retries=RETRIES, deadline=deadline)


_in_place: Provider | None = None


@contextmanager
def buying_from(source: Provider) -> Iterator[None]:
    """Within, this process buys from `source` whatever the settings say: for benchmarks and tests."""
    global _in_place  # noqa: PLW0603 - one for the process, as the settings are
    before, _in_place = _in_place, source
    try:
        yield
    finally:
        _in_place = before


def provider() -> Provider:
    """What the settings name."""
    if _in_place is not None:
        return _in_place
    if not settings.EMBEDDING_URL:
        return EmbeddedModel()
    return Endpoint(
        url=settings.EMBEDDING_URL,
        model=settings.EMBEDDING_MODEL,
        version=settings.EMBEDDING_VERSION,
        api_key=settings.EMBEDDING_API_KEY or "none",
        seconds=settings.EMBEDDING_SECONDS,
    )


@once_per_process
def _client(url: str, api_key: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=api_key, max_retries=0, http_client=http_client())


def _unit_rows(found: Sequence[Sequence[float]]) -> Vectors:
    if any(len(row) != DIMENSIONS for row in found):
        raise EmbeddingError(
            f"The embedding endpoint answered with {len(found[0])} dimensions where {DIMENSIONS} were asked: "
            "choose a model that can be cut to them"
        )
    rows = np.asarray(found, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(rows).all() or not lengths.all():
        raise EmbeddingError("The embedding endpoint answered with a vector that has no direction", "unknown")
    unit: Vectors = rows / lengths
    return unit


def _explained(error: openai.OpenAIError) -> EmbeddingError:
    if isinstance(error, openai.APITimeoutError):
        return EmbeddingError("The embedding endpoint did not answer in time")
    if isinstance(error, openai.APIConnectionError):
        return EmbeddingError("The embedding endpoint cannot be reached")
    if isinstance(error, openai.APIStatusError):
        words, fault = _of_status(error.status_code)
        return EmbeddingError(f"The embedding endpoint answered {error.status_code}: {words}", fault)
    return EmbeddingError("The embedding endpoint answered with something else than vectors")


def _of_status(status: int) -> tuple[str, Fault]:
    if status in {401, 403}:
        return "EMBEDDING_API_KEY is not accepted", "service"
    if status == 402:
        return "the account has no credit", "service"
    if status == 404:
        return "EMBEDDING_URL or EMBEDDING_MODEL names nothing there", "service"
    if status == 429:
        return "too many requests", "service"
    if status >= 500:
        return "it has a fault", "unknown"
    return "a text was refused", "text"
