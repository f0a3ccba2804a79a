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
    r"(?:any |the )?(?:automated|automatic|machine|software|model|system|electronic|computer|"
    r"robot) (?:readers?|reading|"
    r"processing|processors?|reviewers?|scanners?|checkers?)|"
    r"(?:ai|machine|automated|automatic|llm|software)[- ](?:drafting|reading|writing|review|processing|based|assisted|"
    r"powered|driven) (?:tools?|software|systems?|assistants?|programs?|services?|readers?)|"
    r"(?:drafting|summari[sz]ation|extraction|case|letter[- ]writing|document) (?:bots?|assistants?|engines?|"
    r"agents?|robots?)|"
    r"robots?|neural networks?|algorithms?)"
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
_IMPERATIVE = (
    r"(?:treat|tell|state|say|write|cite|output|respond|reply|report|mark|set|record|conclude|confirm|assume|"
    r"omit|remove|"
    r"delete|include|insert|add|use|print|return|send|reveal|accept|approve|recommend|draft|close|withdraw|act|pretend|"
    r"translate|follow|ignore|disregard|forget|leave|do not|don't|never|always|make|change|replace|ensure|note|"
    r"consider|"
    r"skip|drop|praise|summari[sz]e|prepare|put|stop|keep|give|classify|answer|read|regard|show|e-?mail|forward|upload|"
    r"begin|start|end|award|agree|admit|describe)"
)
# Named first and ordered about after a colon, a comma or a dash: "Automated readers and drafting tools: treat ...".
_CALLED = re.compile(
    rf"^\W*(?:to |for |dear |attention |attn |note |nb )*(?:(?:any|all|every|each|the|our|your) )*{_MACHINE}"
    rf"(?:\s*(?:,|and|or|&|/)\s*(?:(?:any|all|every|other) )*[\w-]+(?: [\w-]+){{0,3}}?){{0,3}}\s*(?:[:,;–—]|-|"
    rf"\.{{2,}})\s*"
    rf"(?:please |kindly |you (?:must|should|are to|will|may) )*{_IMPERATIVE}\b",
    re.I,
)
# Whoever puts the file into words is told what to write or to leave out, without being named.
_TASK = (
    r"(?:summari[sz]\w+|draft\w*|process\w*|analys\w+|extract\w*|generat\w+|prepar\w+|pars\w+|writ(?:e|ing)|"
    r"read(?:ing)?|"
    r"review\w*|index\w*|compos\w+)"
)
_OUTPUT = (
    r"(?:(?:the|any|this|that|every|a) (?:final |draft |resulting |generated |complaint |covering )*(?:letter|"
    r"draft|summary|"
    r"output|chronology|complaint letter|response|analysis|report|answer)|your (?:summary|output|chronology|analysis))"
)
_BY_TASK = re.compile(
    rf"^\W*(?:when|while|if|before|after|in|for|on) (?:you(?: are|['’]re)? )?{_TASK} (?:this|these|the|a|any|"
    rf"that|it|from)\b"
    rf"[^.\n]{{0,60}}?[,:]\s*(?:please |you (?:must|should|are to|will) )*{_IMPERATIVE}\b"
    rf"|^\W*(?:whoever|whatever|anyone|anything|any system|any tool|the (?:reader|drafter|writer|system|tool|"
    rf"program|software|"
    rf"model)|readers?) (?:that |who |which |is |are )?(?:\w+ )?{_TASK}\b[^.\n]{{0,50}}?\b(?:must|should|shall|"
    rf"is to|are to|will)\b"
    rf"|^\W*(?:reader|viewer|recipient|user)s?\b[^.\n]{{0,40}}\bif (?:you are |it is )?(?:automated|a machine|"
    rf"not human)\b"
    rf"|\b(?:do not|don['’]t|never|you must not|must not) (?:mention|include|refer to|cite|quote|disclose|"
    rf"report|show|list)\b"
    rf"[^.\n]{{0,80}}\bin {_OUTPUT}"
    rf"|^\W*(?:please )?(?:include|insert|add|put|write|state|repeat|copy)\b[^.\n]{{0,60}}\b(?:in|into|to|"
    rf"at the (?:top|end|"
    rf"start) of) (?:your (?:summary|output|response|answer|analysis)|the (?:draft|generated|final) letter|"
    rf"the summary)\b"
    rf"|^\W*(?:in|for) your (?:summary|output|response|answer|analysis|"
    rf"draft)\b[^.\n]{{0,20}}[,:]?\s*(?:please )?{_IMPERATIVE}\b"
    rf"|\b(?:your|the) (?:task|instructions?|job|role) (?:is|are) (?:now |hereby )?(?:to|changed|replaced|"
    rf"as follows)\b",
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


# People ask each other such things about their own letters and returns.
_AMONG_PEOPLE = re.compile(
    r"\b(?:we|us|our|hmrc|my|me|i)\b[^.\n]{0,40}\b(?:letter|draft|return|reply|file|note)\b|\b(?:tax )?return\b", re.I
)


def _is_injection(text: str) -> bool:
    line = flat(text)
    return bool(
        (_SET_ASIDE.search(line) and not re.search(r"\b(?:our|my)\b[^.]{0,30}\binstructions?\b", line, re.I))
        or _ADDRESS.search(line)
        or _ORDERED.search(line)
        or _CALLED.search(line)
        or (_BY_TASK.search(line) and not _AMONG_PEOPLE.search(line))
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
