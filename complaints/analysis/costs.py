"""The costs schedule: what the time record supports, kept in four heaps. Pure; Decimal throughout.

Additional work caused by the mistake (CRG5225, CRG5100); the cost of complaining, which follows the part upheld
(CRG5350); ordinary work; and rows that the record flags as additional but that are not redress: preparing an invoice
(CRG5325), appeals and tribunals (CRG5475, CRG5500), returns, planning and other day-to-day cost (CRG5100). Minutes are
added up per grade, times rate, over 60, rounded half up to the penny per grade. VAT is asked for only where a document
shows that it is charged and the client bears it (CRG5400).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from complaints.analysis.billing import describe_billing, vat_is_charged, vat_is_reclaimed
from complaints.analysis.records import CostLine, CostsBlock, CostsSchedule, ExcludedRow
from complaints.analysis.view import CaseView
from complaints.analysis.wording import listed, says, to_penny
from complaints.facts.records import TimeEntry

Heap = Literal["additional", "complaint", "ordinary", "excluded"]
VAT_RATE = Decimal("0.20")

_REDONE = (
    r"\b(duplicat|re-?(build|built|do|done|submi|send|sent|construct|prepar|file|key|issu|creat|work)|again|lost|"
    r"mislaid|replac|second cop|cop(y|ies) of|recalculat|correct|trac(e|ing)|chas)"
)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Work that is flagged as additional and yet is not redress."""

    pattern: str
    unless: str
    why: str
    basis: tuple[str, ...]


EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion(
        r"(prepar|draft|rais|issu|produc|complet|writ)\w*\b.{0,25}\b(invoice|fee ?note|bill\b|billing|fee (schedule|"
        r"breakdown|analysis)|schedule of (fees|costs|time))|\b(invoicing|billing)\b",
        r"\bHMRC('s)? (bill|invoice)\b",
        "preparing an invoice or an account of fees is a routine overhead",
        ("CRG5325",),
    ),
    Exclusion(
        r"\bappeal|tribunal|\bhearing\b|statutory review|review of (the )?(decision|penalty)|counsel\b|\bADR\b|litigat",
        r"\bcomplain",
        "the cost of an appeal or tribunal is outside the complaints scheme",
        ("CRG5475", "CRG5500"),
    ),
    Exclusion(
        r"information commissioner|\bICO\b|ombudsman",
        r"\bHMRC\b.{0,20}complain",
        "work for another body is not a cost of complaining to HMRC",
        ("CRG5350",),
    ),
    Exclusion(
        r"\b(prepar|complet|draft|fil|submit|review|finalis)\w*\b.{0,40}\b(returns?|accounts|computations?|CT600|"
        r"SA ?\d{3}|tax calc\w*|VAT ?1|P11D|payroll|books|bookkeeping)\b",
        _REDONE,
        "preparing or filing returns and accounts is the ordinary cost of meeting obligations",
        ("CRG5100",),
    ),
    Exclusion(
        r"\bplanning\b|year.end|management accounts|bookkeeping|budget|forecast|pension advice|dividend (planning|"
        r"advice)|"
        r"engagement letter|money laundering|\bAML\b|\bCPD\b|\btraining\b|annual (meeting|review)|next year",
        r"\bHMRC\b",
        "it is ordinary advice that the client would have needed in any case",
        ("CRG5100", "CRG5225"),
    ),
    Exclusion(
        r"chas\w+ client|client('s)? (late|delay|missing)|missing (records|papers) from client",
        r"$^",
        "it was caused by the client's papers and not by HMRC's mistake",
        ("CRG5125",),
    ),
)
_COMPLAINT = (
    r"complain|second.?(tier|review)|tier.?(1|2|one|two)|first.?(tier|review)|adjudicator|escalat|review request"
)
_CAUSED = (
    r"\bHMRC\b|helpline|agent (dedicated )?line|\bADL\b|chas|webchat|\btrac(e|ing)|re-?build|duplicate|wrong|error|"
    r"object|repayment|where is|not (received|processed)|correct|dispute|debt"
)


