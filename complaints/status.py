"""The states of a complaint and the moves between them. Pure."""

from typing import Final

# assessment: looked at, nothing sent; active: with HMRC at the first tier; escalated: second tier, Adjudicator or
# beyond; resolved: an outcome is accepted; closed: nothing more is done.
MOVES: Final[dict[str, frozenset[str]]] = {
    "assessment": frozenset({"active", "escalated", "closed"}),
    "active": frozenset({"escalated", "resolved", "closed"}),
    "escalated": frozenset({"resolved", "closed"}),
    "resolved": frozenset({"escalated", "closed"}),
    "closed": frozenset({"assessment"}),
}


def may_move(current: str, target: str) -> bool:
    """Whether a complaint in state `current` may be moved to `target`. A state that is not known may go nowhere."""
    return target in MOVES.get(current, frozenset())


def allowed_moves(current: str) -> tuple[str, ...]:
    """The states that `current` may be moved to, in the order of the ladder."""
    return tuple(state for state in MOVES if may_move(current, state))
