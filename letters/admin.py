"""Letters in the browser admin: the text and, beside it, the ledger that ties each sentence to what carries it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from unfold.admin import ModelAdmin, TabularInline

from letters.models import Letter, LetterVersion
from letters.selectors import visible_letters
from lightpoint.readonly import ReadOnly


class VersionInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = LetterVersion
    fields = ("number", "pipeline", "tone", "released", "created_at")
    readonly_fields = fields
    show_change_link = True
    extra = 0


@admin.register(Letter)
class LetterAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("complaint", "type", "recipient")
    list_filter = ("type",)
    search_fields = ("complaint__reference", "complaint__client__name")
    list_select_related = ("complaint", "complaint__client")
    inlines = (VersionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return visible_letters(request.user)


@admin.register(LetterVersion)
class LetterVersionAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("letter", "number", "pipeline", "tone", "released", "created_at")
    list_filter = ("released", "pipeline", "tone")
    list_select_related = ("letter", "letter__complaint", "letter__complaint__client")
    fields = ("letter", "number", "released", "problems", "created_at", "ledger")
    readonly_fields = ("ledger",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterVersion]:
        return LetterVersion.objects.filter(letter__in=visible_letters(request.user))

    @admin.display(description="Letter and ledger")
    def ledger(self, version: LetterVersion) -> str:
        sentences = version.sentences.prefetch_related("sources__document")
        return render_to_string("letters/ledger.html", {"version": version, "sentences": sentences})
