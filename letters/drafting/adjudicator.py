"""The submission to the Adjudicator's Office: both reviews, what HMRC accepted, what is still in dispute.

The Adjudicator decides no tax and no question of data protection law ("How to complain to the Adjudicator's Office"),
and HMRC's second review is its last: neither is asked for.
"""

from complaints.facts.records import DocumentProfile, Event, Finding
from letters.addresses import Address
from letters.drafting import heads
from letters.drafting.case import Case
from letters.drafting.complaint import chronology_section, conflict_section, failing_section
from letters.drafting.effect import effect_blocks
from letters.drafting.escalation import reply_event, reply_of
from letters.drafting.opening import acting, nub
from letters.drafting.quotes import quotation
from letters.drafting.requests import request_blocks
from letters.drafting.sentences import ask, fact, form, rule
from letters.drafting.wording import cited, day, listed, quotable, upper_first
from letters.outline import Outline
from letters.records import Block, Sentence

_ADDRESS = Address(("The Adjudicator's Office", "By the Adjudicator's Office online form"), "adjudicator")


def adjudicator_blocks(case: Case, outline: Outline) -> list[Block]:
    """The submission from its head to its requests."""
    blocks = [
        heads.letterhead(case),
        heads.addressee(case, _ADDRESS),
        heads.date_line(case),
        heads.subject(case, f"Formal complaint about HM Revenue and Customs: {case.client_full}"),
        heads.greeting(case),
        Block("paragraph", _opening(case)),
    ]
    sections = [
        ("HMRC's reviews", _reviews(case)),
        ("What happened", [*chronology_section(case, outline), *conflict_section(case, outline)]),
        ("What HMRC has accepted", _accepted(case)),
        ("What remains in dispute", failing_section(case, outline)),
        ("Effect and cost", effect_blocks(case, outline)),
        ("What we ask", [*request_blocks(case, outline), *_not_asked(case)]),
    ]
    for title, found in sections:
        blocks += [heads.heading(case, title), *found] if found else []
    return blocks


def _opening(case: Case) -> tuple[Sentence, ...]:
    wanted = {
        "measured": "We should be grateful if the Adjudicator would look at the points below",
        "firm": "We ask the Adjudicator to look at the points that HMRC's own review has left unresolved",
        "robust": "HMRC's own review has left the points below unresolved, and we ask the Adjudicator to look at them",
    }
    return (acting(case, "complain"), *nub(case), ask(case, wanted[case.tone], sections=("adjudicator",)))


def _reviews(case: Case) -> list[Block]:
    """Both reviews with dates, when the second came, and that the complaint is in time."""
    sentences = [s for tier in (1, 2) for s in _review(case, tier)]
    sentences += [*_only_review(case), *_in_time(case)]
    return [Block("paragraph", tuple(sentences))] if sentences else []


def _only_review(case: Case) -> tuple[Sentence, ...]:
    """Where HMRC gave one review and no second, its own words that the reply is final: tier 2 may be left out."""
    said = [s.span for s in case.statements("final_reply", actor="hmrc") if quotable(s.span.quote)]
    if reply_event(case, 2) or not said:
        return ()
    offered = form(case, "The papers hold only one review by HMRC of the complaint")
    return (quotation(case, said[-1], 0), offered)


def _review(case: Case, tier: int) -> tuple[Sentence, ...]:
    profile, event = reply_of(case, tier), reply_event(case, tier)
    on = (profile.written_on if profile else None) or (event.date if event else None)
    marks = [x.span for x in (event,) if x]
    if on is None or not marks:
        return ()
    reference = _reference_in(case, profile)
    named = f" and bears reference {reference}" if reference else ""
    order = "first" if tier == 1 else "second"
    text = f"HMRC's {order}-tier reply is dated {day(on)}{named}"
    return (fact(case, text, marks, computed=[f"HMRC's {order}-tier reply is dated {day(on)}{named}"]),)


def _reference_in(case: Case, profile: DocumentProfile | None) -> str:
    if profile is None:
        return ""
    found = [
        r.value for r in case.facts.references if r.kind == "complaint_ref" and r.span.document == profile.document
    ]
    return found[0] if found else ""


def _received(case: Case) -> Event | None:
    found = case.events("reply_received")
    return found[-1] if found else None


def _in_time(case: Case) -> list[Sentence]:
    limit = next((d for d in case.analysis.deadlines if d.kind == "external" and "Adjudicator" in d.what), None)
    received = _received(case)
    sentences: list[Sentence] = []
    if received:
        text = f"The second-tier reply reached us on {day(received.date)}"
        sentences.append(
            fact(case, text, [received.span], computed=[f"received on {day(received.date)}: {received.summary}"])
        )
    sentences.append(
        rule(
            case,
            "The Adjudicator's Office can normally accept a complaint up to six months after the second review has "
            "been received",
            ("adjudicator",),
        )
    )
    spans = [received.span] if received else list(limit.spans if limit else ())
    if limit and spans:
        computed = [
            f"{limit.what}: {day(limit.date)} ({limit.derivation})",
            f"the last of those months ends, or ended, on {day(limit.date)}",
        ]
        if case.dated <= limit.date:
            text = f"The last of those months ends on {day(limit.date)}, so that this complaint is in time"
        else:
            text = f"The last of those months ended on {day(limit.date)}"
        sentences.append(fact(case, text, spans, computed=computed))
        if case.dated > limit.date:
            sentences.append(
                ask(
                    case,
                    "We ask that the complaint be accepted late, as an exceptional case",
                    sections=("adjudicator",),
                )
            )
    return sentences


def _accepted(case: Case) -> list[Block]:
    """What the reviews upheld, quoted: it is not put in issue again."""
    quotes: dict[str, list[Finding]] = {}
    for finding in case.analysis.upheld:
        if quotable(finding.span.quote):
            quotes.setdefault(finding.span.document, []).append(finding)
    sentences = [_upheld(case, document, found) for document, found in quotes.items()]
    if not sentences:
        return []
    close = "Those words are accepted, and what they concern is not put in issue again"
    return [Block("paragraph", (*sentences, form(case, close)))]


def _upheld(case: Case, document: str, found: list[Finding]) -> Sentence:
    words = list(dict.fromkeys(cited(f.span.quote) for f in found))[:2]
    text = f"{upper_first(case.called(document))} says: {listed(words)}"
    return fact(case, text, [f.span for f in found[:2]])


def _not_asked(case: Case) -> list[Block]:
    if "adjudicator" not in case.guidance:
        return []
    text = "We ask for no decision on any question of tax"
    return [Block("paragraph", (form(case, text, sections=("adjudicator",)),))]
