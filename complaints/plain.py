"""Facts and analysis in the field names of letter.json, for REST clients and archives. Pure.

Field names and vocabularies are those of the case bundles (README.md, "letter.json"). Money is a string with two
decimals, dates are ISO.
"""

from decimal import Decimal
from typing import Any

from complaints.analysis.records import Analysis, Breach, CostsBlock, CostsSchedule, Delay, ExcludedRow, Remedy
from complaints.facts.records import Facts, Span
from lightpoint.codec import to_plain

Json = dict[str, Any]


def facts_json(facts: Facts) -> Json:
    """References, events in date order, amounts, conflicts and injections, each with where it stands."""
    return {
        "references": [
            {"kind": r.kind, "value": r.value, "checked": r.checked, **_where(r.span)} for r in facts.references
        ],
        "events": [
            {
                "date": event.date.isoformat(),
                "kind": event.kind,
                "actor": event.actor,
                "summary": event.summary,
                "importance": event.importance,
                **_where(event.span),
            }
            for event in facts.events
        ],
        "amounts": [
            {"value": money(amount.value), "role": amount.role, "what": amount.what, **_where(amount.span)}
            for amount in facts.amounts
        ],
        "conflicts": [to_plain(conflict) for conflict in facts.conflicts],
        "injections": [{"asks_for": item.asks_for, **_where(item.span)} for item in facts.injections],
    }


def analysis_json(analysis: Analysis) -> Json:
    """Delays, breaches, remedies, costs, deadlines, unanswered points, weaknesses and refused wishes."""
    return {
        "delays": [_delay_json(delay) for delay in analysis.delays],
        "breaches": [_breach_json(breach) for breach in analysis.breaches],
        "remedies": [_remedy_json(remedy) for remedy in analysis.remedies],
        "costs_schedule": _costs_json(analysis.costs) if analysis.costs else None,
        "deadlines": [
            {"what": d.what, "date": d.date.isoformat(), "kind": d.kind, "derivation": d.derivation}
            for d in analysis.deadlines
        ],
        "unanswered_points": [
            {"point": p.point, "what": p.what, "raised_in": p.raised_in, "reply": p.reply}
            for p in analysis.unanswered_points
        ],
        "weaknesses": [to_plain(weakness) for weakness in analysis.weaknesses],
        "refused_wishes": [to_plain(wish) for wish in analysis.refused_wishes],
    }


def money(value: Decimal) -> str:
    """Two decimals, no sign of currency: "6324.40"."""
    return f"{value:.2f}"


def _where(span: Span) -> Json:
    return {"document": span.document, "page": span.page, "quote": span.quote}


def _delay_json(delay: Delay) -> Json:
    return {
        "from": delay.start.isoformat(),
        "to": delay.end.isoformat(),
        "working_days": delay.working_days,
        "calendar_days": delay.calendar_days,
        "what": delay.what,
    }


def _breach_json(breach: Breach) -> Json:
    return {
        "failing": breach.failing,
        "charter": breach.charter,
        "guidance": list(breach.guidance),
        "documents": list(breach.documents),
        "because": breach.because,
        "accepted": breach.accepted,
    }


def _remedy_json(remedy: Remedy) -> Json:
    return {
        "kind": remedy.kind,
        "amount": None if remedy.amount is None else money(remedy.amount),
        "basis": list(remedy.basis),
        "allowed": remedy.allowed,
        "why": remedy.why,
        "condition": remedy.condition,
    }


def _block_json(block: CostsBlock) -> list[Json]:
    return [
        {"grade": line.grade, "minutes": line.minutes, "rate": money(line.rate), "total": money(line.total)}
        for line in block.lines
    ]


def _costs_json(costs: CostsSchedule) -> Json:
    rates = {line.rate for line in costs.additional.lines}
    return {
        "document": costs.document,
        "additional_minutes": costs.additional.minutes,
        "rate": money(min(rates)) if len(rates) == 1 else "mixed",
        "total": money(costs.additional.total),
        "lines": _block_json(costs.additional),
        "vat": {
            "charged": costs.vat_charged,
            "reclaimable_by_client": costs.vat_reclaimable,
            "amount": money(costs.vat_amount),
            "basis": ["CRG5400"],
        },
        "claim_total": money(costs.claim_total),
        "complaint_costs": {
            "minutes": costs.complaint.minutes,
            "total": money(costs.complaint.total),
            "lines": _block_json(costs.complaint),
            "basis": ["CRG5350"],
        },
        "excluded_rows": [_excluded_json(row) for row in costs.excluded],
        "ordinary_minutes": costs.ordinary_minutes,
        "evidence": costs.evidence,
        "note": costs.note,
    }


def _excluded_json(row: ExcludedRow) -> Json:
    return {
        "date": row.on.isoformat(),
        "minutes": row.minutes,
        "flagged_in_sheet": row.flagged_in_sheet,
        "amount": money(row.amount),
        "why": row.why,
        "basis": list(row.basis),
    }
