"""Reads of letters: who may see what, and how the practice signs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from complaints.models import Complaint, Page
from complaints.selectors import visible_complaints
from knowledge.models import SectionVersion
from letters.models import Letter, LetterVersion, Receipt, Sentence, SentenceSource
from letters.practice import PracticeDetails
from letters.status import version_state
from lightpoint.language.normalise import find_loose
from users.models import User
from users.roles import Role

Somebody = User | AnonymousUser
OPEN = (Complaint.Status.ASSESSMENT, Complaint.Status.ACTIVE, Complaint.Status.ESCALATED)  # cases that are not over


def visible_letters(user: Somebody) -> QuerySet[Letter]:
    """The letters of the complaints that `user` may see. One that is only begun, and has no version, is not there."""
    written = Letter.objects.filter(is_begun=False)
    if isinstance(user, User) and user.is_active and user.role != Role.ANALYST:
        return written if user.is_superuser else written.filter(practice=user.practice_id)
    return written.filter(complaint__in=visible_complaints(user))


def visible_versions(user: Somebody) -> QuerySet[LetterVersion]:
    """The versions of the letters that `user` may see."""
    return LetterVersion.objects.filter(letter__in=visible_letters(user))


def with_standing(versions: QuerySet[LetterVersion]) -> QuerySet[LetterVersion]:
    """`versions` with who made each and what `standing_of` needs; in the same query."""
    later = LetterVersion.objects.filter(letter=OuterRef("letter"), number__gt=OuterRef("number"))
    return versions.annotate(
        author_name=F("author__name"),
        letter_state=F("letter__state"),
        newest=~Exists(later),
        dispatch_pk=F("dispatch__pk"),
        successor=F("dispatch__superseded_by"),
    )


def standing_of(version: LetterVersion) -> str:
    """Where a version of `with_standing` stands, as a letters.status.VersionState."""
    return version_state(
        version.letter_state,  # type: ignore[attr-defined]  # annotated, as the others
        newest=version.newest,  # type: ignore[attr-defined]
        dispatched=version.dispatch_pk is not None,  # type: ignore[attr-defined]
        superseded=version.successor is not None,  # type: ignore[attr-defined]
    )


def uses_of_sections(
    versions: Iterable[SectionVersion], *, viewer: Somebody, open_only: bool = False
) -> QuerySet[LetterVersion]:
    """The versions of letters that rest on any of these versions of sections, of those that `viewer` may see.

    Each has `cited`, the hashes of the versions that it rests on, and `newest`, whether it is the last of its letter.
    `open_only` leaves out the cases that are over. A use is the ledger's: a sentence that the section carries.
    """
    named = [Q(section=row.identifier, section_version=row.version) for row in versions]
    if not named:
        return LetterVersion.objects.none()
    carried = SentenceSource.objects.filter(reduce(or_, named)).order_by()
    rows = visible_versions(viewer).filter(pk__in=carried.values("sentence__version"))
    if open_only:
        rows = rows.filter(letter__complaint__status__in=OPEN)
    own = carried.filter(sentence__version=OuterRef("pk"))
    later = LetterVersion.objects.filter(letter=OuterRef("letter"), number__gt=OuterRef("number"))
    return rows.select_related("letter__complaint__client", "letter__complaint__practice").annotate(
        cited=ArraySubquery(own.values("section_version").distinct().order_by("section_version")),
        newest=~Exists(later),
    )


def receipt_of(version: LetterVersion) -> dict[str, Any]:
    """What `version` came from and who answered for it: the receipt of the run that drafted it, edits and reviews."""
    edits, drafted = [], version
    while drafted.base is not None and drafted.origin != LetterVersion.Origin.REDRAFTED:
        edits.append(_edit_of(drafted))
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
        "notes": version.notes,
        "edits": edits[::-1],
        "reviews": reviews,
        "approved_by": approvals[-1]["by"] if approvals else None,
    }


def _edit_of(version: LetterVersion) -> dict[str, Any]:
    """Who changed the version before into this one, how, as what was asked for, and what models did for it."""
    told = {"version": version.number, "by": str(version.author), "at": version.created_at.isoformat()}
    asked = [one["text"] for one in version.notes if one["what"] == "asked"]
    run = Receipt.objects.filter(
        complaint=version.letter.complaint_id, created_at=version.created_at, payload__has_key="change"
    ).first()
    spent = {name: run.payload[name] for name in ("model", "tokens", "cost", "calls")} if run else {}
    return {**told, "how": version.origin, **({"asked": asked[0]} if asked else {}), **spent}


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries a sentence. Of a paper: the page as the text before, in and after the words. Else a section."""

    source: SentenceSource
    parts: tuple[str, str, str] = ("", "", "")
    section: SectionVersion | None = None


def carriers_of(sentence: Sentence) -> tuple[Carrier, ...]:
    """What carries `sentence`, with the words in their place. Three queries."""
    sources = list(sentence.sources.select_related("document").order_by("pk"))
    pages = _pages_of(sources)
    named = [source.section for source in sources if source.section]
    rows = SectionVersion.objects.filter(identifier__in=named, section__practice=None).select_related("section__source")
    sections = {(row.identifier, row.version): row for row in rows}
    return tuple(
        Carrier(source, section=sections.get((source.section, source.section_version)))
        if source.section
        else Carrier(source, _marked(pages.get((source.document_id, source.page), ()), source.quote))
        for source in sources
    )


def _pages_of(sources: Iterable[SentenceSource]) -> dict[tuple[int | None, int | None], list[str]]:
    """The texts of the pages that `sources` point at; a format without pages has one of no number."""
    wanted = [Q(document=source.document_id, number=source.page) for source in sources if source.document_id]
    found: dict[tuple[int | None, int | None], list[str]] = {}
    if wanted:
        for page in Page.objects.filter(reduce(or_, wanted)).order_by("position"):
            found.setdefault((page.document_id, page.number), []).append(page.text)
    return found


def _marked(texts: Sequence[str], quote: str) -> tuple[str, str, str]:
    """The first of `texts` that has the words, parted around them; else all of the first."""
    for text in texts:
        place = find_loose(quote, text) if quote.strip() else None
        if place:
            return text[: place[0]], text[place[0] : place[1]], text[place[1] :]
    return (texts[0] if texts else ""), "", ""


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
