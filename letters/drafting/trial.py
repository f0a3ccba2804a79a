"""Several ways of saying a thing, best first: the first that the ledger would bear out. No status is set here."""

from collections.abc import Iterable
from dataclasses import replace

from letters.craft import tells_gender
from letters.drafting.case import Case
from letters.ledger import without_exhibits
from letters.records import Block, DraftLetter, Sentence

_PASSED = {
    "fact": ("verified",),
    "rule": ("verified",),
    "ask": ("verified", "not_checkable"),
    "form": ("verified", "not_checkable"),
}


def holds(case: Case, sentence: Sentence) -> bool:
    """Whether the ledger would bear the sentence out; its exhibits are numbered later and are not judged here."""
    plain = replace(sentence, text=without_exhibits(sentence.text))
    letter = DraftLetter("complaint_tier_1", "", case.dated, (Block("paragraph", (plain,)),), ())
    return case.checked(letter).blocks[0].sentences[0].status in _PASSED[sentence.kind] and not tells_gender(plain.text)


def first_that_holds(case: Case, candidates: Iterable[Sentence]) -> Sentence | None:
    return next((sentence for sentence in candidates if holds(case, sentence)), None)
