"""Tickets on the first page. One query."""

from typing import Final

from django.http import HttpRequest

from lightpoint.dashboard import Part
from tickets.selectors import visible_tickets
from tickets.status import UNSETTLED
from users.permissions import may

SHOWN: Final = 8


def parts(request: HttpRequest) -> tuple[Part, ...]:
    """The newest tickets that the user may see and that are not settled."""
    if not may(request.user, "ticket.view"):
        return ()
    rows = visible_tickets(request.user).filter(status__in=UNSETTLED)
    newest = rows.select_related("assigned_to").order_by("-created_at", "-pk")[:SHOWN]
    return (Part("tickets/part_tickets.html", "Open tickets", {"tickets": newest}),)
