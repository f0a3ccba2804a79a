"""All letters drafted again: what people changed is kept as far as it still stands, and nothing is ever lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from complaints.models import Correction
from complaints.services import CorrectedAlready, Holds, UnfitCorrection, correct_fact, withdraw_correction
from complaints.tests.factories import NOW
from letters.editing import SentenceEdit
from letters.models import Letter, LetterVersion
from letters.selectors import receipt_of
from letters.services import draft_case, edit_letter, newest_version
from lightpoint.errors import NotAllowed
from users.tests.factories import manager, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(drafted):
    return manager(drafted.practice, name="Morag Penhallow")


@pytest.fixture
def letter(drafted):
    return Letter.objects.get(complaint=drafted, position=0)


def edit(letter, by, text, *, holding):
    letter.refresh_from_db()
    line = newest_version(letter).sentences.filter(text__contains=holding).order_by("position")[0]
    return edit_letter(
        letter=letter, edits=[SentenceEdit(line.position, text)], expected_version=letter.version, by=by, now=NOW
    )


def again(letter, by, minutes=10, **more):
    return draft_case(
        complaint=letter.complaint, by=by, now=NOW + timedelta(minutes=minutes), pipeline="embedded", **more
    )


def origins(letter):
    return list(letter.versions.order_by("number").values_list("origin", flat=True))


def test_edits_are_kept_in_a_new_draft_and_drafting_once_more_changes_nothing(letter, by) -> None:
    edit(letter, by, "A written apology for all of this.", holding="written apology")
    again(letter, by, tone="robust")
    assert origins(letter) == ["drafted", "edited", "drafted", "redrafted"]
    newest = newest_version(letter)
    assert "A written apology for all of this." in newest.text
    assert (newest.tone, newest.released, newest.base.number) == ("robust", True, 2)
    assert [(n["what"], n["by"], n["version"]) for n in newest.notes] == [("kept", "Morag Penhallow", 2)]
    assert receipt_of(newest)["notes"] == newest.notes
    again(letter, by, minutes=20, tone="robust")
    assert letter.versions.count() == 4
    again(letter, by, minutes=30, tone="measured")
    assert "A written apology for all of this." in newest_version(letter).text


def test_the_same_draft_again_leaves_an_edited_letter_as_it_is_unless_edits_are_dropped(letter, by) -> None:
    first = newest_version(letter).text
    edit(letter, by, "A written apology for all of this.", holding="written apology")
    again(letter, by, on=letter.complaint.opened_on)
    assert origins(letter) == ["drafted", "edited"]
    again(letter, by, minutes=20, keep_edits=False)
    assert origins(letter) == ["drafted", "edited", "redrafted"]
    assert newest_version(letter).text == first
    assert LetterVersion.objects.filter(letter=letter, text__contains="A written apology for all of this.").exists()


def test_an_edit_that_stands_no_more_is_left_out_with_its_words(letter, by) -> None:
    edit(letter, by, "HMRC kept £987,654 for nine years.", holding="£4,196")
    assert not newest_version(letter).released
    again(letter, by, tone="robust")
    newest = newest_version(letter)
    assert newest.released
    assert "987,654" not in newest.text
    notes = [note for version in letter.versions.all() for note in version.notes]
    assert any(note["what"] == "left_out" and "987,654" in note["text"] and note["reasons"] for note in notes)


def struck_fact(letter):
    lines = newest_version(letter).sentences.filter(kind="fact", text__regex="^[0-9]+ [A-Z][a-z]+ 20[0-9]{2}: ")
    for one in lines.order_by("position"):
        source = one.sources.filter(document__isnull=False).first()
        if source.quote and one.sources.count() == 1:
            return one, source
    raise AssertionError("no fact with one source")


def test_struck_words_carry_nothing_any_more_until_they_are_taken_back(letter, by) -> None:
    line, source = struck_fact(letter)
    values = {"document": source.document, "quote": source.quote, "by": by, "now": NOW}
    row = correct_fact(**values, reason="The officer misread the postmark.")
    with pytest.raises(CorrectedAlready):
        correct_fact(**values, reason="again")
    again(letter, by)
    newest = newest_version(letter)
    assert newest.released
    assert not newest.sentences.filter(sources__quote=source.quote, kind="fact").exists()
    assert newest.analysis_id != letter.versions.get(number=1).analysis_id
    withdraw_correction(correction=row, by=by, now=NOW)
    again(letter, by, minutes=20)
    assert newest_version(letter).sentences.filter(text=line.text, sources__quote=source.quote).exists()
    with pytest.raises(CorrectedAlready):
        withdraw_correction(correction=row, by=by, now=NOW)


def test_an_edited_section_that_rests_on_struck_words_is_left_out(letter, by) -> None:
    line, source = struck_fact(letter)
    rows = newest_version(letter).sentences.filter(text__regex="^[0-9]+ [A-Z][a-z]+ 20[0-9]{2}: ").exclude(pk=line.pk)
    edit(letter, by, "", holding=rows.order_by("position")[0].text)
    correct_fact(document=source.document, quote=source.quote, reason="Wrong", by=by, now=NOW)
    again(letter, by)
    newest = newest_version(letter)
    assert newest.released
    left = [note for note in newest.notes if note["what"] == "left_out"]
    assert len(left) == 1
    assert line.text in left[0]["text"]
    assert "struck as wrong" in " ".join(left[0]["reasons"])


def paper_with(letter, words):
    return letter.complaint.documents.filter(pages__text__contains=words).first()


def test_a_correction_says_what_holds_only_where_a_paper_shows_it(letter, by) -> None:
    _line, source = struck_fact(letter)
    paper = paper_with(letter, "£4,196")
    page = paper.pages.filter(text__contains="£4,196").first().text
    at = page.index("£4,196")
    words = page[max(0, at - 10) : at + 10].strip()
    values = {"document": source.document, "quote": source.quote, "reason": "x", "by": by, "now": NOW}
    for holds, told in (
        (Holds(paper, "words that are nowhere", amount=Decimal(4196)), "are not in"),
        (Holds(paper, words, amount=Decimal(5)), "do not name the amount"),
        (Holds(paper, words, day=date(2020, 1, 1)), "do not name the day"),
        (Holds(paper, words), "either the right day or the right amount"),
    ):
        with pytest.raises(UnfitCorrection, match=told):
            correct_fact(**values, holds=holds)
    assert correct_fact(**values, holds=Holds(paper, words, amount=Decimal(4196))).shown_in == paper


def test_a_correction_needs_words_of_the_paper_a_reason_and_the_right_to_edit(letter, by) -> None:
    _line, source = struck_fact(letter)
    values = {"document": source.document, "now": NOW}
    with pytest.raises(UnfitCorrection, match="are not in"):
        correct_fact(**values, quote="nothing of the kind", reason="x", by=by)
    with pytest.raises(NotAllowed):
        correct_fact(**values, quote=source.quote, reason="x", by=viewer(letter.practice))
    assert not Correction.objects.exists()
