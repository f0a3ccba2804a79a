"""What experiments measure: a value of a case, from its receipts, its sent letter or its stars, and its score."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Final

from django.conf import settings
from django.db.models import Avg, OuterRef, Subquery

from letters.models import Assignment, Dispatch, Experiment, LetterRating, LetterVersion, Receipt
from letters.quality import written_of

Measure = Experiment.Measure
OF_PEOPLE: Final = {Measure.EDIT_DISTANCE, Measure.REGENERATION, Measure.RATING}  # the others are there with the draft
DRAFTING: Final = timedelta(hours=1)  # longer than the drafting of a case takes
LOWER_IS_BETTER: Final = {Measure.REPLACED, Measure.EDIT_DISTANCE, Measure.REGENERATION, Measure.COST, Measure.TIME}


def score_of(measure: str, value: float, ceiling: Decimal | None) -> float:
    """What a measured value is worth, 0 to 1, higher is better."""
    if measure == Measure.RATING:
        return (value - 1) / 4
    share = value / float(ceiling) if ceiling else value
    bounded = min(1.0, max(0.0, share))
    return 1 - bounded if measure in LOWER_IS_BETTER else bounded


def time_of(measure: str) -> timedelta:
    """How long after a case came what happens to it counts: the same for every case, whatever is measured of it."""
    return timedelta(days=settings.EXPERIMENT_REGENERATION_DAYS) if measure in OF_PEOPLE else DRAFTING


def is_given_up(measure: str, came_at: datetime, now: datetime) -> bool:
    """Whether a case that came then and has no measure by `now` will never have one."""
    return now >= came_at + time_of(measure) + DRAFTING


def measured(experiment: Experiment, case: Assignment, now: datetime) -> float | None:
    """The measure of a case, of what its arm drafted; None while it cannot be taken."""
    closes_at = case.created_at + time_of(experiment.measure)
    receipts = _receipts(experiment, case, closes_at)
    if experiment.measure == Measure.RATING:
        return _stars(case, receipts, closes_at)
    if experiment.measure == Measure.EDIT_DISTANCE:
        return _edit_distance(case, receipts, closes_at)
    written = [row for row in receipts if written_of(row.payload)]
    if not written:
        return None
    if experiment.measure == Measure.REGENERATION:
        return _regenerated(case, written[0], closes_at, now)
    return _of_receipt(experiment.measure, written[0].payload)


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


def _receipts(experiment: Experiment, case: Assignment, closes_at: datetime) -> list[Receipt]:
    """Of the drafts that the arm of the case made."""
    rows = Receipt.objects.filter(
        complaint=case.complaint_id, payload__experiment__id=experiment.pk, created_at__lt=closes_at
    )
    return list(rows.order_by("created_at", "pk")[:20])


def _regenerated(case: Assignment, first: Receipt, closes_at: datetime, now: datetime) -> float | None:
    """1 for a case that was drafted again, by whichever pipeline; 0 once its letter was sent or its time is over."""
    later = Receipt.objects.filter(
        complaint=case.complaint_id, created_at__gt=first.created_at, created_at__lt=closes_at
    ).exclude(payload__has_key="change")
    if any(row.pipeline != first.pipeline or written_of(row.payload) for row in later):
        return 1.0
    sent = Dispatch.objects.filter(version__letter__complaint=case.complaint_id, at__gte=case.created_at).exists()
    return 0.0 if sent or now >= closes_at else None


def _edit_distance(case: Assignment, receipts: Sequence[Receipt], closes_at: datetime) -> float | None:
    """The share of the words that differ between the arm's draft of the main letter and what was sent; None until then.

    Where another pipeline's draft was sent in the place of the arm's, that difference is measured.
    """
    sent = Dispatch.objects.filter(
        version__letter__complaint=case.complaint_id, at__gte=case.created_at, at__lt=closes_at
    )
    first = sent.select_related("version").order_by("version__letter__position", "pk").first()
    if first is None:
        return None
    drafts = LetterVersion.objects.filter(
        letter=first.version.letter_id,
        origin=LetterVersion.Origin.DRAFTED,
        created_at__in=[row.created_at for row in receipts],
    )
    draft = drafts.filter(number__lte=first.version.number).order_by("-number").first()
    if draft is None:
        return None
    return 1 - SequenceMatcher(None, draft.text.split(), first.version.text.split(), autojunk=False).ratio()


def _stars(case: Assignment, receipts: Sequence[Receipt], closes_at: datetime) -> float | None:
    """The mean of the stars for what the arm drafted, as it was drafted or edited since; None while there are none."""
    drafts = LetterVersion.objects.filter(
        letter=OuterRef("version__letter"),
        number__lte=OuterRef("version__number"),
        origin=LetterVersion.Origin.DRAFTED,
    )
    rows = LetterRating.objects.filter(
        version__letter__complaint=case.complaint_id, at__gte=case.created_at, at__lt=closes_at
    ).annotate(drafted_at=Subquery(drafts.order_by("-number").values("created_at")[:1]))
    mine = rows.filter(drafted_at__in=[row.created_at for row in receipts])
    found: float | None = mine.aggregate(mean=Avg("stars"))["mean"]
    return found
