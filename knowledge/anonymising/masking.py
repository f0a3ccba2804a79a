"""Words about people exchanged for numbered marks before they leave, and put back into what comes back. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.anonymising.removal import TOKENS, anonymise, normal

_TOKEN: Final = re.compile("(" + "|".join(map(re.escape, TOKENS)) + ")")
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
    """`texts` without what tells who they are about; the same words have the same mark in all of them.

    Where a text cannot be laid beside what is left of it, its neutral words stay, and nothing of it is put back.
    """
    marks: dict[tuple[str, str], str] = {}
    done = tuple(_masked(text, marks) for text in texts)
    return Masked(done, {mark: words for (_token, words), mark in marks.items()})


def _masked(text: str, marks: dict[tuple[str, str], str]) -> str:
    neutral = anonymise(text).text
    pieces = _TOKEN.split(neutral)
    if len(pieces) == 1:
        return neutral
    pattern = "".join("(.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
    beside = re.fullmatch(pattern, normal(text), re.DOTALL)
    if beside is None:
        return neutral.translate(str.maketrans("[]", "()"))
    for place, words in enumerate(beside.groups()):
        token = pieces[2 * place + 1]
        number = 1 + sum(1 for known, _words in marks if known == token)
        pieces[2 * place + 1] = marks.setdefault((token, words), f"{{{token[1:-1]} {number}}}")
    return "".join(pieces)
