"""Who we act for, that we are authorised, what is asked in one sentence and, where HMRC's papers say it, the nub."""

from decimal import Decimal

from complaints.facts.records import Span
from letters.drafting.case import Case
from letters.drafting.sentences import ask, fact, form
from letters.drafting.trial import first_that_holds
from letters.drafting.wording import cited, listed, pounds, quotable, upper_first
from letters.outline import Outline
from letters.records import Block, Sentence

_ASK = {
    "measured": "We should be grateful for {what}.",
    "firm": "We ask for {what}.",
    "robust": "We ask HMRC to carry out {what}.",
}
_LOSSES = ("loss_carried_back", "loss")
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
    asked = outline.template.ask.format(sum=sum_asked(case) or "what is due", contacts=_contacts(case))
    what = f"a first-tier review of {asked}"
    return Block(
        "paragraph",
        (acting(case, "complain"), *nub(case), *_appealed(case), ask(case, _ASK[case.tone].format(what=what))),
    )


def _contacts(case: Case) -> str:
    """How our letters and calls were dealt with, where the papers show that there were any."""
    ours = [e for e in case.facts.events if e.date <= case.dated and e.actor in ("agent", "client")]
    made = {e.kind for e in ours}
    nouns = [noun for kind, noun in _CONTACTS if kind in made]
    one = len(nouns) == 1 and len({e.date for e in ours if e.kind in dict(_CONTACTS)}) == 1
    if not nouns:
        return ""
    verb = "was" if one else "were"
    return f" and of the way in which our {listed(n if one else f'{n}s' for n in nouns)} {verb} dealt with"


_CONTACTS = (("letter_to_hmrc", "letter"), ("call", "call"), ("webchat", "webchat"))


def sum_asked(case: Case) -> str:
    """The repayment that is asked for; empty where no figure is."""
    wanted = [r.amount for r in case.analysis.remedies if r.kind == "repayment" and r.allowed and r.amount]
    return pounds(max(wanted)) if wanted else ""


def _appealed(case: Case) -> tuple[Sentence, ...]:
    """That the decision is appealed elsewhere, so that nobody takes this letter for the appeal."""
    if case.analysis.route.route != "appeal" and "appeal" not in case.analysis.route.secondary_routes:
        return ()
    return (form(case, "The decision itself is appealed in a separate letter and is no part of this complaint"),)


def nub(case: Case) -> tuple[Sentence, ...]:
    """What is at stake: the loss that is claimed, and the money that HMRC's own papers show and that has not come."""
    wanted = [r for r in case.analysis.remedies if r.kind == "repayment" and r.allowed and r.amount]
    money = (*_loss(case), *_money(case, [r.amount for r in wanted if r.amount])) if wanted else ()
    return money or at_issue(case)


_ISSUES = {
    "debt_demanded": "HMRC's demand for {sum}",
    "assessed_tax": "tax of {sum}",
    "penalty": "a penalty of {sum}",
    "surcharge": "a surcharge of {sum}",
    "repayment_claimed": "a repayment claim of {sum}",
    "repayment_due": "a repayment of {sum}",
    "repayment_made": "a repayment of {sum}",
    "repayment_outstanding": "a repayment of {sum}",
}


def at_issue(case: Case) -> tuple[Sentence, ...]:
    """The sum that the matter turns on, from HMRC's paper or our own, where no repayment is asked for."""
    found = [a for a in case.facts.amounts if a.role in _ISSUES and "£" in a.span.quote and a.value > 0]
    near = [a for a in found if case.author(a.span.document) in ("hmrc", "agent")]
    rank = {role: number for number, role in enumerate(_ISSUES)}
    appealed = "appeal" in (case.analysis.route.route, *case.analysis.route.secondary_routes)
    values = [a.value for a in case.facts.amounts]
    ranked = sorted(
        near,
        key=lambda a: (
            appealed and a.role != "penalty",
            -values.count(a.value),
            rank[a.role],
            case.author(a.span.document) != "hmrc",
            a.span,
        ),
    )
    said = (fact(case, f"At issue is {_ISSUES[a.role].format(sum=pounds(a.value))}", [a.span]) for a in ranked[:4])
    sentence = first_that_holds(case, said)
    return (sentence,) if sentence else ()


def _loss(case: Case) -> tuple[Sentence, ...]:
    """The loss of the claim, where our own papers to HMRC name it."""
    found = [a for a in case.facts.amounts if a.role in _LOSSES and case.author(a.span.document) == "agent"]
    values = [a.value for a in found]
    best = max(found, key=lambda a: (values.count(a.value), a.role == "loss_carried_back", a.value), default=None)
    if best is None:
        return ()
    return (fact(case, f"The claim concerns a loss of {pounds(best.value)}", [best.span]),)


def _money(case: Case, values: list[Decimal]) -> tuple[Sentence, ...]:
    found = [a for value in values for a in case.facts.amounts if a.role in _DUE and a.value == value]
    order = ("hmrc", "agent")
    known = sorted(found, key=lambda a: order.index(w) if (w := case.author(a.span.document)) in order else len(order))
    shown = next(iter(known), None)
    if shown is None:
        return ()
    whose = {"hmrc": "HMRC's own papers show", "agent": "Our papers show"}.get(
        case.author(shown.span.document) or "", "The papers show"
    )
    unpaid = _still_unpaid(case)
    owed = shown.role != "repayment_claimed"  # what was claimed is not what HMRC's papers show to be due
    ways = []
    if unpaid and owed:
        tail = f"and {case.called(unpaid.document)} says: {cited(unpaid.quote)}"
        ways.append(fact(case, f"{whose} that {pounds(shown.value)} is repayable, {tail}", [shown.span, unpaid]))
    if owed:
        ways.append(fact(case, f"{whose} that {pounds(shown.value)} is repayable", [shown.span]))
    for verb in ("repayable", "overpaid", "claimed") if owed else ("claimed",):
        text = upper_first(f"{case.called(shown.span.document)} shows {pounds(shown.value)} {verb}")
        ways.append(fact(case, text, [shown.span]))
    sentence = first_that_holds(case, ways)
    return (sentence,) if sentence else ()


def _still_unpaid(case: Case) -> Span | None:
    """HMRC's latest words to the effect that nothing has been done yet."""
    said = [s.span for s in case.statements("not_processed") if case.author(s.span.document) == "hmrc"]
    return next((span for span in reversed(said) if quotable(span.quote)), None)
