"""Pieces of one version put into another, and what of the edits of people is kept."""

from dataclasses import replace
from datetime import date

import pytest

from letters.records import Block, ChronologyRow, DocumentSource, DraftLetter, Exhibit, Note, Sentence
from letters.weaving import (
    Edit,
    Piece,
    Step,
    blocks_of,
    changed_pieces,
    edits_by_people,
    keep_edits,
    pieces,
    section_piece,
    text_of,
    with_piece,
)

A, B, C = (Exhibit(n, f"{name}.pdf", f"Paper {name}", "") for n, name in enumerate("abc", 1))


def said(text, kind="fact", document="a.pdf"):
    return Sentence(text, kind, (DocumentSource(document, 1, text),), "verified")


def heading(text):
    return Block("heading", (Sentence(text, "form", (), "not_checkable"),))


def letter_of(first="One. (exhibit 1)", second="Two. (exhibits 1 and 2)", exhibits=(A, B), title="What happened"):
    return DraftLetter(
        "complaint_tier_1",
        "HMRC",
        date(2026, 1, 5),
        (
            Block("paragraph", (said("The opening."),)),
            heading(title),
            Block("paragraph", (said(first),)),
            Block("paragraph", (said("More of it."),)),
            heading("The dates"),
            Block("chronology", rows=(ChronologyRow(date(2025, 3, 3), said("3 March 2025: It came."), "2, p 3"),)),
            Block("numbered", items=((said(second),),)),
            Block("enclosures", tuple(Sentence(f"{e.number}. {e.title}", "form", (), "verified") for e in exhibits)),
        ),
        exhibits,
    )


HAPPENED, DATES = Piece("heading", "What happened", 0), Piece("heading", "The dates", 0)


def test_a_letter_falls_into_its_sections_and_the_other_blocks() -> None:
    assert list(pieces(letter_of())) == [Piece("paragraph", "", 0), HAPPENED, DATES, Piece("enclosures", "", 0)]
    assert text_of(blocks_of(letter_of(), HAPPENED)) == "What happened\nOne. (exhibit 1)\nMore of it."
    assert (section_piece(letter_of(), 1), section_piece(letter_of(), 2)) == (DATES, None)


def test_two_sections_of_one_heading_are_told_apart_by_their_place() -> None:
    letter = letter_of(title="The dates")
    assert [piece.place for piece in pieces(letter) if piece.title] == [0, 1]


def test_a_piece_takes_the_exhibit_numbers_of_the_letter_that_it_is_put_into() -> None:
    source = letter_of(second="New. (exhibits 1 and 2)", exhibits=(replace(C, number=1), replace(A, number=2)))
    woven = with_piece(letter_of(), DATES, source)
    assert text_of(blocks_of(woven, DATES)) == "The dates\n3 March 2025: It came.\nNew. (exhibits 1 and 3)"
    assert woven.blocks[5].rows[0].exhibit == "1, p 3"
    assert [(e.number, e.document) for e in woven.exhibits] == [(1, "a.pdf"), (2, "b.pdf"), (3, "c.pdf")]
    assert [s.text for s in woven.blocks[-1].sentences] == ["1. Paper a", "2. Paper b", "3. Paper c"]
    assert text_of(blocks_of(woven, HAPPENED)) == text_of(blocks_of(letter_of(), HAPPENED))


def test_a_piece_that_the_letter_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        with_piece(letter_of(), Piece("heading", "Elsewhere", 0), letter_of())


def test_what_changed_is_told_by_piece() -> None:
    assert changed_pieces(letter_of(), letter_of(first="Another.")) == (HAPPENED,)


def step(number, origin, letter, by="Ada", notes=()):
    return Step(number, origin, by, letter, notes)


def test_edits_are_those_of_people_since_the_last_draft() -> None:
    edited = letter_of(first="Mine.")
    both = letter_of(first="Mine.", second="His.")
    steps = [step(1, "drafted", letter_of(), ""), step(2, "edited", edited), step(3, "refined", both, "Ben")]
    assert edits_by_people(steps) == {HAPPENED: Edit("Ada", 2), DATES: Edit("Ben", 3)}
    again = [*steps, step(4, "renewed", letter_of(first="Anew.", second="His."))]
    assert edits_by_people(again) == {DATES: Edit("Ben", 3)}
    kept = [*steps, step(4, "redrafted", both, "", (Note("kept", "The dates"), Note("left_out", "What happened")))]
    assert edits_by_people(kept) == {DATES: Edit("Ben", 3)}
    assert edits_by_people([*steps, step(4, "drafted", letter_of())]) == {}
    assert edits_by_people([]) == {}


def test_a_section_that_somebody_took_out_is_an_edit_and_a_new_heading_is_another() -> None:
    base = letter_of()
    without = replace(base, blocks=(*base.blocks[:1], *base.blocks[4:]))
    steps = [step(1, "drafted", base), step(2, "edited", without)]
    assert edits_by_people(steps) == {HAPPENED: Edit("Ada", 2, removed=True)}
    renamed = [step(1, "drafted", base), step(2, "edited", letter_of(title="What was done"))]
    assert edits_by_people(renamed) == {Piece("heading", "What was done", 0): Edit("Ada", 2)}


def check(letter):
    """A ledger that bears out everything but lies."""

    def of(sentence):
        lie = "lie" in sentence.text
        return replace(sentence, status="unsupported" if lie else "verified", reasons=("it is a lie",) if lie else ())

    blocks = tuple(
        replace(
            b,
            sentences=tuple(map(of, b.sentences)),
            rows=tuple(replace(r, sentence=of(r.sentence)) for r in b.rows),
            items=tuple(tuple(map(of, item)) for item in b.items),
        )
        for b in letter.blocks
    )
    return replace(letter, blocks=blocks)


def test_edits_that_still_stand_are_kept_and_the_others_are_told_with_their_words() -> None:
    edited = letter_of(first="Mine.", second="A lie of his.")
    edits = {HAPPENED: Edit("Ada", 2), DATES: Edit("Ben", 3)}
    letter, notes = keep_edits(letter_of(first="New."), edited, edits, check)
    assert "Mine." in text_of(letter.blocks)
    assert "lie" not in text_of(letter.blocks)
    kept, left = notes
    assert (kept.what, kept.section, kept.by) == ("kept", "What happened", "Ada")
    assert (left.what, left.by, left.version) == ("left_out", "Ben", 3)
    assert "A lie of his." in left.text
    assert "it is a lie" in left.reasons[0]


def test_an_edit_of_a_section_that_is_gone_or_of_the_enclosures_is_left_out_and_told() -> None:
    edited = letter_of(first="Mine.", title="My own")
    edits = {Piece("heading", "My own", 0): Edit("Ada", 2), Piece("enclosures", "", 0): Edit("Ada", 2)}
    changed = replace(edited, blocks=(*edited.blocks[:-1], Block("enclosures", (said("1. Mine"),))))
    letter, notes = keep_edits(letter_of(), changed, edits, check)
    assert text_of(letter.blocks) == text_of(letter_of().blocks)
    assert [note.what for note in notes] == ["left_out", "left_out"]
    assert "no such section" in notes[0].reasons[0]


def test_a_section_that_was_taken_out_stays_out() -> None:
    base = letter_of()
    without = replace(base, blocks=(*base.blocks[:1], *base.blocks[4:]))
    letter, notes = keep_edits(letter_of(first="New."), without, {HAPPENED: Edit("Ada", 2, removed=True)}, check)
    assert HAPPENED not in pieces(letter)
    assert [note.what for note in notes] == ["kept"]
