"""The words of a letter on a page, as the files have them."""

from django import template

from letters.export.layout import typeset as typeset_text

register = template.Library()


@register.filter
def typeset(text: str) -> str:
    """Typographic apostrophes; nothing that cannot be printed. The page escapes it as it does any text."""
    return typeset_text(text)
