"""Reads of letters: who may see what, and how the practice signs."""

from django.db.models import OuterRef, QuerySet, Subquery

from complaints.models import Complaint
from complaints.selectors import visible_complaints
from letters.models import Letter, LetterVersion
from letters.practice import PracticeDetails
from users.models import User


def visible_letters(user: User) -> QuerySet[Letter]:
    """The letters of the complaints that `user` may see."""
    return Letter.objects.filter(complaint__in=visible_complaints(user))


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
