"""What schemathesis finds: no answer of 500, and none that the schema does not tell, whoever asks.

A run of the suite sends QUICK_CASES for each of three people; LIGHTPOINT_FUZZ_CASES=2000, as .ci/run sets it, so many.
"""

import os

import pytest
from schemathesis.schemas import BaseSchema

from tests.api.conftest import World
from tests.api.fuzzing import Sender
from users.tests import factories

QUICK_CASES = 200
CASES = int(os.environ.get("LIGHTPOINT_FUZZ_CASES", str(QUICK_CASES)))
EXCLUDED: dict[str, set[str]] = {}  # by operationId


@pytest.mark.parametrize("who", ["admin", "analyst", "outsider"])
def test_every_answer_is_one_that_the_schema_tells(world: World, schema: BaseSchema, who: str) -> None:
    checks = schema.config.checks
    checks.missing_required_header.expected_statuses = [*checks.missing_required_header.expected_statuses, "428"]
    checks.negative_data_rejection.expected_statuses = [*checks.negative_data_rejection.expected_statuses, "412"]
    checks.positive_data_acceptance.expected_statuses = [*checks.positive_data_acceptance.expected_statuses, "412"]
    sender = Sender(factories.make_key(getattr(world, who)), world.rows, EXCLUDED)
    tally = sender.try_all(schema, CASES)
    print(f"{who}: {tally.report}")
    assert not tally.faults, tally.report
    assert tally.statuses.total() >= CASES / 2
