"""Vectors of texts: bought once, kept, and gathered with those that other callers want at the same moment.

    rows = embed(["How long may HMRC take?", passage])   # (2, 384) float32, each of length 1
    near = rows @ rows.T

A text is looked for in Redis, then in PostgreSQL, and bought when neither has it. Vectors are kept as float16 and
given out as what was kept, so that a text has the same vector before and after. No text leaves a trace but its SHA-256.
"""

from knowledge.embeddings.buying import embed, model_key
from knowledge.embeddings.errors import EmbeddingError
from knowledge.embeddings.model import Vectors
from knowledge.embeddings.texts import normalise

__all__ = ["EmbeddingError", "Vectors", "embed", "model_key", "normalise"]
