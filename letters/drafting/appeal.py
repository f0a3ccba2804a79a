"""The appeal: the decision, that it is in time, the facts, the grounds, and a statutory review as the alternative.

An appeal is no complaint: it holds no Charter, no guidance on remedy and no redress. Whether facts amount to a
reasonable excuse is for the decision maker, so they stand as facts.
"""

from dataclasses import dataclass
from datetime import date

from complaints.analysis.records import Deadline
from complaints.facts.records import Amount, Event, Reference, Span
from letters.addresses import HMRC, Address, office_address
from letters.drafting import heads
from letters.drafting.case import Case
from letters.drafting.chronology import chronology
from letters.drafting.events import dated, event_clause
from letters.drafting.failing_facts import contradiction
from letters.drafting.opening import acting
from letters.drafting.quotes import quotation
from letters.drafting.sentences import ask, fact, form
from letters.drafting.wording import day, finished, pounds, quotable, short_quote, upper_first
from letters.outline import Outline
from letters.records import Block, Sentence

_DECIDED = ("penalty_issued", "assessment_issued", "notice_issued", "calculation_issued")
_COMPLIED = (
    "return_filed",
    "return_received",
    "application_made",
    "application_received",
    "documents_sent",
    "claim_made",
)
_PAID = ("payment_to_hmrc",)
_FACTS = (
    *_COMPLIED,
    *_PAID,
    "call",
    "webchat",
    "documents_requested",
    "documents_lost",
    "letter_to_hmrc",
    "letter_from_hmrc",
    "disposal",
    "correction",
    "address_changed",
    *_DECIDED,
)
_NOUNS = {"penalty_issued": "penalty", "assessment_issued": "assessment"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is appealed: the notice, its amount and reference, and the last day."""

    event: Event
    noun: str
    amount: Amount | None
    reference: Reference | None
    limit: Deadline | None


def find_decision(case: Case) -> Decision | None:
    """The decision that the route rests on: the event of the spans that made it an appeal, else the newest one."""
    found = case.events(*_DECIDED, actor="hmrc")
    documents = {s.document for s in case.analysis.route.spans}
    named = [e for e in found if e.kind in _NOUNS]
    near = [e for e in named if e.span.document in documents] or named or list(found)
    if not near:
        return None
    event = near[-1]
    noun = _NOUNS.get(event.kind, "decision")
    role = {"penalty": ("penalty", "surcharge"), "assessment": ("assessed_tax",)}.get(noun, ())
    here = [a for a in case.facts.amounts if a.role in role and a.span.document == event.span.document]
    references = (
        r for r in case.facts.references if r.kind == "penalty_ref" and r.span.document == event.span.document
    )
    limits = (d for d in case.analysis.deadlines if d.kind == "statutory" and "appeal" in d.what.lower())
    amount = max(here, key=lambda a: a.value, default=None)
    return Decision(event, noun, amount, next(references, None), next(limits, None))


def appeal_blocks(case: Case, _outline: Outline) -> list[Block]:
    """The appeal from its head to its requests."""
    decision = find_decision(case)
    noun = decision.noun if decision else "decision"
    blocks = [
        heads.letterhead(case),
        heads.addressee(case, appeal_address(case, decision)),
        heads.date_line(case),
        heads.subject(
            case,
            f"Appeal against {noun}: {case.client_full}",
            kinds=("penalty_ref", "hmrc_ref", "tracking_no", "cgt_return", "sdlt_return"),
        ),
        heads.greeting(case),
        Block("paragraph", (acting(case, "appeal"), ask(case, _WE_APPEAL[case.tone]))),
    ]
    sections = [
        ("The decision appealed", _decision(case, decision)),
        ("The facts", _facts(case, decision)),
        ("Grounds of appeal", _grounds(case, decision)),
        ("What we ask", _requests(case, decision)),
    ]
    for title, found in sections:
        blocks += [heads.heading(case, title), *found] if found else []
    return blocks


_WE_APPEAL = {
    "measured": "This letter is an appeal, and we should be grateful if it were treated as one",
    "firm": "This letter is an appeal, and we ask that it be treated as one",
    "robust": "This letter is an appeal and is to be treated as one",
}


def appeal_address(case: Case, decision: Decision | None) -> Address:
    """The office on the notice, else the office that last wrote about the matter, else HMRC."""
    document = decision.event.span.document if decision else ""
    return (
        (office_address(case.facts, case.pages, (), document=document) if document else None)
        or office_address(case.facts, case.pages, ("hmrc_notice", "hmrc_letter"))
        or Address((HMRC,))
    )


def _decision(case: Case, decision: Decision | None) -> list[Block]:
    if decision is None:
        return []
    event = decision.event
    marks: list[Span] = [event.span]
    marks += [x.span for x in (decision.amount, decision.reference) if x]
    of = f" of {pounds(decision.amount.value)}" if decision.amount else ""
    under = f", penalty reference {decision.reference.value}" if decision.reference else ""
    text = f"The appeal is against the {decision.noun}{of} in HMRC's notice of {day(event.date)}{under}"
    first = fact(case, text, marks, computed=[dated(case, event)])
    return [Block("paragraph", (first, *_in_time(case, decision)))]


def _in_time(case: Case, decision: Decision) -> tuple[Sentence, ...]:
    """That the appeal is within the period that runs from the notice; or a request to admit it late."""
    limit = decision.limit
    if limit is None:
        return ()
    spans = [decision.event.span, *limit.spans]
    last = f"The period for an appeal runs, or ran, to {day(limit.date)}."
    computed = [f"{last} {limit.what}: {day(limit.date)} ({limit.derivation})"]
    if case.dated <= limit.date:
        runs = f"The period for it runs from the date of that notice to {day(limit.date)}"
        text = f"{runs}, and this appeal is made within it"
        return (fact(case, text, spans, computed=computed), *_other_period(case, limit.date))
    text = f"The period for it ran to {day(limit.date)}"
    return (
        fact(case, text, spans, computed=computed),
        ask(case, "We ask that the appeal be admitted late on the facts below"),
    )


def _other_period(case: Case, limit: date) -> tuple[Sentence, ...]:
    """A later paper of HMRC that gives another period is pointed out and not relied on."""
    for conflict in case.facts.conflicts:
        late = [s for s in conflict.statements if s.value != limit.isoformat()]
        if conflict.kind == "deadline" and late:
            text = f"{upper_first(case.called(late[0].document))} gives a period of its own, on which we do not rely"
            return (fact(case, text, [late[0]]),)
    return ()


def _facts(case: Case, decision: Decision | None) -> list[Block]:
    until = decision.event if decision else None
    events = [e for e in case.facts.events if e.kind in _FACTS or e is until]
    table = chronology(case, [e for e in events if e.kind not in ("client_report",)])
    return [table] if table else []


def _grounds(case: Case, decision: Decision | None) -> list[Block]:
    """What was done and received, what HMRC said of it, what was paid, and HMRC's own contradictions: facts only."""
    confirmed = _confirmations(case)
    quoted_from = {source for sentence in confirmed for source in sentence.sources}
    done = [s for s in _compliance(case, decision) if quoted_from.isdisjoint(s.sources)]
    grounds: list[tuple[Sentence, ...]] = [(s,) for s in (*done, *confirmed)]
    grounds += [*_not_found(case), *((s,) for s in _payments(case))]
    shown = " ".join(s.text for item in grounds for s in item)
    grounds += [(s,) for s in _contradictions(case, shown)]
    if not grounds:
        return []
    noun = decision.noun if decision else "decision"
    close = form(
        case,
        f"On those facts the {noun} should not stand; so far as any excuse were needed, the same facts are put forward",
    )
    return [Block("numbered", items=tuple(grounds)), Block("paragraph", (close,))]


def _not_found(case: Case) -> list[tuple[Sentence, ...]]:
    """HMRC's own search, quoted, and what it does not show."""
    said = [s for s in case.statements("no_trace", actor="hmrc") if quotable(s.span.quote)]
    remark = "A search that finds nothing does not show that nothing came"
    return [(quotation(case, s.span, 1), form(case, remark)) for s in said[-1:]]


def _compliance(case: Case, decision: Decision | None) -> list[Sentence]:
    before = decision.event.date if decision else case.dated
    found = [e for e in case.events(*_COMPLIED) if e.date <= before]
    firsts: dict[str, Event] = {}
    for event in found:
        firsts.setdefault(event.kind, event)
    return [
        fact(case, finished(upper_first(event_clause(case, e))), [e.span], computed=[dated(case, e)])
        for e in list(firsts.values())[-3:]
    ]


def _confirmations(case: Case) -> list[Sentence]:
    said = [s for s in case.statements("received_logged", actor="hmrc") if quotable(s.span.quote)]
    return [quotation(case, s.span, at) for at, s in enumerate(said[:1])]


def _payments(case: Case) -> list[Sentence]:
    paid = [e for e in case.events(*_PAID) if e.importance == "key"]
    return [
        fact(case, finished(upper_first(event_clause(case, e))), [e.span], computed=[dated(case, e)]) for e in paid[-1:]
    ]


def _contradictions(case: Case, shown: str) -> list[Sentence]:
    """The first conflict on a date or on receipt whose words the grounds have not yet quoted."""
    wanted = [c for c in case.facts.conflicts if c.kind in ("receipt", "date")]
    fresh = [c for c in wanted if not any(short_quote(s.quote) in shown for s in c.statements if quotable(s.quote))]
    return [s for c in fresh[:1] for s in contradiction(case, c)]


_MEANWHILE = "No step on the strength of the decision while the appeal is open"


def _requests(case: Case, decision: Decision | None) -> list[Block]:
    noun = decision.noun if decision else "decision"
    asks = [
        ask(case, f"Cancellation of the {noun}"),
        ask(
            case,
            "If HMRC does not agree, an offer of a statutory review of the decision, which the appellant would take up "
            "as the alternative to a hearing",
        ),
        ask(case, _MEANWHILE if noun == "decision" else f"No collection of the {noun} while the appeal is open"),
    ]
    return [Block("numbered", items=tuple((s,) for s in asks))]
