"""Experiments: which arm a case has, what is measured, and the rule that takes a losing arm back by itself."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast

from django.db import IntegrityError, transaction

from complaints.models import Complaint
from letters.models import Assignment, Experiment, GoldenRun, PromptVersion
from letters.models.experiments import PIPELINES
from letters.pipelines import PipelineName
from letters.sequential import Standing, standing
from letters.services.golden import pipeline_of
from letters.services.measuring import is_given_up, measured, score_of, time_of
from letters.services.offers import check_offered
from letters.services.prompts import PromptNotTested, version_of
from letters.services.writing import USUAL
from lightpoint.errors import Conflict, InvalidInput, NotAllowed
from lightpoint.rest.etag import check_version
from users.models import Practice, User
from users.services import record_audit

BATCH: Final = 500  # cases that are looked at together
LATE: Final = timedelta(days=7)  # that cases may be measured after their time, where no job ran
Measure = Experiment.Measure
State = Experiment.State


class ExperimentMoveNotAllowed(Conflict):
    """The experiment is not in a state that allows this."""

    code = "experiment-move-not-allowed"


class UnfitExperiment(InvalidInput):
    """What is to be tried does not fit together."""

    code = "unfit-experiment"


@dataclass(frozen=True, slots=True)
class Plan:
    """An experiment as somebody wants it: two pipelines, or words of the practice in place of those in force."""

    name: str
    measure: str
    percent: int = 50
    margin: Decimal = Decimal("0.05")
    alpha: Decimal = Decimal("0.05")
    ceiling: Decimal | None = None
    baseline: str = ""
    challenger: str = ""
    prompt: PromptVersion | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """What a case is drafted by: a pipeline, or words in place of those in force, or neither, as without experiment."""

    experiment: Experiment
    arm: str
    pipeline: PipelineName | None = None
    prompt: PromptVersion | None = None

    def plain(self) -> dict[str, Any]:
        """As a receipt tells it."""
        return {"id": self.experiment.pk, "name": self.experiment.name, "arm": self.arm}


@transaction.atomic
def create_experiment(*, practice: Practice | None, plan: Plan, by: User, now: datetime) -> Experiment:
    """Plan an experiment; nothing is tried before it is started.

    Raises UnfitExperiment, PipelineNotOffered for a baseline that people may not choose, and NotAllowed.
    """
    if not by.is_superuser and (practice is None or by.practice_id != practice.pk):
        raise NotAllowed("Experiments are a practice's own; those of the platform are for its staff")
    _check(plan, practice)
    if Experiment.objects.filter(practice=practice, name=plan.name).exists():
        raise UnfitExperiment("There is an experiment of that name already")
    row = Experiment.objects.create(
        practice=practice,
        name=plan.name,
        kind=Experiment.Kind.PROMPT if plan.prompt else Experiment.Kind.PIPELINE,
        baseline=plan.baseline,
        challenger=plan.challenger,
        prompt=plan.prompt,
        percent=plan.percent,
        measure=plan.measure,
        margin=plan.margin,
        alpha=plan.alpha,
        ceiling=plan.ceiling,
        created_by=by,
        created_at=now,
    )
    _tell("experiment.planned", row, by, now)
    return row


@transaction.atomic
def start_experiment(*, experiment: Experiment, by: User, now: datetime, expected_version: int) -> Experiment:
    """Let it run from now on. One runs at a time for a practice.

    Raises ExperimentMoveNotAllowed, also for words that are in force already, StaleVersion, and PromptNotTested for
    words that have not passed the golden case.
    """
    row = _locked(experiment, expected_version)
    if row.state != State.DRAFT:
        raise ExperimentMoveNotAllowed(f"This experiment is {row.get_state_display().lower()}; plan another one")
    if Experiment.objects.filter(practice=row.practice_id, state=State.RUNNING).exists():
        raise ExperimentMoveNotAllowed("Another experiment runs; stop it first")
    if row.prompt and row.prompt.state == PromptVersion.State.ACTIVE:
        raise ExperimentMoveNotAllowed("These words are in force already: both arms would be the same")
    if row.prompt and not _has_passed(row.prompt):
        raise PromptNotTested(f"Version {row.prompt.number} has not passed the golden case; test it first")
    row.state, row.started_at = State.RUNNING, now
    _save(row, "state", "started_at")
    _tell("experiment.started", row, by, now)
    return row


@transaction.atomic
def stop_experiment(*, experiment: Experiment, by: User, now: datetime, expected_version: int) -> Experiment:
    """End it; every case is drafted as without it from now on. Raises ExperimentMoveNotAllowed and StaleVersion."""
    row = _locked(experiment, expected_version)
    if row.state != State.RUNNING:
        raise ExperimentMoveNotAllowed("Only an experiment that runs is stopped")
    _end(row, State.STOPPED, f"stopped by {by}", by, now)
    return row


@transaction.atomic
def change_percent(
    *, experiment: Experiment, percent: int, by: User, now: datetime, expected_version: int
) -> Experiment:
    """Give the challenger to another share of the cases that come; those that came keep their arm."""
    row = _locked(experiment, expected_version)
    if row.state not in (State.DRAFT, State.RUNNING):
        raise ExperimentMoveNotAllowed("This experiment is over")
    if not 0 <= percent <= 100:
        raise UnfitExperiment("A share of the cases is from 0 to 100 percent")
    old, row.percent = row.percent, percent
    _save(row, "percent")
    _tell("experiment.changed", row, by, now, old={"percent": old})
    return row


def arm_of(*, complaint: Complaint, now: datetime) -> Arm | None:
    """What `complaint` is drafted by where nobody names a pipeline; None where no experiment runs for its practice.

    The practice's own experiment goes before the platform's. The arm is noted at the first call and is the same ever
    after. Two queries where it is known, one where nothing runs.
    """
    rows = Experiment.objects.filter(state=State.RUNNING).select_related("prompt")
    running = rows.filter(practice=complaint.practice_id).first() or rows.filter(practice=None).first()
    if running is None:
        return None
    drawn = _drawn(running, complaint)
    noted, _ = Assignment.objects.get_or_create(
        experiment=running, complaint=complaint, defaults={"arm": drawn, "created_at": now}
    )
    tried = noted.arm == Assignment.Arm.CHALLENGER
    if running.kind == Experiment.Kind.PROMPT:
        return Arm(running, noted.arm, prompt=running.prompt if tried else None)
    return Arm(running, noted.arm, cast(PipelineName, running.challenger if tried else running.baseline))


def share_of(name: str, complaint_id: int) -> float:
    """Where a case stands between 0 and 100 for the experiment of that name: evenly spread, and always the same."""
    hashed = hashlib.sha256(f"{name}:{complaint_id}".encode()).digest()
    return int.from_bytes(hashed[:8], "big") / 2**64 * 100


def watch_experiments(*, now: datetime) -> int:
    """Measure the cases of every experiment that runs, and end those that are decided. Returns how many ended."""
    ended = 0
    for row in Experiment.objects.filter(state=State.RUNNING):
        measure_cases(experiment=row, now=now)
        ended += judge(experiment=row, now=now)
    return ended


def measure_cases(*, experiment: Experiment, now: datetime) -> int:
    """Take the measure of each case that can be measured by now, once. Returns how many were."""
    count = 0
    for case in _waiting(experiment, now):
        value = measured(experiment, case, now)
        if value is not None:
            mine = Assignment.objects.filter(pk=case.pk, measured_at=None)
            count += mine.update(value=value, measured_at=now)
    return count


def judge(*, experiment: Experiment, now: datetime) -> bool:
    """End the experiment where its rule has decided: a losing challenger is rolled back. Returns whether it ended."""
    with transaction.atomic():
        row = _locked(experiment, None)
        if row.state != State.RUNNING:
            return False
        stands, alpha = standing_of(row, now=now), float(row.alpha)
        told = f"{stands.pairs} pairs of cases: {stands.challenger:.3f} beside {stands.baseline:.3f}"
        if stands.loses(alpha):
            _end(row, State.LOST, f"worse by more than {row.margin}, {told}", None, now)
        elif stands.holds(alpha):
            _end(row, State.HELD, f"not worse by more than {row.margin}, {told}", None, now)
        else:
            return False
    return True


def standing_of(experiment: Experiment, *, now: datetime) -> Standing:
    """How the arms stand, or stood when the experiment ended, by cases in the order in which they came. One query.

    Measures come in an order of their own: what is drafted again is known at once, and what is not in two weeks. So the
    first case whose measure may still come ends the sequence, and those that will never have one are left out.
    """
    scores = _scores(experiment, experiment.ended_at or now)
    return standing(in_pairs(scores), float(experiment.margin))


def in_pairs(scores: Iterable[tuple[str, float]]) -> Iterator[tuple[float, float]]:
    """Each score of an arm beside the last one of the other arm before it that has no partner: of about the same days.

    The scores are given with their arms, in the order in which their cases came; pairs are the baseline's first.
    """
    alone: dict[str, list[float]] = {arm: [] for arm in Assignment.Arm.values}
    for arm, score in scores:
        is_challenger = arm == Assignment.Arm.CHALLENGER
        others = alone[Assignment.Arm.BASELINE if is_challenger else Assignment.Arm.CHALLENGER]
        if not others:
            alone[arm].append(score)
        else:
            yield (others.pop(), score) if is_challenger else (score, others.pop())


def _scores(experiment: Experiment, now: datetime) -> Iterator[tuple[str, float]]:
    rows = experiment.assignments.order_by("pk").values_list("arm", "value", "created_at")
    for arm, value, came_at in rows:
        if value is not None:
            yield arm, score_of(experiment.measure, value, experiment.ceiling)
        elif not is_given_up(experiment.measure, came_at, now):
            return


def _waiting(experiment: Experiment, now: datetime) -> Iterator[Assignment]:
    """The cases that have no measure, as far as they may still have one."""
    since = now - time_of(experiment.measure) - LATE
    rows = experiment.assignments.filter(measured_at=None, created_at__gt=since).order_by("pk")
    last = 0
    while found := list(rows.filter(pk__gt=last)[:BATCH]):
        yield from found
        last = found[-1].pk


def _drawn(experiment: Experiment, complaint: Complaint) -> str:
    drawn = share_of(experiment.name, complaint.pk) < experiment.percent
    return Assignment.Arm.CHALLENGER if drawn else Assignment.Arm.BASELINE


def _check(plan: Plan, practice: Practice | None) -> None:
    if plan.measure not in Measure.values:
        raise UnfitExperiment(f"There is no measure {plan.measure!r}; choose one of: {', '.join(Measure.values)}")
    bounded = plan.measure in (Measure.COST, Measure.TIME)
    if bounded != (plan.ceiling is not None and plan.ceiling > 0):
        raise UnfitExperiment("Cost and time need a ceiling, above 0, and no other measure has one")
    if not (0 <= plan.margin <= Decimal("0.5") and Decimal("0.001") <= plan.alpha <= Decimal("0.2")):
        raise UnfitExperiment("A margin is from 0 to 0.5, and alpha from 0.001 to 0.2")
    if not 0 <= plan.percent <= 100:
        raise UnfitExperiment("A share of the cases is from 0 to 100 percent")
    if plan.prompt is None:
        _check_pipelines(plan.baseline, plan.challenger)
    else:
        _check_words(plan, plan.prompt, practice)


def _check_pipelines(baseline: str, challenger: str) -> None:
    if baseline == challenger or not {baseline, challenger} <= set(PIPELINES):
        raise UnfitExperiment(f"Name two pipelines that models write by: {', '.join(PIPELINES)}")
    if challenger == USUAL:  # which letters would be drafted by when it has lost
        raise UnfitExperiment(f"Letters are drafted by {USUAL} where no experiment runs: make it the baseline")
    check_offered(baseline)


def _check_words(plan: Plan, prompt: PromptVersion, practice: Practice | None) -> None:
    if plan.baseline or plan.challenger or practice is None or prompt.practice_id != practice.pk:
        raise UnfitExperiment("Words are tried in the practice that they are of, and beside no pipelines")
    if pipeline_of(prompt.stage) != USUAL:
        raise UnfitExperiment(f"Letters are drafted by {USUAL}, which never asks the stage {prompt.stage}")


def _has_passed(prompt: PromptVersion) -> bool:
    told = version_of(prompt)
    return prompt.golden_runs.filter(state=GoldenRun.State.PASSED, prompt_version=told).exists()


def _locked(experiment: Experiment, expected_version: int | None) -> Experiment:
    rows = Experiment.objects.select_for_update(of=("self",), no_key=True).select_related("practice", "prompt")
    row = rows.get(pk=experiment.pk)
    check_version(expected=expected_version, current=row.version)
    return row


def _save(row: Experiment, *fields: str) -> None:
    row.version += 1
    try:
        with transaction.atomic():
            row.save(update_fields=[*fields, "version"])
    except IntegrityError as error:  # two that were started at once
        raise ExperimentMoveNotAllowed("Another experiment runs; stop it first") from error


def _end(row: Experiment, state: str, why: str, by: User | None, now: datetime) -> None:
    row.state, row.why, row.ended_at = state, why[:300], now
    _save(row, "state", "why", "ended_at")
    _tell(f"experiment.{state}", row, by, now)


def _tell(action: str, row: Experiment, by: User | None, now: datetime, old: dict[str, Any] | None = None) -> None:
    new = {"name": row.name, "measure": row.measure, "percent": row.percent, "state": row.state, "why": row.why}
    record_audit(action=action, target=row, at=now, actor=by, practice=row.practice, old=old, new=new)
