"""Answers given out again: to first questions, to whoever sees the same, and never after what they rest on changed."""

from datetime import timedelta

import pytest

from knowledge.ingestion.records import Page
from knowledge.models import KeptAnswer, SectionVersion
from knowledge.passages import Scope
from knowledge.services.chat import ask, edit_conversation, start_conversation
from knowledge.services.ingestion import SourceWanted, store_page
from knowledge.services.keeping import CACHE, answer_and_keep, asked_of, recalled
from users.tests.factories import NOW, analyst, make_practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guidance")]
DISTRESS = "How much does HMRC pay for worry and distress?"


@pytest.fixture(autouse=True)
def _sure(settings):
    """Sections without vectors are found by their words, of which search is never sure."""
    settings.CHAT_LEAST_ANSWERABLE = 0.0


def answered(by, question=DISTRESS, **options):
    return ask(conversation=start_conversation(by=by, now=NOW, **options), question=question, now=NOW)


def test_a_question_asked_again_is_answered_from_what_was_kept_with_its_citations():
    alice = analyst(make_practice())
    first, second = answered(alice), answered(alice)
    assert (first.written_by, second.written_by) == ("extractive", CACHE)
    assert second.text == first.text
    quoted = [list(row.citations.values_list("number", "section_version", "quote")) for row in (first, second)]
    assert quoted[0] == quoted[1]
    assert quoted[0]


def test_practices_that_see_no_more_than_everybody_share_answers_about_public_guidance():
    assert answered(analyst(make_practice())).written_by == "extractive"
    assert answered(analyst(make_practice())).written_by == CACHE
    assert recalled(asked_of(DISTRESS)) is not None


def test_what_tells_of_a_case_is_kept_within_the_practice():
    told = f"My client's UTR is 1234567890. {DISTRESS}"
    answered(analyst(make_practice()), told)
    assert answered(analyst(make_practice()), told).written_by == "extractive"
    assert not KeptAnswer.objects.filter(practice=None).exists()


def test_a_practice_with_notes_of_its_own_keeps_answers_of_its_own():
    ours, theirs = make_practice(), make_practice()
    note = Page(identifier="distress-note", title="Distress", body="We ask for £400 for worry and distress.")
    store_page(note, source=SourceWanted("Practice notes", "practice_note", ours), now=NOW)
    answered(analyst(theirs))
    assert asked_of(DISTRESS, scope=Scope(ours.pk)).practice == ours.pk
    assert answered(analyst(ours)).written_by == "extractive"


def test_pinned_facts_and_earlier_turns_make_an_answer_anew():
    alice = analyst(make_practice())
    answered(alice)
    talk = start_conversation(by=alice, now=NOW)
    edit_conversation(conversation=talk, now=NOW, pinned=["The client is a widow."])
    talk.refresh_from_db()
    assert ask(conversation=talk, question=DISTRESS, now=NOW).written_by == "extractive"


def test_a_changed_section_drops_the_answers_that_rest_on_it():
    answer_and_keep(DISTRESS)
    kept = KeptAnswer.objects.get()
    rests_on = kept.versions.first()
    changed = Page(identifier=rests_on.identifier, title=rests_on.title, body="Nothing is paid for distress now.")
    store_page(changed, source=SourceWanted(rests_on.section.source.name), now=NOW + timedelta(days=1))
    assert not KeptAnswer.objects.filter(pk=kept.pk).exists()
    assert SectionVersion.objects.filter(pk=rests_on.pk).exists()


def test_an_assistant_bound_to_a_source_keeps_nothing():
    assert asked_of(DISTRESS, scope=Scope(1, 2)) is None
