"""The numbered requests, and by when an answer is asked for."""

import re
from datetime import date, timedelta

from complaints.analysis.records import Deadline, Remedy, RemedyKind
from complaints.facts.records import Span
from letters.drafting.case import Case
from letters.drafting.costs import worked_out
from letters.drafting.effect import amount_of, personal_effect
from letters.drafting.fixes import fixes
from letters.drafting.sentences import ask, rule
from letters.drafting.wording import day, flat, pounds, upper_first
from letters.outline import Outline
from letters.records import Block, Sentence
from lightpoint.language.money import find_amounts

SIX_WEEKS = timedelta(weeks=6)  # the norm that "Complain about HMRC" gives for a first-tier review
_INTRO = {
    "measured": "We should be grateful for the following.",
    "firm": "We ask HMRC for the following.",
    "robust": "To put matters right, HMRC is asked for the following without further delay.",
}
_INTRO_ADJUDICATOR = {
    "measured": "We should be grateful if the Adjudicator would recommend the following to HMRC.",
    "firm": "We ask the Adjudicator to recommend the following to HMRC.",
    "robust": "The Adjudicator is asked to recommend the following to HMRC.",
}


def request_blocks(case: Case, outline: Outline) -> list[Block]:
    """The introduction and the numbered requests. Nothing is asked for that the analysis did not allow."""
    asked = [sentence for remedy in _once(outline) for sentence in _requests(case, outline, remedy)]
    items = tuple((sentence,) for sentence in {s.text: s for s in asked}.values())
    if not items:
        return []
    intro = (_INTRO_ADJUDICATOR if outline.type == "adjudicator" else _INTRO)[case.tone]
    return [Block("paragraph", (ask(case, intro),)), Block("numbered", items=items)]


def _once(outline: Outline) -> list[Remedy]:
    """Remedies without repetitions of the same request."""
    found: dict[tuple[str, object, str], Remedy] = {}
    for remedy in outline.remedies:
        found.setdefault((remedy.kind, remedy.amount, remedy.ask if remedy.kind == "process_fix" else ""), remedy)
    return list(found.values())


def _requests(case: Case, outline: Outline, remedy: Remedy) -> list[Sentence]:
    """The requests of one remedy: one each for what is to be put right and for what is to be explained."""
    if remedy.kind == "process_fix":
        return fixes(case, outline, remedy) or _single(case, outline, remedy)
    if remedy.kind == "apology":
        apology, *_ = re.split(r" and an explanation of ", flat(remedy.ask) or "a written apology")
        why = f"An explanation of {outline.template.explain}"
        return [ask(case, upper_first(text), sections=remedy.basis[:1]) for text in (apology, why)]
    if remedy.kind == "worry_and_distress" and not personal_effect(case, outline):
        return []
    return _single(case, outline, remedy)


def _single(case: Case, outline: Outline, remedy: Remedy) -> list[Sentence]:
    found = _request(case, outline, remedy)
    return [found] if found else []


def _request(case: Case, outline: Outline, remedy: Remedy) -> Sentence | None:
    own = "" if _unnamed_cost(remedy) else flat(remedy.ask).rstrip(". ")
    text = own.removeprefix("to ") if own else _usual_words(case, outline, remedy)
    if not text:
        return None
    condition = flat(remedy.condition).rstrip(". ")
    if condition and condition not in text:
        text = f"{text}, {condition}"
    marks = bearing(remedy)
    return ask(case, upper_first(text), marks, sections=remedy.basis[:1], computed=_figures(case, remedy))


# Interest is asked on a sum, a payment for distress on the person's own words.
_NAMED: tuple[RemedyKind, ...] = ("interest", "worry_and_distress")


def bearing(remedy: Remedy) -> tuple[Span, ...]:
    """The places that bear on the sum, or the thing, that a request names.

    What shows the failing is told and sourced where the failing is told; beside the request it would be read as the
    ground of the request itself. Sums from a time record are added up over all its rows.
    """
    if remedy.kind == "professional_costs" or remedy.kind in _NAMED:
        return remedy.spans
    if remedy.amount is None:
        return ()
    shown = tuple(s for s in remedy.spans if remedy.amount in {abs(m.value) for m in find_amounts(s.quote)})
    return shown or remedy.spans[:1]


