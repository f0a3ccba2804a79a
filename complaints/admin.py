"""Cases in the browser admin: read the papers, the facts and the analysis. Writes go through services."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline

from complaints.models import Client, Complaint, Document, Page, TimelineEntry
from complaints.selectors import analysis_of, facts_of, latest_analysis, visible_complaints
from lightpoint.readonly import ReadOnly


class DocumentInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = Document
    fields = ("name", "media_type", "problem_detail")
    readonly_fields = fields
    show_change_link = True
    extra = 0


class TimelineInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = TimelineEntry
    fields = ("at", "by", "text")
    readonly_fields = fields
    extra = 0


class PageInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = Page
    fields = ("number", "method", "confidence", "text")
    readonly_fields = fields
    extra = 0


@admin.register(Client)
class ClientAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "kind", "nation", "practice")
    list_filter = ("kind", "nation")
    search_fields = ("name",)
    list_select_related = ("practice",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        return Client.objects.filter(complaints__in=visible_complaints(request.user)).distinct()  # type: ignore[arg-type]


@admin.register(Complaint)
class ComplaintAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("reference", "client", "tax_head", "status", "opened_on", "practice")
    list_filter = ("status",)
    search_fields = ("reference", "client__name", "tax_head")
    list_select_related = ("client", "practice")
    date_hierarchy = "opened_on"
    inlines = (DocumentInline, TimelineInline)
    fields = (
        "reference",
        "client",
        "practice",
        "tax_head",
        "status",
        "opened_on",
        "brief",
        "desired_outcome",
        "findings",
    )
    readonly_fields = ("findings",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        return visible_complaints(request.user).select_related("client", "practice")  # type: ignore[arg-type]

    @admin.display(description="Chronology and analysis")
    def findings(self, complaint: Complaint) -> SafeString | str:
        run = latest_analysis(complaint)
        if run is None:
            return "Not analysed yet."
        context: dict[str, Any] = {"facts": facts_of(run), "analysis": analysis_of(run)}
        return render_to_string("complaints/findings.html", context)


@admin.register(Document)
class DocumentAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "complaint", "media_type", "problem_detail")
    list_filter = ("problem_kind", "media_type")
    search_fields = ("name", "complaint__reference")
    list_select_related = ("complaint", "complaint__client")
    fields = ("name", "complaint", "media_type", "content_sha256", "problem_kind", "problem_detail")
    inlines = (PageInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return Document.objects.filter(complaint__in=visible_complaints(request.user))  # type: ignore[arg-type]
