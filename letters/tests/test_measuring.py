"""What experiments measure of a case: what its arm drafted, within the same time, in the order in which cases came."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from complaints.models import Complaint
from complaints.tests.factories import NOW
from letters.models import Assignment, Dispatch, Experiment, LetterVersion, PromptVersion, Receipt
from letters.services import (
    ExperimentMoveNotAllowed,
    PipelineNotOffered,
    Plan,
    UnfitExperiment,
    activate_prompt,
    arm_of,
    compare_cases,
    create_experiment,
    experiments,
    rate_letter,
    reset_prompt,
    standing_of,
    start_experiment,
    stop_experiment,
    write_prompt,
)
from letters.services.experiments import in_pairs, measure_cases
from letters.services.prompts import StageOnTrial
from letters.tests.test_experiments import case_of, receipt, running
from letters.tests.test_prompting import passed
from users.models import User
from users.tests import factories

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def admin() -> User:
    return factories.admin()


def plan(measure: str) -> Plan:
    return Plan(measure.replace("_", "-"), measure, baseline="parallel", challenger="three_stage")


def assigned(row: Experiment, case: Complaint, arm: str, when: datetime = NOW) -> Assignment:
    return Assignment.objects.create(experiment=row, complaint=case, arm=arm, created_at=when)


def values(row: Experiment, now: datetime) -> dict[int, float]:
    """What is measured by then, by case."""
    measure_cases(experiment=row, now=now)
    return dict(row.assignments.filter(measured_at__isnull=False).values_list("complaint", "value"))


# The order


def test_a_case_is_paired_with_the_last_of_the_other_arm_before_it() -> None:
    """A bad week is then that of both arms, also where one of them has nine cases of ten."""
    bad, good = [("baseline", 0.0)] * 9 + [("challenger", 0.0)], [("baseline", 1.0)] * 9 + [("challenger", 1.0)]
    assert set(in_pairs(bad * 3 + good * 30)) == {(0.0, 0.0), (1.0, 1.0)}
    assert list(in_pairs([("challenger", 0.3), ("challenger", 0.4), ("baseline", 0.9)])) == [(0.9, 0.4)]


def test_what_is_measured_early_does_not_come_before_its_turn(admin) -> None:
    """What is drafted again is known at once and what is not in two weeks: of the larger arm more would be known."""
    row = running(admin, plan("regeneration"))
    for number in range(40):
        case = case_of(admin, number)
        assigned(row, case, "challenger" if number % 4 else "baseline", NOW + number * HOUR)
        receipt(row, case, replaced=0, when=NOW + number * HOUR)
        if number % 3 == 1:
            receipt(row, case, replaced=0, when=NOW + number * HOUR + timedelta(minutes=5))
    assert len(values(row, NOW + 2 * DAY)) == 13
    assert standing_of(row, now=NOW + 2 * DAY).pairs == 0
    assert len(values(row, NOW + 17 * DAY)) == 40
    stands = standing_of(row, now=NOW + 17 * DAY)
    assert (stands.pairs, stands.loses(0.05)) == (10, False)


def test_a_case_that_is_never_measured_holds_the_others_up_for_its_time_alone(admin) -> None:
    row = running(admin, plan("ledger_pass"))
    assigned(row, case_of(admin, 0), "baseline")  # its drafting was cancelled
    for number, arm in enumerate(("baseline", "challenger"), 1):
        case = case_of(admin, number)
        assigned(row, case, arm)
        receipt(row, case, replaced=0)
    assert len(values(row, NOW)) == 2
    assert standing_of(row, now=NOW).pairs == 0
    assert standing_of(row, now=NOW + 3 * HOUR).pairs == 1


def test_cases_that_nobody_rates_keep_no_other_from_being_measured(admin, monkeypatch) -> None:
    monkeypatch.setattr(experiments, "BATCH", 2)
    row = running(admin, plan("ledger_pass"))
    for number in range(5):
        assigned(row, case_of(admin, number), "baseline")
    last = case_of(admin, 9)
    assigned(row, last, "challenger")
    receipt(row, last, replaced=0)
    assert values(row, NOW) == {last.pk: 1.0}


# What is measured


def by_other(row: Experiment, case: Complaint, when: datetime, **payload: object) -> Receipt:
    """Of a drafting of the case by a pipeline that somebody named."""
    told = {"experiment": None, "calls": [], "sections": {}, **payload}
    return Receipt.objects.create(
        complaint=case, practice=case.practice, pipeline="embedded", payload=told, created_at=when
    )


def test_a_draft_by_another_pipeline_is_a_draft_again_and_a_change_of_a_section_is_not(admin) -> None:
    row = running(admin, plan("regeneration"))
    other, changed, late = (case_of(admin, number) for number in range(3))
    for case in (other, changed, late):
        arm_of(complaint=case, now=NOW)
        receipt(row, case, replaced=0)
    by_other(row, other, NOW + HOUR)
    by_other(row, changed, NOW + HOUR, change="reword")
    by_other(row, late, NOW + 14 * DAY)
    assert values(row, NOW + 2 * HOUR) == {other.pk: 1.0}
    assert values(row, NOW + 15 * DAY) == {other.pk: 1.0, changed.pk: 0.0, late.pk: 0.0}


@pytest.fixture
def version(drafted) -> LetterVersion:
    """The arm's draft of the main letter."""
    row = LetterVersion.objects.filter(letter__complaint=drafted).order_by("letter__position").first()
    LetterVersion.objects.filter(letter__complaint=drafted).update(created_at=NOW)
    row.refresh_from_db()
    return row


