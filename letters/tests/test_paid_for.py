"""What models are asked and paid for: what a letter takes, by the routes that hold, and one receipt for it."""

from datetime import timedelta

import pytest

from complaints.services import start_run
from complaints.tests.factories import NOW
from letters.management.simulated import reworded
from letters.services import (
    approve_letter,
    ask_for_review,
    draft_case,
    newest_version,
    reopen_letter,
)
from letters.tests.test_prompting import provider  # noqa: F401 - a fixture
from users.tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pipeline", ["embedded", "parallel"])
def test_a_worker_that_finishes_what_a_lost_one_had_kept_keeps_no_second_receipt(drafted, provider, pipeline) -> None:  # noqa: F811
    provider(reworded)
    run = start_run(complaint=drafted, kind="draft", by=None, now=NOW)
    before = drafted.timeline.count()
    for minutes in (0, 5):
        draft_case(complaint=drafted, by=None, now=NOW + timedelta(minutes=minutes), pipeline=pipeline, run=run)
    receipt = run.receipts.get()
    assert (receipt.created_at, bool(receipt.payload["calls"])) == (NOW, pipeline == "parallel")
    assert drafted.timeline.count() == before + 1


def test_nothing_is_paid_for_a_letter_that_somebody_answers_for(drafted, provider) -> None:  # noqa: F811
    """It is left as it is; once it is reopened, models write it."""
    found = provider(reworded)
    by = factories.admin(drafted.practice)
    letter = drafted.letters.get()
    for step in (ask_for_review, approve_letter):
        letter = step(letter=letter, expected_version=letter.version, by=by, now=NOW)
    case = draft_case(complaint=drafted, by=by, now=NOW, pipeline="parallel", tone="measured")
    assert (found.calls, case.receipt["calls"], letter.versions.count()) == ([], [], 1)
    reopen_letter(letter=letter, expected_version=letter.version, by=by, now=NOW)
    case = draft_case(complaint=drafted, by=by, now=NOW, pipeline="parallel", tone="measured")
    assert case.receipt["sections"]["written"]
    assert (letter.versions.count(), newest_version(letter).pipeline) == (2, "parallel")


def test_a_stage_that_the_settings_give_to_another_tier_is_asked_anew(drafted, provider, settings) -> None:  # noqa: F811
    found = provider(reworded)
    draft_case(complaint=drafted, by=None, now=NOW, pipeline="template")
    count = len(found.calls)
    settings.LLM_ROUTES = {"tone": "fast"}
    case = draft_case(complaint=drafted, by=None, now=NOW, pipeline="template")
    assert {line["model"] for line in case.receipt["calls"]} == {"simulated/fast"}
    assert len(found.calls) > count
