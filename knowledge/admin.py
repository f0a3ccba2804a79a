"""The guidance in the browser admin, to search and read: versions are written by services and never edited."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from knowledge import conversation_views, views
from knowledge.conversations import visible_conversations
from knowledge.models import Conversation, Section
from users.models import User
from users.permissions import RoleAdmin


@admin.register(Section)
class SectionAdmin(RoleAdmin, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "guidance.view"}

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
        if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
            raise Http404
        return views.section(request, get_object_or_404(Section, pk=int(object_id)).identifier)


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
        if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
            raise Http404
        return conversation_views.conversation(request, int(object_id))
