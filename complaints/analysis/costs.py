"""The costs schedule: what the time record supports, kept in four heaps. Pure; Decimal throughout.

Additional work caused by the mistake (CRG5225, CRG5100); the cost of complaining, which follows the part upheld
(CRG5350); ordinary work; and rows that the record flags as additional but that are not redress: preparing an invoice
(CRG5325), appeals and tribunals (CRG5475, CRG5500), returns, planning and other day-to-day cost (CRG5100). Minutes are
added up per grade, times rate, over 60, rounded half up to the penny per grade. VAT is asked for only where a document
shows that it is charged and the client bears it (CRG5400).
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from complaints.analysis.billing import describe_billing, vat_is_charged, vat_is_reclaimed
from complaints.analysis.heaps import Heap, classify, exclusion_for, is_complaining
from complaints.analysis.records import CostLine, CostsBlock, CostsSchedule, ExcludedRow
from complaints.analysis.view import CaseView
from complaints.analysis.wording import listed, to_penny
from complaints.facts.records import TimeEntry

VAT_RATE = Decimal("0.20")


def build_costs(view: CaseView) -> CostsSchedule | None:
    entries = _entries(view)
    if not entries:
        return None
    heaps: dict[Heap, list[TimeEntry]] = {"additional": [], "complaint": [], "ordinary": [], "excluded": []}
    for entry in entries:
        heaps[_heap(view, entry)].append(entry)
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


def _entries(view: CaseView) -> tuple[TimeEntry, ...]:
    """The rows of the time record, each once; the time on our invoices counts only where there is no record."""
    recorded = tuple(e for e in view.facts.time_entries if view.kind(e.span.document) != "invoice")
    chosen: list[TimeEntry] = []
    for entry in recorded or view.facts.time_entries:
        if not any(_same_work(entry, other) for other in chosen if other.span.document != entry.span.document):
            chosen.append(entry)
    return tuple(chosen)


def _same_work(entry: TimeEntry, other: TimeEntry) -> bool:
    """Whether two papers hold the same row."""
    return (entry.on, entry.minutes, entry.narrative.casefold()) == (
        other.on,
        other.minutes,
        other.narrative.casefold(),
    )


def _complained(view: CaseView, entry: TimeEntry) -> bool:
    """Whether somebody had complained to HMRC by the day of a row, by the papers or by the record itself."""
    made = view.events("complaint_made", "complaint_received", "complaint_reply")
    return any(e.date <= entry.on for e in made) or any(
        row.on <= entry.on and is_complaining(row) for row in view.facts.time_entries
    )


def _heap(view: CaseView, entry: TimeEntry) -> Heap:
    return classify(entry, complained=_complained(view, entry))


_SHORT = {"mgr": "manager", "ptr": "partner", "snr": "senior", "sr": "senior", "jnr": "junior", "jr": "junior"}
_SHORT |= {"dir": "director", "admin": "administrator", "asst": "assistant", "assoc": "associate", "prin": "principal"}


def rate_for(view: CaseView, grade: str) -> Decimal | None:
    """The hourly rate of a grade, in any case, plural or short form; else of the one grade it is part of."""
    rates = {_plain(name): rate for name, rate in view.intake.hourly_rates}
    wanted = _plain(grade)
    if wanted in rates or not wanted:
        return rates.get(wanted)
    near = [rate for name, rate in rates.items() if name.endswith(wanted) or wanted.endswith(name)]
    return near[0] if len(near) == 1 else None


def _plain(grade: str) -> str:
    words = [_SHORT.get(word, word) for word in re.findall(r"[a-z0-9]+", grade.lower())]
    return "".join(words).removesuffix("s")


def _block(view: CaseView, entries: Sequence[TimeEntry]) -> CostsBlock:
    """Lines in the order in which the grades first appear; time of a grade without a rate is no part of it."""
    rated = [(entry, rate) for entry in entries if (rate := rate_for(view, entry.grade)) is not None]
    minutes: dict[str, int] = {}
    grades: dict[str, tuple[str, Decimal]] = {}
    for entry, rate in rated:
        key = _plain(entry.grade)
        grades.setdefault(key, (entry.grade, rate))
        minutes[key] = minutes.get(key, 0) + entry.minutes
    lines = tuple(_line(grade, minutes[key], rate) for key, (grade, rate) in grades.items())
    return CostsBlock(
        minutes=sum(minutes.values()),
        lines=lines,
        total=sum((line.total for line in lines), Decimal("0.00")),
        spans=tuple(entry.span for entry, _rate in rated),
    )


def cost_of(minutes: int, rate: Decimal) -> Decimal:
    return to_penny(Decimal(minutes) * rate / Decimal(60))


def _line(grade: str, minutes: int, rate: Decimal) -> CostLine:
    return CostLine(grade, minutes, rate, cost_of(minutes, rate))


def _excluded(view: CaseView, entry: TimeEntry) -> ExcludedRow:
    rule = exclusion_for(entry, complained=_complained(view, entry))
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
    unknown = _unrated(view, (e for e in _entries(view) if _heap(view, e) in ("additional", "complaint")))
    if not unknown:
        return ""
    return f"No hourly rate is known for {listed(unknown)}; that time is not in the figure."


def _unrated(view: CaseView, entries: Iterable[TimeEntry]) -> list[str]:
    return [e.grade or "a row without a grade" for e in entries if rate_for(view, e.grade) is None]
