from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.services.wording import UnusableText
from complaints.tests.factories import NOW
from letters import drafting
from letters.editing import SentenceEdit, UnfitEdit, edit_section, sections
from letters.models import Dispatch, Letter, Review
from letters.records import DocumentSource, DraftLetter, SectionSource
from letters.services import (
    LetterBlocked,
    LetterLocked,
    LetterMoveNotAllowed,
    NothingChanged,
    Sending,
    approve_letter,
    ask_for_review,
    draft_case,
    edit_letter,
    edit_letter_section,
    newest_version,
    reopen_letter,
    return_letter,
    send_letter,
)
from letters.services import drafting as services_drafting
from lightpoint.codec import from_plain
from lightpoint.errors import InvalidInput, StaleVersion
from users.models import AuditEvent
from users.tests.factories import manager

LATER = NOW + timedelta(days=1)


@pytest.fixture
def by(drafted):
    return manager(drafted.practice)


@pytest.fixture
def letter(drafted):
    return Letter.objects.get(complaint=drafted, position=0)


def now_of(letter):
    letter.refresh_from_db()
    return {"letter": letter, "expected_version": letter.version, "now": NOW}


def first_fact(letter):
    return newest_version(letter).sentences.filter(kind="fact").order_by("position")[0]


def approved(letter, by):
    ask_for_review(**now_of(letter), by=by)
    return approve_letter(**now_of(letter), by=by)


def sent(letter, by):
    approved(letter, by)
    return send_letter(**now_of(letter), by=by, sending=Sending(NOW.date(), "tracked_post", "AB123"))


def test_a_letter_goes_from_draft_to_sent_and_each_step_is_told(letter, by) -> None:
    dispatch = sent(letter, by)
    letter.refresh_from_db()
    assert (letter.state, letter.approved_by, dispatch.version) == ("sent", by, newest_version(letter))
    assert [review.verdict for review in Review.objects.filter(version__letter=letter)] == [
        "asked",
        "approved",
        "locked",
    ]
    actions = AuditEvent.objects.filter(target_type="letters.letter").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["letter.asked", "letter.approved", "letter.locked", "letter.sent"]
    told = "sent on 19 January 2026 by tracked or signed-for post, AB123"
    assert letter.complaint.timeline.filter(text__endswith=told).exists()


def test_what_is_typed_on_the_road_must_be_printable(letter, by) -> None:
    with pytest.raises(UnusableText):
        ask_for_review(letter=letter, expected_version=letter.version, by=by, now=NOW, comment="bell \x07")
    approved(letter, by)
    sending = Sending(NOW.date(), "post", "AB \x1b[31m")
    with pytest.raises(UnusableText):
        send_letter(**now_of(letter), by=by, sending=sending)


def test_a_draft_cannot_be_approved_or_sent_at_once(letter, by) -> None:
    with pytest.raises(LetterMoveNotAllowed, match="is draft; it cannot become approved"):
        approve_letter(**now_of(letter), by=by)
    with pytest.raises(LetterMoveNotAllowed):
        send_letter(**now_of(letter), by=by, sending=Sending(NOW.date(), "post"))


def test_a_returned_letter_is_a_draft_again_and_says_why(letter, by) -> None:
    ask_for_review(**now_of(letter), by=by)
    with pytest.raises(InvalidInput, match="what is to be changed"):
        return_letter(**now_of(letter), by=by, comment=" ")
    return_letter(**now_of(letter), by=by, comment="Name the officer")
    letter.refresh_from_db()
    assert (letter.state, Review.objects.last().comment) == ("draft", "Name the officer")


def test_an_approved_letter_is_not_returned_but_reopened(letter, by) -> None:
    approved(letter, by)
    with pytest.raises(LetterMoveNotAllowed):
        return_letter(**now_of(letter), by=by, comment="too late")
    reopen_letter(**now_of(letter), by=by)
    letter.refresh_from_db()
    assert (letter.state, letter.approved_by) == ("draft", None)


def test_a_draft_is_not_reopened(letter, by) -> None:
    with pytest.raises(LetterMoveNotAllowed, match="changed as it is"):
        reopen_letter(**now_of(letter), by=by)


def test_nobody_overwrites_what_they_have_not_seen(letter, by) -> None:
    seen = now_of(letter)
    edit_letter(**seen, by=by, edits=[SentenceEdit(first_fact(letter).position, "")])
    with pytest.raises(StaleVersion):
        edit_letter(**seen, by=by, edits=[SentenceEdit(first_fact(letter).position, "")])
    with pytest.raises(StaleVersion):
        ask_for_review(**seen, by=by)


def test_an_untrue_edit_is_kept_but_blocks_the_letter(letter, by) -> None:
    position = first_fact(letter).position
    version = edit_letter(
        **now_of(letter), by=by, edits=[SentenceEdit(position, "HMRC received £987,654 on 2 May 2019.")]
    )
    assert not version.released
    assert "987,654" in version.text
    assert version.sentences.get(position=position).status == "unsupported"
    ask_for_review(**now_of(letter), by=by)
    with pytest.raises(LetterBlocked, match="987,654"):
        approve_letter(**now_of(letter), by=by)


def test_a_true_edit_is_a_released_version_with_its_author(letter, by) -> None:
    fact = first_fact(letter)
    base = newest_version(letter)
    version = edit_letter(**now_of(letter), by=by, edits=[SentenceEdit(fact.position, "")])
    assert (version.released, version.author, version.base, version.number) == (True, by, base, base.number + 1)
    assert fact.text not in version.text


