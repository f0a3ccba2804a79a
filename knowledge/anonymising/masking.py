"""Words about people exchanged for numbered marks before they leave, and put back into what comes back. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.anonymising.places import find_private

_MARK: Final = re.compile(r"\{([a-z -]+ \d{1,3})\}")


@dataclass(frozen=True, slots=True)
class Masked:
    """`texts` in their order with marks such as "{name 1}"; `words` are what each mark stands for."""

    texts: tuple[str, ...]
    words: dict[str, str]

    def restored(self, text: str) -> str:
        """`text` with the words in place of their marks; a mark that was never given stays."""
        return _MARK.sub(lambda found: self.words.get(found[0], found[0]), text)


def masked(texts: Sequence[str]) -> Masked:
    """`texts` without what tells who they are about; the same words have the same mark in all of them."""
    marks: dict[tuple[str, str], str] = {}
    done = tuple(_masked(text, marks) for text in texts)
    return Masked(done, {mark: words for (_kind, words), mark in marks.items()})


def _masked(text: str, marks: dict[tuple[str, str], str]) -> str:
    parts, last = [], 0
    for one in find_private(text):
        words = text[one.start : one.end]
        number = 1 + sum(kind == one.kind for kind, _words in marks)
        parts += [text[last : one.start], marks.setdefault((one.kind, words), f"{{{one.kind[1:-1]} {number}}}")]
        last = one.end
    return "".join(parts) + text[last:]
