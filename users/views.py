"""The pages for people who are not signed in: forgotten password, new password, invitation."""

from typing import Any

from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from lightpoint.errors import DomainError
from users.forms import AcceptForm, NewPasswordForm, ResetForm
from users.services import accept_invitation, open_invitation, reset_link_works, reset_password
from users.signin import admit, check_reset
from users.tasks import send_reset

SENT = "If somebody signs in with that address, a message with a link is on its way to it."
SPENT = "This link works no more. Links work once and for a time; ask for another one."


@method_decorator([never_cache, sensitive_post_parameters("password", "again")], name="dispatch")
class AccountPage(FormView):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A form in the frame of the sign-in page."""

    template_name = "users/account.html"
    title = ""
    submit = ""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the frame shows, and what the button says."""
        return site.each_context(self.request) | super().get_context_data(title=self.title, submit=self.submit, **more)

    def say(self, text: str, status: int = 200) -> HttpResponse:
        """The frame with a text in place of the form."""
        context = site.each_context(self.request) | {"title": self.title, "text": text}
        return render(self.request, self.template_name, context, status=status)


class ResetPage(AccountPage):
    """Asks for a link. Says the same, as quickly, whoever signs in with the address: the rest is a job."""

    form_class = ResetForm
    title = "Forgotten password"
    submit = "Send me a link"

    def form_valid(self, form: Form) -> HttpResponse:
        """Hand the address to the job."""
        email = form.cleaned_data["email"]
        check_reset(self.request, email)
        send_reset.defer(email=email)
        return self.say(SENT)


class SetPasswordPage(AccountPage):
    """Sets a new password by a link from the message."""

    form_class = NewPasswordForm
    title = "New password"
    submit = "Set the password"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form only for a link that works."""
        if not reset_link_works(uid=kwargs["uid"], token=kwargs["token"]):
            return self.say(SPENT, 404)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        """Set it, and show the way to the door."""
        try:
            reset_password(**self.kwargs, password=form.cleaned_data["password"], now=timezone.now())
        except (DomainError, ValidationError) as error:
            form.refuse(error)  # type: ignore[attr-defined]
            return self.form_invalid(form)
        return self.say("Your password is set. Sign in with it.")


class AcceptPage(AccountPage):
    """Lets in somebody who is invited."""

    form_class = AcceptForm
    title = "Welcome"
    submit = "Come in"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form only for an invitation that is open."""
        try:
            with transaction.atomic():
                invitation = open_invitation(token=kwargs["token"], now=timezone.now())
        except DomainError:
            return self.say(SPENT, 404)
        self.title = f"Welcome to {invitation.practice}"
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        """Make the user and sign them in."""
        values = form.cleaned_data
        try:
            user = accept_invitation(
                token=self.kwargs["token"], name=values["name"], password=values["password"], now=timezone.now()
            )
        except (DomainError, ValidationError) as error:
            form.refuse(error)  # type: ignore[attr-defined]
            return self.form_invalid(form)
        return admit(self.request, user)
