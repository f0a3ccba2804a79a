"""The browser admin as a site: who may come in, and how often somebody may try."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from unfold.sites import UnfoldAdminSite

from users.forms import OwnPasswordForm, SignInForm
from users.permissions import may_enter
from users.signin import check_sign_in, note_failure, note_success
from users.views import ResetPage


class Site(UnfoldAdminSite):  # type: ignore[misc]
    """Lets in everybody with a role, and staff of the platform."""

    login_form = SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user of the request may use the admin at all."""
        return may_enter(request.user)

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
