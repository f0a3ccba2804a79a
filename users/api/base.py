"""What the views of people have in common."""

from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from lightpoint.rest.idempotency import SHOWN_ONCE
from lightpoint.rest.views import ApiView


class PublicView(ApiView):
    """A view for people who have no way to sign in yet. It looks at no session and no key."""

    permission_classes = (AllowAny,)
    authentication_classes = ()


def shown_once(response: Response, *fields: str) -> Response:
    """The same answer; its `fields` are secrets that are null in what a repeated Idempotency-Key gets."""
    setattr(response, SHOWN_ONCE, frozenset(fields))
    return response
