"""Who we act for, that we are authorised, what is asked in one sentence and, where HMRC's papers say it, the nub."""

from complaints.facts.records import Amount, Span
from letters.drafting.case import Case
from letters.drafting.sentences import ask, fact, form
from letters.drafting.wording import day, pounds
from letters.outline import Outline
from letters.records import Block, Sentence

_ASK = {
    "measured": "We should be grateful for {what}.",
    "firm": "We ask for {what}.",
    "robust": "We ask HMRC to carry out {what}.",
}
_DUE = ("repayment_due", "repayment_outstanding", "repayment_claimed")


def acting(case: Case, purpose: str) -> Sentence:
    """The first sentence. The agent's authority is HMRC's condition for hearing us (complain-about-hmrc)."""
    return form(
        case,
        f"We act for {_aside(case.client_full)} and are authorised to {purpose} on the client's behalf",
        sections=("complain-about-hmrc",),
    )


def _aside(name: str) -> str:
    """A name with a comma inside it needs one after it."""
    return f"{name}," if ", " in name else name


def complaint_opening(case: Case, outline: Outline) -> Block:
    what = f"a first-tier review of {outline.template.ask}"
    return Block("paragraph", (acting(case, "complain"), *nub(case), ask(case, _ASK[case.tone].format(what=what))))


def nub(case: Case) -> tuple[Sentence, ...]:
    """The money that HMRC's own papers show and that has not come, where a repayment is to be asked for."""
    wanted = [r for r in case.analysis.remedies if r.kind == "repayment" and r.allowed and r.amount]
    shown = next((a for r in wanted for a in case.facts.amounts if _hmrc_shows(case, a, r.amount)), None)
    if shown is None:
        return ()
    unpaid = _still_unpaid(case)
    if unpaid is None:
        return ()
    noun = "was overpaid and is repayable" if shown.role == "repayment_due" else "is repayable"
    text = f"HMRC's own papers show that {pounds(shown.value)} {noun}, and it has not been paid"
    return (fact(case, text, [shown.span, unpaid]),)


def _hmrc_shows(case: Case, amount: Amount, value: object) -> bool:
    return amount.role in _DUE and amount.value == value and case.author(amount.span.document) == "hmrc"


def _still_unpaid(case: Case) -> Span | None:
    said = case.statements("not_processed")
    return said[-1].span if said else None


def dated_today(case: Case) -> str:
    return day(case.dated)
