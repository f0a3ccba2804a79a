"""Sources as tokens: a model writes [S1], code writes [1] and what it leads to. Pure.

A model never writes an address or the number of a section; what it writes of them is taken out.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from knowledge.chat.records import Cited, Passage

_TOKEN: Final = re.compile(r"\[\s*(?:source\s+)?S\s?(\d{1,3})\s*\]", re.IGNORECASE)
_GROUP: Final = re.compile(r"\[\s*S\s?\d{1,3}(?:\s*[,;&]\s*S?\s?\d{1,3})+\s*\]", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"\[(?!S\d{1,3}\])[^\]\n]{0,40}\]")  # [1], [CRG5225]: only code numbers citations
_LINK: Final = re.compile(r"\[([^\]\n]{0,200})\]\((?:[^()\n]|\([^()\n]*\))*\)")
_ADDRESS: Final = re.compile(
    r"<?\b(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|www\.)\S+|"
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:gov\.uk|co\.uk|org\.uk|ac\.uk|uk|com|org|net|io|info|eu)\b(?:/\S*)?",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(
    r"\b(?:CRG|CHG|DMBM|EM|CH|COG|ARTG|SAM|PAYE|VATPOSS|CCG)[\s\-]?\d{3,6}[A-Z]?\b", re.IGNORECASE
)
_MOVED: Final = re.compile(r"([.!?])([\"”’)]*)[ \t]*((?:\[S\d{1,3}\][ \t]*)+)")
_EMPTY: Final = re.compile(r"\(\s*(?:see|in|at|under|from|of)?\s*[,;]*\s*\)|(?<=\s)[,;](?=\s)")


def token(number: int) -> str:
    """How the source `number`, from 1, is written in a prompt: "[S1]"."""
    return f"[S{number}]"


def plain_tokens(text: str) -> str:
    """`text` with tokens in their one form, those of a group apart, and those after a full stop before it."""
    text = _GROUP.sub(lambda group: "".join(token(int(n)) for n in re.findall(r"\d{1,3}", group[0])), text)
    text = _TOKEN.sub(lambda found: token(int(found[1])), text)
    return _MOVED.sub(lambda found: f" {found[3].strip()}{found[1]}{found[2]} ", text)


def tokens_in(text: str) -> tuple[int, ...]:
    """The numbers of the sources that `text` names, in order, each once. Tokens are in their plain form."""
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\[S(\d{1,3})\]", text)))


def without_tokens(text: str) -> str:
    """`text` without its tokens."""
    return re.sub(r"\s*\[S\d{1,3}\]", "", text)


def without_addresses(text: str, identifiers: Iterable[str] = ()) -> str:
    """`text` without addresses, numbers of sections and citations that a model wrote; tokens stay.

    `identifiers` are those of the sources; numbers of sections of HMRC's manuals are known by their look.
    """
    text = _ADDRESS.sub("", _LINK.sub(r"\1", text))
    for identifier in sorted(identifiers, key=len, reverse=True):
        if any(char.isdigit() for char in identifier):
            text = re.sub(rf"\b{_loosely(identifier)}\b", "", text, flags=re.IGNORECASE)
    text = _BRACKETED.sub("", _SECTION.sub("", text))
    return re.sub(r"\s+([.,;:!?])", r"\1", re.sub(r"[ \t]{2,}", " ", _EMPTY.sub("", text))).strip()


def _loosely(identifier: str) -> str:
    letters = re.match(r"[A-Za-z]*", identifier)
    head = letters[0] if letters else ""
    return rf"{re.escape(head)}[\s\-]?{re.escape(identifier[len(head) :])}"


class Numbering:
    """Numbers citations from 1 as the sentences that are shown use them; the same words have one number."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._cited: dict[tuple[int, int, int], Cited] = {}

    @property
    def cited(self) -> tuple[Cited, ...]:
        """What has been cited so far, by number."""
        return tuple(self._cited.values())

    def passage(self, number: int) -> Passage | None:
        """The source of a token; None for one that is not known."""
        return self._passages[number - 1] if 1 <= number <= len(self._passages) else None

    def cite(self, passage: Passage, start: int, end: int) -> tuple[Cited, bool]:
        """The citation of the words from `start` to `end` of the passage's version, and whether it is new."""
        key = (passage.version_id, start, end)
        known = self._cited.get(key)
        if known:
            return known, False
        quote = passage.text[start - passage.start : end - passage.start]
        made = Cited(
            number=len(self._cited) + 1,
            version_id=passage.version_id,
            identifier=passage.identifier,
            title=passage.title,
            start=start,
            end=end,
            quote=quote,
            url=passage.url,
            version=passage.version,
        )
        self._cited[key] = made
        return made, True
