"""The states of a letter and the moves between them. Pure."""

from typing import Final, Literal

LetterState = Literal["draft", "in_review", "approved", "sent"]

# draft: worked on; in_review: waiting for a colleague's eyes; approved: a named person answers for the newest version,
# which is locked; sent: it has left the practice. A sent letter comes back to draft only to be superseded.
MOVES: Final[dict[str, frozenset[str]]] = {
    "draft": frozenset({"in_review"}),
    "in_review": frozenset({"draft", "approved"}),
    "approved": frozenset({"draft", "sent"}),
    "sent": frozenset({"draft"}),
}
LOCKED: Final = frozenset({"approved", "sent"})


def may_move(current: str, target: str) -> bool:
    """Whether a letter in state `current` may go to `target`. A state that is not known may go nowhere."""
    return target in MOVES.get(current, frozenset())


def is_locked(state: str) -> bool:
    """Whether a letter in `state` takes no new version."""
    return state in LOCKED
