"""Effect and cost: what it did to the person, what it cost beside our work, what our additional work comes to."""

from collections.abc import Sequence

from complaints.analysis.records import CostLine, CostsBlock, CostsSchedule, Remedy
from complaints.facts.records import Amount, Span, Statement
from letters.drafting.case import Case
from letters.drafting.sentences import ask, fact, form, rule, says
from letters.drafting.wording import day, pick, plural, pounds, quotable, quoted, short_quote, upper_first
from letters.outline import Outline
from letters.records import Block, Sentence

_COST_NOUNS = {
    "bank_charge": "bank charges",
    "loan_interest": "interest",
    "direct_cost": "a cost",
    "interest_charged": "interest",
}
_WANTED = {"measured": "we should be grateful if", "firm": "we ask that", "robust": "we expect that"}
# Words that would tell HMRC's reader more about a client's private life than the complaint needs.
_PRIVATE = (
    "husband",
    "wife",
    "partner",
    "work at",
    "workplace",
    "surgery",
    "employer",
    "manager",
    "school",
    "hospital",
)


def effect_blocks(case: Case, outline: Outline) -> list[Block]:
    """The paragraphs of the section, each only where the facts and the allowed remedies call for it."""
    paragraphs = [
        personal_effect(case, outline),
        direct_costs(case, outline),
        professional_costs(case, outline),
    ]
    return [Block("paragraph", tuple(sentences)) for sentences in paragraphs if sentences]


def remedies(outline: Outline, kind: str) -> list[Remedy]:
    return [r for r in outline.remedies if r.kind == kind]


def personal_effect(case: Case, outline: Outline) -> list[Sentence]:
    """What the individual said of it, when HMRC was told, and the section that provides for a payment."""
    if not remedies(outline, "worry_and_distress"):
        return []
    told = _told(case, case.statements("distress", "hardship"))
    if not told:
        return []
    sentences = [_in_own_words(case, statement, at) for at, statement in enumerate(told[:2])]
    about = says("CRG6050", 0)
    sentences.append(rule(case, f"CRG6050 {about}", ("CRG6050",)))
    wanted = {
        "measured": "We should be grateful if such a payment were considered.",
        "firm": "We ask that such a payment be considered.",
        "robust": "Such a payment should now be considered.",
    }[case.tone]
    sentences.append(ask(case, wanted, sections=("CRG6050",)))
    return sentences


def _told(case: Case, statements: Sequence[Statement]) -> list[Statement]:
    """Statements about the person, most telling first, one a document, none that says more than is needed."""
    private = case.analysis.complaint_type == "data_breach"
    found: dict[str, Statement] = {}
    for statement in sorted(statements, key=lambda s: (s.kind != "distress", s.actor != "client", s.span)):
        words = statement.span.quote.lower()
        if quotable(statement.span.quote) and not (private and any(word in words for word in _PRIVATE)):
            found.setdefault(statement.span.document, statement)
    return list(found.values())


def _in_own_words(case: Case, statement: Statement, at: int) -> Sentence:
    document = case.called(statement.span.document)
    if statement.actor == "client" and at == 0:
        shape = f"{upper_first(document)} describes the effect: {{words}}"
    else:
        shape = pick(
            (f"{upper_first(document)} records the effect: {{words}}", f"In {document} the words are {{words}}"), at
        )
    return fact(case, shape.format(words=quoted(short_quote(statement.span.quote))), [statement.span])


def direct_costs(case: Case, outline: Outline) -> list[Sentence]:
    """Costs other than ours, each with its paper; what ties it to HMRC's act; the section."""
    sentences: list[Sentence] = []
    for at, remedy in enumerate(remedies(outline, "direct_costs")):
        sentences += _direct_cost(case, remedy, at)
    if sentences:
        sentences.append(rule(case, f"CRG5025 {says('CRG5025', 0)}", ("CRG5025",)))
    return sentences


def _direct_cost(case: Case, remedy: Remedy, at: int) -> list[Sentence]:
    amount = amount_of(case, remedy)
    spans = list(remedy.spans) or ([amount.span] if amount else [])
    if remedy.amount is None or not spans:
        return []
    noun = _COST_NOUNS.get(amount.role, "a cost") if amount else "a cost"
    document = case.called(spans[0].document)
    shape = pick(("{document} shows {noun} of {sum}", "there is also {noun} of {sum}, shown by {document}"), at)
    text = upper_first(shape.format(document=document, noun=noun, sum=pounds(remedy.amount)))
    found = [fact(case, text, spans)]
    cause = [s for s in case.statements("causation") if s.span.document in {x.document for x in spans}]
    if cause and quotable(cause[0].span.quote):
        words = quoted(short_quote(cause[0].span.quote))
        found.append(fact(case, f"The same paper ties the cost to HMRC: {words}", [cause[0].span]))
    if remedy.condition:
        found.append(form(case, f"We claim it {remedy.condition.rstrip('.')}"))
    return found


def amount_of(case: Case, remedy: Remedy) -> Amount | None:
    """The amount in the papers that a remedy asks for."""
    spans = {s.document for s in remedy.spans}
    found = [a for a in case.facts.amounts if a.value == remedy.amount]
    near = [a for a in found if a.span.document in spans]
    return (near or found or [None])[0]


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
        f"{plural(block.minutes, 'minute')} and comes to {pounds(block.total)} at our usual rates, as the schedule shows"
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
        bill = invoices[-1]
        paid = day(bill.paid_on) if bill.paid_on else ""
        text = f"Invoice {bill.number}, paid on {paid}, includes that work so far as it was done by then"
        return [
            fact(
                case,
                text,
                [bill.span, *(line.span for line in bill.lines[:1])],
                computed=[f"Invoice {bill.number} paid on {paid}"],
            )
        ]
    return _described_invoice(case)


def _described_invoice(case: Case) -> list[Sentence]:
    """An invoice that a paper speaks of but that is not among the papers: what the paper says, and no more."""
    said = [s for s in case.statements("fee_paid") if quotable(s.span.quote)]
    if not said:
        return []
    words = quoted(short_quote(said[0].span.quote))
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
        Block("schedule", (form(case, "Grade | Minutes | Rate an hour | Sum", stop=False), *sums, _tidy(total))),
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
    text = f"{line.grade} | {line.minutes} | {pounds(line.rate)} | {pounds(line.total)}"
    return _tidy(fact(case, text, block.spans, computed=[line_sum(line), worked_out(block)], cite=False))
