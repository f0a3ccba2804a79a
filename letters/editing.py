"""Edits of a letter by a person, and what changed between two versions. Pure.

An edited sentence keeps the sources of the one it replaces, unless the editor names others: it goes through the ledger
again and must be borne out by them. Its kind is not the editor's to choose, so that a statement cannot pass as a
courtesy: a FORM sentence whose new words can be checked becomes a FACT.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from letters.records import Block, DocumentSource, DraftLetter, SectionSource, Sentence, SentenceKind
from lightpoint.errors import InvalidInput
from lightpoint.grounding import check_sentence
from lightpoint.language.sentences import split_sentences

_ALIKE = 0.6  # share of equal words from which a new sentence counts as the old one, reworded
LONGEST = 1_500

Sources = tuple[DocumentSource | SectionSource, ...]


class UnfitEdit(InvalidInput):
    """The edit points at no sentence or section of the letter, or its text cannot be used."""

    code = "unfit-edit"


@dataclass(frozen=True, slots=True)
class SentenceEdit:
    """New words for the sentence at `position` of `DraftLetter.sentences()`; empty words take it out.

    `sources` None keeps those of the sentence it replaces.
    """

    position: int
    text: str
    sources: Sources | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it: `first` and `last` are positions of sentences, the heading's included."""

    index: int
    title: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence of the newer version beside that of the older one; None where it has none."""

    kind: Literal["same", "changed", "added", "removed"]
    old: str | None
    new: str | None


def edit_sentences(letter: DraftLetter, edits: Sequence[SentenceEdit]) -> DraftLetter:
    """The letter with `edits` made. Raises UnfitEdit for a position it does not have, or one that is named twice."""
    count = len(letter.sentences())
    asked = {edit.position: edit for edit in edits}
    if len(asked) != len(edits):
        raise UnfitEdit("The same sentence is edited twice in one request")
    for edit in edits:
        if not 0 <= edit.position < count:
            raise UnfitEdit(f"The letter has no sentence {edit.position}; its sentences are 0 to {count - 1}")
        _check_text(edit.text)
    numbers = iter(range(count))

    def edited(sentence: Sentence) -> Sentence | None:
        edit = asked.get(next(numbers))
        return sentence if edit is None else _reworded(sentence, edit.text, edit.sources)

    return replace(letter, blocks=tuple(b for b in (_mapped(block, edited) for block in letter.blocks) if b))


def sections(letter: DraftLetter) -> tuple[Section, ...]:
    """The sections of the letter in their order; what stands before the first heading belongs to none."""
    found: list[Section] = []
    at = 0
    for block in letter.blocks:
        size = len(DraftLetter(letter.type, "", letter.dated, (block,), ()).sentences())
        if block.kind == "heading" and size:
            found.append(Section(len(found), block.sentences[0].text, at, at + size - 1))
        elif found and block.kind in ("paragraph", "numbered", "chronology") and found[-1].last == at - 1:
            found[-1] = replace(found[-1], last=at + size - 1)
        at += size
    return tuple(found)


def edit_section(letter: DraftLetter, index: int, text: str) -> DraftLetter:
    """The letter with the paragraphs under heading `index` replaced by those of `text`; blank lines part paragraphs.

    A sentence that is like an old one of the section keeps its kind and sources; any other is a FACT that rests on the
    papers and sections which the old ones rest on. Raises UnfitEdit for no such section, one that is a table or a
    list, or an empty text.
    """
    section = next((section for section in sections(letter) if section.index == index), None)
    if section is None:
        raise UnfitEdit(f"The letter has no section {index}; it has {len(sections(letter))}, counted from 0")
    start, end = _block_range(letter, section)
    old = letter.blocks[start:end]
    if any(block.kind != "paragraph" for block in old):
        raise UnfitEdit("This section is a list or a table: edit its sentences one by one")
    _check_text(text, longest=LONGEST * 20)
    known = [sentence for block in old for sentence in block.sentences]
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    if not paragraphs:
        raise UnfitEdit("The new text of the section is empty; to leave the section out, empty its sentences")
    blocks = tuple(Block("paragraph", tuple(_resentenced(part, known))) for part in paragraphs)
    return replace(letter, blocks=(*letter.blocks[:start], *blocks, *letter.blocks[end:]))


def changes(old: DraftLetter, new: DraftLetter) -> tuple[Change, ...]:
    """What became of each sentence from `old` to `new`, in the order of the newer letter."""
    before, after = [s.text for s in old.sentences()], [s.text for s in new.sentences()]
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Change("same", text, text) for text in after[c:d]]
        else:
            found += _paired(before[a:b], after[c:d])
    return tuple(found)


def _paired(gone: Sequence[str], come: Sequence[str]) -> Iterator[Change]:
    for old, new in zip(gone, come, strict=False):
        yield Change("changed", old, new)
    for old in gone[len(come) :]:
        yield Change("removed", old, None)
    for new in come[len(gone) :]:
        yield Change("added", None, new)


def _check_text(text: str, longest: int = LONGEST) -> None:
    if len(text) > longest:
        raise UnfitEdit(f"The text has {len(text)} characters; at most {longest} are taken")
    if any(not (character.isprintable() or character in "\n\t") for character in text):
        raise UnfitEdit("The text has characters that cannot be seen; type it again")


def _reworded(sentence: Sentence, text: str, sources: Sources | None) -> Sentence | None:
    words = " ".join(text.split())
    if not words:
        return None
    carried = sentence.sources if sources is None else sources
    if words == sentence.text and carried == sentence.sources:
        return sentence
    kind: SentenceKind = "fact" if sentence.kind == "form" and _asserts(words) else sentence.kind
    return replace(sentence, text=words, kind=kind, sources=carried, status="unchecked", reasons=())


def _asserts(words: str) -> bool:
    """Whether `words` say what evidence could bear out; to name somebody, as a salutation does, is nothing."""
    verdict = check_sentence(words, ())
    return verdict.assertions > 0 and any(reason.checker != "party" for reason in verdict.reasons)


def _mapped(block: Block, edited: Callable[[Sentence], Sentence | None]) -> Block | None:
    """`block` with each sentence edited, in the order of `DraftLetter.sentences()`; None when nothing is left."""
    sentences = tuple(s for s in [edited(sentence) for sentence in block.sentences] if s)
    rows = tuple((row, edited(row.sentence)) for row in block.rows)
    items = tuple(tuple(s for s in [edited(sentence) for sentence in item] if s) for item in block.items)
    kept = tuple(replace(row, sentence=sentence) for row, sentence in rows if sentence)
    filled = tuple(item for item in items if item)
    if (block.sentences or block.rows or block.items) and not (sentences or kept or filled):
        return None
    return replace(block, sentences=sentences, rows=kept, items=filled)


def _block_range(letter: DraftLetter, section: Section) -> tuple[int, int]:
    """The blocks under the heading of `section`, as a half-open range."""
    headings = [number for number, block in enumerate(letter.blocks) if block.kind == "heading" and block.sentences]
    start = headings[section.index] + 1
    end = start
    while end < len(letter.blocks) and letter.blocks[end].kind in ("paragraph", "numbered", "chronology"):
        end += 1
    return start, end


def _resentenced(paragraph: str, known: Sequence[Sentence]) -> Iterator[Sentence]:
    for span in split_sentences(paragraph):
        text = " ".join(paragraph[span.start : span.end].split())
        like = max(known, key=lambda sentence: _likeness(sentence.text, text), default=None)
        if like is not None and _likeness(like.text, text) >= _ALIKE:
            reworded = _reworded(like, text, None)
        else:
            reworded = Sentence(text, "fact", tuple(dict.fromkeys(s for k in known for s in k.sources)))
        if reworded is not None:
            yield reworded


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
