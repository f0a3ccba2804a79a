"""The embedded model: what is run together, and that company changes nothing."""

import random

import numpy as np
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


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    texts = ["How long may it take?", "Complaint handling. " * 30, "Worry and distress: £25 to £500.", "x"] * 5
    together = embed_texts(texts)
    assert together.shape == (20, 384)
    for place in range(4):
        assert np.allclose(together[place], embed_texts([texts[place]])[0], atol=1e-3)
        assert np.linalg.norm(together[place]) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_rows() -> None:
    assert embed_texts([]).shape == (0, 384)
