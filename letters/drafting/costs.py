"""Our costs: additional work, whether billed and paid, VAT, the cost of complaining, and the schedule annexed."""

from complaints.analysis.records import CostLine, CostsBlock, CostsSchedule
from complaints.facts.records import Invoice, Span
from letters.drafting.case import Case
from letters.drafting.sentences import fact, form, rule, says
from letters.drafting.wording import cited, day, listed, plural, pounds, quotable
from letters.outline import Outline, remedies
from letters.records import Block, Sentence


def professional_costs(case: Case, outline: Outline) -> list[Sentence]:
    """Additional work, then the billed and paid position, VAT and the cost of complaining."""
    costs = case.analysis.costs
    wanted = {r.amount for r in remedies(outline, "professional_costs")}
    if costs is None or not wanted:
        return []
    sentences: list[Sentence] = []
    if costs.additional.total and costs.additional.spans:
        sentences += [_additional(case, costs), *_position(case, costs), *_vat(case, costs)]
    if costs.complaint.total and costs.complaint.spans and costs.complaint.total in wanted:
        sentences += _complaining(case, costs)
    return sentences


def _additional(case: Case, costs: CostsSchedule) -> Sentence:
    block = costs.additional
    text = (
        f"Our additional work on {case.template.matter}, apart from ordinary compliance work and this letter, is "
        f"{plural(block.minutes, 'minute')} and comes to {pounds(block.total)} at our usual rates, as the annex shows"
    )
    return fact(case, text, block.spans, computed=[worked_out(block)])


def worked_out(block: CostsBlock) -> str:
    """The sum of a block of costs, line by line."""
    lines = "; ".join(line_sum(line) for line in block.lines)
    return f"Costs at our usual rates: {lines}. In all {plural(block.minutes, 'minute')} and {pounds(block.total)}."


def line_sum(line: CostLine) -> str:
    return f"{line.grade}: {plural(line.minutes, 'minute')} at {pounds(line.rate)} an hour, {pounds(line.total)}"


def _position(case: Case, costs: CostsSchedule) -> list[Sentence]:
    """Whether it has been billed and paid, said as it is."""
    about = says("CRG5100", 0)
    if not costs.billed:
        return [
            form(case, "That work has not yet been invoiced, and we do not ask for payment before it has been"),
            rule(case, f"Since CRG5100 {about}, we will send the paid invoice once it has been settled", ("CRG5100",)),
        ]
    invoices = [i for i in case.facts.invoices if i.issued_by == "agent" and i.paid_on]
    if costs.paid and invoices:
        return [_paid_invoice(case, invoices[-1]), *_still_to_bill(case, costs)]
    return _described_invoice(case)


def _paid_invoice(case: Case, bill: Invoice) -> Sentence:
    paid = day(bill.paid_on) if bill.paid_on else ""
    named = f"Invoice {bill.number}" if bill.number else "Our invoice"
    text = f"{named}, paid on {paid}, includes that work so far as it was done by then"
    spans = [bill.span, *(line.span for line in bill.lines[:1])]
    return fact(case, text, spans, computed=[f"{named} was paid on {paid}"])


def _still_to_bill(case: Case, costs: CostsSchedule) -> list[Sentence]:
    """Work later than the last invoice, said as it is."""
    issued = max((i.issued_on for i in case.facts.invoices if i.issued_by == "agent" and i.issued_on), default=None)
    rows = [e for e in case.facts.time_entries if e.span in costs.additional.spans and issued and e.on > issued]
    if not rows:
        return []
    text = f"The work of {listed(day(e.on) for e in rows)} is later than that invoice and has still to be billed"
    return [fact(case, text, [e.span for e in rows], computed=[f"work of {day(e.on)}, billed later" for e in rows])]


