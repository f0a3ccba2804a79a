"""Requests that schemathesis makes up from the schema, sent to the site in this process as one person.

Each request runs in a savepoint that is rolled back, so that all of them meet the same rows.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from traceback import format_exception
from typing import Any

import hypothesis
from django.core.signals import got_request_exception
from django.db import transaction
from hypothesis import HealthCheck, Phase
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.meta import CoveragePhaseData
from schemathesis.generation.overrides import Override
from schemathesis.schemas import APIOperation, BaseSchema

SEED = 20_260_119
REAL = 0.8  # the share of requests that name rows which are there
COVERED = 300  # cases of the boundary values of an operation that are looked at to choose from
PREFIX = "urn:lightpoint:"
EXCLUDED = {  # names of checks by operationId: a part of a form is bytes, whatever schemathesis took it for
    "upload_documents": {"negative_data_rejection"},
    "stage_sections": {"negative_data_rejection"},
}


@dataclass(frozen=True)
class Rows:
    """What is there: values for parameters of addresses and fields of bodies, and tags by parameter."""

    parameters: Mapping[str, list[Any]]
    fields: Mapping[str, list[Any]]
    tags: Mapping[str, str]


@dataclass
class Tally:
    """What came of the requests: how many by status, and each fault once for an operation and a check."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def report(self) -> str:
        head = f"{self.statuses.total()} cases, seed {SEED}: {dict(sorted(self.statuses.items()))}"
        return "\n\n".join([head, *(f"{where}: {what}\n{text}" for (where, what), text in sorted(self.faults.items()))])


