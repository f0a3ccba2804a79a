"""API keys in the Authorization header: `Bearer lp_<prefix>_<secret>` (RFC 6750)."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from users.models import ApiKey, User
from users.secrets import digest, matches, parts_of

REFUSED = "The API key is not known, has ended, or its user may not sign in"
NOBODY = digest("")
USED_EVERY = timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """The user of the key, bounded by the key's scopes. One answer for every reason to refuse."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """User and key; None without a Bearer header. Raises AuthenticationFailed (401) for one that does not work."""
        mark, _, written = request.headers.get("Authorization", "").partition(" ")
        if mark.lower() != "bearer":
            return None
        now = timezone.now()
        key = _key_of(written.strip(), now)
        if key is None:
            raise AuthenticationFailed(REFUSED)
        key.user.auth_scopes = frozenset(key.scopes)
        _note_use(key, now)
        return key.user, key

    def authenticate_header(self, _request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="lightpoint"'


def _key_of(written: str, now: datetime) -> ApiKey | None:
    prefix, secret = parts_of(written) or ("", "")
    key = ApiKey.objects.select_related("user__practice").filter(prefix=prefix[:12]).first()
    if not matches(secret, key.secret_hash if key else NOBODY) or key is None:
        return None
    return key if key.works(now) and key.user.is_active else None


def _note_use(key: ApiKey, now: datetime) -> None:
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USED_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
