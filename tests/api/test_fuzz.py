"""What schemathesis finds: no answer of 500, and none that the schema does not tell, whoever asks.

A run of the suite sends a few requests to each operation as one of three people. LIGHTPOINT_FUZZ_CASES says how many
each of them sends to all operations; .ci/run sets it to 2000.
"""

import os

import pytest
from schemathesis.schemas import BaseSchema

from tests.api.conftest import World
from tests.api.fuzzing import Sender, settings_of, steps_of
from users.tests import factories

PEOPLE = ("admin", "analyst", "outsider")
QUICK_CASES = 70
STEPS = 10  # of a scenario
CASES = int(os.environ.get("LIGHTPOINT_FUZZ_CASES", str(QUICK_CASES)))


@pytest.mark.parametrize("who", PEOPLE)
def test_every_answer_is_one_that_the_schema_tells(world: World, schema: BaseSchema, who: str) -> None:
    operations = [found.ok() for found in schema.get_all_operations()]
    if 2 * len(operations) > CASES:
        operations = operations[PEOPLE.index(who) :: len(PEOPLE)]
    sender = Sender(factories.make_key(getattr(world, who)), world.rows)
    tally = sender.try_all(operations, CASES)
    print(f"{who}: {tally.report}")
    assert not tally.faults, tally.report
    assert tally.statuses.total() >= CASES / 2


def test_what_was_created_is_there_in_later_steps(world: World, schema: BaseSchema) -> None:
    """Requests that use what earlier ones answered: ids of new rows, and of rows that were taken away."""
    steps = steps_of(schema, factories.make_key(world.admin))
    steps.run(settings=settings_of(max(2, CASES // STEPS), STEPS))
    print(f"admin: {steps.sent} steps")
    assert steps.sent > STEPS
