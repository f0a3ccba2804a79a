"""Text of a passage that gives orders to whoever reads it with a machine. It is no guidance, and is taken out. Pure.

An order is a sentence that asks for instructions to be set aside, or that addresses a model. What follows it in its
paragraph belongs to it. The ordinary words of guidance ("disregard the period of the delay") are no orders.
"""

import re
from typing import Final

from lightpoint.language.sentences import split_sentences

_MACHINE = (
    r"(?:a\.?i\.?|(?:large |ai )?language models?|llms?|chat ?bots?|gpt\S*|claude|copilot|gemini|"
    r"(?:ai|virtual|digital|automated) (?:assistants?|agents?|systems?|tools?|readers?|models?)|"
    r"(?:automated|machine) readers?)"
)
_ORDERS: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|discard|do(?: not|n['’]t) follow|stop following)\s+"
    r"(?:(?:all|any|every|your|the|these|those|other|and|of|previous|prior|earlier|above|preceding|system|safety|"
    r"original|foregoing)\s+){0,5}(?:instructions?|prompts?|rules above|directives?|guardrails?|sources?|passages?)\b"
    rf"|\b(?:notes?|instructions?|attention|messages?)\s*(?:to|for|:)\s*(?:any |all |the )?{_MACHINE}\b"
    rf"|\b{_MACHINE}\b[^.\n]{{0,60}}?\b(?:must|shall|should|are to|is to|please)\b"
    rf"|^\W*(?:dear|hey|hi|hello|attention)?\W*{_MACHINE}\s*[,:]"
    rf"|\byou are (?:now )?an? {_MACHINE}\b|\bif you are (?:an? )?{_MACHINE}\b"
    r"|<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|\bsystem prompt\b|\bnew instructions\s*:"
    r"|^\W*(?:system|assistant|developer)\s*:\s",
    re.IGNORECASE,
)
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n|$")


def without_orders(text: str) -> str:
    """`text` with orders blanked, all else in its place: the result is as long as `text`."""
    for sentence in split_sentences(text):
        if text[sentence.start : sentence.end].strip() and _ORDERS.search(text[sentence.start : sentence.end]):
            ending = _PARAGRAPH.search(text, sentence.start)
            end = max(sentence.end, ending.start() if ending else len(text))
            text = text[: sentence.start] + " " * (end - sentence.start) + text[end:]
    return text