def _described_invoice(case: Case) -> list[Sentence]:
    """An invoice that a paper speaks of but that is not among the papers: what the paper says, and no more."""
    said = [s for s in case.statements("fee_paid") if quotable(s.span.quote)]
    if not said:
        return []
    words = cited(said[0].span.quote)
    return [fact(case, f"On payment, {case.called(said[0].span.document)} says: {words}", [said[0].span])]


def _vat(case: Case, costs: CostsSchedule) -> list[Sentence]:
    if costs.vat_charged and costs.vat_reclaimable:
        return [rule(case, f"The figure is net of VAT, because CRG5400 {says('CRG5400', 0)}", ("CRG5400",))]
    if costs.vat_charged and costs.vat_amount:
        total = pounds(costs.claim_total)
        computed = [f"{pounds(costs.additional.total)} plus VAT {pounds(costs.vat_amount)} is {total}"]
        text = f"With VAT of {pounds(costs.vat_amount)}, which {case.client} cannot recover, the claim is {total}"
        return [fact(case, text, costs.additional.spans[:1], computed=computed, cite=False)]
    return []


def _complaining(case: Case, costs: CostsSchedule) -> list[Sentence]:
    block = costs.complaint
    text = f"Making the complaint has so far taken {plural(block.minutes, 'minute')}, or {pounds(block.total)}"
    told = fact(case, text, block.spans, computed=[worked_out(block)])
    return [
        told,
        rule(case, f"As CRG5350 {says('CRG5350', 0)}, we claim that sum to the extent that it is", ("CRG5350",)),
    ]


def schedule_blocks(case: Case, outline: Outline) -> list[Block]:
    """The annex: each entry of additional work and of complaint work, then the sums by grade."""
    costs = case.analysis.costs
    if (
        costs is None
        or not remedies(outline, "professional_costs")
        or not (costs.additional.lines or costs.complaint.lines)
    ):
        return []
    wanted = {r.amount for r in remedies(outline, "professional_costs")}
    blocks = [Block("annex", (form(case, "Annex: schedule of professional costs", stop=False),))]
    if costs.additional.lines:
        blocks += _schedule(case, "Additional work", costs.additional)
    if costs.complaint.lines and costs.complaint.total in wanted:
        blocks += _schedule(case, "Work on the complaint itself, claimed to the extent upheld", costs.complaint)
    return blocks


def _schedule(case: Case, title: str, block: CostsBlock) -> list[Block]:
    head = form(case, "Date | Grade | Work | Minutes", stop=False)
    rows = [_entry_row(case, span) for span in block.spans]
    sums = [_sum_row(case, block, line) for line in block.lines]
    total = fact(case, f"Total | | | {pounds(block.total)}", block.spans, computed=[worked_out(block)], cite=False)
    return [
        Block("heading", (form(case, title, stop=False),)),
        Block("schedule", (head, *(row for row in rows if row))),
        Block("schedule", (form(case, "Grade | Time | Rate | Sum", stop=False), *sums, _tidy(total))),
    ]


def _tidy(sentence: Sentence) -> Sentence:
    return Sentence(sentence.text.rstrip("."), sentence.kind, sentence.sources, evidence=sentence.evidence)


def _entry_row(case: Case, span: Span) -> Sentence | None:
    entry = next((e for e in case.facts.time_entries if e.span == span), None)
    if entry is None:
        return None
    text = f"{day(entry.on)} | {entry.grade} | {entry.narrative.replace('|', ' ')} | {entry.minutes}"
    return _tidy(
        fact(case, text, [span], computed=[f"{day(entry.on)}: {entry.minutes} minutes, {entry.grade}"], cite=False)
    )


def _sum_row(case: Case, block: CostsBlock, line: CostLine) -> Sentence:
    text = f"{line.grade} | {plural(line.minutes, 'minute')} | {pounds(line.rate)} an hour | {pounds(line.total)}"
    return _tidy(fact(case, text, block.spans, computed=[line_sum(line), worked_out(block)], cite=False))
