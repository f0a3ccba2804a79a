"""Forms for signing in and for setting a password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from lightpoint.errors import DomainError
from users.models import Budget, Invitation, User, Webhook
from users.permissions import may_enter
from users.services import change_password


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    """Address and password. One answer for a wrong password, an unknown address and somebody who may not come in."""

    error_messages = {  # noqa: RUF012 - as Django declares it
        "invalid_login": "That address and password do not belong together, or you may not sign in.",
        "inactive": "That address and password do not belong together, or you may not sign in.",
    }

    def confirm_login_allowed(self, user: User) -> None:
        """Raise ValidationError for somebody without a role or a practice."""
        if not may_enter(user):
            raise self.get_invalid_login_error()


class OwnPasswordForm(AdminOwnPasswordChangeForm):  # type: ignore[misc]
    """The user's own password, changed by the service that records it."""

    def save(self, *_args: object, **_options: object) -> User:
        """Change it; the user at hand is brought up to date, so that this session can go on."""
        user: User = self.user
        passwords = self.cleaned_data
        change_password(user=user, old=passwords["old_password"], new=passwords["new_password1"], now=timezone.now())
        user.refresh_from_db(fields=["password", "sign_in_epoch"])
        return user


class ResetForm(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(label="E-mail address", widget=UnfoldAdminEmailInputWidget(attrs={"autofocus": ""}))


class NewPasswordForm(forms.Form):
    """A password, twice. What it may not be is for the service to say."""

    password = forms.CharField(
        strip=False,
        max_length=4096,
        help_text=password_validators_help_text_html,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Password again",
        strip=False,
        max_length=4096,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ, and what is too weak for anybody."""
        values = super().clean() or {}
        password, again = values.get("password"), values.get("again")
        if password and again and password != again:
            self.add_error("again", "The two are not the same.")
        elif password:
            self._check(password)
        return values

    def refuse(self, error: DomainError | ValidationError) -> None:
        """Show what the service said."""
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        for message in messages:
            self.add_error(None, message)

    def _check(self, password: str) -> None:
        try:
            validate_password(password)
        except ValidationError as error:
            self.add_error("password", error)


class AcceptForm(NewPasswordForm):
    """What somebody who is invited says of themselves."""

    name = forms.CharField(max_length=120, widget=UnfoldAdminTextInputWidget(attrs={"autofocus": ""}))
    field_order = ("name", "password", "again")


class InviteForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Whom to invite, as what. The service makes the invitation; this only reads what was typed."""

    class Meta:
        model = Invitation
        fields = ("practice", "email", "role")

    def _post_clean(self) -> None:
        """The rest of the row is not there yet, so that the model has nothing to check."""


class BudgetForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Whose budget it is and how much. The service makes or changes it; this only reads what was typed."""

    class Meta:
        model = Budget
        fields = ("level", "practice", "user", "period", "amount")

    def _post_clean(self) -> None:
        """The rest of the row is not there yet, so that the model has nothing to check."""


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Whose programs are told, and where. The service adds the webhook; this only reads what was typed."""

    class Meta:
        model = Webhook
        fields = ("practice", "url")

    def _post_clean(self) -> None:
        """The rest of the row is not there yet, so that the model has nothing to check."""
