"""The sums that the papers are about, where the chronology has not already given them. A loan, a profit or an estimate
of loss is no such sum, and a figure stands only in the role that its paper gives it."""

from collections.abc import Sequence

from complaints.facts.records import Amount
from letters.drafting.case import Case
from letters.drafting.sentences import fact
from letters.drafting.wording import listed, pick, pounds, upper_first
from letters.records import Block, Sentence

MOST_SUMS = 5
_SHOWN = {
    "debt_demanded": "a demand for {sum}",
    "assessed_tax": "an assessment of {sum}",
    "penalty": "a penalty of {sum}",
    "surcharge": "a surcharge of {sum}",
    "repayment_claimed": "a repayment claimed of {sum}",
    "repayment_due": "a repayment due of {sum}",
    "repayment_outstanding": "a repayment outstanding of {sum}",
    "interest_charged": "interest charged of {sum}",
    "distress_offer": "an offer of {sum}",
    "tax_paid": "tax paid of {sum}",
    "grant": "a grant of {sum}",
    "repayment_made": "a repayment made of {sum}",
}
_NOT_FROM = ("time_record", "invoice", "email", "bank_statement")


def figures(case: Case, before: Sequence[Block]) -> Block | None:
    """A paragraph on the sums that the blocks before it leave out, a sentence a paper."""
    text = " ".join(s.text for block in before for s in (*block.sentences, *(row.sentence for row in block.rows)))
    chosen = [
        a for a in _ranked(case) if pounds(a.value) not in text and pounds(a.value).removesuffix(".00") not in text
    ]
    papers: dict[str, list[Amount]] = {}
    for amount in list({a.value: a for a in reversed(chosen)}.values())[::-1][:MOST_SUMS]:
        papers.setdefault(amount.span.document, []).append(amount)
    sentences = tuple(_sentence(case, document, found, at) for at, (document, found) in enumerate(papers.items()))
    return Block("paragraph", sentences) if sentences else None


def _ranked(case: Case) -> list[Amount]:
    """Sums in a role that matters, from papers that the chronology rests on, the weightiest role first.

    Of several sums in one role a paper's largest is the total; its parts are left out.
    """
    telling = {e.span.document for e in case.facts.events if e.importance == "key"}
    telling |= {p.document for p in case.facts.documents if p.author == "hmrc"}
    rank = {role: number for number, role in enumerate(_SHOWN)}
    found = [a for a in case.facts.amounts if a.role in rank and a.value > 0 and a.span.document in telling]
    found = [a for a in found if "£" in a.span.quote and _is_source(case, a)]
    if not case.events("payment_to_hmrc"):
        found = [a for a in found if a.role != "tax_paid"]
    largest: dict[tuple[str, str], Amount] = {}
    for amount in sorted(found, key=lambda a: (rank[a.role], -a.value, a.span)):
        largest.setdefault((amount.role, amount.span.document), amount)
    return list(largest.values())


def _is_source(case: Case, amount: Amount) -> bool:
    profile = case.profile(amount.span.document)
    return profile is not None and profile.author in ("hmrc", "agent") and profile.kind not in _NOT_FROM


def _sentence(case: Case, document: str, found: Sequence[Amount], at: int) -> Sentence:
    shown = listed(_SHOWN[a.role].format(sum=pounds(a.value)) for a in found)
    shape = pick(
        ("{document} shows {shown}", "in {document} there is {shown}", "among the sums is {shown}, in {document}"), at
    )
    return fact(case, upper_first(shape.format(document=case.called(document), shown=shown)), [a.span for a in found])
