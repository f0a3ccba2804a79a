"""One call of a drafting goes wrong, and all others well: the letter is delivered, and the books are right."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from pytest_django import Settings

from complaints.models import Complaint
from complaints.tests.factories import NOW
from letters.management.simulated import reworded
from letters.services import draft_case
from lightpoint.llm.simulator import Config, Fault, Simulator, in_turn
from users.models import LLMCall, Reservation

pytestmark = pytest.mark.django_db
FAULTS = (Fault("status", 402), Fault("status", 429, retry_after=30), Fault("half-close"), Fault("wrong-json"))
CALLS = {  # which of the calls of a pipeline goes wrong, from 0: one of each of its stages, as they follow one another
    "three_stage": (0, 1, 2),
    "two_stage": (0, 1),
    "template": (0,),
    "parallel": (0, 9, 11),
}


@pytest.fixture
def failing(settings: Settings) -> Iterator[Callable[[int, Fault], Simulator]]:
    """A provider of which one call goes wrong."""
    started: list[Simulator] = []

    def start(number: int, fault: Fault) -> Simulator:
        found = Simulator(Config(faults=in_turn(*[None] * number, fault)), reworded, time_scale=0.001).__enter__()
        started.append(found)
        for name, value in found.settings().items():
            setattr(settings, name, value)
        settings.LETTER_CALLS_AT_ONCE = 1  # in the thread, and so in the transaction, of the test
        settings.LLM_RETRIES = 0
        return found

    yield start
    for one in started:
        one.__exit__(None, None, None)


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.kind} {fault.status}" for fault in FAULTS])
@pytest.mark.parametrize(("pipeline", "number"), [(name, at) for name, numbers in CALLS.items() for at in numbers])
def test_one_call_that_fails_costs_no_letter_and_is_on_the_receipt(
    drafted: Complaint, failing: Callable[[int, Fault], Simulator], pipeline: str, number: int, fault: Fault
) -> None:
    provider = failing(number, fault)
    case = draft_case(complaint=drafted, by=None, now=NOW, pipeline=pipeline)
    assert case.released, case.problems
    assert [line["outcome"] == "ok" for line in case.receipt["calls"]].index(False) == number
    assert Decimal(case.receipt["cost"]["amount"]) == sum(row.cost for row in LLMCall.objects.all())
    assert not Reservation.objects.filter(state="open").exists()
    assert provider.bill <= Decimal(case.receipt["cost"]["amount"])  # what nobody was told of is estimated
