from dataclasses import replace
from datetime import date

import pytest

from letters.editing import SentenceEdit, UnfitEdit, changes, edit_section, edit_sentences, sections
from letters.records import Block, ChronologyRow, DocumentSource, DraftLetter, Sentence

SOURCE = DocumentSource("a.pdf", 1, "received on 3 March 2025")
OTHER = DocumentSource("b.pdf", 2, "paid £40")
FACT = Sentence("HMRC received it on 3 March 2025.", "fact", (SOURCE,), "verified")
PAID = Sentence("HMRC paid £40.", "fact", (OTHER,), "verified")
GREETING = Sentence("Dear Sir or Madam", "form", (), "not_checkable")


def heading(text):
    return Block("heading", (Sentence(text, "form"),))


LETTER = DraftLetter(
    "complaint_tier_1",
    "HMRC",
    date(2026, 1, 5),
    (
        Block("salutation", (GREETING,)),
        heading("What happened"),
        Block("paragraph", (FACT, PAID)),
        heading("The dates"),
        Block("chronology", rows=(ChronologyRow(date(2025, 3, 3), FACT, "1"),)),
        Block("numbered", items=((PAID,), (FACT, PAID))),
        Block("signature", (Sentence("Yours faithfully", "form"),)),
    ),
    (),
)


def texts(letter):
    return [sentence.text for sentence in letter.sentences()]


def test_an_edited_sentence_keeps_its_sources_and_goes_back_to_unchecked() -> None:
    edited = edit_sentences(LETTER, [SentenceEdit(2, "HMRC had  it on\n3 March 2025.")]).sentences()[2]
    assert (edited.text, edited.sources, edited.status) == ("HMRC had it on 3 March 2025.", (SOURCE,), "unchecked")


@pytest.mark.parametrize("position", range(len(LETTER.sentences())))
def test_each_position_is_that_of_the_sentence_in_reading_order(position) -> None:
    edited = texts(edit_sentences(LETTER, [SentenceEdit(position, "Something else.")]))
    expected = texts(LETTER)
    expected[position] = "Something else."
    assert edited == expected


@pytest.mark.parametrize("position", range(len(LETTER.sentences())))
def test_empty_words_take_a_sentence_out_wherever_it_stands(position) -> None:
    expected = texts(LETTER)
    del expected[position]
    assert texts(edit_sentences(LETTER, [SentenceEdit(position, "  ")])) == expected


def test_an_editor_may_name_other_sources() -> None:
    edited = edit_sentences(LETTER, [SentenceEdit(2, "HMRC paid £40.", (OTHER,))])
    assert edited.sentences()[2].sources == (OTHER,)


def test_a_statement_cannot_pass_as_a_courtesy() -> None:
    edited = edit_sentences(LETTER, [SentenceEdit(0, "HMRC received £9,000 on 4 May 2025 and kept it.")])
    assert edited.sentences()[0].kind == "fact"


def test_a_courtesy_stays_one() -> None:
    assert edit_sentences(LETTER, [SentenceEdit(0, "Dear Colleagues")]).sentences()[0].kind == "form"


@pytest.mark.parametrize(
    ("edits", "part"),
    [
        ([SentenceEdit(99, "x")], "sentences are 0 to 9"),
        ([SentenceEdit(-1, "x")], "no sentence -1"),
        ([SentenceEdit(1, "x"), SentenceEdit(1, "y")], "twice"),
        ([SentenceEdit(1, "x" * 1501)], "at most 1500"),
        ([SentenceEdit(1, "a\u202eb")], "cannot be seen"),
        ([SentenceEdit(1, "a\x00b")], "cannot be seen"),
    ],
)
def test_an_unfit_edit_says_what_is_wrong_with_it(edits, part) -> None:
    with pytest.raises(UnfitEdit, match=part):
        edit_sentences(LETTER, edits)


def test_sections_run_from_heading_to_heading_and_end_before_the_signature() -> None:
    found = [(section.title, section.first, section.last) for section in sections(LETTER)]
    assert found == [("What happened", 1, 3), ("The dates", 4, 8)]


def test_a_section_edit_keeps_what_is_like_the_old_and_gives_new_statements_the_papers_of_the_section() -> None:
    edited = edit_section(LETTER, 0, "HMRC received it on the 3 March 2025.\n\nNothing more was heard for months.")
    block, second = edited.blocks[2:4]
    assert [(s.text, s.sources) for s in block.sentences] == [("HMRC received it on the 3 March 2025.", (SOURCE,))]
    assert [(s.kind, s.sources) for s in second.sentences] == [("fact", (SOURCE, OTHER))]
    assert texts(edited)[-1] == "Yours faithfully"


@pytest.mark.parametrize(
    ("index", "text", "part"),
    [(7, "x", "no section 7"), (1, "x", "list or a table"), (0, " \n\n ", "empty")],
)
def test_an_unfit_section_edit_says_what_is_wrong_with_it(index, text, part) -> None:
    with pytest.raises(UnfitEdit, match=part):
        edit_section(LETTER, index, text)


def test_changes_tell_what_became_of_each_sentence() -> None:
    newer = edit_sentences(LETTER, [SentenceEdit(2, "HMRC had it."), SentenceEdit(3, "")])
    told = [(change.kind, change.old, change.new) for change in changes(LETTER, newer) if change.kind != "same"]
    assert told == [("changed", FACT.text, "HMRC had it."), ("removed", PAID.text, None)]


def test_an_added_sentence_is_told_as_added() -> None:
    longer = replace(LETTER, blocks=(*LETTER.blocks, Block("paragraph", (Sentence("PS", "form"),))))
    assert [change.kind for change in changes(LETTER, longer)][-1] == "added"
