"""The first page. Apps bring its parts: settings.DASHBOARD names them, since this package knows no app."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Part:
    """A card: the template that shows it, and what it shows. `wide` spans both columns."""

    template: str
    title: str
    values: Mapping[str, object] = field(default_factory=dict)
    wide: bool = False


Maker = Callable[[HttpRequest], tuple[Part, ...]]


def dashboard(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """The context of the first page with the parts that the user of `request` may see."""
    makers: list[Maker] = [import_string(name) for name in settings.DASHBOARD]
    return {**context, "title": "Dashboard", "parts": [part for make in makers for part in make(request)]}