def _usual_words(case: Case, outline: Outline, remedy: Remedy) -> str:
    sum_of = pounds(remedy.amount) if remedy.amount is not None else ""
    words = {
        "repayment": f"payment of {sum_of}" if sum_of else "the repayment due",
        "interest": "the statutory repayment interest due",
        "apology": "a written apology",
        "process_fix": f"an explanation of {outline.template.explain}",
        "direct_costs": _named_cost(case, remedy, sum_of),
        "professional_costs": f"reimbursement to {case.client} of {_work(case, remedy)}{sum_of}",
        "worry_and_distress": "consideration of a payment for worry and distress",
        "poor_complaint_handling": "consideration of a payment for poor complaint handling",
    }
    return words[remedy.kind]


def _unnamed_cost(remedy: Remedy) -> bool:
    """Whether the analysis calls a cost no more than a cost, so that its paper is named instead."""
    return remedy.kind == "direct_costs" and "the cost of £" in remedy.ask and bool(remedy.spans)


def _named_cost(case: Case, remedy: Remedy, sum_of: str) -> str:
    amount = amount_of(case, remedy)
    if amount and amount.role == "bank_charge":
        return f"reimbursement of the bank charges of {sum_of}"
    where = f" to which {case.called(remedy.spans[0].document)} refers" if remedy.spans else ""
    return f"reimbursement of the {sum_of}{where}" if sum_of else ""


def _work(case: Case, remedy: Remedy) -> str:
    costs = case.analysis.costs
    complaint = costs is not None and remedy.amount == costs.complaint.total
    noun = "the cost of making the complaint" if complaint else "the cost of our additional work"
    return f"{noun}, " if remedy.amount is not None else noun


def _figures(case: Case, remedy: Remedy) -> list[str]:
    """Where the figure of a request comes from."""
    if remedy.amount is None:
        return []
    amount = amount_of(case, remedy)
    found = [f"{amount.role.replace('_', ' ')}: {pounds(amount.value)} {amount.what}".strip()] if amount else []
    if remedy.kind == "professional_costs" and case.analysis.costs:
        costs = case.analysis.costs
        block = costs.complaint if remedy.amount == costs.complaint.total else costs.additional
        found.append(f"{worked_out(block)} Reimbursement claimed: {pounds(remedy.amount)}.")
    return found


def response_block(case: Case, outline: Outline) -> Block:
    """By when an answer is asked for: a date of ours, with HMRC's own norm only where it has published one."""
    wanted = response_date(case, outline)
    computed = [f"{day(wanted)} is 6 weeks (42 days) after {day(case.dated)}"]
    if outline.type == "complaint_tier_1" and "complain-about-hmrc" in case.guidance:
        norm = rule(
            case,
            "HMRC says that it will normally give the outcome of a first-tier review within six weeks of receiving "
            "the complaint",
            ("complain-about-hmrc",),
        )
        text = f"With that in mind, we ask for the answer by {day(wanted)}, a date requested by us"
        return Block("paragraph", (norm, ask(case, text, computed=computed)))
    text = f"{_PLEASE[case.tone]} by {day(wanted)}; that date is requested by us"
    return Block("paragraph", (ask(case, text, computed=computed),))


_PLEASE = {
    "measured": "We should be grateful for a full reply",
    "firm": "We ask for a full reply",
    "robust": "A full reply is requested",
}


def response_date(case: Case, outline: Outline) -> date:
    """The analysis's own date for this reply where it has one, otherwise six weeks from the letter."""
    first_tier = outline.type == "complaint_tier_1"
    norms = [d for d in case.analysis.deadlines if _is_reply_norm(d)] if first_tier else []
    return norms[0].date if norms else case.dated + SIX_WEEKS


def _is_reply_norm(deadline: Deadline) -> bool:
    return (
        deadline.kind in ("target", "requested") and "first-tier" in deadline.what and "undertak" not in deadline.what
    )
