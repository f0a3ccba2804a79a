"""The states of a letter and of its versions, and the moves between them. Pure.

    draft        worked on
    in_review    waits for a colleague's eyes
    approved     a named person answers for the newest version, which takes no change any more
    locked       the text is frozen for sending; its files are the final ones
    sent         it has left the practice; it comes back to draft only to be superseded
    superseded   a later version was sent in its place

A letter stands where its newest version does. A version that was sent stays so when the letter is reopened, and becomes
superseded when its successor is sent: that last state is of versions alone.
"""

from typing import Final, Literal, get_args

LetterState = Literal["draft", "in_review", "approved", "locked", "sent", "superseded"]
VersionState = Literal["draft", "in_review", "approved", "locked", "sent", "superseded", "earlier"]

VERSION_STATES: Final[tuple[VersionState, ...]] = get_args(VersionState)
MOVES: Final[dict[str, frozenset[str]]] = {
    "draft": frozenset({"in_review"}),
    "in_review": frozenset({"draft", "approved"}),
    "approved": frozenset({"draft", "locked"}),
    "locked": frozenset({"draft", "sent"}),
    "sent": frozenset({"draft", "superseded"}),
    "superseded": frozenset(),
}
ANSWERED_FOR: Final = frozenset({"approved", "locked", "sent"})  # by a named approver
FINAL: Final = frozenset({"locked", "sent", "superseded"})  # the files of such a version are what leaves the practice


def may_move(current: str, target: str) -> bool:
    """Whether what is in state `current` may go to `target`. A state that is not known may go nowhere."""
    return target in MOVES.get(current, frozenset())


def takes_versions(state: str) -> bool:
    """Whether a letter in `state` takes a new version: none once somebody answers for the newest."""
    return state not in ANSWERED_FOR


def version_state(letter_state: str, *, newest: bool, dispatched: bool, superseded: bool) -> str:
    """Where one version stands, as a VersionState. `earlier` is one that never left and has a successor."""
    if superseded:
        return "superseded"
    if dispatched:
        return "sent"
    return letter_state if newest else "earlier"
