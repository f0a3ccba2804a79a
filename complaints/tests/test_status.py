import pytest

from complaints.models import Complaint
from complaints.status import MOVES, allowed_moves, may_move


def test_every_state_of_the_model_has_its_moves():
    assert set(MOVES) == set(Complaint.Status.values)
    assert all(target in MOVES for targets in MOVES.values() for target in targets)


@pytest.mark.parametrize(
    ("current", "target", "allowed"),
    [
        ("assessment", "active", True),
        ("assessment", "resolved", False),
        ("active", "escalated", True),
        ("escalated", "active", False),
        ("resolved", "escalated", True),
        ("closed", "assessment", True),
        ("closed", "active", False),
        ("nowhere", "active", False),
    ],
)
def test_a_move_is_allowed_or_not(current, target, allowed):
    assert may_move(current, target) is allowed


def test_moves_are_told_in_the_order_of_the_ladder():
    assert allowed_moves("assessment") == ("active", "escalated", "closed")
