"""Payments for worry and distress and for poor complaint handling: to individuals only (CRG6025, CRG6050, CRG6150)."""

from collections.abc import Callable, Iterator

from complaints.analysis.failings_person import only_initials, told_hmrc
from complaints.analysis.offers import Offer, Plan
from complaints.analysis.view import CaseView
from complaints.analysis.wording import days, says
from complaints.facts.records import Span, Statement

_ONE_PERSON = (
    r"sole director|only director|one director|single director|director and (sole |only )?shareholder|"
    r"husband and wife|one[- ]man|owner[- ]manager|own(s|ed) and run"
)
_WISHED = r"distress|worry|stress|anxiet|annoyance|upset|compensat|consolat|inconvenience|goodwill"
_BODIES = {"company": "company", "trust": "trust", "partnership": "partnership", "individual": "client"}


def affected(view: CaseView) -> tuple[Statement, ...]:
    """Words of real worry or distress; annoyance falls short of it (CRG6125: beyond inconvenience)."""
    said = (s for s in view.statements("distress") if not only_initials(s.span.quote))
    felt = {s.span: s for s in (*said, *told_hmrc(view))}
    return tuple(felt.values())


def one_person_company(view: CaseView) -> Span | None:
    return next((q for q in view.quotes if says(q.quote, _ONE_PERSON)), None)


def _distress(plan: Plan) -> Iterator[Offer]:
    if not plan.has_complaint:
        return
    view = plan.view
    felt = affected(view)
    if felt and _a_person_may_be_paid(view):
        yield _distress_offer(plan, felt)
    elif felt or view.statements("annoyance") or says(view.wish, _WISHED):
        yield Offer(
            "worry_and_distress",
            None,
            False,
            _why_not(view),
            ("CRG6050", "CRG6025"),
            spans=tuple(s.span for s in (*felt, *view.statements("annoyance"))[:2]),
        )


def _a_person_may_be_paid(view: CaseView) -> bool:
    """An individual; a partner or trustee personally affected; a company only if it is in effect one person."""
    return view.intake.client_kind != "company" or one_person_company(view) is not None


def _distress_offer(plan: Plan, felt: tuple[Statement, ...]) -> Offer:
    view = plan.view
    basis = ["CRG6050", "CRG6075"]
    basis += ["CRG6125"] if plan.failed("delay", "unanswered_correspondence", "broken_undertaking") else []
    basis += ["CRG3150"] if plan.failed("data_breach") else []
    basis += ["CRG6150"] if plan.failed("evidence_overlooked", "incomplete_reply", "poor_complaint_handling") else []
    early = "and HMRC was told of it" if told_hmrc(view) else "though nothing shows that HMRC was told at the time"
    who = (
        "the client is an individual"
        if view.client_is_person
        else (
            f"a particular person was affected, so that the client's being a {_BODIES[view.intake.client_kind]} is"
            " no bar"
        )
    )
    why = f"The papers describe real worry or distress, {early}, and {who}."
    why += " Payments are tokens and follow no tariff, so no figure is put on it."
    return Offer(
        "worry_and_distress",
        None,
        True,
        why,
        tuple(basis),
        "a payment for worry and distress to be considered",
        tuple(s.span for s in felt[:4]),
    )


def _why_not(view: CaseView) -> str:
    body = _BODIES[view.intake.client_kind]
    if view.intake.client_kind == "individual":
        return "Nothing in the papers describes worry or distress beyond annoyance or inconvenience."
    short = (
        " What is described is annoyance, which is short of worry or distress." if view.statements("annoyance") else ""
    )
    return (
        f"Payments for worry and distress are made to individuals; the client is a {body} and nothing shows that a"
        f" particular person was adversely affected.{short}"
    )


def _handling(plan: Plan) -> Iterator[Offer]:
    """Poor complaint handling is a separate head, for complaints handled very badly or unreasonably late."""
    failed = [
        b for b in plan.breaches if b.failing in ("evidence_overlooked", "incomplete_reply", "poor_complaint_handling")
    ]
    if not failed or not plan.has_complaint:
        return
    view = plan.view
    spans = tuple(s for b in failed for s in b.spans[:1])
    if view.intake.client_kind == "trust" or not _a_person_may_be_paid(view):
        yield Offer(
            "poor_complaint_handling",
            None,
            False,
            "Payments for poor complaint handling stand beside those for"
            f" worry and distress and are made to individuals; the client is a {_BODIES[view.intake.client_kind]}.",
            ("CRG6150", "CRG6025"),
            spans=spans,
        )
        return
    slow = next((b.delay for b in failed if b.delay), None)
    took = f" The reply took {days(slow.calendar_days)}." if slow else ""
    yield Offer(
        "poor_complaint_handling",
        None,
        True,
        f"The complaint itself was handled poorly.{took}",
        ("CRG6150",),
        "a payment for the handling of the complaint to be considered",
        spans,
    )


RULES: tuple[Callable[[Plan], Iterator[Offer]], ...] = (_distress, _handling)
