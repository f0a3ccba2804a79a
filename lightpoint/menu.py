"""The frame of the browser admin: its menu, colours and own files. Read by the settings."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

Navigation = list[dict[str, Any]]  # the shape is unfold's


def navigation(request: HttpRequest) -> Navigation:
    """The menu: what is worked on, what is looked up, who works here; of these what the user's role may see."""
    first = {"items": [{"title": "Dashboard", "icon": "space_dashboard", "link": reverse_lazy("admin:index")}, FIGURES]}
    return [
        first,
        *({"title": title, "items": [_item(*e) for e in entries if _sees(request, e[2])]} for title, entries in MENU),
    ]


def _item(title: str, icon: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model.replace('.', '_')}_changelist")}


def _sees(request: HttpRequest, model: str) -> bool:
    """Whether the user sees the list of `model` ("complaints.complaint"); not where no list of it is registered."""
    from django.apps import apps  # noqa: PLC0415 - settings, which read this module, are there before the apps
    from django.contrib import admin  # noqa: PLC0415

    try:
        return admin.site.get_model_admin(apps.get_model(model)).has_module_permission(request)
    except (LookupError, admin.sites.NotRegistered):  # type: ignore[attr-defined]  # the stubs leave it out
        return False


FIGURES: Final = {"title": "Figures", "icon": "monitoring", "link": reverse_lazy("tickets:overview")}
MENU: Final = (
    (
        "Work",
        (
            ("Cases", "folder_open", "complaints.complaint"),
            ("Letters", "mail", "letters.letter"),
            ("Documents", "description", "complaints.document"),
            ("Clients", "badge", "complaints.client"),
            ("Tickets", "support", "tickets.ticket"),
        ),
    ),
    (
        "Look up",
        (
            ("Guidance", "menu_book", "knowledge.section"),
            ("Ask the guidance", "forum", "knowledge.conversation"),
            ("Sources", "library_books", "knowledge.source"),
            ("Uploads", "upload_file", "knowledge.stagedsection"),
            ("Said of answers", "thumbs_up_down", "knowledge.feedback"),
            ("Assistants", "smart_toy", "knowledge.assistant"),
        ),
    ),
    (
        "Practice",
        (
            ("People", "group", "users.user"),
            ("Invitations", "forward_to_inbox", "users.invitation"),
            ("Practices", "apartment", "users.practice"),
            ("API keys", "key", "users.apikey"),
            ("Webhooks", "webhook", "users.webhook"),
            ("Budgets", "savings", "users.budget"),
            ("Model calls", "receipt_long", "users.llmcall"),
            ("Prompts", "edit_note", "letters.promptversion"),
            ("Experiments", "science", "letters.experiment"),
            ("Audit trail", "history", "users.auditevent"),
        ),
    ),
)

# Teal on slate: every pair of text and ground that our own styles use has a contrast of 4.5 or more (WCAG 2.2, 1.4.3).
PRIMARY: Final = {
    "50": "#f0fafa",
    "100": "#d5f0f0",
    "200": "#aee0e1",
    "300": "#79c8ca",
    "400": "#43a9ad",
    "500": "#1f8a90",
    "600": "#0f6b72",
    "700": "#0d565c",
    "800": "#0e454a",
    "900": "#0f3a3e",
    "950": "#052326",
}


def _file(name: str) -> Callable[[HttpRequest], str]:
    return lambda _request: static(f"lightpoint/{name}")


UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": "Lightpoint",
    "SITE_HEADER": "Lightpoint",
    "SITE_SYMBOL": "balance",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "THEME": "light",
    "BORDER_RADIUS": "6px",
    "COLORS": {"primary": PRIMARY},
    "STYLES": [_file("workplace.css")],
    "SCRIPTS": [_file("workplace.js")],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _file("icon.svg")}],
    "DASHBOARD_CALLBACK": "lightpoint.dashboard.dashboard",
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": navigation},
}
