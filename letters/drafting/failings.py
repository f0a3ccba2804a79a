"""Numbered failings: a lead-in and at most three sentences: what HMRC did, the standard missed, why it matters."""

import re

from letters.drafting.case import Case
from letters.drafting.failing_delay import measured
from letters.drafting.failing_facts import facts_of_failing
from letters.drafting.quotes import acceptance
from letters.drafting.sentences import answering, fact, form, lead, rule, says
from letters.drafting.trial import holds
from letters.drafting.wording import day, pick
from letters.outline import Claim, Outline
from letters.records import Block, Sentence
from letters.wordings import failing_templates

MOST_SENTENCES = 3


def failing_block(case: Case, outline: Outline) -> Block | None:
    """The numbered failings of a letter, or None where there are none. Words quoted for one are not quoted again."""
    items: list[tuple[Sentence, ...]] = []
    titles: set[str] = set()
    for claim in outline.claims:
        told = " ".join(sentence.text for item in items for sentence in item)
        item = paragraph(case, claim, len(items) + turn(case), told=told, again=claim.charter in titles)
        if item and not (_told_already(item, told) and _has_another(claim, outline)):
            items.append(item)
            titles.add(claim.charter)
    return Block("numbered", items=tuple(items)) if items else None


def _told_already(item: tuple[Sentence, ...], told: str) -> bool:
    """Whether every fact of a failing rests on words that an earlier failing has quoted."""
    facts = [s for s in item if s.kind == "fact"]
    return all(any(words in told for words in _QUOTED.findall(s.text)) for s in facts)


def _has_another(claim: Claim, outline: Outline) -> bool:
    """Whether its Charter standard is that of another failing of the letter."""
    return any(other is not claim and other.charter == claim.charter for other in outline.claims)


def turn(case: Case) -> int:
    """Where a case begins among the wordings, so that two cases are not told in one run of phrases."""
    return sum(map(ord, case.intake.client_name)) % 6


def paragraph(case: Case, claim: Claim, place: int, *, told: str = "", again: bool = False) -> tuple[Sentence, ...]:
    """One failing. Empty where the facts give no sentence that could be borne out."""
    facts = _counted_once(case, claim, _fresh(facts_of_failing(case, claim.breach, place), told), told)
    if not facts:
        return ()
    standard = standard_sentence(case, claim, place, again=again)
    reason = _why(case, claim, place, facts, told)
    body = [*facts[: MOST_SENTENCES - 1], *([standard] if standard else [])]
    if reason and len(body) < MOST_SENTENCES:
        body.append(reason)
    return (lead(case, heading(claim, place)), *body)


def _fresh(facts: tuple[Sentence, ...], told: str) -> tuple[Sentence, ...]:
    """The sentences without those whose quotations an earlier failing has; at least one is kept."""
    fresh = tuple(s for s in facts if not any(words in told for words in _QUOTED.findall(s.text)))
    return answering(fresh, facts) or facts[:1]


_QUOTED = re.compile(r"“[^”]+”")
_COUNTED = re.compile(r"\b\d+ working days?\b")
_DAY = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b")


def _counted_once(case: Case, claim: Claim, facts: tuple[Sentence, ...], told: str) -> tuple[Sentence, ...]:
    """A length of time that an earlier failing has counted is not counted again: it is referred to, or left out."""
    fresh = tuple(s for s in facts if not _is_counted(s.text, told))
    delay = claim.breach.delay
    if fresh or not facts or delay is None:
        return fresh or facts
    spans = list(delay.spans) or list(claim.breach.spans)
    same = f"The time since {day(delay.start)} is the time counted above."
    said = fact(case, f"The time since {day(delay.start)} is counted above", spans, computed=[measured(delay), same])
    return (said,) if holds(case, said) else facts


def _is_counted(text: str, told: str) -> bool:
    """Whether the same number of days from the same day stands in a sentence told before."""
    counts, days = set(_COUNTED.findall(text)), set(_DAY.findall(text))
    before = [s for s in re.split(r"(?<=[.)]) (?=[A-Z])", told) if counts & set(_COUNTED.findall(s))]
    return any(days & set(_DAY.findall(s)) for s in before)


def heading(claim: Claim, place: int) -> str:
    return pick(failing_templates()[claim.breach.failing].leads, place)


def _why(case: Case, claim: Claim, place: int, facts: tuple[Sentence, ...], told: str) -> Sentence | None:
    if claim.breach.accepted:
        used = " ".join((told, *(sentence.text for sentence in facts)))
        said = acceptance(case, claim.breach, place, used=used)
        if said and _of_letters(case, claim, said):
            said = None
        if said:
            return said
    words = pick(failing_templates()[claim.breach.failing].matters, place)
    return form(case, words) if words else None


def _of_letters(case: Case, claim: Claim, said: Sentence) -> bool:
    """Whether words accept that letters went unanswered, which a paragraph of its own will quote."""
    own = any(b.failing == "unanswered_correspondence" and b.accepted for b in case.analysis.breaches)
    other = claim.breach.failing != "unanswered_correspondence"
    return own and other and re.search(r"\bletters?\b.*\b(?:answered|repl\w+)\b", said.text) is not None


def standard_sentence(case: Case, claim: Claim, place: int, *, again: bool = False) -> Sentence | None:
    """Which standard was missed: the Charter title in full and the section for what it is about. Shape by position."""
    title, section = claim.charter, claim.section
    vow, about = says(title, place), _about(case, claim, place)
    if title and about:
        return rule(case, pick(_BOTH, place).format(title=title, section=section, about=about), (section, "charter"))
    if title:
        return rule(case, pick(_CHARTER_AGAIN if again else _CHARTER, place).format(title=title, vow=vow), ("charter",))
    return rule(case, f"{section} {about}", (section,)) if about else None


_BOTH = (
    "The HMRC Charter standard is “{title}”; {section} {about}.",
    "{section} {about}; the Charter standard missed is “{title}”.",
    "This falls short of “{title}” in the Charter; {section} {about}.",
    "“{title}” is the Charter standard concerned; {section} {about}.",
    "In the guidance {section} {about}; in the Charter the standard is “{title}”.",
    "Among the standards of the Charter is “{title}”; {section} {about}.",
)
_CHARTER = (
    "The Charter standard “{title}” {vow}.",
    "Under the HMRC Charter the standard is “{title}”, which {vow}.",
    "“{title}”, as the Charter has it, {vow}.",
    "By the Charter's standard “{title}” more was due: it {vow}.",
)
_CHARTER_AGAIN = (
    "Here too the standard is “{title}”: the Charter {vow}.",
    "Again “{title}” is the standard missed, which {vow}.",
    "Once more it is “{title}” that was missed, which {vow}.",
)


def _about(case: Case, claim: Claim, place: int) -> str:
    if not claim.section:
        return ""
    known = says(claim.section, place, claim.breach.failing)
    if known:
        return known
    title = case.guidance[claim.section].title.split(":")[-1].strip()
    return f"({title}) is the guidance on the point"
