"""Text in a document that tries to steer a reader, human or machine, instead of telling it something.

A sentence is an injection when it addresses machines or readers and orders them about, or asks to set instructions
aside. The orders that follow it in the same paragraph belong to it. Ordinary requests between people ("please
disregard our earlier letter") are not injections: nobody's instructions are set aside by them.
"""

import re
from collections.abc import Sequence

from complaints.facts.records import Injection, Span
from complaints.facts.view import Unit, flat

_MACHINE = (
    r"(?:a\.?i\.?|artificial intelligence|(?:large )?language models?|llms?|gpt\S*|claude|copilot|gemini|chat ?bots?|"
    r"(?:ai|virtual|digital|automated|writing|drafting) (?:assistants?|agents?|systems?|tools?|readers?|models?)|"
    r"document (?:readers?|processors?|parsers?)|parsers?|summari[sz]ers?|bots?|machine readers?|"
    r"(?:a\.?i\.?|automated|automatic|machine|computer)[- ](?:generated )?(?:summar(?:y|ies)|tools?|software|systems?|"
    r"services?|readers?|reviewers?|letters?|drafts?|processes|processing)|"
    r"(?:summari[sz]ing|drafting|reading|analysis|transcription|language) (?:software|tools?|systems?|services?"
    r"|programs?)|"
    r"software (?:that|which|reading|processing|summari[sz]ing)|"
    r"(?:any|the) (?:automated|machine|software|model|system) (?:reader|reading|processing)\w*)"
)
_ADDRESS = re.compile(
    rf"\b(?:notes?|messages?|instructions?|attention|notice|memo|directions?|orders?|"
    rf"prompts?|important)\b[^.\n]{{0,20}}?"
    rf"(?:to|for|of|:|-)\s*(?:any|all|the|whichever|every)?\s*{_MACHINE}\b",
    re.I,
)
_ORDERED = re.compile(
    rf"\b{_MACHINE}\b[^.\n]{{0,60}}?\b(?:must|should|shall|is to|are to|please|will now|you are)\b"
    rf"|^\W*(?:dear|hey|hi|hello|attn:?|attention:?)\s+{_MACHINE}\b"
    rf"|\bif you are (?:an? |any )?{_MACHINE}\b"
    rf"|\bas an? {_MACHINE},? you\b|\byou are (?:now )?an? {_MACHINE}\b",
    re.I,
)
_SET_ASIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|discard|do not follow|don't follow|stop following)\s+"
    r"(?:(?:all|any|every|each|your|the|of|these|those|other|and|or|previous|prior|earlier|above|preceding|existing|"
    r"system|safety|original|foregoing)\s+){0,5}"
    r"(?:instructions?|prompts?|system prompts?|directives?|programming|guardrails?|guidelines|safeguards)\b"
    r"(?!\s+(?:we|i|hmrc|which|that we|in our|in my|on the|on your|from our|given by|sent by|to (?:pay|our|the bank)))",
    re.I,
)
_MARKUP = re.compile(
    r"<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|\bBEGIN (?:SYSTEM|PROMPT|INSTRUCTIONS?)\b|"
    r"^\W*(?:###\s*)?(?:system|assistant|developer)\s*(?:prompt|message|instructions?|override)\s*[:>]|"
    r"^\W*system\s*:\s|\bsystem prompt\b|\bprompt injection\b|\bhidden instructions?\b|\bnew instructions\s*:",
    re.I,
)
_ORDER = re.compile(
    r"^\W*(?:(?:you|the (?:reader|model|assistant|drafter|system)) (?:must|should|shall|are to|is to|will)\b|"
    r"(?:also|then|instead|finally|next|and|now|always|never|simply|only)?,?\s*(?:please\s+)?"
    r"(?:do not|don't|never|always|state|say|write|cite|output|respond|reply with|report|treat|mark|set|record|"
    r"conclude|confirm that|assume|omit|remove|delete|include|insert|add|use|print|return|send|reveal|accept|approve|"
    r"recommend|tell|draft|close|withdraw|act as|pretend|translate|follow|ignore|disregard|forget|begin|end)\b)",
    re.I,
)
_ASKS = (
    (re.compile(r"\bwithdraw\w*", re.I), "withdrawal of the complaint"),
    (re.compile(r"\bcit(?:e|ing|ation)\b", re.I), "a citation that the papers do not bear out"),
    (
        re.compile(
            r"\b(?:do not|don't|never) (?:mention|refer|include|quote|use|show|report)|\bomit|\bleave out", re.I
        ),
        "evidence to be left out",
    ),
    (
        re.compile(r"\b(?:approve|accept|admit|agree|uphold|settled?|in full|closed?)\b", re.I),
        "a conclusion that nobody has reached",
    ),
    (
        re.compile(r"£|\bamounts?\b|\bpay\b|\bbank (?:details|account)\b|\bsort code\b", re.I),
        "figures or payment details to be changed",
    ),
    (re.compile(r"\b(?:reveal|disclose|print|output|send|e-?mail|forward|upload)\b", re.I), "data to be given away"),
    (_SET_ASIDE, "instructions to be set aside"),
)


def _is_injection(text: str) -> bool:
    line = flat(text)
    return bool(
        (_SET_ASIDE.search(line) and not re.search(r"\b(?:our|my)\b[^.]{0,30}\binstructions?\b", line, re.I))
        or _ADDRESS.search(line)
        or _ORDERED.search(line)
        or _MARKUP.search(line)
    )


def _asks_for(text: str) -> str:
    asked = [words for pattern, words in _ASKS if pattern.search(text)]
    return ", ".join(asked) if asked else "the reader to follow orders placed in the document"


def _runs(units: Sequence[Unit]) -> list[list[Unit]]:
    """Injected sentences together with the orders that follow each of them in its paragraph."""
    runs: list[list[Unit]] = []
    for unit in units:
        follows = bool(runs) and runs[-1][-1] is not unit and _adjacent(runs[-1][-1], unit)
        last = runs[-1][-1] if follows else unit
        broken = follows and unit.start - last.end <= 1 and not re.search(r"[.!?][\"”')]*\s*$", last.text)
        if _is_injection(unit.text) or (follows and (broken or _ORDER.match(unit.text))):
            if follows:
                runs[-1].append(unit)
            else:
                runs.append([unit])
    return runs


def _adjacent(before: Unit, after: Unit) -> bool:
    return before.page == after.page and 0 <= after.start - before.end <= 3


def find_injections(units: Sequence[Unit], pages: dict[int | None, str]) -> tuple[Injection, ...]:
    """The injected passages of a document; `pages` gives the text of each page by number."""
    found = []
    for run in _runs(units):
        first, last = run[0], run[-1]
        text = pages[first.page][first.start : last.end]
        span = Span(first.document, first.page, first.start, first.start + len(text.rstrip()), text.rstrip())
        found.append(Injection(span, _asks_for(flat(text))))
    return tuple(found)


def without_injections(units: Sequence[Unit], injections: Sequence[Injection]) -> tuple[Unit, ...]:
    """The units that no injection touches: only these may yield facts."""
    return tuple(u for u in units if not any(_overlaps(u, injection.span) for injection in injections))


def _overlaps(unit: Unit, span: Span) -> bool:
    return unit.page == span.page and unit.start < span.end and span.start < unit.end
