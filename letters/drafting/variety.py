"""No run of sentences that open alike: a quotation whose document was just named is introduced in another way."""

import re
from collections import Counter
from dataclasses import replace

from letters.drafting.sentences import agreeing
from letters.drafting.wording import lower_first, upper_first
from letters.records import Block, Sentence

_INTRODUCED = re.compile(
    r"^(?!On |Yet )(?P<name>[^“(]{8,110}?) (?:says?|reads?|has|have)(?P<cite> \(exhibits? [^)]+\))?: (?P<words>“.*)$"
)
_OTHERWISE = (
    "in the words of {name}{cite}: {words}",
    "as {name} has it{cite}: {words}",
    "to quote {name}{cite}: {words}",
)
_OPENING = 3  # words by which two sentences are alike


def varied(blocks: list[Block]) -> list[Block]:
    """The blocks with the quotations of their prose introduced in turn."""
    seen: Counter[str] = Counter()
    return [_varied_block(block, seen) for block in blocks]


def _varied_block(block: Block, seen: Counter[str]) -> Block:
    if block.kind == "paragraph":
        return replace(block, sentences=tuple(_another_way(s, seen) for s in block.sentences))
    if block.kind == "numbered":
        return replace(block, items=tuple(tuple(_another_way(s, seen) for s in item) for item in block.items))
    return block


def _another_way(sentence: Sentence, seen: Counter[str]) -> Sentence:
    if sentence.kind == "fact" and seen[_start(sentence.text)]:
        match = _INTRODUCED.match(sentence.text)
        ways = [_OTHERWISE[(seen.total() + at) % len(_OTHERWISE)] for at in range(len(_OTHERWISE))] if match else []
        for way in ways:
            name, cite, words = (match[part] or "" for part in ("name", "cite", "words")) if match else ("", "", "")
            text = agreeing(upper_first(way.format(name=lower_first(name), cite=cite, words=words)))
            if not seen[_start(text)]:
                sentence = replace(sentence, text=text)
                break
    if not sentence.lead:
        seen[_start(sentence.text)] += 1
    return sentence


def _start(text: str) -> str:
    return " ".join(text.lower().split()[:_OPENING])
