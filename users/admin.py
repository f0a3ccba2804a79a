"""Practices, people, rates, keys, budgets and the audit trail in the browser admin. Every write is a service's."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import admin as _groups  # noqa: F401 - registers what is taken away below
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.module_loading import import_string
from unfold.admin import ModelAdmin, TabularInline

from lightpoint.errors import DomainError
from lightpoint.pages import WorkList
from users.forms import BudgetForm, InviteForm, WebhookForm
from users.models import ApiKey, AuditEvent, Budget, Invitation, LLMCall, Practice, Rate, User, Webhook
from users.periods import renews_at
from users.permissions import RoleAdmin, may
from users.roles import Role
from users.selectors import (
    visible_api_keys,
    visible_audit_events,
    visible_budgets,
    visible_invitations,
    visible_llm_calls,
    visible_practices,
    visible_users,
    visible_webhooks,
)
from users.services import (
    add_webhook,
    change_budget,
    create_practice,
    edit_practice,
    edit_user,
    enable_webhook,
    invite_user,
    reactivate_user,
    remove_budget,
    remove_webhook,
    revoke_api_key,
    revoke_invitation,
    set_budget,
    set_rate,
    try_webhook,
)

admin.site.unregister(Group)


def caller(request: HttpRequest) -> User:
    """Who uses the admin; the site has let them in."""
    return cast(User, request.user)


class ServiceAdmin(RoleAdmin, ModelAdmin):  # type: ignore[misc]
    """Writes go through services; what they refuse is shown as a message."""

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Django's page, which stays open with the reason where a service refuses."""
        try:
            return super().changeform_view(request, *args, **options)
        except (DomainError, ValidationError) as error:
            self.message_user(request, _words(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def each(self, request: HttpRequest, rows: QuerySet[Any], service: Any, name: str) -> None:
        """Do the same to every row, and say for how many it went well and what was refused."""
        done = 0
        for row in rows:
            try:
                service(**{name: row}, by=caller(request), now=timezone.now())
                done += 1
            except DomainError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
        if done:
            self.message_user(request, f"Done for {done}.")


class RateInline(RoleAdmin, TabularInline):  # type: ignore[misc]
    rights: ClassVar = {"view": "practice.view", "add": "rate.set", "change": "rate.set"}
    model = Rate
    extra = 0
    can_delete = False


@admin.register(Practice)
class PracticeAdmin(ServiceAdmin):
    rights: ClassVar = {"view": "practice.view", "add": "practice.create", "change": "practice.edit"}
    list_display = ("name", "nation", "agent_reference", "vat_registered")
    list_filter = ("nation", "vat_registered")
    search_fields = ("name", "agent_reference")
    inlines = (RateInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practice]:
        """The practices that the user may see."""
        return visible_practices(caller(request))

    def save_model(self, request: HttpRequest, obj: Practice, form: ModelForm[Any], change: bool) -> None:
        """Through the services that record it."""
        by, now = caller(request), timezone.now()
        if not change:
            obj.pk = create_practice(**form.cleaned_data, by=by, now=now).pk
            return
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        edit_practice(practice=obj, changes=changes, by=by, now=now)

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        """New and changed rates go through the service that records them."""
        for rate in formset.save(commit=False):
            set_rate(
                practice=form.instance,
                grade=rate.grade,
                hourly=rate.hourly,
                valid_from=rate.valid_from,
                now=timezone.now(),
                by=caller(request),
            )


@admin.register(User)
class UserAdmin(WorkList, ServiceAdmin):
    rights: ClassVar = {"view": "user.view", "change": "user.edit"}
    list_title = "People"
    list_display = ("email", "name", "role", "practice", "is_active", "last_login")
    list_select_related = ("practice",)
    list_filter = ("role", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = ("email", "name", "role", "practice", "is_active", "last_login", "created_at")
    readonly_fields = ("email", "practice", "is_active", "last_login", "created_at")
    actions = ("deactivate", "reactivate")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Colleagues; everybody for staff of the platform."""
        return visible_users(caller(request))

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[Any], change: bool) -> None:
        """Name and role, through the service that records them."""
        role = form.cleaned_data.get("role")
        edit_user(
            user=obj,
            name=form.cleaned_data["name"],
            role=Role(role) if role else None,
            by=caller(request),
            now=timezone.now(),
        )

    def has_deactivate_permission(self, request: HttpRequest) -> bool:
        """Whether the user may shut others out and let them in again."""
        return may(request.user, "user.deactivate")

    @admin.action(description="Deactivate: sessions and keys end", permissions=["deactivate"])
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """By the service that the settings name, which also hands over what the user worked on."""
        self.each(request, users, deactivation(), "user")

    @admin.action(description="Reactivate", permissions=["deactivate"])
    def reactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Let them in again."""
        self.each(request, users, reactivate_user, "user")


@admin.register(Invitation)
class InvitationAdmin(ServiceAdmin):
    rights: ClassVar = {"view": "user.invite", "add": "user.invite"}
    form = InviteForm
    list_display = ("email", "role", "practice", "state_now", "invited_by", "expires_at")
    list_select_related = ("practice", "invited_by")
    list_filter = ("role",)
    search_fields = ("email",)
    fields = ("practice", "email", "role")
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """Invitations into the practices that the user may see."""
        return visible_invitations(caller(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only the user's own practice is offered."""
        if db_field.name == "practice":
            own = visible_practices(caller(request))
            options |= {"queryset": own, "initial": caller(request).practice_id}
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Invitation, form: ModelForm[Any], change: bool) -> None:
        """Send the invitation."""
        asked = form.cleaned_data
        invited = invite_user(
            practice=asked["practice"],
            email=asked["email"],
            role=Role(asked["role"]),
            by=caller(request),
            now=timezone.now(),
        )
        obj.pk = invited.invitation.pk

    @admin.display(description="State")
    def state_now(self, invitation: Invitation) -> str:
        """Open, accepted, revoked or expired."""
        return invitation.state(timezone.now())

    def has_invite_permission(self, request: HttpRequest) -> bool:
        """Whether the user may invite, and so revoke."""
        return may(request.user, "user.invite")

    @admin.action(description="Revoke", permissions=["invite"])
    def revoke(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        """Let the links work no more."""
        self.each(request, invitations, revoke_invitation, "invitation")


@admin.register(ApiKey)
class ApiKeyAdmin(ServiceAdmin):
    """The user's own keys. They are made over the API or by a command, where the secret can be taken up at once."""

    rights: ClassVar = {"view": "key.manage"}
    list_display = ("name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    fields = list_display
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        """The user's own."""
        return visible_api_keys(caller(request))

    @admin.action(description="Revoke", permissions=["view"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        """Let them work no more."""
        self.each(request, keys, revoke_api_key, "key")


@admin.register(AuditEvent)
class AuditEventAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "audit.view"}
    list_display = ("at", "actor_label", "action", "target_label", "practice")
    list_title = "Audit trail"
    list_filter = ("at",)
    list_select_related = ("practice",)
    search_fields = ("target_label", "target_pk", "actor_label")
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """The trail of the practices that the user may see; all of it for staff of the platform."""
        return visible_audit_events(caller(request))


@admin.register(Budget)
class BudgetAdmin(WorkList, ServiceAdmin):
    rights: ClassVar = {"view": "spending.view", "add": "budget.set", "change": "budget.set", "delete": "budget.set"}
    form = BudgetForm
    list_title = "Budgets for language models"
    list_display = ("whose", "period", "amount", "spent_now", "reserved_now", "left_now", "renews")
    list_filter = ("level", "period")
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Budget]:
        """The budgets that the user may see, with what is spent of the period that is running."""
        return visible_budgets(caller(request), timezone.now())

    def get_fields(self, request: HttpRequest, obj: Budget | None = None) -> tuple[str, ...]:
        """Whose a budget is cannot be changed."""
        whose = ("level", "practice", "user", "period", "amount")
        return whose if obj is None else (*whose, "spent_now", "reserved_now", "left_now", "renews")

    def get_readonly_fields(self, request: HttpRequest, obj: Budget | None = None) -> tuple[str, ...]:
        """The same."""
        return () if obj is None else tuple(name for name in self.get_fields(request, obj) if name != "amount")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only the user's own practice and colleagues are offered."""
        rows = {"practice": visible_practices, "user": visible_users}[db_field.name]
        return super().formfield_for_foreignkey(db_field, request, **options | {"queryset": rows(caller(request))})

    def save_model(self, request: HttpRequest, obj: Budget, form: ModelForm[Any], change: bool) -> None:
        """Through the services that record it."""
        by, now, asked = caller(request), timezone.now(), form.cleaned_data
        if change:
            change_budget(budget=obj, amount=asked["amount"], by=by, now=now)
        else:
            obj.pk = set_budget(**asked, by=by, now=now).pk

    def delete_model(self, request: HttpRequest, obj: Budget) -> None:
        """Through the service that records it."""
        remove_budget(budget=obj, by=caller(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Budget]) -> None:
        """The same for those that are ticked in the list."""
        for budget in queryset:
            self.delete_model(request, budget)

    @admin.display(description="Whose")
    def whose(self, budget: Budget) -> str:
        """The user, the practice, or the platform."""
        return str(budget.user or budget.practice or "The platform")

    @admin.display(description="Spent")
    def spent_now(self, budget: Any) -> str:
        """In the period that is running, to the cent."""
        return f"{budget.spent:.2f}"

    @admin.display(description="Held")
    def reserved_now(self, budget: Any) -> str:
        """For calls under way."""
        return f"{budget.reserved:.2f}"

    @admin.display(description="Left")
    def left_now(self, budget: Any) -> str:
        """Of the amount."""
        return f"{budget.left:.2f}"

    @admin.display(description="Renews")
    def renews(self, budget: Any) -> str:
        """When the next period begins."""
        return f"{renews_at(budget.period, budget.starts_on):%-d %B %Y}"


@admin.register(Webhook)
class WebhookAdmin(WorkList, ServiceAdmin):
    """Where the practice's own programs are told of what has happened."""

    rights: ClassVar = {"view": "webhook.manage", "add": "webhook.manage", "delete": "webhook.manage"}
    form = WebhookForm
    list_display = ("url", "practice", "failures", "created_at", "disabled_at")
    list_select_related = ("practice",)
    sortable_by = ()
    actions = ("send_test", "enable")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """Those of the practices that the user may see."""
        return visible_webhooks(caller(request))

    def get_fields(self, request: HttpRequest, obj: Webhook | None = None) -> tuple[str, ...]:
        """An address is not changed: another one is added."""
        return ("practice", "url") if obj is None else self.list_display

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only the user's own practice is offered."""
        practices = visible_practices(caller(request))
        return super().formfield_for_foreignkey(db_field, request, **options | {"queryset": practices})

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Whether the user may do more than look."""
        return may(request.user, "webhook.manage")

    def save_model(self, request: HttpRequest, obj: Webhook, form: ModelForm[Any], change: bool) -> None:
        """Through the service that records it; the secret is shown, this once."""
        made = add_webhook(**form.cleaned_data, by=caller(request), now=timezone.now())
        obj.pk = made.webhook.pk
        self.message_user(request, f"Its secret, which is not shown again: {made.secret}", messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        """Through the service that records it."""
        remove_webhook(webhook=obj, by=caller(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """The same for those that are ticked in the list."""
        for webhook in queryset:
            self.delete_model(request, webhook)

    @admin.action(description="Send a test message", permissions=["manage"])
    def send_test(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        """To try the addresses."""
        self.each(request, webhooks, try_webhook, "webhook")

    @admin.action(description="Enable", permissions=["manage"])
    def enable(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        """Send to them again."""
        self.each(request, webhooks, enable_webhook, "webhook")


@admin.register(LLMCall)
class LLMCallAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "spending.view"}
    list_title = "Calls of language models"
    list_display = ("created_at", "purpose", "stage", "model", "sent", "cached", "written", "cost", "outcome", "user")
    list_filter = ("created_at", "tier", "pricing", "outcome")
    list_select_related = ("user",)
    search_fields = ("purpose", "stage", "model", "prompt_sha256")
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[LLMCall]:
        """The calls of the practices that the user may see; all of them for staff of the platform."""
        return visible_llm_calls(caller(request))


def deactivation() -> Any:
    """The service that shuts somebody out: that of the topmost app which has to do with it."""
    return import_string(settings.DEACTIVATION_SERVICE)


def _words(error: DomainError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
