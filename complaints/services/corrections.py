"""A person corrects what the papers seem to say: what comes after leaves it out, or tells it right."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from complaints.models import Complaint, Correction, Document
from complaints.services.timeline import note
from complaints.services.wording import line
from lightpoint.errors import Conflict, InvalidInput
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts
from lightpoint.language.normalise import find_loose
from users.models import User
from users.permissions import require
from users.services import record_audit

LONGEST_QUOTE = 2_000
LONGEST_REASON = 300


class UnfitCorrection(InvalidInput):
    """The words are not in the paper, or do not show what is said to hold instead."""

    code = "unfit-correction"


class CorrectedAlready(Conflict):
    """These words were struck before, or the correction was taken back before."""

    code = "corrected-already"


@dataclass(frozen=True, slots=True)
class Holds:
    """What holds instead: a day or an amount of pounds, and the paper whose words `quote` show it."""

    shown_in: Document
    quote: str
    day: date | None = None
    amount: Decimal | None = None


@transaction.atomic
def correct_fact(
    *, document: Document, quote: str, reason: str, by: User, now: datetime, holds: Holds | None = None
) -> Correction:
    """Strike the words `quote` of a paper: nothing rests on them any more, but on what `holds` instead, if it is given.

    Raises UnfitCorrection, UnusableText, CorrectedAlready and NotAllowed.
    """
    require(by, "complaint.edit")
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=document.complaint_id)
    words, why = line(quote, "The words", longest=LONGEST_QUOTE), line(reason, "The reason", longest=LONGEST_REASON)
    page = _page_with(document, words)
    if Correction.objects.filter(document=document, quote=words, withdrawn_at=None).exists():
        raise CorrectedAlready("These words are struck already")
    row = Correction.objects.create(
        complaint=complaint,
        document=document,
        page=page,
        quote=words,
        reason=why,
        by=by,
        at=now,
        **(_checked(complaint, holds) if holds else {}),
    )
    told = f"struck “{words[:80]}” of {document.name}: {why}"
    note(complaint=complaint, text=told[:500], by=by, now=now)
    _audit(row, "fact.corrected", by, now)
    return row


@transaction.atomic
def withdraw_correction(*, correction: Correction, by: User, now: datetime) -> Correction:
    """Take a correction back: the paper counts as it did. Raises CorrectedAlready and NotAllowed."""
    require(by, "complaint.edit")
    row = (
        Correction.objects.select_for_update(of=("self",)).select_related("complaint", "document").get(pk=correction.pk)
    )
    if row.withdrawn_at is not None:
        raise CorrectedAlready("This correction was taken back before")
    row.withdrawn_at, row.withdrawn_by = now, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    note(complaint=row.complaint, text=f"took back: struck “{row.quote[:80]}” of {row.document.name}", by=by, now=now)
    _audit(row, "fact.restored", by, now)
    return row


def _checked(complaint: Complaint, holds: Holds) -> dict[str, object]:
    """The columns of what holds. Raises UnfitCorrection where the words do not show it."""
    if holds.shown_in.complaint_id != complaint.pk:
        raise UnfitCorrection("The paper that shows what holds is not of this case")
    if (holds.day is None) == (holds.amount is None):
        raise UnfitCorrection("Say either the right day or the right amount")
    words = line(holds.quote, "The words that show it", longest=LONGEST_QUOTE)
    page = _page_with(holds.shown_in, words)
    if holds.day is not None and holds.day not in {mention.date for mention in find_dates(words)}:
        raise UnfitCorrection(f"The words do not name the day {holds.day:%-d %B %Y}; copy those that do")
    if holds.amount is not None and holds.amount not in {mention.value for mention in find_amounts(words)}:
        raise UnfitCorrection(f"The words do not name the amount £{holds.amount:,}; copy those that do")
    return {
        "day": holds.day,
        "amount": holds.amount,
        "shown_in": holds.shown_in,
        "shown_page": page,
        "shown_quote": words,
    }


def _page_with(document: Document, words: str) -> int | None:
    """The number of the page on which `words` stand. Raises UnfitCorrection where they stand on none."""
    for page in document.pages.order_by("position"):
        if find_loose(words, page.text):
            return page.number
    raise UnfitCorrection(f"These words are not in {document.name}; copy them as they stand there")


def _audit(row: Correction, action: str, by: User, now: datetime) -> None:
    record_audit(
        action=action,
        target=row.complaint,
        practice=row.complaint.practice,
        actor=by,
        new={"correction": row.pk, "document": row.document.name, "reason": row.reason},
        at=now,
    )
