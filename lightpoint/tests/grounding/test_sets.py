"""The grounding check against sets of sentences: our own, and the project's where it lies beside the checkout."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from lightpoint.grounding.evaluate import predict

OWN = Path(__file__).with_name("sentences.jsonl")
PARAPHRASES = Path(__file__).with_name("paraphrases.jsonl")  # reworded and reckoned from their evidence, not near it
PARTS = Path(__file__).with_name("parts.jsonl")  # who did what to whom, clocks and limits, multiples, days of papers
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "grounding" / "sentences.jsonl"


def balanced_accuracy(path: Path) -> tuple[float, list[str]]:
    """The mean of the two rates, and the ids that were judged wrongly."""
    right: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        ok = predict(row)["label"] == row["label"]
        right[row["label"]].append(ok)
        wrong += [] if ok else [row["id"]]
    return sum(sum(oks) / len(oks) for oks in right.values()) / len(right), wrong


def test_our_own_sentences_are_judged_rightly():
    score, wrong = balanced_accuracy(OWN)
    assert score >= 0.93, wrong


def test_sentences_far_from_the_words_of_their_evidence_are_mostly_judged_rightly():
    score, wrong = balanced_accuracy(PARAPHRASES)
    assert score >= 0.85, wrong


def test_parts_spans_and_multiples_are_mostly_judged_rightly():
    score, wrong = balanced_accuracy(PARTS)
    assert score >= 0.85, wrong


@pytest.mark.skipif(not SHARED.exists(), reason="the shared grounding set is not beside this checkout")
def test_the_shared_sentences_are_judged_rightly():
    score, wrong = balanced_accuracy(SHARED)
    assert score >= 0.97, wrong


def test_a_prediction_has_the_id_and_one_of_two_labels():
    row = json.loads(OWN.read_text(encoding="utf-8").splitlines()[0])
    assert predict(row) == {"id": row["id"], "label": "supported"}
