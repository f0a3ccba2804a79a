from itertools import pairwise

import pytest

from knowledge.ingestion.chunks import OVERLAP, WINDOW, cut


def sentences(count: int, words: int = 10) -> str:
    return " ".join(f"Sentence {number} has {'word ' * (words - 4)}here." for number in range(count))


def test_a_short_body_is_one_piece() -> None:
    body = "  One paragraph.\n\nAnd another.  "
    [piece] = cut(body)
    assert piece.text == "One paragraph.\n\nAnd another." == body[piece.start : piece.end]


def test_a_body_without_words_has_no_pieces() -> None:
    assert cut(" \n\n ") == ()


def test_a_long_body_is_windows_that_overlap_and_end_with_sentences() -> None:
    body = sentences(80)
    pieces = cut(body)
    assert len(pieces) > 3
    for piece in pieces:
        assert piece.text == body[piece.start : piece.end]
        assert piece.text.endswith(".")
        assert len(piece.text.split()) <= WINDOW
    for one, other in pairwise(pieces):
        shared = len(body[other.start : one.end].split())
        assert 0 < shared <= OVERLAP


@pytest.mark.parametrize(
    "body", [sentences(80), "word " * 900, "\n".join(f"item {n}" for n in range(700)), sentences(9, 95)]
)
def test_every_word_is_in_a_piece(body: str) -> None:
    covered = set()
    for piece in cut(body):
        covered.update(range(piece.start, piece.end))
    assert all(place in covered for place, character in enumerate(body) if not character.isspace())


def test_a_sentence_longer_than_a_window_is_cut_between_words() -> None:
    pieces = cut("word " * 450)
    assert [len(piece.text.split()) for piece in pieces] == [200, 200, 50]


def test_an_abbreviation_within_a_sentence_does_not_end_it() -> None:
    body = sentences(30) + " See e.g. the case of delay. " + sentences(5)
    assert not any(piece.text.startswith("the case of delay") for piece in cut(body))
