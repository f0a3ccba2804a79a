"""Vectors of texts, bought once: the one place that says where the vectors of chunks come from."""

import hashlib
import unicodedata
from collections.abc import Sequence

import numpy as np
from django.utils import timezone
from pgvector import HalfVector

from knowledge.embeddings.model import NAME, Vectors, embed_texts
from knowledge.models import Embedding


def model_key() -> str:
    """The model's name and version, as it stands beside every vector."""
    return NAME


def embed(texts: Sequence[str]) -> Vectors:
    """Unit rows of shape (len(texts), 384) for the texts in NFC, runs of white space made one space."""
    plain = [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]
    names = [hashlib.sha256(text.encode()).hexdigest() for text in plain]
    rows = Embedding.objects.filter(model=model_key(), text_sha256__in=names).values_list("text_sha256", "vector")
    known = {name: np.asarray(vector.to_numpy(), dtype=np.float32) for name, vector in rows}
    missing = {name: text for name, text in zip(names, plain, strict=True) if name not in known}
    if missing:
        bought = embed_texts(list(missing.values()))
        known |= dict(zip(missing, bought, strict=True))
        Embedding.objects.bulk_create(
            [
                Embedding(
                    model=model_key(), text_sha256=name, vector=HalfVector(known[name]), created_at=timezone.now()
                )
                for name in sorted(missing)
            ],
            ignore_conflicts=True,
        )
    return np.stack([known[name] for name in names]) if names else np.zeros((0, 384), dtype=np.float32)
