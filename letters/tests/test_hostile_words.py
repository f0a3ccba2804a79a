"""What is too long or too much is refused before it is read, which would take minutes."""

import time

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
