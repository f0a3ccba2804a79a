"""The first-tier complaint, in the order that the template of its type lays down."""

from collections.abc import Callable, Sequence

from letters.addresses import complaint_address
from letters.drafting import chronology, contradictions, heads, opening
from letters.drafting.case import Case
from letters.drafting.effect import effect_blocks
from letters.drafting.failings import failing_block
from letters.drafting.figures import figures
from letters.drafting.requests import request_blocks, response_block
from letters.drafting.sentences import form
from letters.outline import Outline
from letters.records import Block

Section = Callable[[Case, Outline], Sequence[Block]]


def complaint_blocks(case: Case, outline: Outline) -> list[Block]:
    """The letter from its head to the response date; signature, enclosures and annex are added by the caller."""
    enquiry = case.analysis.complaint_type == "prolonged_enquiry"
    address = complaint_address(case.intake.tax_head, case.facts, case.pages, case.guidance, enquiry=enquiry)
    blocks = [
        heads.letterhead(case),
        heads.addressee(case, address),
        heads.date_line(case),
        heads.subject(case, f"Formal complaint: {case.client_full}: {outline.template.subject}"),
        heads.greeting(case),
    ]
    return blocks + body(case, outline)


def body(case: Case, outline: Outline) -> list[Block]:
    """The sections of the template, each under its heading; a heading is printed once, and never over nothing."""
    blocks: list[Block] = []
    last = ""
    for name in outline.template.sections:
        found = [block for block in SECTIONS[name](case, outline) if block]
        title = outline.template.heading(name)
        if found and title and title != last:
            blocks.append(heads.heading(case, title))
            last = title
        blocks += found
    return blocks


def chronology_section(case: Case, _outline: Outline) -> list[Block]:
    table = chronology.chronology(case, case.facts.events)
    return [table] if table else []


def conflict_section(case: Case, outline: Outline) -> list[Block]:
    """The papers that contradict each other, then the sums that the table leaves out."""
    shown = [*chronology_section(case, outline), Block("paragraph", opening.nub(case))]
    found = (contradictions.conflicts(case, case.analysis.conflicts), figures(case, shown))
    return [block for block in found if block]


def failing_section(case: Case, outline: Outline) -> list[Block]:
    numbered = failing_block(case, outline)
    if numbered is None:
        return []
    concession = outline.template.concession if outline.type == "complaint_tier_1" else ""
    return [Block("paragraph", (form(case, concession),)), numbered] if concession else [numbered]


def _opening(case: Case, outline: Outline) -> list[Block]:
    return [opening.complaint_opening(case, outline)]


def _response(case: Case, outline: Outline) -> list[Block]:
    return [response_block(case, outline)]


def _nothing(_case: Case, _outline: Outline) -> list[Block]:
    return []


SECTIONS: dict[str, Section] = {
    "opening": _opening,
    "chronology": chronology_section,
    "conflicts": conflict_section,
    "failings": failing_section,
    "effect": effect_blocks,
    "costs": _nothing,
    "requests": request_blocks,
    "response": _response,
}
