"""Practices, people, rates and the audit trail in the browser admin. Every write leaves a line in the trail."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from lightpoint.readonly import ReadOnly
from users.models import AuditEvent, Practice, Rate, User
from users.selectors import visible_practices
from users.services import record_audit, set_rate

SECRET_FIELDS = {"password", "password1", "password2"}


class AuditedAdmin(ModelAdmin):  # type: ignore[misc]
    """Saves as Django does, in its one transaction, and tells the trail which fields changed."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Save the row and record who changed what."""
        super().save_model(request, obj, form, change)
        fields = [name for name in form.changed_data if name not in SECRET_FIELDS]
        record_audit(
            action=f"{obj._meta.model_name}.{'changed' if change else 'created'}",
            target=obj,
            at=timezone.now(),
            actor=request.user if isinstance(request.user, User) else None,
            practice=obj if isinstance(obj, Practice) else getattr(obj, "practice", None),
            old={name: str(form.initial.get(name)) for name in fields} if change else None,
            new={name: str(form.cleaned_data.get(name)) for name in fields},
        )

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Practices and people stay, because the trail points at them."""
        return False


class RateInline(TabularInline):  # type: ignore[misc]
    model = Rate
    extra = 0
    can_delete = False


@admin.register(Practice)
class PracticeAdmin(AuditedAdmin):
    list_display = ("name", "nation", "agent_reference", "vat_registered")
    list_filter = ("nation", "vat_registered")
    search_fields = ("name", "agent_reference")
    inlines = (RateInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practice]:
        """The practices that the user may see."""
        return visible_practices(request.user)

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        """New and changed rates go through the service that records them."""
        by = request.user if isinstance(request.user, User) else None
        for rate in formset.save(commit=False):
            set_rate(
                practice=form.instance,
                grade=rate.grade,
                hourly=rate.hourly,
                valid_from=rate.valid_from,
                now=timezone.now(),
                by=by,
            )


@admin.register(User)
class UserAdmin(DjangoUserAdmin, AuditedAdmin):  # type: ignore[type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "practice", "is_active", "is_staff")
    list_select_related = ("practice",)
    list_filter = ("is_active", "is_staff", "practice")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login",)
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("email", "name", "practice", "password")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login",)}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "practice", "password1", "password2")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Colleagues; everybody for staff of the platform."""
        users = super().get_queryset(request)
        if isinstance(request.user, User) and request.user.is_superuser:
            return users
        return users.filter(practice__in=visible_practices(request.user))


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("at", "actor_label", "action", "target_label", "practice")
    list_filter = ("action", "practice")
    list_select_related = ("practice",)
    search_fields = ("target_label", "target_pk", "actor_label")
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """The trail of the practices that the user may see; all of it for staff of the platform."""
        if isinstance(request.user, User) and request.user.is_superuser:
            return AuditEvent.objects.all()
        return AuditEvent.objects.filter(practice__in=visible_practices(request.user))


admin.site.unregister(Group)
