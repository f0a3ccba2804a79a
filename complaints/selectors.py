"""Reads of cases: who may see what, and stored stage results as the records they were made from."""

from decimal import Decimal
from typing import cast

from django.db.models import QuerySet

from complaints.analysis.records import Analysis
from complaints.documents.records import Page, Problem, ProblemKind, ReadDocument, ReadingMethod
from complaints.facts.records import ClientKind, Facts, Intake, Nation, ReferenceKind
from complaints.models import CaseAnalysis, Complaint, Document
from lightpoint.codec import from_plain
from users.models import User


def visible_complaints(user: User) -> QuerySet[Complaint]:
    """The complaints that `user` may see: those of their practice; all for platform staff."""
    if user.is_superuser:
        return Complaint.objects.all()
    if user.practice_id is None:
        return Complaint.objects.none()
    return Complaint.objects.filter(practice_id=user.practice_id)


def intake_of(complaint: Complaint) -> Intake:
    """What was typed when `complaint` was opened."""
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
        opened_on=complaint.opened_on,
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


def latest_analysis(complaint: Complaint) -> CaseAnalysis | None:
    """The newest run of the analysis of `complaint`, or None before the first."""
    return complaint.analyses.order_by("-version").first()


def facts_of(run: CaseAnalysis) -> Facts:
    """The facts on which `run` rests."""
    return from_plain(Facts, run.facts)


def analysis_of(run: CaseAnalysis) -> Analysis:
    """The conclusions of `run`."""
    return from_plain(Analysis, run.analysis)
