"""The list of letters, and the addresses of their pages. Writes go through services."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import ModelAdmin

from complaints.models import Complaint
from complaints.selectors import search_complaints, visible_complaints
from letters.experimenting import visible_experiments
from letters.models import Experiment, Letter, PromptVersion
from letters.prompting import visible_prompts
from letters.selectors import visible_letters
from letters.services import ask_for_review, start_experiment, stop_experiment
from letters.views import case, changes, letter, prompts, ratings, road, uses, versions
from letters.views.case import with_newest
from letters.views.shared import caller
from lightpoint.errors import DomainError
from lightpoint.language.english import plural
from lightpoint.pages import WorkList, tell
from users.permissions import RoleAdmin, may

Pages = tuple[tuple[str, Callable[..., HttpResponseBase], str], ...]


@admin.register(Letter)
class LetterAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "letter.view"}
    list_title = "Letters"
    list_display = ("title", "complaint", "state_now", "ledger", "approved_by", "updated_at")
    list_filter = ("state", "type")
    list_select_related = ("complaint__client", "approved_by")
    search_fields = ("complaint",)
    search_help_text = "Reference or client of the case"
    ordering = ("-updated_at", "-pk")
    sortable_by = ("updated_at",)
    actions = ("ask",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        """The letters that the user may see."""
        return with_newest(visible_letters(caller(request)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Letter], search_term: str
    ) -> tuple[QuerySet[Letter], bool]:
        """The letters of the cases that have the words."""
        if not search_term:
            return queryset, False
        found: QuerySet[Complaint] = search_complaints(visible_complaints(caller(request)), search_term)
        return queryset.filter(complaint__in=found), False

    @admin.display(description="Letter")
    def title(self, row: Letter) -> str:
        """Its type and the number of the newest version."""
        return f"{row.get_type_display()}, version {row.newest_number}"  # type: ignore[attr-defined]  # annotated

    @admin.display(description="State")
    def state_now(self, row: Letter) -> str:
        """Where it stands on its road."""
        return format_html('<span class="lp-state" data-state="{}">{}</span>', row.state, row.get_state_display())

    @admin.display(description="Ledger")
    def ledger(self, row: Letter) -> str:
        """Whether the newest version may be approved."""
        released = row.newest_released  # type: ignore[attr-defined]  # annotated
        state, words = ("released", "Verified") if released else ("blocked", "Blocked")
        return format_html('<span class="lp-state" data-state="{}">{}</span>', state, words)

    def get_urls(self) -> list[URLPattern]:
        """The pages of letters."""
        pages: Pages = (
            ("case/<int:complaint_pk>/", case.letters, "case"),
            ("case/<int:complaint_pk>/draft/", case.draft, "draft"),
            ("<int:pk>/beside/", letter.beside, "beside"),
            ("<int:pk>/edit-sentence/", letter.edit_sentence, "edit_sentence"),
            ("<int:pk>/edit-section/", letter.edit_section, "edit_section"),
            ("<int:pk>/review/", road.review, "review"),
            ("<int:pk>/send-back/", road.send_back, "send_back"),
            ("<int:pk>/approve/", road.approve, "approve"),
            ("<int:pk>/change-section/", changes.change_section, "change_section"),
            ("<int:pk>/lock/", road.lock, "lock"),
            ("<int:pk>/reopen/", road.reopen, "reopen"),
            ("<int:pk>/send/", road.send, "send"),
            ("uses/<int:pk>/", uses.uses, "uses"),
            ("version/<int:pk>/changes/", versions.compare, "changes"),
            ("version/<int:pk>/rate/", ratings.rate, "rate"),
            ("version/<int:pk>/<slug:kind>/", versions.download, "download"),
        )
        wrap = self.admin_site.admin_view
        own = [path(address, wrap(view), name=f"letters_letter_{name}") for address, view, name in pages]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The letter beside its ledger."""
        if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
            raise Http404
        return letter.read(request, int(object_id))

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Whether the user may ask for reviews."""
        return may(request.user, "letter.review")

    @admin.action(description="Ask for a review", permissions=["review"])
    def ask(self, request: HttpRequest, rows: QuerySet[Letter]) -> None:
        """Ask for eyes on the newest version of each."""
        refused, done = [], 0
        for row in rows:
            try:
                ask_for_review(letter=row, expected_version=row.version, by=caller(request), now=timezone.now())
                done += 1
            except DomainError as error:
                refused.append(f"{row}: {error}")
        tell(request, done=f"A review is asked for, of {plural(done, 'letter')}." if done else "", refused=refused)


@admin.register(PromptVersion)
class PromptVersionAdmin(RoleAdmin, ModelAdmin):  # type: ignore[misc]
    """What models are told for the letters of a practice; versions are written by services alone."""

    rights: ClassVar = {"view": "prompt.view"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptVersion]:
        """The versions that the user may see."""
        return visible_prompts(caller(request))

    def get_urls(self) -> list[URLPattern]:
        """The pages of prompts."""
        pages: Pages = (
            ("stage/<slug:stage>/", prompts.stage, "stage"),
            ("stage/<slug:stage>/write/", prompts.write, "write"),
            ("stage/<slug:stage>/settings/", prompts.configure, "settings"),
            ("stage/<slug:stage>/reset/", prompts.reset, "reset"),
            ("<int:pk>/test/", prompts.test, "test"),
            ("<int:pk>/activate/", prompts.activate, "activate"),
        )
        wrap = self.admin_site.admin_view
        own = [path(address, wrap(view), name=f"letters_promptversion_{name}") for address, view, name in pages]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The stages, each with what is in force."""
        return prompts.prompts(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A version with its tests."""
        if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
            raise Http404
        return prompts.prompt(request, int(object_id))


@admin.register(Experiment)
class ExperimentAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    """Experiments with pipelines and prompts. They are planned over REST; here they are watched, started, stopped."""

    rights: ClassVar = {"view": "experiment.view"}
    list_title = "Experiments"
    list_display = ("name", "measure", "arms", "percent", "state", "cases", "why")
    list_filter = ("state",)
    sortable_by = ()
    fields = ("name", "arms", "percent", "measure", "margin", "alpha", "ceiling", "state", "why", "cases", "started_at")
    readonly_fields = fields
    actions = ("start", "stop")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Experiment]:
        """The experiments that the user may see."""
        return visible_experiments(caller(request))

    @admin.display(description="Tried")
    def arms(self, row: Experiment) -> str:
        """The challenger beside the baseline."""
        return str(row.prompt) if row.prompt else f"{row.challenger} beside {row.baseline}"

    @admin.display(description="Cases")
    def cases(self, row: Any) -> str:
        """How many have which arm, and how many are measured."""
        return f"{row.with_challenger} beside {row.with_baseline}, {row.measured} measured"

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Whether the user may start and stop experiments."""
        return may(request.user, "experiment.manage")

    @admin.action(description="Start", permissions=["manage"])
    def start(self, request: HttpRequest, rows: QuerySet[Experiment]) -> None:
        """Let them run; one at a time."""
        _each(request, rows, start_experiment, "started")

    @admin.action(description="Stop", permissions=["manage"])
    def stop(self, request: HttpRequest, rows: QuerySet[Experiment]) -> None:
        """Draft every case as without them."""
        _each(request, rows, stop_experiment, "stopped")


def _each(request: HttpRequest, rows: QuerySet[Experiment], service: Callable[..., object], done: str) -> None:
    refused, count = [], 0
    for row in rows:
        try:
            service(experiment=row, expected_version=row.version, by=caller(request), now=timezone.now())
            count += 1
        except DomainError as error:
            refused.append(f"{row}: {error}")
    tell(request, done=f"{count} {done}." if count else "", refused=refused)
