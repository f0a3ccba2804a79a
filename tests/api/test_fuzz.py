"""What schemathesis finds: no answer of 500, and none that the schema does not tell, whoever asks.

A run of the suite sends a few requests to each operation as one of three people. LIGHTPOINT_FUZZ_CASES says how many
each of them sends to all operations; .ci/run sets it to 2000.
"""

import os

import pytest
from schemathesis.schemas import BaseSchema

from tests.api.conftest import World
from tests.api.fuzzing import Sender
from users.tests import factories

PEOPLE = ("admin", "analyst", "outsider")
QUICK_CASES = 70
CASES = int(os.environ.get("LIGHTPOINT_FUZZ_CASES", str(QUICK_CASES)))
EXCLUDED = {  # names of checks by operationId
    "upload_documents": {"negative_data_rejection"},  # a part of a form is bytes, whatever schemathesis took it for
}


# Django leaves the files of a form with more of them than are allowed to the garbage collector.
@pytest.mark.filterwarnings(r"ignore:.*\.upload:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("who", PEOPLE)
def test_every_answer_is_one_that_the_schema_tells(world: World, schema: BaseSchema, who: str) -> None:
    checks = schema.config.checks
    # RFC 6585 has 428 for a missing If-Match, RFC 9110 has 412 for one that no version of the row has.
    for check, status in (
        (checks.missing_required_header, "428"),
        (checks.negative_data_rejection, "412"),
        (checks.positive_data_acceptance, "412"),
    ):
        check.expected_statuses = [*check.expected_statuses, status]
    operations = [found.ok() for found in schema.get_all_operations()]
    if 2 * len(operations) > CASES:
        operations = operations[PEOPLE.index(who) :: len(PEOPLE)]
    sender = Sender(factories.make_key(getattr(world, who)), world.rows, EXCLUDED)
    tally = sender.try_all(operations, CASES)
    print(f"{who}: {tally.report}")
    assert not tally.faults, tally.report
    assert tally.statuses.total() >= CASES / 2
