"""The states of a ticket. No database."""

import itertools

import pytest

from tickets.status import MOVES, UNSETTLED, allowed_moves, may_move


@pytest.mark.parametrize(("here", "there"), list(itertools.product(MOVES, MOVES)))
def test_a_move_is_allowed_exactly_when_it_is_offered(here, there):
    assert may_move(here, there) is (there in allowed_moves(here))
    assert here != there or not may_move(here, there)


def test_every_state_can_be_reached_and_left():
    assert set.union(*(set(ends) for ends in MOVES.values())) == set(MOVES)
    assert all(allowed_moves(state) for state in MOVES)
    assert set(UNSETTLED) < set(MOVES)


def test_a_state_that_is_not_known_goes_nowhere():
    assert not may_move("lost", "open")
    assert not may_move("open", "lost")
    assert allowed_moves("lost") == ()
