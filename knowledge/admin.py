"""The guidance in the browser admin, to read: versions are written by services and never edited."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from knowledge.models import Section, SectionVersion, Source
from lightpoint.readonly import ReadOnly


class VersionInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = SectionVersion
    fields = ("version", "title", "page_date", "valid_from", "valid_to", "superseded_at", "archived")
    readonly_fields = fields
    show_change_link = True
    extra = 0


@admin.register(Source)
class SourceAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "publisher", "licence")
    fields = ("name", "publisher", "licence", "licence_url")
    readonly_fields = fields


@admin.register(Section)
class SectionAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("identifier", "source")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("identifier", "versions__title")
    inlines = (VersionInline,)


@admin.register(SectionVersion)
class SectionVersionAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("identifier", "title", "version", "page_date", "valid_from", "valid_to", "archived")
    list_filter = ("archived", "section__source")
    search_fields = ("identifier", "title", "requires")
    list_select_related = ("section",)
    fields = (
        "identifier",
        "title",
        "version",
        "requires",
        "figures",
        "topics",
        "keywords",
        "standards",
        "addresses",
        ("page_date", "page_date_role", "in_force_from"),
        ("archived", "url"),
        ("valid_from", "valid_to", "superseded_at", "retrieved_at"),
    )
    readonly_fields = tuple(field.name for field in SectionVersion._meta.fields if field.name != "search")
