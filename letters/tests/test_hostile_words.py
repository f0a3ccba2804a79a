"""What is too long or too much is refused before it is read, which would take minutes."""

import time

import pytest

from letters.pipelines.answers import read_notes, read_written
from letters.pipelines.judging import judged
from letters.pipelines.records import Card, Part, WrittenSentence
from letters.records import Sentence

TEXT = "HMRC repaid £1,200.00 on 3 March 2025."
PART = Part("s0.1", "Delay", "prose", 0, 1, (Card("1", 0, TEXT, (), Sentence(TEXT, "fact")),))


def test_a_sentence_of_ten_thousand_words_is_refused_at_once() -> None:
    began = time.monotonic()
    verdict = judged(PART, ((WrittenSentence("very " * 10_000 + TEXT, ("1",)),),), None)  # type: ignore[arg-type]
    assert any("too long" in reason for reason in verdict.reasons)
    assert sum(map(len, verdict.reasons)) < 1_000
    assert time.monotonic() - began < 1


def test_far_more_sentences_than_cards_are_refused() -> None:
    verdict = judged(PART, (tuple(WrittenSentence(TEXT, ("1",)) for _ in range(50)),), None)  # type: ignore[arg-type]
    assert verdict.reasons == ("far more sentences were written than there are cards",)


@pytest.mark.parametrize("filling", [" ", "[1]", " [1", "1. "])
def test_the_numbers_of_an_endless_sentence_are_not_looked_for(filling: str) -> None:
    text = f"HMRC {filling * 200_000} x"
    began = time.monotonic()
    written = read_written({"sections": [{"id": PART.id, "paragraphs": [[text]]}]}, PART)
    assert written[0][0].uses == ()
    assert time.monotonic() - began < 1


def test_a_refused_sentence_is_asked_for_again_with_a_few_reasons() -> None:
    words = " ".join(f"blunder{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    verdict = judged(PART, ((WrittenSentence(f"{words} {TEXT}", ("1",)),),), None)  # type: ignore[arg-type]
    assert 1 <= len(verdict.reasons) <= 4


def test_a_weight_of_a_thousand_digits_is_the_greatest() -> None:
    told = {"notes": [{"document": "d1", "gist": "It decides.", "weight": 10**1_000}]}
    assert read_notes(told) == {"d1": "3: It decides."}
