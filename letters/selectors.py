"""Reads of letters: who may see what, and how the practice signs."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery

from complaints.models import Complaint
from complaints.selectors import visible_complaints
from letters.models import Letter, LetterVersion, Receipt
from letters.practice import PracticeDetails
from users.models import User
from users.roles import Role

Somebody = User | AnonymousUser


def visible_letters(user: Somebody) -> QuerySet[Letter]:
    """The letters of the complaints that `user` may see."""
    if isinstance(user, User) and user.is_active and user.role != Role.ANALYST:
        return Letter.objects.all() if user.is_superuser else Letter.objects.filter(practice=user.practice_id)
    return Letter.objects.filter(complaint__in=visible_complaints(user))


def visible_versions(user: Somebody) -> QuerySet[LetterVersion]:
    """The versions of the letters that `user` may see."""
    return LetterVersion.objects.filter(letter__in=visible_letters(user))


def receipt_of(version: LetterVersion) -> dict[str, Any]:
    """What `version` came from and who answered for it: the receipt of the run that drafted it, edits and reviews."""
    edits, drafted = [], version
    while drafted.base is not None:
        edits.append({"version": drafted.number, "by": str(drafted.author), "at": drafted.created_at.isoformat()})
        drafted = drafted.base
    run = Receipt.objects.filter(complaint=version.letter.complaint_id, created_at=drafted.created_at).first()
    reviews = [
        {"verdict": review.verdict, "by": review.name, "at": review.at.isoformat(), "comment": review.comment}
        for review in version.reviews.all()
    ]
    approvals = [review for review in reviews if review["verdict"] == "approved"]
    return {
        **(run.payload if run else {}),
        "letter": version.letter.type,
        "version": version.number,
        "released": version.released,
        "edits": edits[::-1],
        "reviews": reviews,
        "approved_by": approvals[-1]["by"] if approvals else None,
    }


def newest_versions(complaint: Complaint) -> QuerySet[LetterVersion]:
    """The newest version of each letter of `complaint`, the main route first, with its ledger. Four queries."""
    newest = LetterVersion.objects.filter(letter=OuterRef("letter")).order_by("-number").values("pk")[:1]
    versions = LetterVersion.objects.filter(letter__complaint=complaint, pk=Subquery(newest))
    return (
        versions.select_related("letter").prefetch_related("sentences__sources__document").order_by("letter__position")
    )


def practice_details(complaint: Complaint) -> PracticeDetails:
    """How the practice of `complaint` appears on a letter."""
    practice = complaint.practice
    return PracticeDetails(
        name=practice.name,
        address_lines=tuple(part.strip() for part in practice.address.replace("\n", ",").split(",") if part.strip()),
        letterhead=practice.letterhead,
        signatory_name=practice.signatory_name,
        signatory_capacity=practice.signatory_capacity,
        agent_reference=practice.agent_reference,
        vat_registered=practice.vat_registered,
    )
