"""The browser admin as a site: who may come in, and how often somebody may try."""

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPMethod, HTTPStatus
from typing import Any

from django.contrib.auth.views import PasswordChangeView, redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from unfold.sites import UnfoldAdminSite

from lightpoint.pages import came_from, tell
from users.forms import OwnPasswordForm, SignInForm
from users.permissions import may_enter
from users.signin import check_sign_in, note_failure, note_success
from users.views import ResetPage

View = Callable[..., HttpResponseBase]
LOST = "You were signed out before this was sent, and it was not kept. Sign in and send it again."


class Site(UnfoldAdminSite):  # type: ignore[misc]
    """Lets in everybody with a role, and staff of the platform."""

    login_form = SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user of the request may use the admin at all."""
        return may_enter(request.user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """`view` for those who may come in. Who is signed out comes back to the page on which a form stood."""
        guarded: View = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (
                request.method != HTTPMethod.POST
                or self.has_permission(request)
                or request.path == reverse("admin:logout")
            ):
                return guarded(request, *args, **kwargs)
            tell(request, refused=[LOST])
            return redirect_to_login(came_from(request, reverse("admin:index")), reverse("admin:login"))

        return update_wrapper(inner, guarded)

    def extra_urls(self) -> list[URLPattern]:
        """The page for a forgotten password, which unfold's sign-in page links to by this name."""
        return [path("password-reset/", ResetPage.as_view(), name="admin_password_reset")]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The sign-in page; after too many tries it answers 429 without looking at the password."""
        email = request.POST.get("username", "")
        if request.method == "POST":
            check_sign_in(request, email)
        answer: HttpResponse = super().login(request, extra_context)
        if request.method == "POST":
            self._count(request, email, answer)
        return answer

    def _count(self, request: HttpRequest, email: str, answer: HttpResponse) -> None:
        """A sign-in that succeeds is answered with a redirect."""
        if answer.status_code == HTTPStatus.FOUND:
            note_success(email)
        else:
            note_failure(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The user's own password, through the service that records it."""
        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)
