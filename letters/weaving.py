"""Pieces of one version of a letter put into another: a section written anew, or what a person had changed. Pure.

A piece is a section with its heading, or another block by its kind. Exhibits have numbers of their own in each version:
a piece that is put into another letter takes the numbers which its papers have there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from letters.ledger import release_problems
from letters.records import Block, DraftLetter, Exhibit, Note, Sentence

_CITED: Final = re.compile(r"\bexhibits? (\d+(?:(?:, | and )\d+)*)", re.IGNORECASE)
_UNDER_A_HEADING: Final = ("paragraph", "numbered", "chronology")
_OF_THE_CASE: Final = frozenset({"letterhead", "addressee", "date", "enclosures", "annex", "schedule"})


class Piece(NamedTuple):
    """What is found again in another version: by kind, by heading, and by its place among equals."""

    kind: str
    title: str
    place: int

    @property
    def called(self) -> str:
        """How people are told of it."""
        return self.title or f"the {self.kind}"


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changed a piece last, and in which version. A piece that was `removed` is not there any more."""

    by: str
    version: int
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A version on the way to the present one: how it came about (LetterVersion.Origin), and for whom."""

    number: int
    origin: str
    by: str
    letter: DraftLetter
    notes: tuple[Note, ...] = ()


def pieces(letter: DraftLetter) -> dict[Piece, tuple[int, int]]:
    """The pieces of `letter` in its order, each as a half-open range of blocks."""
    found: dict[Piece, tuple[int, int]] = {}
    at = 0
    while at < len(letter.blocks):
        block, end = letter.blocks[at], at + 1
        heads = block.kind == "heading" and bool(block.sentences)
        while heads and end < len(letter.blocks) and letter.blocks[end].kind in _UNDER_A_HEADING:
            end += 1
        title = block.sentences[0].text if heads else ""
        place = sum(piece.kind == block.kind and piece.title == title for piece in found)
        found[Piece(block.kind, title, place)] = (at, end)
        at = end
    return found


def section_piece(letter: DraftLetter, index: int) -> Piece | None:
    """The piece that section number `index` is (letters.editing.sections); None where there is none."""
    headed = [piece for piece in pieces(letter) if piece.title]
    return headed[index] if 0 <= index < len(headed) else None


def blocks_of(letter: DraftLetter, piece: Piece) -> tuple[Block, ...]:
    """The blocks of `piece`; none where the letter does not have it."""
    start, end = pieces(letter).get(piece, (0, 0))
    return letter.blocks[start:end]


def text_of(blocks: Sequence[Block]) -> str:
    """The words of `blocks`, one line a block or an item."""
    lines = []
    for block in blocks:
        lines += [" ".join(s.text for s in block.sentences)] if block.sentences else []
        lines += [row.sentence.text for row in block.rows]
        lines += [" ".join(s.text for s in item) for item in block.items]
    return "\n".join(lines)


def with_piece(target: DraftLetter, piece: Piece, source: DraftLetter) -> DraftLetter:
    """`target` with `piece` as `source` has it, or without it where it has none. Raises KeyError for no such piece."""
    start, end = pieces(target)[piece]
    blocks = blocks_of(source, piece)
    numbers, added = _numbers(blocks, source, target)
    renumbered = tuple(_renumbered(block, numbers) for block in blocks)
    whole = (*target.blocks[:start], *renumbered, *target.blocks[end:])
    letter = replace(target, blocks=whole, exhibits=(*target.exhibits, *added))
    return _with_enclosures(letter, added, source) if added else letter


def changed_pieces(old: DraftLetter, new: DraftLetter) -> tuple[Piece, ...]:
    """The pieces of `new` that `old` has otherwise, or has not."""
    return tuple(piece for piece in pieces(new) if text_of(blocks_of(old, piece)) != text_of(blocks_of(new, piece)))


def edits_by_people(steps: Sequence[Step]) -> dict[Piece, Edit]:
    """What of the last of `steps`, the oldest first, stands as a person had it; in the order of that letter."""
    found: dict[Piece, Edit] = {}
    for before, step in pairwise(steps):
        if step.origin == "drafted":
            found = {}
        elif step.origin == "redrafted":
            kept = {note.section for note in step.notes if note.what == "kept"}
            found = {piece: edit for piece, edit in found.items() if piece.called in kept}
        else:
            _note_changes(found, before.letter, step)
    if not steps:
        return {}
    order = list(pieces(steps[-1].letter))
    return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def keep_edits(
    plain: DraftLetter,
    edited: DraftLetter,
    edits: Mapping[Piece, Edit],
    check: Callable[[DraftLetter], DraftLetter],
) -> tuple[DraftLetter, tuple[Note, ...]]:
    """The new draft `plain` with the `edits` of people in `edited` that `check`, the ledger, still bears out.

    The notes tell what was kept, and the words of what was left out with the reasons.
    """
    letter, notes = check(plain), []
    for piece, edit in edits.items():
        words = text_of(blocks_of(edited, piece))
        if words == text_of(blocks_of(letter, piece)):
            continue
        tried, reasons = _tried(letter, piece, edited, check)
        if reasons:
            notes.append(Note("left_out", piece.called, words, edit.by, edit.version, reasons))
        else:
            letter = tried
            notes.append(Note("kept", piece.called, "", edit.by, edit.version))
    return letter, tuple(notes)


def _tried(
    letter: DraftLetter, piece: Piece, edited: DraftLetter, check: Callable[[DraftLetter], DraftLetter]
) -> tuple[DraftLetter, tuple[str, ...]]:
    if piece.kind in _OF_THE_CASE:
        return letter, ("this part is always put together from the case",)
    if piece not in pieces(letter):
        return letter, ("the new letter has no such section",)
    before = set(release_problems(letter))
    tried = check(with_piece(letter, piece, edited))
    return tried, tuple(problem for problem in release_problems(tried) if problem not in before)


def _note_changes(found: dict[Piece, Edit], before: DraftLetter, step: Step) -> None:
    changed = changed_pieces(before, step.letter)
    gone = [piece for piece in pieces(before) if piece not in pieces(step.letter)]
    for piece in gone:
        found.pop(piece, None)
    if step.origin in ("renewed", "restored"):
        for piece in changed:
            found.pop(piece, None)
        return
    found |= {piece: Edit(step.by, step.number) for piece in changed}
    if not any(piece not in pieces(before) for piece in changed):  # else a heading was reworded
        found |= {piece: Edit(step.by, step.number, removed=True) for piece in gone}


def _numbers(
    blocks: Sequence[Block], source: DraftLetter, target: DraftLetter
) -> tuple[dict[int, int], tuple[Exhibit, ...]]:
    """The numbers in `target` of the exhibits that `blocks` cite by those of `source`, and the exhibits it lacks."""
    there = {exhibit.document: exhibit.number for exhibit in target.exhibits}
    known = {exhibit.number: exhibit for exhibit in source.exhibits}
    last = max(there.values(), default=0)
    numbers: dict[int, int] = {}
    added: list[Exhibit] = []
    for number in _cited(blocks):
        exhibit = known.get(number)
        if exhibit is None:
            continue
        if exhibit.document not in there:
            last += 1
            there[exhibit.document] = last
            added.append(replace(exhibit, number=last))
        numbers[number] = there[exhibit.document]
    return numbers, tuple(added)


def _cited(blocks: Sequence[Block]) -> tuple[int, ...]:
    found = [int(digits) for m in _CITED.finditer(text_of(blocks)) for digits in re.findall(r"\d+", m[1])]
    found += [int(digits) for block in blocks for row in block.rows for digits in re.findall(r"^\d+", row.exhibit)]
    return tuple(dict.fromkeys(found))


def _renumbered(block: Block, numbers: Mapping[int, int]) -> Block:
    def of(sentence: Sentence) -> Sentence:
        return replace(sentence, text=_CITED.sub(lambda match: _cite(match[1], numbers), sentence.text))

    rows = tuple(
        replace(row, sentence=of(row.sentence), exhibit=re.sub(r"^\d+", lambda m: _number(m[0], numbers), row.exhibit))
        for row in block.rows
    )
    return replace(
        block,
        sentences=tuple(map(of, block.sentences)),
        rows=rows,
        items=tuple(tuple(map(of, item)) for item in block.items),
    )


def _cite(cited: str, numbers: Mapping[int, int]) -> str:
    found = sorted({int(_number(digits, numbers)) for digits in re.findall(r"\d+", cited)})
    shown = ", ".join(map(str, found[:-1])) + f" and {found[-1]}" if len(found) > 1 else str(found[0])
    return f"exhibit{'s' if len(found) > 1 else ''} {shown}"


def _number(digits: str, numbers: Mapping[int, int]) -> str:
    return str(numbers.get(int(digits), int(digits)))


def _with_enclosures(letter: DraftLetter, added: Sequence[Exhibit], source: DraftLetter) -> DraftLetter:
    """The list of enclosures with a line for each of `added`, as `source` has it under another number."""
    was = {exhibit.document: exhibit.number for exhibit in source.exhibits}
    lines = [s for block in source.blocks if block.kind == "enclosures" for s in block.sentences]
    more = tuple(
        replace(line, text=f"{exhibit.number}.{line.text.partition('.')[2]}")
        for exhibit in added
        for line in lines
        if line.text.startswith(f"{was[exhibit.document]}. ")
    )
    blocks = tuple(
        replace(block, sentences=(*block.sentences, *more)) if block.kind == "enclosures" else block
        for block in letter.blocks
    )
    return replace(letter, blocks=blocks)
