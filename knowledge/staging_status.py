"""The states of an upload and the moves between them. Pure.

Each decision can be taken back: the upload waits again, and what stood before the decision stands again.
"""

from typing import Final, Literal, get_args

Decision = Literal["approve", "merge", "replace", "reject"]
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
WAITING: Final = "staged"
STATE_AFTER: Final[dict[Decision, str]] = {
    "approve": "approved",
    "merge": "merged",
    "replace": "replaced",
    "reject": "rejected",
}
MOVES: Final[dict[str, frozenset[str]]] = {
    WAITING: frozenset(STATE_AFTER.values()),
    **{state: frozenset({WAITING}) for state in STATE_AFTER.values()},
}
NEEDS_TARGET: Final[frozenset[Decision]] = frozenset({"merge", "replace"})


def may_move(current: str, target: str) -> bool:
    """Whether an upload in state `current` may be moved to `target`. A state that is not known may go nowhere."""
    return target in MOVES.get(current, frozenset())


def open_decisions(current: str) -> tuple[Decision, ...]:
    """What may be decided about an upload in state `current`."""
    return tuple(decision for decision, state in STATE_AFTER.items() if may_move(current, state))
