"""The words that carry a fact, shown in a template: `{% words event.span %}` on a page that has `papers`."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from complaints.facts.records import ConflictSide, Span

register = template.Library()
NAMES = {"ico": "Information Commissioner", "adjudicator": "Adjudicator", "out_of_time": "out of time"}


@register.simple_tag(takes_context=True)
def words(context: Context, place: Span | ConflictSide) -> str:
    """The paper of `place`, leading to its words there, and the words."""
    papers: Mapping[str, int] = context.get("papers") or {}
    where = f"{place.document}, page {place.page}" if place.page else place.document
    pk = papers.get(place.document)
    named = format_html('<a href="{}">{}</a>', address(pk, place), where) if pk else where
    return format_html('<span class="lp-words">{} <q>{}</q></span>', named, place.quote)


@register.simple_tag(takes_context=True)
def all_words(context: Context, places: Iterable[Span]) -> str:
    """The papers and words of all `places`, each once."""
    return format_html_join("", "{}", ((words(context, place),) for place in dict.fromkeys(places)))


@register.filter
def pounds(amount: Decimal) -> str:
    """Money as a letter writes it: £4,196.00."""
    return f"£{amount:,.2f}"


@register.filter
def in_words(name: str) -> str:
    """A word of a vocabulary as people read it."""
    return NAMES.get(name, name.replace("_", " "))


@register.filter
def readable(value: str) -> str:
    """A date that stands as in a computer, as people write it; anything else as it is."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%B %Y}"


def address(pk: int, place: Span | ConflictSide) -> str:
    """Where the words of `place` are marked on the page of their paper."""
    query = urlencode({"quote": place.quote} | ({"page": place.page} if place.page else {}))
    return f"{reverse('admin:complaints_document_change', args=[pk])}?{query}#words"
