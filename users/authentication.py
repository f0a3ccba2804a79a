"""API keys in the Authorization header: `Bearer lp_<prefix>_<secret>` (RFC 6750)."""

from datetime import datetime

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from lightpoint import ratelimit  # whole: it is still being imported when the settings name this module
from users.keyring import key_named
from users.models import ApiKey, User
from users.secrets import parts_of
from users.services.keys import note_use, opens

REFUSED = "The API key is not known, has ended, or its user may not sign in"


class ApiKeyAuthentication(BaseAuthentication):
    """The user of the key, bounded by the key's scopes. One answer for every reason to refuse."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """User and key; None without a Bearer header. Raises AuthenticationFailed (401) for one that does not work.

        Keys that have to be looked up in the database count against the limit of the address first (LimitExceeded).
        """
        mark, _, written = request.headers.get("Authorization", "").partition(" ")
        if mark.lower() != "bearer":
            return None
        now = timezone.now()
        key = _key_of(request, written.strip(), now)
        if key is None:
            raise AuthenticationFailed(REFUSED)
        key.user.auth_scopes = frozenset(key.scopes)
        return key.user, key

    def authenticate_header(self, _request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="lightpoint"'


def _key_of(request: Request, written: str, now: datetime) -> ApiKey | None:
    prefix, secret = parts_of(written) or ("", "")
    found = key_named(prefix[:12], when_read=lambda: ratelimit.check(request._request, "address"))
    key, was_read = found or (None, False)
    if not opens(key, secret, now=now) or key is None:
        return None
    if was_read:
        note_use(key, now)
    return key
