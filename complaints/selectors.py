"""Reads of cases: who may see what, and stored stage results as the records they were made from."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from complaints.analysis.records import Analysis
from complaints.documents.records import Page, Problem, ProblemKind, ReadDocument, ReadingMethod
from complaints.facts.corrections import FactCorrection
from complaints.facts.records import ClientKind, Facts, Intake, Nation, ReferenceKind, Span
from complaints.models import CaseAnalysis, CaseRun, Client, Complaint, Correction, Document
from lightpoint.cache import Entry, get_or_compute
from lightpoint.codec import from_plain
from lightpoint.events import case_channel, told
from users.models import User
from users.roles import Role

SEARCH_WORDS = 8
CASES_BY_STATE = Entry("dashboard.cases", ttl=timedelta(minutes=5), stale=timedelta(minutes=1))


def visible_complaints(user: User | AnonymousUser) -> QuerySet[Complaint]:
    """The complaints that `user` may see.

    An analyst's are those assigned to or opened by them; others of the practice see all of it, platform staff all.
    """
    if not isinstance(user, User) or not user.is_active:
        return Complaint.objects.none()
    if user.is_superuser:
        return Complaint.objects.all()
    if user.practice_id is None:
        return Complaint.objects.none()
    mine = Complaint.objects.filter(practice_id=user.practice_id)
    return mine.filter(Q(assigned_to=user) | Q(created_by=user)) if user.role == Role.ANALYST else mine


def visible_clients(user: User | AnonymousUser) -> QuerySet[Client]:
    """The clients of the complaints that `user` may see; the whole practice's for those who see all of it."""
    if isinstance(user, User) and user.is_active and user.is_superuser:
        return Client.objects.all()
    if isinstance(user, User) and user.is_active and user.practice_id and user.role != Role.ANALYST:
        return Client.objects.filter(practice_id=user.practice_id)
    return Client.objects.filter(Exists(visible_complaints(user).filter(client=OuterRef("pk"))))


def visible_documents(user: User | AnonymousUser) -> QuerySet[Document]:
    """The papers of the complaints that `user` may see."""
    return Document.objects.filter(complaint__in=visible_complaints(user))


def visible_analyses(user: User | AnonymousUser) -> QuerySet[CaseAnalysis]:
    """The analyses of the complaints that `user` may see."""
    return CaseAnalysis.objects.filter(complaint__in=visible_complaints(user))


def visible_corrections(user: User | AnonymousUser) -> QuerySet[Correction]:
    """What was corrected in the complaints that `user` may see."""
    return Correction.objects.filter(complaint__in=visible_complaints(user))


def corrections_of(complaint: Complaint) -> tuple[FactCorrection, ...]:
    """What people corrected in the papers of `complaint` and did not take back. One query."""
    rows = complaint.corrections.filter(withdrawn_at=None).select_related("document", "shown_in").order_by("pk")
    return tuple(
        FactCorrection(
            Span(row.document.name, row.page, 0, len(row.quote), row.quote),
            row.day,
            row.amount,
            Span(row.shown_in.name, row.shown_page, 0, len(row.shown_quote), row.shown_quote) if row.shown_in else None,
        )
        for row in rows
    )


def visible_runs(user: User | AnonymousUser) -> QuerySet[CaseRun]:
    """The work on the complaints that `user` may see."""
    return CaseRun.objects.filter(complaint__in=visible_complaints(user))


def cases_by_state(user: User) -> dict[str, int]:
    """How many cases `user` sees in each state; one query, or none (cache). Those who see all share the counts."""
    own = user.pk if user.role == Role.ANALYST else None
    return get_or_compute(
        CASES_BY_STATE, practice=user.practice_id, parts=[own], compute=lambda: _counted_by_state(user)
    )


def _counted_by_state(user: User) -> dict[str, int]:
    return dict(visible_complaints(user).order_by().values_list("status").annotate(Count("pk")))


