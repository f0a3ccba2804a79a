"""Coming in: how often somebody may try, and the session that begins."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from lightpoint.ratelimit import Decision, LimitExceeded, consume, forget, peek, subject_of
from users.models import User
from users.secrets import digest

LIMIT = "sign-in"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def check_sign_in(request: HttpRequest, email: str) -> None:
    """Count a try at the account that `email` names, whether there is one or not. Raises LimitExceeded.

    Tries at an account are counted before the password is looked at, so that no number of them at once gets past the
    limit. Those from an address are counted when they fail: the people of one practice share theirs. An address that
    has none left uses up none of an account's, or one stranger could keep everybody out.
    """
    _pass_or_raise(peek(LIMIT, subject_of(request, "address"), now=timezone.now()))
    _pass_or_raise(consume(LIMIT, _account(email), now=timezone.now()))


def note_success(email: str) -> None:
    """Let the account's tries count from nought again."""
    forget(LIMIT, _account(email))


def note_failure(request: HttpRequest) -> None:
    """Count a failed try against the address that it came from."""
    consume(LIMIT, subject_of(request, "address"), now=timezone.now())


def check_reset(request: HttpRequest, email: str) -> None:
    """Count a request for a link to `email`, apart from tries to sign in. Raises LimitExceeded."""
    for subject in (f"reset:{_account(email)}", f"reset:{subject_of(request, 'address')}"):
        _pass_or_raise(consume(LIMIT, subject, now=timezone.now()))


def admit(request: HttpRequest, user: User) -> HttpResponseRedirect:
    """Begin a session of `user`, under a new key, and show the first page."""
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(reverse("admin:index"))


def _account(email: str) -> str:
    """What stands for an account where counts are kept: a hash, since the address is nobody's business there."""
    return f"account:{digest(email.strip().lower())[:32]}"


def _pass_or_raise(decision: Decision) -> None:
    if not decision.allowed:
        raise LimitExceeded(decision)