def next_draft(version: LetterVersion, text: str, when: datetime) -> LetterVersion:
    """A later draft of the same letter by a pipeline that somebody named."""
    return LetterVersion.objects.create(
        letter=version.letter, number=version.number + 1, analysis=version.analysis, inputs_hash="1" * 64,
        pipeline="template", tone=version.tone, draft=version.draft, text=text, released=True, created_at=when,
    )  # fmt: skip


def sent(version: LetterVersion, by: User, when: datetime) -> None:
    Dispatch.objects.create(version=version, sent_on=when.date(), method="post", by=by, at=when)


def test_a_draft_that_was_thrown_away_for_another_pipelines_is_not_without_edits(version) -> None:
    case = version.letter.complaint
    by = factories.admin(case.practice)
    row = running(by, plan("edit_distance"))
    arm_of(complaint=case, now=NOW)
    receipt(row, case, replaced=0)
    other = next_draft(version, "Quite another letter.", NOW + HOUR)
    sent(other, by, NOW + 2 * HOUR)
    assert values(row, NOW + 3 * HOUR)[case.pk] > 0.9


def test_a_letter_that_is_sent_after_its_time_is_left_out(version) -> None:
    case = version.letter.complaint
    by = factories.admin(case.practice)
    row = running(by, plan("edit_distance"))
    arm_of(complaint=case, now=NOW)
    receipt(row, case, replaced=0)
    sent(version, by, NOW + 14 * DAY)
    assert values(row, NOW + 14 * DAY) == {}


def test_stars_for_what_the_arm_did_not_draft_do_not_count(version) -> None:
    case = version.letter.complaint
    by, other = factories.admin(case.practice), factories.manager(case.practice)
    row = running(by, plan("rating"))
    arm_of(complaint=case, now=NOW)
    named = next_draft(version, "Quite another letter.", NOW + HOUR)
    rate_letter(version=named, stars=1, by=by, now=NOW + HOUR)
    rate_letter(version=version, stars=1, by=other, now=NOW + HOUR)
    assert values(row, NOW + HOUR) == {}
    receipt(row, case, replaced=0)
    rate_letter(version=version, stars=5, by=by, now=NOW + HOUR)
    assert values(row, NOW + HOUR) == {case.pk: 3.0}


# What may be tried


def test_words_that_would_change_nothing_are_not_tried(admin) -> None:
    """`compose` is asked by two_stage alone; and words in force are those of the baseline too."""

    def words(stage: str) -> PromptVersion:
        return write_prompt(practice=admin.practice, stage=stage, text="Calmly.", by=admin, now=NOW)

    with pytest.raises(UnfitExperiment, match="never asks the stage compose"):
        create_experiment(practice=admin.practice, plan=Plan("a", "rating", prompt=words("compose")), by=admin, now=NOW)
    prompt = passed(words("tone"))
    row = create_experiment(practice=admin.practice, plan=Plan("b", "rating", prompt=prompt), by=admin, now=NOW)
    activate_prompt(prompt=prompt, expected_version=prompt.version, by=admin, now=NOW)
    with pytest.raises(ExperimentMoveNotAllowed, match="in force already"):
        start_experiment(experiment=row, by=admin, now=NOW, expected_version=1)


def test_the_words_that_others_are_tried_beside_stay_in_force_meanwhile(admin) -> None:
    first, tried = (
        passed(write_prompt(practice=admin.practice, stage="tone", text=text, by=admin, now=NOW))
        for text in ("Calmly.", "Plainly.")
    )
    activate_prompt(prompt=first, expected_version=first.version, by=admin, now=NOW)
    row = running(admin, Plan("plainer", "rating", prompt=tried))
    with pytest.raises(StageOnTrial, match="plainer"):
        activate_prompt(prompt=tried, expected_version=tried.version, by=admin, now=NOW)
    with pytest.raises(StageOnTrial, match="plainer"):
        reset_prompt(practice=admin.practice, stage="tone", by=admin, now=NOW)
    stop_experiment(experiment=row, by=admin, now=NOW, expected_version=row.version)
    assert activate_prompt(prompt=tried, expected_version=tried.version, by=admin, now=NOW).state == "active"


def test_no_experiment_makes_the_usual_pipeline_of_one_that_is_not_offered(admin) -> None:
    wanted = Plan("a", "ledger_pass", percent=0, baseline="two_stage", challenger="template")
    with pytest.raises(PipelineNotOffered):
        create_experiment(practice=admin.practice, plan=wanted, by=admin, now=NOW)


def test_a_section_written_anew_is_no_draft_that_pipelines_are_compared_by(admin, settings) -> None:
    settings.EXPERIMENT_LEAST_DRAFTS = 2
    case = case_of(admin)
    written = {"calls": [{}], "sections": {"written": ["L0.1"]}}
    for number in range(4):
        name = "two_stage" if number % 2 else "three_stage"
        Receipt.objects.create(
            complaint=case, practice=case.practice, pipeline=name, created_at=NOW, payload=written | {"change": "renew"}
        )
    assert compare_cases(now=NOW) is None
    Receipt.objects.update(payload=written)
    found = compare_cases(now=NOW)
    assert found is not None
    assert found.offers_two_stage


def test_of_few_bundles_nothing_is_said(text_bundle, settings, capsys) -> None:
    settings.LETTER_CALLS_AT_ONCE = 1  # in the transaction of the test
    arms = ["two_stage", "three_stage"]
    call_command("compare_pipelines", bundles=text_bundle, pipelines=arms, simulated=True, json=True)
    assert "is not decided by fewer than 20" in capsys.readouterr().out
