"""Second thoughts: a sentence that the ledger would not bear out is said more shortly, quoted, or left out.

The drafter knows several ways of saying a thing and asserts only one that can be verified: first the sentence as
composed, then its beginning, then the words of its document. What none of them carries is not said. The ledger still
checks the finished letter; nothing here sets a status.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from letters.craft import tells_gender
from letters.drafting.case import Case
from letters.drafting.quotes import quotation
from letters.drafting.sentences import answering, with_exhibits
from letters.drafting.telling import is_bare
from letters.drafting.wording import beginnings, cited, day, finished, quotable, upper_first
from letters.records import Block, ChronologyRow, DocumentSource, DraftLetter, Sentence

_DATED = re.compile(r"^On \d{1,2} \w+ \d{4} ")
_CITED = re.compile(r"\s*\(exhibits?\s+\d[^()]*\)")


def sound(case: Case, letter: DraftLetter) -> DraftLetter:
    """The letter with every sentence that the ledger does not bear out replaced or left out."""
    judged = case.checked(letter)
    blocks = [_sound_block(case, letter, block) for block in judged.blocks]
    return replace(letter, blocks=tuple(_without_bare_headings([block for block in blocks if block])))


def _sound_block(case: Case, letter: DraftLetter, block: Block) -> Block | None:
    sentences = tuple(s for s in (_mended(case, letter, s) for s in block.sentences) if s)
    rows = tuple(r for r in (_sound_row(case, letter, r) for r in block.rows) if r)
    items = tuple(item for item in (_sound_item(case, letter, i) for i in block.items) if item)
    return replace(block, sentences=sentences, rows=rows, items=items) if sentences or rows or items else None


def _sound_item(case: Case, letter: DraftLetter, item: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """A numbered item without what cannot be borne out; nothing where only its lead-in or its rule is left."""
    kept = tuple(s for s in (_mended(case, letter, s) for s in item) if s)
    had_fact, has_fact = (any(s.kind == "fact" for s in some) for some in (item, kept))
    return () if had_fact and not has_fact else answering(kept, item)


def _sound_row(case: Case, letter: DraftLetter, row: ChronologyRow) -> ChronologyRow | None:
    if _stands(row.sentence):
        return replace(row, sentence=_unjudged(row.sentence))
    for other in _row_alternatives(case, row):
        if _verified(case, letter, other):
            return replace(row, sentence=other)
    return None


def _row_alternatives(case: Case, row: ChronologyRow) -> Iterator[Sentence]:
    prefix = f"{day(row.on)}: "
    told = row.sentence.text.removeprefix(prefix)
    for shorter in beginnings(told):
        if not is_bare(shorter):
            yield _reworded(row.sentence, prefix + shorter)
    for source in _documents(row.sentence):
        if quotable(source.quote) and case.written_on(source.document) == row.on:
            yield _reworded(row.sentence, f"{prefix}{upper_first(case.called(source.document))}: {cited(source.quote)}")


def _mended(case: Case, letter: DraftLetter, sentence: Sentence) -> Sentence | None:
    """The sentence, or another that can be borne out, or None. A request is never left out."""
    if _stands(sentence):
        return _unjudged(sentence)
    for other in _alternatives(case, sentence):
        if _verified(case, letter, other):
            return other
    return _unjudged(sentence) if sentence.kind == "ask" else None


def _alternatives(case: Case, sentence: Sentence) -> Iterator[Sentence]:
    documents = [source.document for source in _documents(sentence)]
    for shorter in beginnings(_CITED.sub("", sentence.text).rstrip(". ")):
        if is_bare(upper_first(_DATED.sub("", shorter))):
            continue
        text = with_exhibits(case, shorter, documents) if _CITED.search(sentence.text) else shorter
        yield _reworded(sentence, finished(text))
    if sentence.kind == "fact" and " | " not in sentence.text:
        for place, source in enumerate(_documents(sentence)):
            if quotable(source.quote):
                yield quotation(case, source, place + len(sentence.text))


def _documents(sentence: Sentence) -> list[DocumentSource]:
    return [source for source in sentence.sources if isinstance(source, DocumentSource)]


def _reworded(sentence: Sentence, text: str) -> Sentence:
    return replace(_unjudged(sentence), text=text)


def _stands(sentence: Sentence) -> bool:
    """Repaired counts as standing: the ledger will repair it again."""
    return sentence.status in ("verified", "repaired", "not_checkable") and not tells_gender(sentence.text)


def _unjudged(sentence: Sentence) -> Sentence:
    return replace(sentence, status="unchecked", reasons=())


def _verified(case: Case, letter: DraftLetter, sentence: Sentence) -> bool:
    trial = replace(letter, blocks=(Block("paragraph", (sentence,)),))
    judged = case.checked(trial).blocks[0].sentences[0]
    return judged.status == "verified" and not tells_gender(judged.text)


def _without_bare_headings(blocks: list[Block]) -> Iterator[Block]:
    """The blocks without a heading that nothing follows but another heading or the foot of the letter."""
    for at, block in enumerate(blocks):
        after = blocks[at + 1].kind if at + 1 < len(blocks) else "signature"
        if block.kind != "heading" or after not in ("heading", "signature", "enclosures", "annex"):
            yield block
