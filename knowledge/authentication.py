"""The key of an assistant: key, its user and the collection behind it, in one query."""

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from knowledge.models import Assistant
from lightpoint import ratelimit
from users.models import ApiKey, User
from users.services import note_use, opens

REFUSED = "The API key is not known, has ended, or leads to no assistant"


class AssistantAuthentication(BaseAuthentication):
    """Lets in who comes with the key of an assistant. One answer for every reason to refuse."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """User and key, whose `assistant` is read with it; None without a Bearer header.

        Raises AuthenticationFailed (401), and LimitExceeded before the look-up where an address asks too often.
        """
        mark, _, written = request.headers.get("Authorization", "").partition(" ")
        if mark.lower() != "bearer":
            return None
        ratelimit.check(request._request, "address")
        _mark, _, rest = written.strip().partition("_")
        prefix, _, secret = rest.partition("_")
        now = timezone.now()
        rows = Assistant.objects.select_related("api_key__user", "source")
        found = rows.filter(api_key__prefix=prefix[:12].replace("\0", "")).first()
        key = found.api_key if found else None
        if not opens(key, secret, now=now) or key is None:
            raise AuthenticationFailed(REFUSED)
        note_use(key, now)
        key.user.auth_scopes = frozenset(key.scopes)
        return key.user, key

    def authenticate_header(self, _request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="lightpoint"'


class AssistantKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The key of an assistant in the schema."""

    target_class = AssistantAuthentication
    name = "assistantKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "lp_<prefix>_<secret>"}
