"""The linter finds each fault, and drafted letters have none."""

from datetime import date

import pytest

from knowledge.digest import load_digest
from letters.craft import craft_faults
from letters.drafting import draft_letters
from letters.records import Block, DraftLetter, Sentence
from letters.tests.samples import PRACTICE, SAMPLES

TONES = ("measured", "firm", "robust")


def letter_of(*texts: str, kind: str = "form", letter: str = "complaint_tier_1") -> DraftLetter:
    sentences = tuple(Sentence(text, kind) for text in texts)
    return DraftLetter(letter, "HMRC", date(2025, 1, 2), (Block("paragraph", sentences),), ())


def rules_found(letter: DraftLetter) -> set[str]:
    return {fault.rule for fault in craft_faults(letter)}


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_drafted_letters_have_no_faults(name, tone):
    sample = SAMPLES[name]()
    letters = draft_letters(
        sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, tone=tone, pages=sample.pages
    )
    assert [fault for letter in letters for fault in craft_faults(letter)] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("This was clearly wrong.", "forbidden word"),
        ("We will have no alternative.", "threat"),
        ("She was told to wait.", "gender"),
        ("I wrote in May.", "first person singular"),
        ("The sum of {amount} is due.", "unfilled slot"),
        ("The letter is in scan0147.pdf now.", "internal name"),
        ("We ask HMRC to apologize.", "spelling"),
        ("We  wrote.", "spaces"),
        ("How can that be right?", "rhetorical question"),
        ("HMRC must answer within 15 working days.", "days as a target"),
        (" ".join(["word"] * 46), "long sentence"),
    ],
)
def test_each_fault_is_found(text, rule):
    assert rule in rules_found(letter_of(text))


def test_words_of_others_are_left_alone():
    assert rules_found(letter_of("HMRC's letter says: “I clearly did not color it, did she?”")) == set()


def test_a_third_sentence_that_begins_alike_is_found():
    alike = [f"On the evidence {word} was lost in the post room." for word in ("this", "that", "it")]
    assert "repeated opening" in rules_found(letter_of(*alike))
    assert "repeated opening" not in rules_found(letter_of(*alike[:2]))


def test_an_appeal_with_redress_in_it_is_found():
    assert "complaint in an appeal" in rules_found(letter_of("We ask for an apology.", letter="appeal"))


def test_a_section_cited_three_times_is_found():
    texts = [f"{start} CRG3025 applies." for start in ("First", "Second", "Third")]
    assert "section cited for decoration" in rules_found(letter_of(*texts))


def test_a_failing_of_four_sentences_is_found():
    item = (Sentence("A lead.", "form", lead=True), *(Sentence(f"{word} happened.", "fact") for word in "ABCD"))
    letter = DraftLetter("complaint_tier_1", "HMRC", date(2025, 1, 2), (Block("numbered", items=(item,)),), ())
    assert "long failing" in rules_found(letter)
