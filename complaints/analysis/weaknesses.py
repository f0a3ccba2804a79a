"""What HMRC will answer, from the tests in the guidance, and what helps against it. Pure."""

from collections.abc import Callable, Iterator

from complaints.analysis.appeals import all_decisions, appealable_decisions
from complaints.analysis.billing import invoice_name
from complaints.analysis.charges import evidenced
from complaints.analysis.failings_person import told_hmrc
from complaints.analysis.limits import last_review
from complaints.analysis.offers import Plan
from complaints.analysis.promises import broken
from complaints.analysis.records import Remedy, Weakness
from complaints.analysis.remedies_person import affected
from complaints.analysis.wording import Guidance, day, in_force, listed, pounds, says

_TOP_GRADES = r"partner|director|principal|head|owner"


def find_weaknesses(plan: Plan, remedies: tuple[Remedy, ...], guidance: Guidance) -> tuple[Weakness, ...]:
    found = [w for rule in RULES for w in rule(plan)]
    if any(r.kind == "worry_and_distress" and r.allowed for r in remedies):
        found += _low_distress(plan)
    return tuple(Weakness(w.text, in_force(w.basis, guidance), w.suggestion) for w in found)


def _security(plan: Plan) -> Iterator[Weakness]:
    checked = plan.view.statements("security_check")
    if checked:
        yield Weakness(
            "Some security checking before a repayment is legitimate, so part of the period is reasonable time.",
            ("CRG4025", "CRG5525"),
            "Concede it, and rest the delay on the time after HMRC said it was done.",
        )


def _reasonable_delay(plan: Plan) -> Iterator[Weakness]:
    if plan.failed("delay") and not plan.view.statements("security_check"):
        yield Weakness(
            "Not every delay is unreasonable, and missing a published standard is not unreasonable by itself.",
            ("CRG4025", "CRG4050"),
            "Show the periods of inactivity and the want of any word from HMRC.",
        )


def _call_notes(plan: Plan) -> Iterator[Weakness]:
    view = plan.view
    notes = view.of_kind("call_note")
    resting = {p.span.document for p in broken(view)} | {d for b in plan.breaches for d in b.documents}
    for note in notes:
        if note.document not in resting or note.written_on is None:
            continue
        same_day = any(s.span.document == note.document for s in view.statements("made_same_day"))
        recorded = any(s.span.document == note.document for s in view.statements("recorded_call"))
        made = ", though it was made on the day" if same_day else ""
        helps = (
            "HMRC says that calls are recorded: ask for the recording."
            if recorded
            else ("Ask HMRC for its own note or recording of the call.")
        )
        yield Weakness(
            f"What was said on {day(note.written_on)} rests on our note of the call alone{made}.", ("CRG3200",), helps
        )
        if not any(
            r.kind in ("call_ref", "hmrc_ref", "complaint_ref") and r.span.document == note.document
            for r in view.facts.references
        ):
            yield Weakness(
                f"The call of {day(note.written_on)} has no reference number.",
                ("CRG3200",),
                "Give the time, the number rung and the adviser's first name.",
            )


def _fees(plan: Plan) -> Iterator[Weakness]:
    costs = plan.costs
    if costs is None or not costs.additional.total:
        return
    if not costs.billed:
        yield Weakness(
            "The fees are unbilled, so HMRC can decline them for now.",
            ("CRG5275", "CRG5100"),
            "Invoice them with a clear description, and send the receipted invoice.",
        )
    elif not costs.paid:
        yield Weakness("Nothing shows that the fee invoice was paid.", ("CRG5275", "CRG5100"), "Send it receipted.")
    if costs.billed and not plan.view.fee_invoices:
        yield Weakness(
            "The paid invoice is described in our papers and is not among them.",
            ("CRG5100",),
            "Find it and enclose it again.",
        )


def _mixed_invoice(plan: Plan) -> Iterator[Weakness]:
    for invoice in plan.view.fee_invoices:
        if len(invoice.lines) > 1:
            yield Weakness(
                f"{invoice_name(invoice)} bundles several kinds of work and needs a breakdown.",
                ("CRG5100",),
                "Enclose the time schedule and say which lines are claimed on which footing.",
            )


def _grades(plan: Plan) -> Iterator[Weakness]:
    costs = plan.costs
    if costs is None:
        return
    lines = [*costs.additional.lines, *costs.complaint.lines]
    top = max((line.rate for line in lines), default=None)
    senior = [line for line in lines if line.rate == top and says(line.grade, _TOP_GRADES)]
    if senior:
        yield Weakness(
            f"Time at {senior[0].grade} level ({pounds(senior[0].rate)} an hour) may be queried as to level.",
            ("CRG5225",),
            "Say why the work needed that level.",
        )


