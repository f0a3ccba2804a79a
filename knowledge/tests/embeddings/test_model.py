"""The embedded model: what is run together."""

import random

import pytest

from knowledge.embeddings.model import BATCH, BATCH_CHARACTERS, _batches, embed_texts


@pytest.mark.parametrize("longest", [10, 200, 5_000])
def test_batches_hold_every_text_once_and_no_more_than_memory_allows(longest: int) -> None:
    chance = random.Random(5)  # noqa: S311 - lengths, not a secret
    lengths = [chance.randint(0, longest) for _ in range(200)]
    batches = list(_batches(lengths))
    assert sorted(place for batch in batches for place in batch) == list(range(200))
    for batch in batches:
        assert len(batch) <= BATCH
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= BATCH_CHARACTERS


def test_no_texts_give_no_rows() -> None:
    assert embed_texts([]).shape == (0, 384)
