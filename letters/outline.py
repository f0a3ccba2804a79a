"""From the analysis to the claims of each letter: which letters, which failings in which order, which sections. Pure.

The order is strongest first; among equals the template of the complaint type decides. A section is cited once in a
letter, by the failing that it is about: a second citation would be decoration.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from complaints.analysis.records import Analysis, Breach, Remedy
from knowledge.digest.records import GuidanceSection
from letters.records import LetterType
from letters.wordings import TypeTemplate, type_templates

MOST_CLAIMS = 6
ENOUGH_CLAIMS = 5  # beyond these, only what is strong or has a Charter standard of its own
WEAK = 70
_REMEDY_ORDER = (
    "repayment",
    "interest",
    "process_fix",
    "apology",
    "direct_costs",
    "professional_costs",
    "worry_and_distress",
    "poor_complaint_handling",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One numbered failing: the breach and the section that its RULE cites ("" where only the Charter is cited)."""

    breach: Breach
    section: str
    charter: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What one letter is made of."""

    type: LetterType
    template: TypeTemplate
    claims: tuple[Claim, ...]
    remedies: tuple[Remedy, ...]


def remedies(outline: Outline, kind: str) -> list[Remedy]:
    """The remedies of one kind, in the order of the requests."""
    return [remedy for remedy in outline.remedies if remedy.kind == kind]


def _part_of_another(remedy: Remedy, remedies_: Iterable[Remedy]) -> bool:
    """Whether a cost is a line or the unit price of a total in the same paper, which alone is asked for."""
    if remedy.kind != "direct_costs" or not remedy.amount:
        return False
    papers = {span.document for span in remedy.spans}
    near = [r for r in remedies_ if r.kind == "direct_costs" and r.allowed and papers & {s.document for s in r.spans}]
    total = max((r.amount for r in near if r.amount), default=remedy.amount)
    rest = sum(r.amount for r in near if r.amount and r.amount != total)
    return remedy.amount < total and (rest == total or total % remedy.amount == 0)


def letter_types(analysis: Analysis) -> tuple[LetterType, ...]:
    """The letters to write, the main route first, each once."""
    found: list[LetterType] = []
    for route in (analysis.route.route, *analysis.route.secondary_routes):
        letter = _letter_for(route, analysis)
        if letter and letter not in found:
            found.append(letter)
    return tuple(found)


def _letter_for(route: str, analysis: Analysis) -> LetterType | None:
    if route == "complaint":
        return "complaint_tier_2" if analysis.route.tier == 2 else "complaint_tier_1"
    if route == "out_of_time":
        return _late_letter(analysis)
    return route if route in ("appeal", "ico", "adjudicator") else None  # type: ignore[return-value]


def _late_letter(analysis: Analysis) -> LetterType:
    """A late case still goes to the body whose period has run out, which may accept it for good reason."""
    words = f"{analysis.route.rule} {analysis.route.reason}".lower()
    return "adjudicator" if "adjudicator" in words else "appeal"


def outline_for(letter: LetterType, analysis: Analysis, guidance: Mapping[str, GuidanceSection]) -> Outline:
    """The outline of one letter of a case."""
    template = type_templates()[analysis.complaint_type]
    breaches = _for_letter(letter, ordered(analysis.breaches, template))
    claims = tuple(_with_sections(telling(breaches), guidance, _kept(analysis)))
    if letter == "ico":  # the Commissioner applies the law, not HMRC's guidance on remedy
        claims = tuple(Claim(claim.breach, "", claim.charter) for claim in claims)
    return Outline(letter, template, claims, allowed_remedies(analysis))


def ordered(breaches: Iterable[Breach], template: TypeTemplate) -> tuple[Breach, ...]:
    """Strongest first; the failings that the template leads with before others of the same strength."""
    leads = {name: rank for rank, name in enumerate(template.leads)}
    return tuple(sorted(breaches, key=lambda b: (-b.strength, leads.get(b.failing, len(leads)), b.failing)))


def telling(breaches: tuple[Breach, ...]) -> tuple[Breach, ...]:
    """The failings worth a paragraph: where there are more than enough, weak ones give way to the strong.

    Each Charter standard that the evidence supports keeps its strongest failing.
    """
    if len(breaches) <= ENOUGH_CLAIMS:
        return breaches
    standards: set[str | None] = set()
    kept: list[Breach] = []
    for breach in breaches:
        if breach.charter not in standards or (breach.strength >= WEAK and len(kept) < ENOUGH_CLAIMS):
            kept.append(breach)
        standards.add(breach.charter)
    return tuple(kept[:MOST_CLAIMS])


def _for_letter(letter: LetterType, breaches: tuple[Breach, ...]) -> tuple[Breach, ...]:
    if letter == "ico":
        return tuple(b for b in breaches if b.failing in ("data_breach", "report_not_logged"))
    if letter == "complaint_tier_1":
        return tuple(b for b in breaches if b.failing != "incomplete_reply")
    return tuple(b for b in breaches if not _settled(letter, b)) or breaches


def _settled(letter: LetterType, breach: Breach) -> bool:
    """What HMRC has accepted is not put in issue again, unless it still goes on when a second review is asked for."""
    goes_on = breach.failing == "broken_undertaking" or (breach.delay is not None and breach.delay.open)
    return breach.accepted and (letter == "adjudicator" or not goes_on)


def _kept(analysis: Analysis) -> frozenset[str]:
    """Sections that the part on redress will cite."""
    kinds = {r.kind for r in analysis.remedies if r.allowed}
    return frozenset(section for kind, section in _CITED_LATER if kind in kinds)


_CITED_LATER = (
    ("worry_and_distress", "CRG6050"),
    ("worry_and_distress", "CRG6075"),
    ("worry_and_distress", "CRG6125"),
    ("professional_costs", "CRG5100"),
    ("direct_costs", "CRG5025"),
)


def _with_sections(
    breaches: Iterable[Breach], guidance: Mapping[str, GuidanceSection], kept: frozenset[str]
) -> Iterable[Claim]:
    used = set(kept)
    for breach in breaches:
        known = [s for s in breach.guidance if s in guidance and not guidance[s].archived]
        fresh = [s for s in known if s not in used]
        section = fresh[0] if fresh else ("" if breach.charter else (known[0] if known else ""))
        used.add(section)
        yield Claim(breach, section, breach.charter or "")


def allowed_remedies(analysis: Analysis) -> tuple[Remedy, ...]:
    """What may be asked for, in the order of the requests; what the analysis refused is left out."""
    rank = {kind: number for number, kind in enumerate(_REMEDY_ORDER)}
    allowed = [r for r in analysis.remedies if r.allowed and not _part_of_another(r, analysis.remedies)]
    return tuple(sorted(allowed, key=lambda r: (rank[r.kind], "CRG5350" in r.basis)))
