"""Experiments: who has which arm, what is measured, and the rule that ends them."""

import json
import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from complaints.models import Complaint
from complaints.services import CaseIntake, open_complaint
from complaints.services.wording import UnusableText
from complaints.tests.factories import NOW
from letters.management.simulated import reworded
from letters.models import Assignment, Dispatch, Experiment, LetterVersion, PipelineComparison, PromptVersion, Receipt
from letters.quality import passes_gate, quality_of, written_of
from letters.sequential import standing
from letters.services import (
    ExperimentMoveNotAllowed,
    PipelineNotOffered,
    Plan,
    PromptNotTested,
    UnfitExperiment,
    UnfitRating,
    arm_of,
    change_percent,
    compare_cases,
    create_experiment,
    draft_case,
    keep_comparison,
    offered_pipelines,
    rate_letter,
    start_draft,
    start_experiment,
    stop_experiment,
    watch_experiments,
    write_prompt,
)
from letters.services.experiments import measure_cases, share_of
from letters.services.measuring import score_of
from letters.tests.test_prompting import passed, provider  # noqa: F401 - a fixture
from lightpoint.errors import NotAllowed
from users.models import AuditEvent, User
from users.tests import factories

PLAN = Plan("shorter", "ledger_pass", baseline="three_stage", challenger="two_stage")


@pytest.fixture
def admin(db) -> User:
    return factories.admin()


def case_of(by: User, number: int = 0) -> Complaint:
    intake = CaseIntake(
        client_name=f"Client {number}", client_kind="individual", nation="england-and-wales",
        tax_head="Self Assessment", opened_on=NOW.date(),
    )  # fmt: skip
    return open_complaint(practice=by.practice, intake=intake, by=by, now=NOW)


def running(by: User, plan: Plan = PLAN, **changes: object) -> Experiment:
    row = create_experiment(practice=by.practice, plan=plan, by=by, now=NOW)
    return start_experiment(experiment=row, by=by, now=NOW, expected_version=1)


# The rule


