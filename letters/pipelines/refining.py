"""A change of one section that somebody asks for in words: what a model is asked, and what may come of it. Pure.

The cards are the checked sentences of the section as it stands, and others of the case that bear on what is asked for.
What comes back passes the same judgement as any part that a model writes. It is asked for once more with the reasons;
after that the section stays as it was: a change that somebody asked for is made whole, or not at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from complaints.facts.records import Span
from letters.ledger import release_problems, without_exhibits
from letters.pipelines import prompts
from letters.pipelines.answers import read_left_out, read_written
from letters.pipelines.cards import exhibits_in, parts_of
from letters.pipelines.judging import Bench, judged, passes, with_blocks
from letters.pipelines.records import NO_GROUP, Call, Card, Part, Reply, Written
from letters.pipelines.writing import ATTEMPTS, Desk
from letters.records import Block, DocumentSource, DraftLetter, Exhibit, Sentence
from lightpoint.grounding.reading import Reading, read
from lightpoint.grounding.words import STOP_WORDS
from lightpoint.language.dates import format_date

MOST_MORE: Final = 12  # cards from elsewhere in the case
_ANSWER: Final = 2.5  # room for the answer, of the cards
_RETRIED: Final = ("", "invalid-answer", "malformed")


@dataclass(frozen=True, slots=True)
class Refined:
    """The letter with the section changed, checked; or None with the reasons. `error` is what the provider said."""

    letter: DraftLetter | None
    reasons: tuple[str, ...] = ()
    error: str = ""


def section_parts(letter: DraftLetter, first: int, last: int) -> tuple[Part, ...]:
    """The parts of `letter`, which is checked, in its blocks from `first` up to `last`; none that hold no evidence."""
    return tuple(part for part in parts_of(letter) if first <= part.first and part.last <= last)


def refined(bench: Bench, parts: Sequence[Part], words: str, desk: Desk) -> Refined:
    """`bench.letter` with `parts`, which are of one section, changed as `words` ask."""
    more = _more_cards(bench, parts, words)
    wide = tuple(replace(part, more=more) for part in parts)
    blocks: dict[str, Sequence[Block]] = {}
    reasons: dict[str, tuple[str, ...]] = {}
    for attempt in range(1, ATTEMPTS + 1):
        waiting = [part for part in wide if part.id not in blocks]
        desk.submit(_call(bench, waiting, words, reasons, attempt))
        reply = desk.next()
        if reply.value is None and reply.error not in _RETRIED:
            return Refined(None, error=reply.error)
        reasons = {}
        for part in waiting:
            blocks, reasons = _taken(part, reply, bench, blocks, reasons)
        if not reasons:
            return _whole(bench, wide, blocks)
    return Refined(None, tuple(reason for some in reasons.values() for reason in some), reply.error)


def _taken(
    part: Part,
    reply: Reply,
    bench: Bench,
    blocks: dict[str, Sequence[Block]],
    reasons: dict[str, tuple[str, ...]],
) -> tuple[dict[str, Sequence[Block]], dict[str, tuple[str, ...]]]:
    if reply.value is None:
        return blocks, {**reasons, part.id: (f"provider: {reply.error}",)}
    written = read_written(reply.value, part)
    fault, narrow = _narrowed(part, written, reply.value)
    verdict = judged(narrow, written, bench) if not fault else None
    if verdict is None or verdict.reasons:
        return blocks, {**reasons, part.id: verdict.reasons if verdict else (fault,)}
    return {**blocks, part.id: verdict.blocks}, reasons


def _narrowed(part: Part, written: Written, value: Mapping[str, Any]) -> tuple[str, Part]:
    """`part` without the cards that were left out on purpose; with why it may not be, where too little would stay."""
    used = {name for paragraph in written for sentence in paragraph for name in sentence.uses}
    spared = read_left_out(value, part) - used
    kept = tuple(card for card in part.cards if card.id not in spared)
    if not any(card.sentence.kind in ("fact", "rule") for card in kept):
        return "nothing that the evidence bears out would be left of the section", part
    if part.shape == "items" and {card.group for card in kept} != {card.group for card in part.cards}:
        return "something must stay of each item", part
    return "", replace(part, cards=kept)


def _whole(bench: Bench, parts: Sequence[Part], blocks: Mapping[str, Sequence[Block]]) -> Refined:
    before = set(release_problems(bench.letter))
    letter = bench.checked(with_blocks(bench.letter, blocks, parts))
    problems = tuple(problem for problem in release_problems(letter) if problem not in before)
    return Refined(None, problems) if problems else Refined(letter)


def _call(bench: Bench, parts: Sequence[Part], words: str, reasons: Mapping[str, Sequence[str]], attempt: int) -> Call:
    cards = prompts.cards_text(parts, {})
    text = "\n\n".join(
        piece
        for piece in (
            prompts.letter_text(bench.letter),
            cards,
            prompts.more_text(parts[0].more),
            prompts.request_text(words),
            prompts.again_text(reasons) if reasons else "",
        )
        if piece
    )
    return Call("refine", 0, tuple(part.id for part in parts), text, prompts.most_tokens(cards, _ANSWER), attempt)


def _more_cards(bench: Bench, parts: Sequence[Part], words: str) -> tuple[Card, ...]:
    """What else of the letter and of the facts bears on `words`, the nearest first, as cards of no paragraph."""
    told = {_plain(card.text) for part in parts for card in part.cards}
    wanted = read(words)
    found: dict[str, tuple[Sentence, tuple[int, ...]]] = {}
    for sentence, exhibits in (*_of_letter(bench.letter), *_of_facts(bench)):
        plain = _plain(without_exhibits(sentence.text))
        if plain not in told and sentence.kind in ("fact", "rule"):
            found.setdefault(plain, (sentence, exhibits))
    ranked = sorted(found.values(), key=lambda one: -_nearness(wanted, one[0].text))
    near = [one for one in ranked if _nearness(wanted, one[0].text) > 0]
    first = max(int(card.id) for part in parts for card in part.cards) + 1
    cards: list[Card] = []
    for sentence, exhibits in near:
        checked = _alone(bench, sentence)
        if passes(checked):
            text = without_exhibits(checked.text)
            cards.append(Card(str(first + len(cards)), NO_GROUP, text, exhibits, checked))
        if len(cards) == MOST_MORE:
            break
    return tuple(cards)


def _of_letter(letter: DraftLetter) -> Iterator[tuple[Sentence, tuple[int, ...]]]:
    for block in letter.blocks:
        if block.kind in ("paragraph", "numbered"):
            for sentence in (*block.sentences, *(s for item in block.items for s in item)):
                yield sentence, exhibits_in(sentence.text)
        for row in block.rows:
            number = row.exhibit.partition(",")[0]
            yield row.sentence, (int(number),) if number.isdigit() else ()


def _of_facts(bench: Bench) -> Iterator[tuple[Sentence, tuple[int, ...]]]:
    """The happenings of the case, told as lines of a chronology."""
    for event in bench.facts.events:
        text = f"{format_date(event.date)}: {event.summary[:1].upper()}{event.summary[1:]}."
        yield Sentence(text, "fact", (_source(event.span),)), _exhibits(bench.letter.exhibits, event.span.document)


def _exhibits(exhibits: Iterable[Exhibit], document: str) -> tuple[int, ...]:
    return tuple(exhibit.number for exhibit in exhibits if exhibit.document == document)


def _source(span: Span) -> DocumentSource:
    return DocumentSource(span.document, span.page, span.quote)


def _alone(bench: Bench, sentence: Sentence) -> Sentence:
    letter = replace(bench.letter, blocks=(Block("paragraph", (sentence,)),))
    return bench.checked(letter).blocks[0].sentences[0]


def _nearness(wanted: Reading, text: str) -> int:
    """How many words of `wanted` the text has, or words of their meaning."""
    there = read(text)
    lemmas = {token.lemma for token in there.tokens}
    concepts = there.concepts()
    return sum(
        token.lemma in lemmas or bool(token.concepts & concepts)
        for token in wanted.tokens
        if token.kind != "word" or (token.lemma not in STOP_WORDS and token.low not in STOP_WORDS)
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