def _tax_relief(plan: Plan) -> Iterator[Weakness]:
    kind = plan.view.intake.client_kind
    if plan.costs and plan.costs.additional.total and kind in ("company", "partnership"):
        yield Weakness(
            "HMRC may reduce reimbursed fees by any tax relief already given on them.",
            ("CRG5425",),
            "Say how the fees were treated in the accounts.",
        )


def _contribution(plan: Plan) -> Iterator[Weakness]:
    """Assessments that were never appealed, though withdrawn since."""
    view = plan.view
    passed = [d for d in all_decisions(view) if d not in appealable_decisions(view)]
    if passed and not view.events("appeal_made"):
        advised = " although HMRC's own adviser said to ignore them" if plan.failed("misleading_advice") else ""
        yield Weakness(
            f"No review or appeal was asked for within 30 days of the decision of {day(passed[0].made_on)};"
            f" HMRC may say that the client could have done so{advised}.",
            ("CRG5125",),
            "Point to the letters that disputed it and to what HMRC said.",
        )


def _low_distress(plan: Plan) -> list[Weakness]:
    found = [
        Weakness(
            "Payments for worry and distress are tokens, usually £25 to £500 and mostly at the low end.",
            ("CRG6075",),
            "Rest the request on the impact, in the person's own words, and name no figure.",
        )
    ]
    if affected(plan.view) and not told_hmrc(plan.view):
        found.append(
            Weakness(
                "Nothing shows that HMRC was told of the worry early on.",
                ("CRG6050",),
                "Say when the client first mentioned it, if there is a paper.",
            )
        )
    return found


def _unproven(plan: Plan) -> Iterator[Weakness]:
    for amount in plan.view.facts.amounts:
        if amount.role in ("direct_cost", "bank_charge") and not evidenced(plan.view, amount) and plan.has_complaint:
            yield Weakness(
                f"Nothing shows that the {pounds(amount.value)} was actually paid.",
                ("CRG5100",),
                "Ask the client for the receipt before it is claimed.",
            )


def _calculation(plan: Plan) -> Iterator[Weakness]:
    if plan.view.events("calculation_issued") and plan.failed("calculation_error"):
        yield Weakness(
            "HMRC will say that its calculation is open to correction and is not a final decision.",
            ("CRG3025",),
            "Ask for the correction, and rest the failing on the repetition.",
        )


def _delivery(plan: Plan) -> Iterator[Weakness]:
    """Receipt that rests on what an adviser said, with no readable proof of delivery."""
    view = plan.view
    told = [s for s in view.statements("received_logged") if view.kind(s.span.document) in ("call_note", "webchat")]
    if told and not view.of_kind("proof_of_delivery", "hmrc_receipt"):
        yield Weakness(
            "Delivery rests on what HMRC's adviser said until the proof of delivery is obtained again.",
            ("CRG3200",),
            "Ask the carrier for the tracking record.",
        )


def _third_party(plan: Plan) -> Iterator[Weakness]:
    blamed = [
        s for s in plan.view.statements("system_error", actor="hmrc") if says(s.span.quote, r"feed|employer|third")
    ]
    if blamed:
        yield Weakness(
            "HMRC may put the error down to information fed by a third party.",
            ("CRG3125", "CRG3250"),
            "Show the third party's own account of what it sent.",
        )


def _no_receipt(plan: Plan) -> Iterator[Weakness]:
    review = last_review(plan.view)
    if review and not review.receipt_known:
        yield Weakness(
            "Nothing shows when the last review was received, so the six months are counted from its date.",
            ("adjudicator",),
            "Look for the post stamp or the covering e-mail.",
        )


def _accepted_part(plan: Plan) -> Iterator[Weakness]:
    upheld = [f for f in plan.view.facts.findings if f.outcome == "upheld"]
    if upheld and plan.route.route in ("complaint", "adjudicator"):
        yield Weakness(
            f"HMRC has already upheld part of the complaint ({listed(f.label for f in upheld)}) and may say that"
            " it was put right.",
            ("CRG2025",),
            "Do not argue those points again; say what remains.",
        )


RULES: tuple[Callable[[Plan], Iterator[Weakness]], ...] = (
    _security,
    _reasonable_delay,
    _delivery,
    _call_notes,
    _fees,
    _mixed_invoice,
    _grades,
    _tax_relief,
    _contribution,
    _unproven,
    _calculation,
    _third_party,
    _no_receipt,
    _accepted_part,
)