def runs(baseline: float, challenger: float, *, margin: float, pairs: int, times: int, seed: int) -> list[int]:
    """After how many pairs each of `times` experiments is lost, looking after every pair; those that never are, not."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    found = []
    for _ in range(times):
        drawn = [(float(chance.random() < baseline), float(chance.random() < challenger)) for _ in range(pairs)]
        if standing(drawn, margin).loses(0.05):  # the most it ever had: as if one had looked after each
            found.append(1)
    return found


@pytest.mark.parametrize(("baseline", "challenger"), [(0.9, 0.85), (0.5, 0.45), (0.9, 0.9)])
def test_false_stops_are_no_more_than_alpha_however_often_one_looks(baseline, challenger) -> None:
    stopped = len(runs(baseline, challenger, margin=0.05, pairs=200, times=400, seed=7))
    assert stopped / 400 <= 0.05


def test_a_challenger_that_is_much_worse_is_stopped_soon() -> None:
    assert len(runs(0.9, 0.6, margin=0.05, pairs=150, times=200, seed=3)) / 200 >= 0.95
    assert len(runs(0.9, 0.7, margin=0.05, pairs=200, times=200, seed=3)) / 200 >= 0.8


def test_a_challenger_that_is_as_good_is_found_to_be() -> None:
    stands = standing([(0.8, 0.8)] * 2_000, 0.05)
    assert stands.holds(0.05)
    assert not stands.loses(0.05)
    with pytest.raises(ValueError, match="scores"):
        standing([(0.8, 1.8)], 0.05)


@pytest.mark.parametrize(("measure", "value", "ceiling", "score"), [
    ("ledger_pass", 0.75, None, 0.75), ("sections_replaced", 0.75, None, 0.25), ("rating", 5, None, 1.0),
    ("rating", 1, None, 0.0), ("cost", 0.5, Decimal(2), 0.75), ("time", 400, Decimal(100), 0.0),
])  # fmt: skip
def test_scores_are_from_0_to_1_and_higher_is_better(measure, value, ceiling, score) -> None:
    assert score_of(measure, value, ceiling) == score


# Arms


def test_cases_are_spread_evenly_and_experiments_do_not_know_of_each_other() -> None:
    shares = [share_of("shorter", number) for number in range(4_000)]
    assert abs(sum(share < 30 for share in shares) / 4_000 - 0.3) < 0.03
    others = [share_of("longer", number) for number in range(4_000)]
    both = sum(one < 50 and other < 50 for one, other in zip(shares, others, strict=True))
    assert abs(both / 4_000 - 0.25) < 0.03


def test_a_case_keeps_its_arm_when_the_percentage_is_changed(admin, django_assert_num_queries) -> None:
    row = running(admin)
    cases = [case_of(admin, number) for number in range(8)]
    before = {case.pk: arm_of(complaint=case, now=NOW).arm for case in cases}
    assert set(before.values()) == {"baseline", "challenger"} or len(set(before.values())) == 1
    change_percent(experiment=row, percent=0, by=admin, now=NOW, expected_version=row.version)
    assert {case.pk: arm_of(complaint=case, now=NOW).arm for case in cases} == before
    assert arm_of(complaint=case_of(admin, 99), now=NOW).arm == "baseline"
    with django_assert_num_queries(2):
        arm_of(complaint=cases[0], now=NOW)
    stop_experiment(experiment=row, by=admin, now=NOW, expected_version=3 if row.version == 2 else row.version)
    with django_assert_num_queries(2):
        assert arm_of(complaint=cases[0], now=NOW) is None


def test_another_practices_cases_have_no_part_in_it(admin) -> None:
    running(admin)
    assert arm_of(complaint=case_of(factories.admin()), now=NOW) is None
    with pytest.raises(NotAllowed):
        create_experiment(practice=factories.make_practice(), plan=PLAN, by=admin, now=NOW)
    with pytest.raises(NotAllowed):
        create_experiment(practice=None, plan=PLAN, by=admin, now=NOW)


def test_what_is_measured_is_not_changed_once_it_runs(admin) -> None:
    row = running(admin)
    for change in ({"measure": "rating"}, {"margin": Decimal("0.2")}, {"challenger": "template"}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Experiment.objects.filter(pk=row.pk).update(**change)
    arm_of(complaint=case_of(admin), now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Assignment.objects.update(arm="baseline")
    with pytest.raises(ExperimentMoveNotAllowed):
        start_experiment(experiment=row, by=admin, now=NOW, expected_version=row.version)
    other = create_experiment(practice=admin.practice, plan=Plan("x", "rating", baseline="parallel",
                              challenger="template"), by=admin, now=NOW)  # fmt: skip
    with pytest.raises(ExperimentMoveNotAllowed):
        start_experiment(experiment=other, by=admin, now=NOW, expected_version=1)


@pytest.mark.parametrize("changes", [
    {"measure": "charm"}, {"challenger": "three_stage"}, {"challenger": "embedded"}, {"measure": "cost"},
    {"ceiling": Decimal(3)}, {"margin": Decimal("0.9")}, {"alpha": Decimal(0)}, {"percent": 101},
    {"challenger": "parallel"},
])  # fmt: skip
def test_what_does_not_fit_together_is_not_planned(admin, changes) -> None:
    from dataclasses import replace  # noqa: PLC0415

    with pytest.raises(UnfitExperiment):
        create_experiment(practice=admin.practice, plan=replace(PLAN, **changes), by=admin, now=NOW)


def test_words_are_tried_once_they_have_passed_the_golden_case(admin) -> None:
    prompt = write_prompt(practice=admin.practice, stage="tone", text="Calmly.", by=admin, now=NOW)
    plan = Plan("calmer", "rating", percent=100, prompt=prompt)
    row = create_experiment(practice=admin.practice, plan=plan, by=admin, now=NOW)
    with pytest.raises(PromptNotTested):
        start_experiment(experiment=row, by=admin, now=NOW, expected_version=1)
    passed(prompt)
    start_experiment(experiment=row, by=admin, now=NOW, expected_version=1)
    arm = arm_of(complaint=case_of(admin), now=NOW)
    assert (arm.pipeline, arm.prompt, arm.arm) == (None, prompt, "challenger")


# Measures


def receipt(experiment: Experiment, case: Complaint, *, replaced: int, cost: str = "0.20", when=NOW) -> Receipt:
    """Of a drafting of ten sections."""
    names = [f"L0.{n}" for n in range(10)]
    payload = {
        "experiment": {"id": experiment.pk},
        "calls": [{}],
        "sections": {
            "written": names[replaced:],
            "replaced": [{"section": name} for name in names[:replaced]],
            "mended": [],
            "asked_again": names[:replaced],
        },
        "cost": {"amount": cost},
        "seconds": {"letters": 40.0},
    }
    return Receipt.objects.create(
        complaint=case, practice=case.practice, pipeline="x", payload=payload, created_at=when
    )


def cases_with_arms(by: User, row: Experiment, count: int) -> None:
    """So many measured cases: those with the challenger have half of their sections replaced."""
    for number in range(count):
        case = case_of(by, number)
        arm = Assignment.Arm.CHALLENGER if number % 2 else Assignment.Arm.BASELINE
        Assignment.objects.create(experiment=row, complaint=case, arm=arm, created_at=NOW)
        receipt(row, case, replaced=5 if number % 2 else 0)


def test_a_losing_challenger_is_rolled_back_by_itself(admin) -> None:
    row = running(admin)
    cases_with_arms(admin, row, 60)
    assert watch_experiments(now=NOW) == 1
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("lost", NOW)
    assert "0.500 beside 1.000" in row.why
    assert arm_of(complaint=case_of(admin, 999), now=NOW) is None
    event = AuditEvent.objects.get(action="experiment.lost")
    assert event.actor is None
    assert watch_experiments(now=NOW) == 0


def test_few_cases_decide_nothing_and_are_measured_once(admin) -> None:
    row = running(admin)
    cases_with_arms(admin, row, 4)
    assert measure_cases(experiment=row, now=NOW) == 4
    assert measure_cases(experiment=row, now=NOW) == 0
    assert watch_experiments(now=NOW) == 0
    assert list(row.assignments.values_list("value", flat=True)) == [1.0, 0.5, 1.0, 0.5]


@pytest.mark.parametrize(("plan", "value"), [
    (Plan("a", "cost", ceiling=Decimal(2), baseline="parallel", challenger="three_stage"), 0.2),
    (Plan("a", "time", ceiling=Decimal(400), baseline="parallel", challenger="three_stage"), 40.0),
    (Plan("a", "sections_replaced", baseline="parallel", challenger="three_stage"), 0.3),
])  # fmt: skip
def test_measures_that_a_receipt_tells(admin, plan, value) -> None:
    row = running(admin, plan)
    case = case_of(admin)
    arm_of(complaint=case, now=NOW)
    assert measure_cases(experiment=row, now=NOW) == 0
    receipt(row, case, replaced=3)
    assert measure_cases(experiment=row, now=NOW) == 1
    assert row.assignments.get().value == pytest.approx(value)


def test_a_case_that_was_drafted_again_counts_as_regenerated(admin) -> None:
    row = running(admin, Plan("a", "regeneration", baseline="parallel", challenger="three_stage"))
    again, once = case_of(admin, 1), case_of(admin, 2)
    for case in (again, once):
        arm_of(complaint=case, now=NOW)
        receipt(row, case, replaced=0)
    receipt(row, again, replaced=0, when=NOW + timedelta(hours=1))
    assert measure_cases(experiment=row, now=NOW) == 1
    assert measure_cases(experiment=row, now=NOW + timedelta(days=15)) == 1
    assert dict(row.assignments.values_list("complaint", "value")) == {again.pk: 1.0, once.pk: 0.0}


@pytest.mark.django_db
def test_edits_and_stars_of_a_letter_are_measured(drafted) -> None:
    by = factories.admin(drafted.practice)
    version = LetterVersion.objects.filter(letter__complaint=drafted).order_by("letter__position").first()
    LetterVersion.objects.filter(pk=version.pk).update(created_at=NOW)
    row = running(by, Plan("stars", "rating", baseline="parallel", challenger="three_stage"))
    arm_of(complaint=drafted, now=NOW)
    receipt(row, drafted, replaced=0)
    assert measure_cases(experiment=row, now=NOW) == 0
    rate_letter(version=version, stars=4, by=by, now=NOW)
    rate_letter(version=version, stars=2, by=by, now=NOW, comment="too long")
    with pytest.raises(UnfitRating):
        rate_letter(version=version, stars=6, by=by, now=NOW)
    with pytest.raises(UnusableText):
        rate_letter(version=version, stars=2, by=by, now=NOW, comment="\x07 too long")
    assert measure_cases(experiment=row, now=NOW) == 1
    assert row.assignments.get().value == 2.0
    stop_experiment(experiment=row, by=by, now=NOW, expected_version=row.version)
    row = running(by, Plan("edits", "edit_distance", baseline="parallel", challenger="three_stage"))
    arm_of(complaint=drafted, now=NOW)
    receipt(row, drafted, replaced=0)
    words = version.text.split()
    half = LetterVersion.objects.create(
        letter=version.letter, number=version.number + 1, analysis=version.analysis, inputs_hash="1" * 64,
        pipeline=version.pipeline, tone=version.tone, draft=version.draft, text=" ".join(words[: len(words) // 2]),
        released=True, author=by, base=version, origin="edited", created_at=NOW,
    )  # fmt: skip
    assert measure_cases(experiment=row, now=NOW) == 0
    Dispatch.objects.create(version=half, sent_on=NOW.date(), method="post", by=by, at=NOW)
    assert measure_cases(experiment=row, now=NOW) == 1
    assert row.assignments.get().value == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.django_db
def test_a_letter_is_drafted_by_its_arm_and_the_receipt_says_so(drafted, provider) -> None:  # noqa: F811
    provider(reworded)
    by = factories.admin(drafted.practice)
    plan = Plan("short", "ledger_pass", percent=100, baseline="three_stage", challenger="template")
    row = running(by, plan)
    assert start_draft(complaint=drafted, by=by, now=NOW).options["pipeline"] is None
    case = draft_case(complaint=drafted, by=None, now=NOW)
    assert case.receipt["pipeline"] == "template"
    assert case.receipt["experiment"] == {"id": row.pk, "name": "short", "arm": "challenger"}
    assert measure_cases(experiment=row, now=NOW) == 1
    assert row.assignments.get().value == written_of(case.receipt).first_try == 1.0
    named = draft_case(complaint=drafted, by=None, now=NOW, pipeline="three_stage")
    assert named.receipt["experiment"] is None


# Quality, and what is offered


def test_quality_is_a_fixed_formula_over_the_sections() -> None:
    told = {
        "calls": [{}],
        "sections": {
            "written": ["a", "b", "c"],
            "replaced": [{"section": "d"}],
            "mended": [{"section": "c"}],
            "asked_again": ["b", "c", "d"],
        },
        "checks": {"unsupported": 0},
    }
    assert quality_of(told) == pytest.approx((1 + 0.9 + 0.5 + 0) / 4)
    assert quality_of(told | {"checks": {"unsupported": 1}}) == 0.0
    assert quality_of(told | {"calls": []}) is None
    assert passes_gate([0.95] * 20, [1.0] * 20, least=20)
    assert not passes_gate([0.94], [1.0], least=1)
    assert not passes_gate([1.0], [1.0], least=2)
    assert not passes_gate([0.0], [0.0], least=1)  # as a provider that is down leaves them


@pytest.mark.django_db
def test_two_stage_is_offered_only_after_it_has_shown_its_quality(drafted, settings) -> None:
    settings.LLM_API_KEY = "a key"
    by = factories.admin(drafted.practice)
    assert "two_stage" not in offered_pipelines()
    with pytest.raises(PipelineNotOffered):
        start_draft(complaint=drafted, by=by, now=NOW, pipeline="two_stage")
    keep_comparison(qualities={"two_stage": [0.9] * 3, "three_stage": [1.0] * 3}, source="bundles", least=3, now=NOW)
    assert "two_stage" not in offered_pipelines()
    later = NOW + timedelta(hours=1)
    keep_comparison(qualities={"two_stage": [0.96] * 3, "three_stage": [1.0] * 3}, source="bundles", least=3, now=later)
    assert "two_stage" in offered_pipelines()
    assert start_draft(complaint=drafted, by=by, now=NOW, pipeline="two_stage").options["pipeline"] == "two_stage"
    few = {"two_stage": [0.5] * 2, "three_stage": [1.0] * 2}
    assert keep_comparison(qualities=few, source="bundles", least=3, now=later) is None
    assert compare_cases(now=later) is None
    assert PipelineComparison.objects.count() == 2
    assert not PromptVersion.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("lies", "offered"), [(0.0, True), (1.0, False)])
def test_pipelines_are_compared_on_bundles(text_bundle, settings, capsys, lies, offered) -> None:
    """Models that do nothing but lie have no quality, and what simulated models do opens no gate."""
    settings.LETTER_CALLS_AT_ONCE = 1  # in the transaction of the test
    settings.EXPERIMENT_LEAST_DRAFTS = 1
    arms = ["embedded", "two_stage", "three_stage"]
    options = {"bundles": text_bundle, "pipelines": arms, "simulated": True, "lies": lies, "json": True}
    call_command("compare_pipelines", **options)
    told = json.loads(capsys.readouterr().out)
    figures = {one["pipeline"]: one for one in told["arms"]}
    assert list(figures) == arms
    assert all(one["released"] == 1 and one["words"] > 500 for one in figures.values())
    assert figures["embedded"]["quality"] is None
    assert Decimal(figures["three_stage"]["cost"]) > Decimal(figures["embedded"]["cost"]) == 0
    if offered:
        assert (figures["two_stage"]["quality"], figures["two_stage"]["first_try"]) == (1.0, 1.0)
        assert told["verdict"].endswith("it may be offered")
    else:
        assert figures["two_stage"]["quality"] < 0.5
        assert figures["two_stage"]["first_try"] < 0.5
    assert not PipelineComparison.objects.exists()
    assert not Complaint.objects.exists()
