"""The craft of a letter, checked by code: what LETTER.md forbids must not stand in a drafted letter. Pure.

Words in quotation marks are other people's and are left alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from letters.records import Block, DraftLetter, Sentence

LONGEST_SENTENCE = 45
MOST_ALIKE = 2  # sentences that may begin with the same three words
MOST_IN_FAILING = 3
MOST_CITATIONS = 2  # of one section in one letter

_QUOTED = re.compile(r"“[^”]*”")
_FORBIDDEN = re.compile(
    r"\b(clearly|obviously|disgrace\w*|appalling\w*|outrag\w+|shocking\w*|shambolic|incompeten\w+|blatant\w*|scandal\w*|"
    r"unacceptabl\w+|utter(ly)?|frankly|needless to say|farc\w+|ridiculous\w*|lazy|criminal\w*|illegal\w*|negligen\w+|"
    r"wrongful disclosure|surely|of course)\b",
    re.IGNORECASE,
)
_THREAT = re.compile(
    r"\b(or else|legal action|we will sue|take this further|go to the press|the media|without further notice|"
    r"we will have no (choice|option|alternative)|reserve (all )?(our|the) rights|failing which)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
_OFFICER = re.compile(
    r"\b(adviser|officer|handler|caseworker|inspector|helpline|agent line|Mrs|Miss|Ms|Mr)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"(?<![\w/-])(I|my|me|mine|myself)(?![\w/-])")
_SLOT = re.compile(r"[{}\[\]]|\b(TBC|TBA|XXX+|None|null|nan|Decimal)\b|\.\.|,,|\( ?\)| ,| \.(?!\d)")
_INTERNAL = re.compile(r"\.(pdf|docx|xlsx|eml|txt|csv|msg)\b|::|\b[0-9a-f]{12,}\b|\b\w+_\w+\b", re.IGNORECASE)
_AMERICAN = re.compile(
    r"\b(color|favor|honor|labor|behavior|center|centers|apologiz\w+|recogniz\w+|authoriz\w+|organiz\w+|realiz\w+|"
    r"summariz\w+|itemiz\w+|analyz\w+|judgment|fulfill|enroll|inquir(y|ies)|check(?= (for|in the amount))|gotten|"
    r"license(?= to)|program(?=s?\b)|defense|offense|traveled|canceled|labeled|per cent%)\b",
    re.IGNORECASE,
)
_DAYS = re.compile(r"\b(\d+|ten|fifteen|twenty|thirty|forty)[ -](working[ -])?days?\b", re.IGNORECASE)
_NOT_IN_APPEAL = re.compile(r"\bCharter\b|\bCRG\d{4}|\bredress\b|\bapolog|\bdistress\b|\breimburse", re.IGNORECASE)
_SECTION = re.compile(r"\bCRG\d{4}\b")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the craft forbids, and the words in which it stands."""

    rule: str
    words: str


def craft_faults(letter: DraftLetter) -> tuple[Fault, ...]:
    """All faults of a letter in the order of the rules; none for a letter that may be signed as it is."""
    return tuple(fault for rule in _RULES for fault in rule(letter))


def own_words(text: str) -> str:
    """The text without its quotations."""
    return _QUOTED.sub("“…”", text)


def _prose(letter: DraftLetter) -> Iterator[Sentence]:
    """The sentences of paragraphs and of numbered items, in reading order."""
    for block in letter.blocks:
        if block.kind == "paragraph":
            yield from block.sentences
        for item in block.items:
            yield from item


def _each(rule: str, pattern: re.Pattern[str]) -> Callable[[DraftLetter], Iterator[Fault]]:
    def check(letter: DraftLetter) -> Iterator[Fault]:
        for sentence in letter.sentences():
            if pattern.search(own_words(sentence.text)):
                yield Fault(rule, sentence.text)

    return check


def tells_gender(text: str) -> bool:
    """Whether words of ours use a pronoun for anybody but an officer of HMRC or a person whose title is given."""
    own = own_words(text)
    return bool(_PRONOUN.search(own)) and not _OFFICER.search(own)


