"""From what a model streams to what is shown: sentence by sentence, each checked before anybody sees it. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from knowledge.chat.checks import CITES_NOTHING, reason_against
from knowledge.chat.extract import Quoted
from knowledge.chat.orders import without_orders
from knowledge.chat.prompt import NOTHING
from knowledge.chat.records import EXTRACTIVE, Answer, Cited, Delta, Passage, Piece, Removed, declined
from knowledge.chat.sources import Numbering, plain_tokens, tokens_in, without_addresses, without_tokens
from lightpoint.language.normalise import find_loose
from lightpoint.language.quotations import find_quotations
from lightpoint.language.sentences import split_sentences

_MARKS: Final = re.compile(r"^\s*(?:#{1,6}\s+|[-*•]\s+|\d{1,2}[.)]\s+)|\*\*|__|`", re.MULTILINE)
_NUMBER: Final = re.compile(r"(\s*)(\[S\d{1,3}\](?:\s*\[S\d{1,3}\])*)")
LONGEST: Final = 20_000  # characters of an answer; what a model writes beyond is not read


@dataclass
class Draft:
    """An answer as it grows: `take` notes each piece, `answer` is what they come to."""

    written_by: str = EXTRACTIVE
    text: str = ""
    cited: list[Cited] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)

    def take(self, piece: Piece) -> Piece:
        """Note a piece that is shown or removed."""
        if isinstance(piece, Delta):
            self.text += piece.text
        elif isinstance(piece, Cited):
            self.cited.append(piece)
        else:
            self.removed.append(piece)
        return piece

    def answer(self) -> Answer:
        """What was shown; declined where that is nothing."""
        if not self.text.strip():
            return declined(written_by=self.written_by, removed=tuple(self.removed))
        return Answer(self.text.strip(), tuple(self.cited), tuple(self.removed), written_by=self.written_by)


def sentences_of(deltas: Iterable[str]) -> Iterator[str]:
    """The sentences of a text that arrives in pieces, each as soon as the next one has begun. Tokens are plain."""
    buffer, length = "", 0
    for delta in deltas:
        buffer, length = buffer + delta, length + len(delta)
        while (cut := _first_cut(buffer)) is not None:
            yield plain_tokens(buffer[:cut]).strip()
            buffer = buffer[cut:]
        if length > LONGEST:
            return
    rest = plain_tokens(buffer)
    yield from (span.text for span in split_sentences(rest))


def _first_cut(buffer: str) -> int | None:
    """Where the second sentence of `buffer` begins, once so much of it is there that the first has surely ended."""
    spans = split_sentences(buffer)
    for span in spans[1:]:
        following = buffer[span.start :]
        if len(following) < 12:
            return None
        if not re.match(r"\s*\[", following):
            return span.start
        closing = re.match(r"(?:\s*\[[^\]\n]{0,40}\])+[.!?]?", following)
        if closing is None or not following[closing.end() :].strip():
            return None
        return span.start + closing.end()
    return None


def shown(sentences: Iterable[str], passages: Sequence[Passage]) -> Iterator[Piece]:
    """What of a model's `sentences` may be shown, with `passages` as its sources S1, S2 and so on, and what may not."""
    clean = [replace(passage, text=without_orders(passage.text)) for passage in passages]
    numbering, identifiers, begun = Numbering(passages), [passage.identifier for passage in passages], False
    for written in sentences:
        sentence = without_addresses(_MARKS.sub("", written), identifiers).strip()
        bare = without_tokens(sentence).strip()
        if not bare.strip(" ."):
            continue
        if bare.strip(" .").upper() == NOTHING:
            return
        known = [number for number in tokens_in(sentence) if numbering.passage(number)]
        reason = reason_against(bare, [clean[number - 1] for number in known]) if known else CITES_NOTHING
        if reason:
            yield Removed(bare, reason)
            continue
        made = {number: numbering.cite(clean[number - 1], *_words(bare, clean[number - 1])) for number in known}
        yield from (cited for cited, is_new in made.values() if is_new)
        yield Delta((" " if begun else "") + _numbered(sentence, {number: made[number][0].number for number in known}))
        begun = True


def quoted(sentences: Sequence[Quoted]) -> Iterator[Piece]:
    """An answer out of quotations alone: each in quotation marks, with its citation, in a paragraph of its own."""
    numbering = Numbering([one.passage for one in sentences])
    for place, one in enumerate(sentences):
        cited, is_new = numbering.cite(one.passage, one.start, one.end)
        if is_new:
            yield cited
        yield Delta(("\n\n" if place else "") + f"“{one.text}” [{cited.number}]")


def _numbered(sentence: str, numbers: dict[int, int]) -> str:
    def expanded(found: re.Match[str]) -> str:
        known = [numbers[number] for number in tokens_in(found[2]) if number in numbers]
        return " " + "".join(f"[{number}]" for number in dict.fromkeys(known)) if known else ""

    return _NUMBER.sub(expanded, sentence).strip()


def _words(sentence: str, passage: Passage) -> tuple[int, int]:
    """The words of `passage` that bear the sentence out: what it quotes, else the sentence of it most like it."""
    for quotation in find_quotations(sentence):
        found = find_loose(quotation.text.strip(" ,.;"), passage.text)
        if found:
            return passage.start + found[0], passage.start + found[1]
    wanted = _letters(sentence)
    spans = split_sentences(passage.text)
    if not spans:
        return passage.start, passage.end
    best = max(spans, key=lambda span: (_likeness(wanted, _letters(span.text)), -span.start))
    return passage.start + best.start, passage.start + best.end


def _letters(text: str) -> frozenset[str]:
    return frozenset(word[:6] for word in re.findall(r"[a-z0-9£%]{2,}", text.lower()))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) ** 0.5) if one and other else 0.0
