"""The guidance in the browser admin, to search, read, browse and curate: versions are written by services alone."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from knowledge import conversation_views, views
from knowledge.conversations import visible_assistants, visible_conversations, visible_feedback
from knowledge.models import Assistant, Conversation, Feedback, Section, Source, StagedSection
from knowledge.selectors import visible_sections, visible_sources, visible_staged
from knowledge.views.shared import caller
from lightpoint.pages import WorkList
from users.models import User
from users.permissions import RoleAdmin


def number_of(object_id: str) -> int:
    """The number of a row out of an address. Raises Http404 for what is none."""
    if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
        raise Http404
    return int(object_id)


class PagesAdmin(RoleAdmin, ModelAdmin):  # type: ignore[misc]
    """An admin whose list and rows are pages of ours. `posts` are the addresses below a row that change it."""

    rights: ClassVar = {"view": "guidance.view"}
    posts: ClassVar[dict[str, Callable[..., HttpResponse]]] = {}

    def get_urls(self) -> list[URLPattern]:
        """The pages of ours before Django's."""
        name = f"knowledge_{self.opts.model_name}"
        own = [
            path(f"<int:pk>/{word}/", self.admin_site.admin_view(view), name=f"{name}_{word}")
            for word, view in self.posts.items()
        ]
        return [*own, *super().get_urls()]


@admin.register(Section)
class SectionAdmin(PagesAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        """The sections that the user may see."""
        return visible_sections(caller(request))

    def get_urls(self) -> list[URLPattern]:
        """A section under the identifier by which people cite it."""
        named = self.admin_site.admin_view(views.section)
        return [path("named/<str:identifier>/", named, name="knowledge_section_named"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The search, which ranks, in place of a list that filters."""
        return views.guidance(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The section with its versions."""
        return views.section(request, pk=number_of(object_id))


@admin.register(Source)
class SourceAdmin(PagesAdmin):
    posts: ClassVar = {"share": views.share, "unshare": views.unshare}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """The sources that the user may see."""
        return visible_sources(caller(request))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The sources by kind."""
        return views.sources(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The sections of a source."""
        return views.source(request, number_of(object_id))


@admin.register(StagedSection)
class StagedSectionAdmin(PagesAdmin):
    posts: ClassVar = {"decide": views.decided, "undo": views.undone, "compare": views.compare}

    def get_queryset(self, request: HttpRequest) -> QuerySet[StagedSection]:
        """The uploads that the user may see."""
        return visible_staged(caller(request))

    def get_urls(self) -> list[URLPattern]:
        """The address that files are sent to."""
        sent = self.admin_site.admin_view(views.upload)
        return [path("upload/", sent, name="knowledge_stagedsection_upload"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The uploads, and the place to send others."""
        return views.staging(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """An upload beside what it resembles."""
        return views.staged(request, number_of(object_id))


@admin.register(Conversation)
class ConversationAdmin(RoleAdmin, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "chat.view"}

    def get_urls(self) -> list[URLPattern]:
        """The pages of conversations."""
        pages = (
            ("begin/", conversation_views.begin, "begin"),
            ("<int:conversation_pk>/ask/", conversation_views.ask_next, "ask"),
            ("<int:conversation_pk>/edit/", conversation_views.edit, "edit"),
            ("<int:conversation_pk>/remove/", conversation_views.remove, "remove"),
            ("<int:conversation_pk>/again/<int:message_pk>/", conversation_views.again, "again"),
            ("<int:conversation_pk>/judge/<int:message_pk>/", conversation_views.judge, "judge"),
            ("<int:conversation_pk>/words/<int:message_pk>/<int:number>/", conversation_views.words, "words"),
            ("<int:conversation_pk>/export/<slug:kind>/", conversation_views.export, "export"),
        )
        wrap = self.admin_site.admin_view
        own = [path(address, wrap(view), name=f"knowledge_conversation_{name}") for address, view, name in pages]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """The user's own."""
        return visible_conversations(cast(User, request.user))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The user's conversations, and a question that begins another one."""
        return conversation_views.conversations(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The conversation, and the next question."""
        return conversation_views.conversation(request, number_of(object_id))


@admin.register(Feedback)
class FeedbackAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    """What people say of answers; what they asked stays theirs."""

    rights: ClassVar = {"view": "feedback.view"}
    list_title = "What people say of answers"
    list_display = ("created_at", "helpful", "comment", "by")
    list_filter = ("helpful",)
    list_select_related = ("by",)
    fields = ("created_at", "helpful", "comment", "by")
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        """That of the user's practice; all of it for staff of the platform."""
        return visible_feedback(caller(request))


@admin.register(Assistant)
class AssistantAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    """Assistants for sites of practices. They are made and changed over REST, where the key is told once."""

    rights: ClassVar = {"view": "assistant.view"}
    list_title = "Assistants"
    list_display = ("name", "source", "api_key", "created_at")
    list_select_related = ("source", "api_key")
    fields = ("name", "source", "api_key", "created_at")
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assistant]:
        """Those of the user's practice."""
        return visible_assistants(caller(request))