def build_costs(view: CaseView) -> CostsSchedule | None:
    entries = view.facts.time_entries
    if not entries:
        return None
    heaps: dict[Heap, list[TimeEntry]] = {"additional": [], "complaint": [], "ordinary": [], "excluded": []}
    for entry in entries:
        heaps[classify(entry)].append(entry)
    additional, complaint = (_block(view, heaps[name]) for name in ("additional", "complaint"))
    charged, reclaimed = vat_is_charged(view), vat_is_reclaimed(view)
    vat = to_penny(additional.total * VAT_RATE) if charged else Decimal("0.00")
    billing = describe_billing(view, heaps["additional"])
    return CostsSchedule(
        document=entries[0].span.document,
        additional=additional,
        complaint=complaint,
        ordinary_minutes=sum(e.minutes for e in heaps["ordinary"]),
        excluded=tuple(_excluded(view, entry) for entry in heaps["excluded"]),
        vat_charged=charged,
        vat_reclaimable=reclaimed,
        vat_amount=vat,
        claim_total=additional.total + (Decimal("0.00") if reclaimed else vat),
        evidence=billing.evidence,
        billed=billing.billed,
        paid=billing.paid,
        note=" ".join(n for n in (_vat_note(charged, reclaimed=reclaimed), billing.note, _rate_note(view)) if n),
    )


def classify(entry: TimeEntry) -> Heap:
    """The heap of a row. The sheet's flag is respected when it says no; a yes is tested against what the work was."""
    if entry.additional is False:
        return "ordinary"
    if exclusion_for(entry):
        return "excluded" if entry.additional else "ordinary"
    if says(entry.narrative, _COMPLAINT):
        return "complaint"
    if entry.additional is None and not says(entry.narrative, _CAUSED):
        return "ordinary"
    return "additional"


def exclusion_for(entry: TimeEntry) -> Exclusion | None:
    for rule in EXCLUSIONS:
        if says(entry.narrative, rule.pattern) and not says(entry.narrative, rule.unless):
            return rule
    return None


def rate_for(view: CaseView, grade: str) -> Decimal | None:
    """The hourly rate of a grade, whatever its case, hyphens and plural."""
    rates = {_plain(name): rate for name, rate in view.intake.hourly_rates}
    return rates.get(_plain(grade))


def _plain(grade: str) -> str:
    return re.sub(r"[^a-z0-9]", "", grade.lower()).removesuffix("s")


def _block(view: CaseView, entries: Sequence[TimeEntry]) -> CostsBlock:
    """Lines in the order in which the grades first appear; a grade without a rate has no line."""
    minutes: dict[str, int] = {}
    names: dict[str, str] = {}
    for entry in entries:
        key = _plain(entry.grade)
        names.setdefault(key, entry.grade)
        minutes[key] = minutes.get(key, 0) + entry.minutes
    lines = tuple(
        _line(names[key], count, rate)
        for key, count in minutes.items()
        if (rate := rate_for(view, names[key])) is not None
    )
    return CostsBlock(
        minutes=sum(e.minutes for e in entries),
        lines=lines,
        total=sum((line.total for line in lines), Decimal("0.00")),
        spans=tuple(e.span for e in entries),
    )


def cost_of(minutes: int, rate: Decimal) -> Decimal:
    return to_penny(Decimal(minutes) * rate / Decimal(60))


def _line(grade: str, minutes: int, rate: Decimal) -> CostLine:
    return CostLine(grade, minutes, rate, cost_of(minutes, rate))


def _excluded(view: CaseView, entry: TimeEntry) -> ExcludedRow:
    rule = exclusion_for(entry)
    assert rule is not None  # noqa: S101  the heap "excluded" is made by that very test
    rate = rate_for(view, entry.grade) or Decimal(0)
    return ExcludedRow(
        entry.on, entry.minutes, entry.flag, rule.why, rule.basis, cost_of(entry.minutes, rate), entry.span
    )


def _vat_note(charged: bool | None, *, reclaimed: bool) -> str:
    if charged is None:
        tail = "the client could recover it" if reclaimed else "it would be a cost to the client and the sum gross"
        return f"Nothing shows whether VAT is charged on the fees, so the figure is net; if it is, {tail} (CRG5400)."
    if not charged:
        return "The fee invoice shows no VAT."
    if reclaimed:
        return "The client recovers VAT on the fees, so only the net sum is claimed (CRG5400)."
    return "The client cannot recover the VAT on the fees, so it is part of the claim (CRG5400)."


def _rate_note(view: CaseView) -> str:
    unknown = _unrated(view, (e for e in view.facts.time_entries if classify(e) in ("additional", "complaint")))
    if not unknown:
        return ""
    return f"No hourly rate is known for {listed(unknown)}; that time is not in the figure."


def _unrated(view: CaseView, entries: Iterable[TimeEntry]) -> list[str]:
    return [e.grade or "a row without a grade" for e in entries if rate_for(view, e.grade) is None]