def cases_of(operation: APIOperation, wanted: int, chance: random.Random) -> list[Case]:
    """So many cases: half of them of boundary values and of what a server must refuse, half of them random."""
    boundaries = list(islice(_boundaries(operation), COVERED))
    special = [case for case in boundaries if _is_special(case)]
    plain = [case for case in boundaries if not _is_special(case)]
    chance.shuffle(special)
    chance.shuffle(plain)
    chosen = [*special[: max(1, wanted // 4)], *plain][: max(1, wanted // 2)]
    return [*chosen, *_random_cases(operation, max(1, wanted - len(chosen)))]


def _is_special(case: Case) -> bool:
    """Whether a header is missing or the method is not there: what only these cases can check."""
    data = case.meta.phase.data if case.meta else None
    return isinstance(data, CoveragePhaseData) and (
        data.scenario is not None and data.scenario.name in ("UNSPECIFIED_HTTP_METHOD", "MISSING_PARAMETER")
    )


def _boundaries(operation: APIOperation) -> Iterator[Case]:
    generation = operation.schema.config.generation_for(operation=operation, phase="coverage")
    yield from CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=generation,
        auth_storage=None,
        override=Override(),
        feedback=NO_FEEDBACK,
    )


def _random_cases(operation: APIOperation, wanted: int) -> list[Case]:
    found: list[Case] = []
    both = hypothesis.strategies.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @hypothesis.seed(SEED)
    @hypothesis.settings(
        max_examples=wanted,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(both)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found[:wanted]


class Sender:
    """Sends cases as the owner of an API key, and keeps what was wrong with the answers."""

    def __init__(self, key: str, rows: Rows) -> None:
        self.headers = {"Authorization": f"Bearer {key}"}
        self.rows = rows
        self.tally = Tally()
        self.chance = random.Random(SEED)  # noqa: S311 - no secret

    def try_all(self, operations: Sequence[APIOperation], cases: int) -> Tally:
        """About so many requests, spread evenly over `operations`."""
        for operation in operations:
            for case in cases_of(operation, max(2, cases // len(operations)), self.chance):
                self.send(case)
        return self.tally

    def send(self, case: Case) -> None:
        """Send one case and look at the answer."""
        if self.chance.random() < REAL:
            self._name_real_rows(case)
        with _undone(), _errors() as errors:
            response = case.call(headers=self.headers)
            self.tally.statuses[response.status_code] += 1
            try:
                case.validate_response(response, headers=self.headers, excluded_checks=excluded(case, response))
            except FailureGroup as group:
                for failure in group.exceptions:
                    self._note(case, failure, group, errors)

    def _note(self, case: Case, failure: Any, group: FailureGroup, errors: list[str]) -> None:
        place = (case.operation.label, failure.title)
        self.tally.faults.setdefault(place, "\n".join([str(failure), str(group)[:3000], *errors]))

    def _name_real_rows(self, case: Case) -> None:
        meta = case.meta
        if meta is None:
            return
        if case.path_parameters and not meta.is_negative_at(ParameterLocation.PATH):
            real = {name: self._pick(name) for name in case.path_parameters if name in self.rows.parameters}
            case.path_parameters = {**case.path_parameters, **real}
            self._name_real_tag(case, real)
        if isinstance(case.body, dict) and not meta.is_negative_at(ParameterLocation.BODY):
            real = {name: self.chance.choice(self.rows.fields[name]) for name in case.body if name in self.rows.fields}
            case.body = {**case.body, **real}

    def _name_real_tag(self, case: Case, real: Mapping[str, Any]) -> None:
        tags = [self.rows.tags[name] for name in real if name in self.rows.tags]
        negative = case.meta is not None and case.meta.is_negative_at(ParameterLocation.HEADER)
        if tags and case.headers and "If-Match" in case.headers and not negative:
            case.headers["If-Match"] = tags[0]

    def _pick(self, name: str) -> Any:
        return self.chance.choice(self.rows.parameters[name])


def steps_of(schema: BaseSchema, key: str) -> Any:
    """A state machine whose scenarios are sequences of requests by the owner of `key`; `sent` counts them."""
    machine: Any = schema.as_state_machine()

    class Steps(machine):  # type: ignore[misc]  # made from the schema
        sent = 0

        def setup(self) -> None:
            self.undone = _undone()
            self.undone.__enter__()

        def teardown(self) -> None:
            self.undone.__exit__(None, None, None)

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {key}"}}

        def validate_response(self, response: Response, case: Case, *_: Any, **sent: Any) -> None:
            Steps.sent += 1
            options = {"headers": sent.get("headers"), "recorder": self.recorder}
            case.validate_response(response, excluded_checks=excluded(case, response), **options)

    return Steps


def settings_of(scenarios: int, steps: int) -> hypothesis.settings:
    """The same scenarios in every run."""
    return hypothesis.settings(
        max_examples=scenarios,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def excluded(case: Case, response: Response) -> list[CheckFunction]:
    """The checks that this answer cannot be held to."""
    operation = case.operation.definition.raw["operationId"]
    return CHECKS.get_by_names(sorted(EXCLUDED.get(operation, set()) | _moot(response)))


def _moot(response: Response) -> set[str]:
    """A request of the right form that a rule refuses is a 422 with a word of its own: no schema can say such rules."""
    if response.status_code != 422:
        return set()
    problem = response.json()
    faults = problem.get("errors", [])
    of_a_field = problem["type"] == f"{PREFIX}invalid-input" and (faults or response.request.method == "GET")
    unfit = not of_a_field or (faults and all(_is_rule(fault) for fault in faults))
    return {"positive_data_acceptance"} if unfit else set()


def _is_rule(fault: Mapping[str, str]) -> bool:
    """Whether no field is wrong by itself: two do not go together, or one names a row that the caller may not see."""
    return fault["pointer"] == "" or fault["code"] in {"does_not_exist", "one_of"}


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _errors() -> Iterator[list[str]]:
    """The tracebacks of what views raised and nobody foresaw."""
    found: list[str] = []

    def note(sender: object, **_: object) -> None:
        found.extend(format_exception(*sys.exc_info())[-6:])

    got_request_exception.connect(note)
    try:
        yield found
    finally:
        got_request_exception.disconnect(note)
