"""The guidance in the browser admin, to search and read: versions are written by services and never edited."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from knowledge import views
from knowledge.models import Section
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
