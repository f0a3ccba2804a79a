"""What people type about a case, brought into the form in which it is kept. Bundles are checked in the same way."""

from collections.abc import Iterable
from typing import Final, get_args

from complaints.bundles import is_shown, unprintable
from complaints.facts.records import ReferenceKind
from lightpoint.errors import InvalidInput

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 20_000
LONGEST_REFERENCE: Final = 100
MOST_REFERENCES: Final = 50
REFERENCE_KINDS: Final[tuple[str, ...]] = get_args(ReferenceKind)


class UnusableText(InvalidInput):
    """What was typed is empty, too long, or holds what no letter can hold."""

    code = "unusable-text"


def line(text: str, what: str, *, longest: int = LONGEST_LINE) -> str:
    """`text` on one line, with single spaces. Raises UnusableText where nothing of it shows, or it is too long."""
    words = " ".join(prose(text, what, longest=longest).split())
    if not is_shown(words):
        raise UnusableText(f"{what} is empty")
    return words


def prose(text: str, what: str, *, longest: int = LONGEST_TEXT) -> str:
    """`text` without white space round it. Raises UnusableText for what no letter can hold, or is too long."""
    fault = unprintable(text)
    if fault:
        raise UnusableText(f"{what} holds {fault}; take it out")
    words = text.strip()
    if len(words) > longest:
        raise UnusableText(f"{what} is {len(words)} characters long; {longest} is the limit")
    return words


def reference_pairs(pairs: Iterable[Iterable[str]]) -> list[list[str]]:
    """Pairs of kind and value, as the row of a case keeps them. Raises UnusableText."""
    found = [[kind, line(value, "A reference", longest=LONGEST_REFERENCE)] for kind, value in pairs]
    unknown = sorted({kind for kind, _value in found} - set(REFERENCE_KINDS))
    if unknown:
        raise UnusableText(f"There is no kind of reference {unknown[0]!r}; known are {', '.join(REFERENCE_KINDS)}")
    if len(found) > MOST_REFERENCES:
        raise UnusableText(f"A case has at most {MOST_REFERENCES} references; these are {len(found)}")
    return found
