"""The request for a second review: the first reply point by point, then what remains. Someone else is to look at it."""

from complaints.facts.records import DocumentProfile, Event, Span
from letters.addresses import complaint_address, office_address
from letters.drafting import heads
from letters.drafting.case import Case
from letters.drafting.complaint import chronology_section, conflict_section, failing_section
from letters.drafting.effect import effect_blocks
from letters.drafting.opening import acting, nub, sum_asked
from letters.drafting.points import point_blocks
from letters.drafting.requests import bearing, request_blocks, response_block
from letters.drafting.sentences import ask, fact, rule
from letters.drafting.wording import day
from letters.outline import Outline
from letters.records import Block, Sentence


def escalation_blocks(case: Case, outline: Outline) -> list[Block]:
    """The letter from its head to the response date."""
    reply = reply_of(case, 1)
    address = (
        office_address(case.facts, case.pages, ("hmrc_complaint_reply",), document=reply.document) if reply else None
    ) or complaint_address(case.intake.tax_head, case.facts, case.pages, case.guidance)
    blocks = [
        heads.letterhead(case),
        heads.addressee(case, address),
        heads.date_line(case),
        heads.subject(case, f"Formal complaint: request for a second review: {case.client_full}"),
        heads.greeting(case),
        Block("paragraph", _opening(case, outline, reply)),
    ]
    sections = [
        ("What happened", [*chronology_section(case, outline), *conflict_section(case, outline)]),
        ("The first reply, point by point", point_blocks(case, reply)),
        ("Where HMRC fell short", failing_section(case, outline)),
        ("Effect and cost", effect_blocks(case, outline)),
        ("What we ask of the second review", request_blocks(case, outline)),
    ]
    for title, found in sections:
        blocks += [heads.heading(case, title), *found] if found else []
    return [*blocks, response_block(case, outline)]


def reply_of(case: Case, tier: int) -> DocumentProfile | None:
    found = [p for p in case.facts.documents if p.kind == "hmrc_complaint_reply" and p.tier == tier]
    return found[-1] if found else None


def reply_event(case: Case, tier: int) -> Event | None:
    kinds = ("complaint_reply",) if tier == 1 else ("review_reply",)
    found = [e for e in case.events(*kinds) if e.tier in (None, tier)]
    return found[-1] if found else None


def _opening(case: Case, _outline: Outline, reply: DocumentProfile | None) -> tuple[Sentence, ...]:
    event = reply_event(case, 1)
    sentences: list[Sentence] = [acting(case, "complain")]
    if reply and reply.written_on and event:
        text = f"HMRC answered our complaint on {day(reply.written_on)}"
        sentences.append(fact(case, text, [event.span], computed=[f"{reply.summary_name}: {day(reply.written_on)}"]))
    wanted = {
        "measured": "We should be grateful for a second review by someone who took no part in the first",
        "firm": "We ask for a second review, by someone who took no part in the first",
        "robust": "We now ask for a second review, by someone who took no part in the first",
    }[case.tone]
    stake = nub(case)
    due = sum_asked(case)
    marks: list[Span] = []
    if due and not any(due in sentence.text for sentence in stake):
        wanted = f"{wanted}, and for repayment of {due}"
        marks = [s for r in case.analysis.remedies if r.kind == "repayment" and r.allowed for s in bearing(r)]
    computed = [f"Repayment asked for: {due}"] if due else []
    return (*sentences, *stake, ask(case, wanted, marks, sections=("complain-about-hmrc",), computed=computed))


def second_review_rule(case: Case) -> Sentence:
    text = (
        "A second review is carried out by a different person, who also looks at how the complaint was handled at first"
    )
    return rule(case, text, ("complain-about-hmrc",))
