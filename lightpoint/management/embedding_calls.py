"""What the benchmark of embeddings calls: `embed` as the product has it, over a provider that only takes its time."""

import threading
import time
from collections.abc import Sequence

import numpy as np

from knowledge.embeddings import Vectors, embed
from knowledge.embeddings.providers import DIMENSIONS, buying_from

__all__ = ["SlowProvider", "buying_from", "embed_one"]


class SlowProvider:
    """Takes `seconds` for a call of any size, and serves `at_once` calls at the same time."""

    key = "bench@1"

    def __init__(self, seconds: float, at_once: int) -> None:
        self._seconds = seconds
        self._serving = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self.calls = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            self.calls += 1
        with self._serving:
            time.sleep(self._seconds)
        rows: Vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        rows[:, 0] = 1.0
        return rows


def embed_one(text: str) -> None:
    """As a caller of the product does it."""
    embed([text])
