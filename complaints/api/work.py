"""Analyses, and the runs that do the work on a complaint."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.cases import ComplaintView
from complaints.api.findings import FindingsShape, findings_of
from complaints.api.shapes import AnalysisShape, RunShape
from complaints.models import CaseRun
from complaints.selectors import text_in_sight, visible_analyses, visible_complaints, visible_documents, visible_runs
from complaints.services import RIGHTS, cancel_run, restart_run, start_run
from lightpoint import ratelimit
from lightpoint.events import case_channel, stream_of
from lightpoint.rest.events import MEDIA_TYPE
from lightpoint.rest.files import FileView
from lightpoint.rest.filters import ChoiceFilter, Filters
from lightpoint.rest.views import ApiView
from users.permissions import require
from users.roles import Action

_LIMITS: Final[Mapping[str, str]] = {CaseRun.Kind.DRAFT: "letters", CaseRun.Kind.REFINE: "changes"}


def followed(view: ApiView, run: CaseRun) -> Response:
    """202, and where to see how far `run` is."""
    response = view.answer(RunShape(run).data, status=202)
    response["Location"] = reverse("complaints-api:run", args=[run.pk])
    return response


class AnalysisList(ComplaintView):
    """The analyses of a complaint; each is kept."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "analysis.view", "POST": "analysis.run"}
    creates = True
    orderings: ClassVar = {"-version": ("-version",), "version": ("version",)}

    @extend_schema(operation_id="list_analyses", responses=AnalysisShape(many=True))
    def get(self, request: Request, complaint_id: int) -> Response:
        """The newest first."""
        return self.page(self.complaint(complaint_id).analyses.defer("facts", "analysis"), AnalysisShape)

    @extend_schema(operation_id="analyse_complaint", request=None, responses={202: RunShape})
    def post(self, request: Request, complaint_id: int) -> Response:
        """Start the analysis, or find the one that is under way."""
        complaint = self.complaint(complaint_id)
        run = start_run(complaint=complaint, kind=CaseRun.Kind.ANALYSE, by=self.caller, now=self.now)
        return followed(self, run)


class AnalysisDetail(ApiView):
    """One analysis with its evidence."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "analysis.view"}

    @extend_schema(operation_id="get_analysis", responses=FindingsShape)
    def get(self, request: Request, analysis_id: int) -> Response:
        """Chronology, route, delays, breaches, remedies, costs, deadlines and weaknesses."""
        row = self.found(visible_analyses(self.caller), pk=analysis_id)
        papers = visible_documents(self.caller).filter(complaint_id=row.complaint_id)
        return self.answer(FindingsShape(findings_of(row, dict(papers.values_list("name", "pk")))).data)


class RunFilters(Filters):
    kind = ChoiceFilter(choices=CaseRun.Kind.choices, help_text="Work of this kind.")
    state = ChoiceFilter(choices=CaseRun.State.choices, help_text="Work in this state.")


class RunList(ComplaintView):
    """The work on a complaint."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "complaint.view"}
    filters = RunFilters
    orderings: ClassVar = {"-created_at": ("-created_at", "-pk"), "created_at": ("created_at", "pk")}

    @extend_schema(operation_id="list_runs", responses=RunShape(many=True))
    def get(self, request: Request, complaint_id: int) -> Response:
        """The newest first."""
        return self.page(self.complaint(complaint_id).runs.all(), RunShape)


EVENTS = ("state", "run", "text", "version", "resync", "alive")


class CaseEventShape(serializers.Serializer[Any]):
    """A server-sent event of a case."""

    id = serializers.CharField(required=False, help_text="The place of the event; send the last one as Last-Event-ID.")
    event = serializers.ChoiceField(choices=[(name, name) for name in EVENTS])
    data = serializers.CharField(  # type: ignore[assignment]  # the name that the standard gives it
        help_text=(
            'JSON. "state": {"runs", "text"}. "run": {"id", "kind", "state"} and what else has changed of it. "text", '
            'a section of a letter being written: {"run", "letter", "type", "name", "section", "title", "state", '
            '"paragraphs"}; its state is "drafted" while it may still be worded otherwise, "checked" or "kept" when it '
            'stands. "version", a letter that is kept: {"run", "letter", "type", "id", "version", "released"}.'
        )
    )


class CaseEvents(FileView):
    """The events of a complaint as they happen."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "complaint.view"}

    @extend_schema(operation_id="follow_complaint", responses={(200, MEDIA_TYPE): CaseEventShape})
    def get(self, request: Request, complaint_id: int) -> HttpResponse:
        """Server-sent events: "state" with the work that is under way, and the text that is in sight of it.

        Then "run" whenever the work moves on, "text" for each section of a letter as it is written and checked, and
        "version" for a letter that is kept. Each has an id; send the last one as Last-Event-ID to have what you missed.
        "resync" says that events are lost and is followed by the state. "alive" is a sign of life, without an id.
        """
        row = self.found(visible_complaints(self.caller), pk=complaint_id)
        require(self.caller, "letter.view")
        runs = list(row.runs.filter(state__in=CaseRun.LIVE))
        return stream_of(
            case_channel(row.pk), {"runs": RunShape(runs, many=True).data, "text": text_in_sight(row, runs)}
        )


class RunDetail(ApiView):
    """One run."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "complaint.view"}

    @extend_schema(operation_id="get_run", responses=RunShape)
    def get(self, request: Request, run_id: int) -> Response:
        """How far it is; ask again while it is queued or running."""
        return self.answer(RunShape(self.found(visible_runs(self.caller), pk=run_id)).data)


class RunCancel(ApiView):
    """POST ends a run that waits or is at work."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "analysis.run"}

    @extend_schema(operation_id="cancel_run", request=None, responses=RunShape)
    def post(self, request: Request, run_id: int) -> Response:
        """The run, cancelled. What language models were asked up to then is paid for."""
        run = self.found(visible_runs(self.caller), pk=run_id)
        if run.kind == CaseRun.Kind.DRAFT:
            require(self.caller, "letter.draft")
        return self.answer(RunShape(cancel_run(run=run, by=self.caller, now=self.now)).data)


class RunRestart(ApiView):
    """POST starts again a run that failed or was cancelled."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "analysis.run"}
    creates = True

    @extend_schema(operation_id="restart_run", request=None, responses={202: RunShape})
    def post(self, request: Request, run_id: int) -> Response:
        """A new run with the same options."""
        run = self.found(visible_runs(self.caller).select_related("complaint"), pk=run_id)
        require(self.caller, RIGHTS[run.kind])
        limit = _LIMITS.get(run.kind)
        if limit:
            ratelimit.check(request, limit)
        return followed(self, restart_run(run=run, by=self.caller, now=self.now))
