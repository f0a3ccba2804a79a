"""Numbered failings: a lead-in and at most three sentences: what HMRC did, the standard missed, why it matters."""

from letters.drafting.case import Case
from letters.drafting.failing_facts import facts_of_failing
from letters.drafting.quotes import acceptance
from letters.drafting.sentences import form, lead, rule, says
from letters.drafting.wording import pick
from letters.outline import Claim, Outline
from letters.records import Block, Sentence
from letters.templates import failing_templates

MOST_SENTENCES = 3


def failing_block(case: Case, outline: Outline) -> Block | None:
    """The numbered failings of a letter, or None where there are none."""
    items = tuple(item for item in (paragraph(case, claim, at) for at, claim in enumerate(outline.claims)) if item)
    return Block("numbered", items=items) if items else None


def paragraph(case: Case, claim: Claim, place: int) -> tuple[Sentence, ...]:
    """One failing. Empty where the facts give no sentence that could be borne out."""
    facts = facts_of_failing(case, claim.breach, place)
    if not facts:
        return ()
    standard = standard_sentence(case, claim, place)
    reason = _why(case, claim, place, facts)
    body = [*facts[: MOST_SENTENCES - 1], *([standard] if standard else [])]
    if reason and len(body) < MOST_SENTENCES:
        body.append(reason)
    return (lead(case, heading(claim, place)), *body)


def heading(claim: Claim, place: int) -> str:
    return pick(failing_templates()[claim.breach.failing].leads, place)


def _why(case: Case, claim: Claim, place: int, facts: tuple[Sentence, ...]) -> Sentence | None:
    if claim.breach.accepted:
        said = acceptance(case, claim.breach, place, used=" ".join(sentence.text for sentence in facts))
        if said:
            return said
    words = pick(failing_templates()[claim.breach.failing].matters, place)
    return form(case, words) if words else None


def standard_sentence(case: Case, claim: Claim, place: int) -> Sentence | None:
    """Which standard was missed: the Charter title in full and the section for what it is about. Shape by position."""
    title, section = claim.charter, claim.section
    vow, about = says(title, place), _about(case, claim, place)
    if title and about:
        return rule(case, pick(_BOTH, place).format(title=title, section=section, about=about), (section, "charter"))
    if title:
        return rule(case, pick(_CHARTER, place).format(title=title, vow=vow), ("charter",))
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
    "Here too the standard is “{title}”: the Charter {vow}.",
    "Again “{title}” is the standard missed, which {vow}.",
    "“{title}”, as the Charter has it, {vow}.",
    "By the Charter's standard “{title}” more was due: it {vow}.",
)


def _about(case: Case, claim: Claim, place: int) -> str:
    if not claim.section:
        return ""
    known = says(claim.section, place, claim.breach.failing)
    if known:
        return known
    title = case.guidance[claim.section].title.split(":")[-1].strip()
    return f"({title}) is the guidance on the point"