def _gender(letter: DraftLetter) -> Iterator[Fault]:
    for sentence in letter.sentences():
        if tells_gender(sentence.text):
            yield Fault("gender", sentence.text)


def _double_spaces(letter: DraftLetter) -> Iterator[Fault]:
    for sentence in letter.sentences():
        if "  " in sentence.text or sentence.text != sentence.text.strip():
            yield Fault("spaces", sentence.text)


def _questions(letter: DraftLetter) -> Iterator[Fault]:
    for sentence in letter.sentences():
        if "?" in own_words(sentence.text):
            yield Fault("rhetorical question", sentence.text)


def _long(letter: DraftLetter) -> Iterator[Fault]:
    for sentence in _prose(letter):
        if len(sentence.text.split()) > LONGEST_SENTENCE:
            yield Fault("long sentence", sentence.text)


def _openings(letter: DraftLetter) -> Iterator[Fault]:
    """The same first three words more than twice, over the prose; a list of requests may repeat itself."""
    counted = (s for s in _prose(letter) if not s.lead and s.kind != "ask" and len(s.text.split()) > 5)
    starts = Counter(_start(own_words(s.text)) for s in counted)
    for start, count in sorted(starts.items()):
        if count > MOST_ALIKE:
            yield Fault("repeated opening", f"{start} ({count} times)")


def _start(text: str) -> str:
    return " ".join(re.sub(r"[^\w' -]", "", text).split()[:3]).lower()


def _failings(letter: DraftLetter) -> Iterator[Fault]:
    """A failing has a lead-in and at most three sentences, and its neighbours do not begin alike."""
    for block in letter.blocks:
        items = [item for item in block.items if item and item[0].lead]
        for item in items:
            if len(item) - 1 > MOST_IN_FAILING:
                yield Fault("long failing", item[0].text)
        yield from _all_alike(items)


def _all_alike(items: list[tuple[Sentence, ...]]) -> Iterator[Fault]:
    firsts = [" ".join(item[1].text.split()[:2]) for item in items if len(item) > 1]
    if len(firsts) > 2 and len(set(firsts)) == 1:
        yield Fault("same opening for every paragraph", firsts[0])


def _day_counts(letter: DraftLetter) -> Iterator[Fault]:
    """No guidance page holds a target in days, so no RULE and no request may give one."""
    for sentence in letter.sentences():
        if sentence.kind in ("rule", "form") and _DAYS.search(own_words(sentence.text)):
            yield Fault("days as a target", sentence.text)


def _citations(letter: DraftLetter) -> Iterator[Fault]:
    cited = Counter(section for s in _prose(letter) for section in _SECTION.findall(own_words(s.text)))
    for section, count in sorted(cited.items()):
        if count > MOST_CITATIONS:
            yield Fault("section cited for decoration", f"{section} ({count} times)")


def _appeal(letter: DraftLetter) -> Iterator[Fault]:
    """An appeal holds no Charter, no guidance on remedy and no redress."""
    for sentence in letter.sentences() if letter.type == "appeal" else ():
        if _NOT_IN_APPEAL.search(own_words(sentence.text)):
            yield Fault("complaint in an appeal", sentence.text)


def _empty(letter: DraftLetter) -> Iterator[Fault]:
    for block in letter.blocks:
        if not (block.sentences or block.rows or block.items) or any(not item for item in block.items):
            yield Fault("empty block", block.kind)
        yield from (Fault("empty sentence", block.kind) for s in _sentences(block) if not s.text.strip(" ."))


def _sentences(block: Block) -> Iterator[Sentence]:
    yield from block.sentences
    yield from (row.sentence for row in block.rows)


_RULES: tuple[Callable[[DraftLetter], Iterator[Fault]], ...] = (
    _each("forbidden word", _FORBIDDEN),
    _each("threat", _THREAT),
    _gender,
    _each("first person singular", _FIRST_PERSON),
    _each("unfilled slot", _SLOT),
    _each("internal name", _INTERNAL),
    _each("spelling", _AMERICAN),
    _double_spaces,
    _questions,
    _long,
    _openings,
    _failings,
    _day_counts,
    _citations,
    _appeal,
    _empty,
)
