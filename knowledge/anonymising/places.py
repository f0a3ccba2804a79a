"""Where a text tells who it is about: the places that `anonymise` would replace, in the text as it was given. Pure."""

import html
import re
from dataclasses import dataclass
from typing import Final

from knowledge.anonymising.removal import TOKENS, anonymise, normal

WHOLE: Final = "[text]"  # of a text that cannot be taken apart
_TOKEN: Final = re.compile("|".join(map(re.escape, TOKENS)))
_UNIT: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,30});|\r\n|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Private:
    """The characters from `start` to `end`; `kind` is the neutral word that stands for them, such as "[name]"."""

    start: int
    end: int
    kind: str


def find_private(text: str) -> tuple[Private, ...]:
    """The places of `text` that `anonymise` replaces, in order, none of them empty.

    A text that cannot be read character by character, because two of them are written as one, is one place as a whole.
    """
    plain, starts = _flattened(text)
    if normal(plain) != plain:
        return (Private(0, len(text), WHOLE),)
    clean = anonymise(plain).text
    kept, kinds = _TOKEN.split(clean), _TOKEN.findall(clean)
    found, at = [], len(kept[0])
    for place, kind in enumerate(kinds):
        after = kept[place + 1]
        last = place == len(kinds) - 1
        end = len(plain) - len(after) if last else plain.index(after, at)
        if end > at:
            found.append(Private(starts[at], starts[end], kind))
        at = end + len(after)
    return tuple(found)


def _flattened(text: str) -> tuple[str, list[int]]:
    """`text` in its normal form, and for each character of that, and its end, where it stands in `text`."""
    parts: list[str] = []
    starts: list[int] = []
    for unit in _UNIT.finditer(text):
        written = normal(html.unescape(unit[0]))
        parts.append(written)
        starts += [unit.start()] * len(written)
    return "".join(parts), [*starts, len(text)]
