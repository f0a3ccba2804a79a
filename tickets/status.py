"""The states of a ticket and the moves between them. Pure."""

from typing import Final

# open: nobody has begun; in_progress: somebody works on it; waiting: for an answer from outside; resolved: answered,
# and may be taken up again; closed: done, and taken up again only by opening it.
MOVES: Final[dict[str, frozenset[str]]] = {
    "open": frozenset({"in_progress", "waiting", "resolved", "closed"}),
    "in_progress": frozenset({"open", "waiting", "resolved", "closed"}),
    "waiting": frozenset({"in_progress", "resolved", "closed"}),
    "resolved": frozenset({"in_progress", "closed"}),
    "closed": frozenset({"open"}),
}
UNSETTLED: Final[tuple[str, ...]] = ("open", "in_progress", "waiting")


def may_move(current: str, target: str) -> bool:
    """Whether a ticket in state `current` may be moved to `target`. A state that is not known may go nowhere."""
    return target in MOVES.get(current, frozenset())


def allowed_moves(current: str) -> tuple[str, ...]:
    """The states that `current` may be moved to, in the order of a ticket's life."""
    return tuple(state for state in MOVES if may_move(current, state))
