"""Vectors of texts, bought once: the one place that says where the vectors of chunks come from."""

from knowledge.embeddings import embed, model_key

__all__ = ["embed", "model_key"]
