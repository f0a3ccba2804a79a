"""What changed from one text to the next, as pieces of text. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from lightpoint.language.sentences import split_sentences

PieceKind = Literal["same", "removed", "added"]
_TOKEN: Final = re.compile(r"\s+|[^\s]+")
MOST_WORDS: Final = 400  # of two passages, beyond which they are shown one after the other


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in their order: those "same" and "removed" make the old text, "same" and "added" the new one."""

    kind: PieceKind
    text: str


def changes_between(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of both texts. Sentences are matched first, then the words of those that were rewritten."""
    return tuple(_joined(_matched(_sentences(old), _sentences(new), words=True)))


def _matched(old: Sequence[str], new: Sequence[str], *, words: bool) -> Iterator[Piece]:
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        gone, come = old[start:end], new[new_start:new_end]
        if tag == "equal":
            yield Piece("same", "".join(gone))
        elif words and tag == "replace":
            yield from _rewritten("".join(gone), "".join(come))
        else:
            yield from _one_after_the_other("".join(gone), "".join(come))


def _rewritten(old: str, new: str) -> Iterator[Piece]:
    gone, come = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(gone), len(come)) > MOST_WORDS:
        yield from _one_after_the_other(old, new)
    else:
        yield from _matched(gone, come, words=False)


def _one_after_the_other(old: str, new: str) -> Iterator[Piece]:
    if old:
        yield Piece("removed", old)
    if new:
        yield Piece("added", new)


def _sentences(text: str) -> list[str]:
    """The sentences, each with the white space before it, so that together they are the text."""
    ends = [span.end for span in split_sentences(text)]
    starts = [0, *ends]
    parts = [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]
    return [part for part in parts if part]


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