def test_an_edit_of_an_approved_letter_is_refused(letter, by) -> None:
    approved(letter, by)
    with pytest.raises(LetterLocked, match="is approved; reopen it"):
        edit_letter(**now_of(letter), by=by, edits=[SentenceEdit(first_fact(letter).position, "")])


def test_an_edit_that_changes_nothing_is_refused(letter, by) -> None:
    fact = first_fact(letter)
    with pytest.raises(NothingChanged):
        edit_letter(**now_of(letter), by=by, edits=[SentenceEdit(fact.position, fact.text)])


@pytest.mark.parametrize(
    "source", [DocumentSource("nothing.pdf", 1, "x"), SectionSource("CRG9999", "abc")], ids=["paper", "section"]
)
def test_an_editor_cannot_point_at_what_is_not_there(letter, by, source) -> None:
    with pytest.raises(UnfitEdit, match=r"no paper nothing.pdf|no section CRG9999"):
        edit_letter(**now_of(letter), by=by, edits=[SentenceEdit(first_fact(letter).position, "x", (source,))])


def test_a_section_is_edited_as_a_whole(letter, by) -> None:
    draft = from_plain(DraftLetter, newest_version(letter).draft)
    prose = next(section.index for section in sections(draft) if _is_prose(draft, section.index))
    version = edit_letter_section(**now_of(letter), by=by, section=prose, text="HMRC has kept £987,654.")
    assert ("987,654" in version.text, version.released) == (True, False)


def _is_prose(draft, index):
    try:
        edit_section(draft, index, "Anything.")
    except UnfitEdit:
        return False
    return True


def test_an_edit_of_a_letter_in_review_makes_it_a_draft_again(letter, by) -> None:
    ask_for_review(**now_of(letter), by=by)
    edit_letter(**now_of(letter), by=by, edits=[SentenceEdit(first_fact(letter).position, "")])
    letter.refresh_from_db()
    assert letter.state == "draft"


def test_a_draft_run_leaves_an_approved_letter_as_it_is(letter, by) -> None:
    approved(letter, by)
    before = newest_version(letter).pk
    draft_case(complaint=letter.complaint, by=by, now=LATER, tone="measured")
    letter.refresh_from_db()
    assert (letter.state, newest_version(letter).pk) == ("approved", before)
    assert letter.complaint.timeline.filter(text__endswith="was left as it is").exists()


def test_a_letter_that_is_reopened_is_drafted_from_what_came_in_while_it_was_approved(letter, by, monkeypatch) -> None:
    """Also where another strand of the case has its draft of that already, which keeps its place."""
    for module in (drafting, services_drafting):
        monkeypatch.setattr(module, "letter_types", lambda _analysis: ("complaint_tier_1", "adjudicator"))
    case = letter.complaint
    draft_case(complaint=case, by=by, now=LATER, pipeline="embedded")
    approved(letter, by)
    before = newest_version(letter).pk
    draft_case(complaint=case, by=by, now=LATER, pipeline="embedded", tone="measured")
    other = Letter.objects.get(complaint=case, type="adjudicator")
    reopen_letter(**now_of(letter), by=by)
    drafts = draft_case(complaint=case, by=by, now=LATER, pipeline="embedded", tone="measured").letters
    assert [draft.type for draft in drafts] == ["complaint_tier_1", "adjudicator"]
    assert newest_version(letter).pk != before
    assert newest_version(letter).tone == newest_version(other).tone == "measured"
    other.refresh_from_db()
    assert (other.position, other.versions.count()) == (1, 2)


@pytest.mark.parametrize(
    ("sending", "part"),
    [
        (Sending(date(2026, 1, 20), "post"), "a day to come"),
        (Sending(date(2026, 1, 18), "post"), "cannot have left before"),
        (Sending(date(2026, 1, 19), "pigeon"), "no way 'pigeon'"),
    ],
)
def test_an_impossible_sending_is_refused(letter, by, sending, part) -> None:
    approved(letter, by)
    with pytest.raises(InvalidInput, match=part):
        send_letter(**now_of(letter), by=by, sending=sending)


def test_the_day_of_sending_is_that_of_london(letter, by) -> None:
    approved(letter, by)
    after_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight on 2 July in London
    letter.refresh_from_db()
    sending = Sending(date(2026, 7, 2), "email", "A\r\nB")
    dispatch = send_letter(letter=letter, sending=sending, expected_version=letter.version, by=by, now=after_midnight)
    assert (dispatch.sent_on, dispatch.reference) == (date(2026, 7, 2), "A B")


def test_a_later_letter_supersedes_the_one_that_was_sent(letter, by) -> None:
    first = sent(letter, by)
    reopen_letter(**now_of(letter), by=by)
    approved(letter, by)
    with pytest.raises(LetterMoveNotAllowed, match="sent already"):
        send_letter(**now_of(letter), by=by, sending=Sending(NOW.date(), "post"))
    reopen_letter(**now_of(letter), by=by)
    edit_letter(**now_of(letter), by=by, edits=[SentenceEdit(first_fact(letter).position, "")])
    second = sent(letter, by)
    first.refresh_from_db()
    assert (first.superseded_by, second.superseded_by) == (second.version, None)
    assert Dispatch.objects.count() == 2
