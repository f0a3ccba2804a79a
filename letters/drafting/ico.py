"""The concern put to the Information Commissioner: short, only what bears on personal information, nobody named.

It stands beside a complaint to HMRC and is sent once HMRC has had its chance to answer, as the Commissioner expects.
"""

import re
from dataclasses import replace

from complaints.facts.records import Event
from letters.addresses import Address
from letters.drafting import heads
from letters.drafting.case import Case
from letters.drafting.chronology import chronology
from letters.drafting.failings import failing_block
from letters.drafting.opening import acting
from letters.drafting.sentences import ask, form
from letters.drafting.wording import day
from letters.outline import Outline
from letters.records import Block, Sentence

_ADDRESS = Address(("Information Commissioner's Office", "By the online form for data protection complaints"))
_BEARING = (
    "address_changed",
    "disclosure",
    "coding_notice",
    "calculation_issued",
    "notice_issued",
    "webchat",
    "call",
    "letter_to_hmrc",
    "letter_from_hmrc",
    "complaint_made",
)


def ico_blocks(case: Case, outline: Outline) -> list[Block]:
    """The concern from its head to what is asked."""
    blocks = [
        heads.letterhead(case),
        heads.addressee(case, _ADDRESS),
        heads.date_line(case),
        heads.subject(
            case,
            f"Concern about HM Revenue and Customs' handling of personal information: {case.client_full}",
            kinds=("hmrc_ref", "complaint_ref"),
        ),
        heads.greeting(case),
        Block(
            "paragraph",
            (
                acting(case, "raise this concern"),
                form(case, _had_its_chance(case)),
                ask(
                    case,
                    "We ask the Commissioner to consider whether HMRC has met its duties for that information",
                ),
            ),
        ),
    ]
    table = chronology(case, bearing(case, outline))
    numbered = failing_block(case, outline)
    blocks += [heads.heading(case, "What happened"), table] if table else []
    blocks += [heads.heading(case, "The concern"), numbered] if numbered else []
    return [*blocks, heads.heading(case, "What we ask"), Block("numbered", items=tuple((s,) for s in _asks(case)))]


def _had_its_chance(case: Case) -> str:
    if "complaint" in (case.analysis.route.route, *case.analysis.route.secondary_routes):
        return f"HMRC was asked to deal with the matter in our complaint of {day(case.dated)}"
    return "HMRC has been asked to deal with the matter"


def bearing(case: Case, outline: Outline) -> list[Event]:
    """The events that bear on personal information: those of the failings, and the like in the same papers."""
    own = [e for claim in outline.claims for e in claim.breach.events]
    documents = {d for claim in outline.claims for d in claim.breach.documents}
    near = [e for e in case.facts.events if e.kind in _BEARING and e.span.document in documents]
    return [_spare(e) for e in case.facts.events if e in own or e in near]


def _spare(event: Event) -> Event:
    """An event without the tax figures that the Commissioner does not need."""
    return replace(event, summary=re.sub(r",? (with|showing|stating)\b[^;]*", "", event.summary))


def _asks(case: Case) -> list[Sentence]:
    return [
        ask(case, "That HMRC be asked to confirm which of its records hold a former address, and to correct them"),
        ask(case, "That HMRC be asked what it has done to prevent another letter from going astray"),
        ask(case, "That we be told of the outcome"),
    ]
