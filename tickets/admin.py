"""Tickets in the browser admin. Every write is one of the services'."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import ForeignKey, QuerySet
from django.forms import BaseModelFormSet, HiddenInput, IntegerField, ModelChoiceField, ModelForm
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline

from complaints.selectors import visible_complaints
from lightpoint.errors import DomainError, VersionRequired
from lightpoint.pages import WorkList
from tickets.models import Comment, Ticket
from tickets.selectors import visible_tickets
from tickets.services import Request, add_comment, assign_ticket, create_ticket, edit_ticket, move_ticket
from users.models import User
from users.permissions import RoleAdmin, may
from users.selectors import visible_users


def caller(request: HttpRequest) -> User:
    """Who uses the admin; the site has let them in."""
    return cast(User, request.user)


class CommentInline(RoleAdmin, TabularInline):  # type: ignore[misc]
    rights: ClassVar = {"view": "ticket.view", "add": "ticket.edit"}
    model = Comment
    fields = ("author", "created_at", "body")
    readonly_fields = ("author", "created_at")
    extra = 1
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """With their authors."""
        return cast("QuerySet[Comment]", super().get_queryset(request).select_related("author"))


class TicketForm(ModelForm):  # type: ignore[type-arg]
    """A ticket, with the version of it that the form was made from."""

    seen_version = IntegerField(widget=HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seen_version"].initial = self.instance.version


@admin.register(Ticket)
class TicketAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "ticket.view", "add": "ticket.create", "change": "ticket.edit"}
    form = TicketForm
    list_display = ("title", "status", "priority", "category", "assigned_to", "created_by", "created_at")
    list_filter = ("status", "priority", "category")
    list_select_related = ("assigned_to", "created_by")
    search_fields = ("title", "body")
    raw_id_fields = ("complaint",)
    actions = ("take", "close")
    inlines = (CommentInline,)
    list_title = "Tickets"
    fields = ("title", "body", ("category", "priority"), "complaint", "assigned_to")
    change_fields = ("seen_version", "status", "created_by", "created_at", "first_response_at", "closed_at")
    readonly_fields = ("created_by", "created_at", "first_response_at", "closed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        """The tickets that the user may see."""
        return visible_tickets(caller(request))

    def get_fields(self, request: HttpRequest, obj: Ticket | None = None) -> Any:
        """A ticket that is asked for is open and nobody's yet."""
        return self.fields if obj is None else (*self.fields, *self.change_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Ticket | None = None) -> Any:
        """A ticket stays on its complaint; who may not give tickets out does not choose whose it is."""
        fixed = self.readonly_fields if obj is None else (*self.readonly_fields, "complaint")
        return fixed if may(request.user, "ticket.assign") else (*fixed, "assigned_to")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **options: Any
    ) -> ModelChoiceField[Any]:
        """Only complaints and colleagues that the user sees can be named."""
        seen = {"complaint": visible_complaints, "assigned_to": visible_users}.get(db_field.name)
        if seen is not None:
            options["queryset"] = seen(caller(request))
        return cast("ModelChoiceField[Any]", super().formfield_for_foreignkey(db_field, request, **options))

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Django's page, which stays open with the reason where a service refuses."""
        try:
            return super().changeform_view(request, *args, **options)
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Ticket, form: ModelForm[Any], change: bool) -> None:
        """Through the services: what is said first, then who has it, then where it stands."""
        by, now, sent = caller(request), timezone.now(), {**form.cleaned_data}
        seen = sent.pop("seen_version", None)
        if not change:
            obj.pk = create_ticket(asked=Request(**sent), by=by, now=now).pk
            return
        if seen is None:
            raise VersionRequired("The form does not say which version it changes; load the page again")
        edit_ticket(ticket=obj, changes=sent, by=by, now=now, expected_version=seen)
        if "assigned_to" in form.changed_data:
            assign_ticket(ticket=obj, to=sent["assigned_to"], by=by, now=now)
        if "status" in form.changed_data:
            move_ticket(ticket=obj, to=sent["status"], by=by, now=now)

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        """New comments are said by the user."""
        for comment in formset.save(commit=False):
            comment.author = caller(request)  # the admin names the new comment in its message
            add_comment(ticket=form.instance, body=comment.body, by=comment.author, now=timezone.now())

    def has_edit_permission(self, request: HttpRequest) -> bool:
        """Whether the user works on tickets."""
        return may(request.user, "ticket.edit")

    def has_assign_permission(self, request: HttpRequest) -> bool:
        """Whether the user gives tickets out."""
        return may(request.user, "ticket.assign")

    @admin.action(description="Assign to me", permissions=["assign"])
    def take(self, request: HttpRequest, tickets: QuerySet[Ticket]) -> None:
        """Give the tickets to whoever presses."""
        by = caller(request)
        self._each(request, tickets, lambda ticket: assign_ticket(ticket=ticket, to=by, by=by, now=timezone.now()))

    @admin.action(description="Close", permissions=["edit"])
    def close(self, request: HttpRequest, tickets: QuerySet[Ticket]) -> None:
        """Close the tickets that can be closed from where they are."""
        by = caller(request)
        self._each(request, tickets, lambda ticket: move_ticket(ticket=ticket, to="closed", by=by, now=timezone.now()))

    def _each(self, request: HttpRequest, tickets: QuerySet[Ticket], service: Callable[[Ticket], Ticket]) -> None:
        done = 0
        for ticket in tickets:
            try:
                service(ticket)
                done += 1
            except DomainError as error:
                self.message_user(request, f"{ticket}: {error}", messages.ERROR)
        if done:
            self.message_user(request, f"Done for {done}.")
