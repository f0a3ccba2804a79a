"""Letters on the first page: those that wait for somebody. Two queries."""

from typing import Final

from django.http import HttpRequest

from letters.models import Letter
from letters.selectors import visible_letters
from letters.views.case import with_newest
from letters.views.shared import caller
from lightpoint.dashboard import Part
from users.permissions import may

SHOWN: Final = 8


def parts(request: HttpRequest) -> tuple[Part, ...]:
    """The letters that wait for a review or an approval, and those that are approved and have not left."""
    user = caller(request)
    if not may(user, "letter.view"):
        return ()
    rows = with_newest(visible_letters(user)).select_related("complaint__client").order_by("-updated_at", "-pk")
    waiting = rows.filter(state=Letter.State.IN_REVIEW)[:SHOWN]
    ready = rows.filter(state__in=(Letter.State.APPROVED, Letter.State.LOCKED))[:SHOWN]
    return (
        Part("letters/part_letters.html", "Letters waiting for review and approval", {"letters": waiting}),
        Part("letters/part_letters.html", "Approved, not sent yet", {"letters": ready}),
    )
