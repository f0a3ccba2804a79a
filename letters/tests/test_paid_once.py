"""What models are paid for: each answer once, and only for letters that take it."""

import json
from datetime import timedelta

import pytest

from complaints.services import RunTaken, start_run
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
from lightpoint.progress import NullProgress
from users.tests import factories

pytestmark = pytest.mark.django_db


class Killed(NullProgress):
    """The progress of a worker that is lost once it has stored so many answers."""

    def __init__(self, stored: int) -> None:
        self.left = stored

    def advance(self, step: str, label: str) -> None:
        if step == "letters":
            self.left -= 1
            if self.left < 0:
                raise RunTaken("taken")


@pytest.mark.parametrize("pipeline", ["template", "two_stage", "three_stage", "parallel"])
def test_a_drafting_that_broke_off_goes_on_where_it_was(drafted, provider, pipeline) -> None:  # noqa: F811
    asked: list[str] = []

    def listening(request: dict[str, object]) -> str:
        asked.append(json.dumps(request["messages"]))
        return reworded(request)

    provider(listening)
    for stored in (0, 1):
        with pytest.raises(RunTaken):
            draft_case(complaint=drafted, by=None, now=NOW, pipeline=pipeline, progress=Killed(stored))
    lost = len(asked) - len(set(asked))  # what was answered and not stored is asked again
    case = draft_case(complaint=drafted, by=None, now=NOW, pipeline=pipeline)
    assert len(asked) - len(set(asked)) <= lost + 1
    assert case.receipt["cache_hits"]
    count = len(asked)
    again = draft_case(complaint=drafted, by=None, now=NOW, pipeline=pipeline)
    assert (len(asked), again.texts) == (count, case.texts)


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