def newest_runs(complaint: Complaint) -> QuerySet[CaseRun]:
    """The newest run of each kind of work on `complaint`. One query.

    A change of a section that failed or was cancelled is over when the letters have been drafted again since.
    """
    drafted = CaseRun.objects.filter(
        complaint=OuterRef("complaint"),
        kind=CaseRun.Kind.DRAFT,
        state=CaseRun.State.DONE,
        created_at__gt=OuterRef("created_at"),
    )
    undone = Q(kind=CaseRun.Kind.REFINE, state__in=(CaseRun.State.FAILED, CaseRun.State.CANCELLED))
    newest = complaint.runs.exclude(undone & Exists(drafted)).order_by("kind", "-created_at", "-pk").distinct("kind")
    return newest.select_related("created_by")


def text_in_sight(complaint: Complaint, runs: Iterable[CaseRun]) -> list[dict[str, Any]]:
    """The events "text" of `runs` that are at work: of each section of each letter the newest, in reading order.

    They are read from the log of the case; no query.
    """
    working = {run.pk: run.started_at for run in runs if run.started_at and run.state == CaseRun.State.RUNNING}
    if not working:
        return []
    newest: dict[tuple[int, int, int], dict[str, Any]] = {}
    for seen in told(case_channel(complaint.pk), "text", min(working.values())):
        if seen["run"] in working:
            newest[seen["run"], seen["letter"], seen["section"]] = seen
    return [newest[place] for place in sorted(newest)]


def search_complaints(complaints: QuerySet[Complaint], words: str) -> QuerySet[Complaint]:
    """Those of `complaints` whose reference, client or tax has a word that begins with each of `words`.

    Without a word in `words` (nothing but punctuation) there is no case that has it.
    """
    stems = re.findall(r"[^\W_]+", words)
    if not stems:
        return complaints.none()
    query = SearchQuery(" & ".join(f"{stem}:*" for stem in stems[:SEARCH_WORDS]), search_type="raw", config="simple")
    return complaints.filter(search=query)


def intake_of(complaint: Complaint, *, on: date | None = None) -> Intake:
    """What was typed when `complaint` was opened; with `on`, as the case stands on that later day."""
    client, practice = complaint.client, complaint.practice
    return Intake(
        practice_name=practice.name,
        practice_address=practice.address,
        agent_reference=practice.agent_reference,
        hourly_rates=tuple((grade, Decimal(rate)) for grade, rate in complaint.hourly_rates),
        client_name=client.name,
        client_kind=cast(ClientKind, client.kind),
        nation=cast(Nation, client.nation),
        references=tuple((cast(ReferenceKind, kind), value) for kind, value in complaint.references),
        tax_head=complaint.tax_head,
        brief=complaint.brief,
        desired_outcome=complaint.desired_outcome,
        opened_on=max(complaint.opened_on, on or complaint.opened_on),
    )


def read_documents_of(complaint: Complaint) -> tuple[ReadDocument, ...]:
    """The papers of `complaint` as the readers left them, in bundle order. Two queries."""
    rows = complaint.documents.prefetch_related("pages").select_related("parent").order_by("position", "pk")
    return tuple(as_read_document(row) for row in rows)


def as_read_document(row: Document) -> ReadDocument:
    """The record that `row` and its pages were stored from."""
    problem = Problem(cast(ProblemKind, row.problem_kind), row.problem_detail) if row.problem_kind else None
    return ReadDocument(
        name=row.name,
        media_type=row.media_type,
        sha256=row.content_sha256,
        pages=tuple(
            Page(page.number, page.text, cast(ReadingMethod, page.method), page.confidence) for page in row.pages.all()
        ),
        problem=problem,
        parent=row.parent.name if row.parent else None,
        headers=tuple((name, value) for name, value in row.headers),
        hidden_text=tuple(row.hidden_text),
    )


def original_of(document: Document) -> Document:
    """The paper whose bytes hold `document`: the e-mail that it came in, else itself. A query for each level."""
    while document.parent is not None:
        document = document.parent
    return document


def latest_analysis(complaint: Complaint) -> CaseAnalysis | None:
    """The newest run of the analysis of `complaint`, or None before the first."""
    return complaint.analyses.order_by("-version").first()


def facts_of(run: CaseAnalysis) -> Facts:
    """The facts on which `run` rests."""
    return from_plain(Facts, run.facts)


def analysis_of(run: CaseAnalysis) -> Analysis:
    """The conclusions of `run`."""
    return from_plain(Analysis, run.analysis)
