"""What experiments measure: a value of a case, from its receipts, its sent letter or its stars, and its score."""

from datetime import datetime, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Final

from django.conf import settings
from django.db.models import Avg

from letters.models import Assignment, Dispatch, Experiment, LetterRating, LetterVersion, Receipt
from letters.quality import written_of

Measure = Experiment.Measure
LOWER_IS_BETTER: Final = {Measure.REPLACED, Measure.EDIT_DISTANCE, Measure.REGENERATION, Measure.COST, Measure.TIME}


def score_of(measure: str, value: float, ceiling: Decimal | None) -> float:
    """What a measured value is worth, 0 to 1, higher is better."""
    if measure == Measure.RATING:
        return (value - 1) / 4
    share = value / float(ceiling) if ceiling else value
    bounded = min(1.0, max(0.0, share))
    return 1 - bounded if measure in LOWER_IS_BETTER else bounded


def measured(experiment: Experiment, case: Assignment, now: datetime) -> float | None:
    """The measure of a case; None while it cannot be taken."""
    if experiment.measure == Measure.RATING:
        rows = LetterRating.objects.filter(version__letter__complaint=case.complaint, at__gte=case.created_at)
        found: float | None = rows.aggregate(mean=Avg("stars"))["mean"]
        return found
    if experiment.measure == Measure.EDIT_DISTANCE:
        return _edit_distance(case)
    receipts = [row.payload for row in _receipts(experiment, case) if written_of(row.payload)]
    if not receipts:
        return None
    if experiment.measure == Measure.REGENERATION:
        return _regenerated(case, len(receipts), now)
    return _of_receipt(experiment.measure, receipts[0])


def _of_receipt(measure: str, receipt: dict[str, Any]) -> float | None:
    written = written_of(receipt)
    if written is None:
        return None
    if measure == Measure.LEDGER_PASS:
        return written.first_try
    if measure == Measure.REPLACED:
        return written.share_replaced
    if measure == Measure.TIME:
        return float(receipt["seconds"].get("letters", 0.0))
    amount = receipt["cost"]["amount"]
    return None if amount == "unpriced" else float(amount)


def _receipts(experiment: Experiment, case: Assignment) -> list[Receipt]:
    rows = Receipt.objects.filter(complaint=case.complaint_id, payload__experiment__id=experiment.pk)
    return list(rows.order_by("created_at", "pk")[:20])


def _regenerated(case: Assignment, drafts: int, now: datetime) -> float | None:
    """1 for a case that was drafted again; 0 once its letter was sent or the days for it are over."""
    if drafts > 1:
        return 1.0
    sent = Dispatch.objects.filter(version__letter__complaint=case.complaint_id, at__gte=case.created_at).exists()
    over = now - case.created_at > timedelta(days=settings.EXPERIMENT_REGENERATION_DAYS)
    return 0.0 if sent or over else None


def _edit_distance(case: Assignment) -> float | None:
    """The share of the words that differ between the draft of the main letter and what was sent; None until then."""
    sent = Dispatch.objects.filter(version__letter__complaint=case.complaint_id, at__gte=case.created_at)
    first = sent.select_related("version").order_by("version__letter__position", "pk").first()
    if first is None:
        return None
    drafts = LetterVersion.objects.filter(letter=first.version.letter_id, author=None, created_at__gte=case.created_at)
    draft = drafts.filter(number__lte=first.version.number).order_by("-number").first()
    if draft is None:
        return None
    return 1 - SequenceMatcher(None, draft.text.split(), first.version.text.split(), autojunk=False).ratio()
