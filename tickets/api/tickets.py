"""Tickets: asked, changed, given to somebody, moved on and answered."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.selectors import visible_complaints
from lightpoint.rest.filters import ChoiceFilter, DayFilter, Filters, FlagFilter, IdFilter, WordsFilter
from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from tickets.models import Ticket
from tickets.selectors import visible_comments, visible_tickets
from tickets.services import Request as Asked
from tickets.services import add_comment, assign_ticket, create_ticket, edit_ticket, move_ticket
from tickets.status import allowed_moves
from users.selectors import visible_users

LONGEST = 20_000


class TicketOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    complaint = serializers.IntegerField(source="complaint_id", allow_null=True, help_text="Null: a general one.")
    category = serializers.ChoiceField(choices=Ticket.Category.choices)
    priority = serializers.ChoiceField(choices=Ticket.Priority.choices)
    status = serializers.ChoiceField(choices=Ticket.Status.choices)
    moves = serializers.SerializerMethodField(help_text="The states that it can be moved to.")
    title = serializers.CharField()
    body = serializers.CharField()
    assigned_to = serializers.IntegerField(source="assigned_to_id", allow_null=True)
    created_by = serializers.IntegerField(source="created_by_id")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    first_response_at = serializers.DateTimeField(allow_null=True)
    first_response_minutes = serializers.SerializerMethodField(help_text="From asking to the first response.")
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_moves(self, ticket: Ticket) -> list[str]:
        """By the rules of `tickets.status`."""
        return list(allowed_moves(ticket.status))

    def get_first_response_minutes(self, ticket: Ticket) -> int | None:
        """Whole minutes; null while nobody has answered."""
        return None if ticket.first_response is None else ticket.first_response // timedelta(minutes=1)


class TicketInput(Input):
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=LONGEST, allow_blank=True, required=False)
    category = serializers.ChoiceField(choices=Ticket.Category.choices, required=False)
    priority = serializers.ChoiceField(choices=Ticket.Priority.choices, required=False)


class RowField(serializers.IntegerField):
    """The number of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST, **options)


class TicketFilters(Filters):
    status = ChoiceFilter(choices=Ticket.Status.choices, help_text="Tickets in this state.")
    priority = ChoiceFilter(choices=Ticket.Priority.choices, help_text="Tickets of this priority.")
    category = ChoiceFilter(choices=Ticket.Category.choices, help_text="Tickets of this category.")
    complaint = IdFilter(field_name="complaint_id", help_text="Tickets on this complaint.")
    assigned_to = IdFilter(field_name="assigned_to_id", help_text="Tickets given to this user.")
    created_by = IdFilter(field_name="created_by_id", help_text="Tickets that this user asked.")
    unassigned = FlagFilter(
        field_name="assigned_to", lookup_expr="isnull", help_text="Tickets given to nobody, or to somebody."
    )
    created_from = DayFilter(field_name="created_at", lookup_expr="date__gte", help_text="Asked on that day or later.")
    created_to = DayFilter(field_name="created_at", lookup_expr="date__lte", help_text="Asked on that day or before.")
    q = WordsFilter(field_name="title", lookup_expr="icontains", help_text="Words of the title.")


class TicketList(ApiView):
    """The tickets that the caller may see."""

    actions: ClassVar = {"GET": "ticket.view", "POST": "ticket.create"}
    creates = True
    filters = TicketFilters
    orderings: ClassVar = {
        "-created_at": ("-created_at", "-pk"),
        "created_at": ("created_at", "pk"),
        "-updated_at": ("-updated_at", "-pk"),
        "updated_at": ("updated_at", "pk"),
    }

    class InputSerializer(TicketInput):
        complaint = RowField(required=False, allow_null=True, help_text="A complaint that the caller may see.")
        assigned_to = RowField(required=False, allow_null=True, help_text="A colleague who works on tickets.")

    @extend_schema(operation_id="list_tickets", responses=TicketOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of tickets, the newest first."""
        return self.page(visible_tickets(self.caller), TicketOutput)

    @extend_schema(operation_id="create_ticket", request=InputSerializer, responses={201: TicketOutput})
    def post(self, request: Request) -> Response:
        """Ask for help, on a complaint or in general."""
        sent = self.body(self.InputSerializer)
        sent["complaint"] = named(visible_complaints(self.caller), "complaint", sent.get("complaint"))
        sent["assigned_to"] = named(visible_users(self.caller), "assigned_to", sent.get("assigned_to"))
        ticket = create_ticket(asked=Asked(**sent), by=self.caller, now=self.now)
        where = reverse("tickets-api:ticket", args=[ticket.pk])
        return self.created(TicketOutput(ticket).data, location=where, version=ticket.version)


class TicketView(ApiView):
    """What all views of one ticket share."""

    def ticket(self, ticket_id: int) -> Ticket:
        """The ticket of the address, where the caller may see it."""
        return self.found(visible_tickets(self.caller), pk=ticket_id)

    def shown(self, ticket: Ticket) -> Response:
        """The ticket with its ETag."""
        return self.answer(TicketOutput(ticket).data, version=ticket.version)


class TicketDetail(TicketView):
    """One ticket."""

    actions: ClassVar = {"GET": "ticket.view", "PATCH": "ticket.edit"}
    versioned = True

    @extend_schema(operation_id="get_ticket", responses=TicketOutput)
    def get(self, request: Request, ticket_id: int) -> Response:
        """The ticket as it stands."""
        return self.shown(self.ticket(ticket_id))

    @extend_schema(operation_id="edit_ticket", request=TicketInput, responses=TicketOutput)
    def patch(self, request: Request, ticket_id: int) -> Response:
        """Change title, body, category or priority."""
        ticket, changes = self.ticket(ticket_id), self.body(TicketInput, partial=True)
        wanted = self.expected_version
        return self.shown(
            edit_ticket(ticket=ticket, changes=changes, by=self.caller, now=self.now, expected_version=wanted)
        )


class AssignTicket(TicketView):
    """Gives a ticket to somebody, or to nobody."""

    actions: ClassVar = {"POST": "ticket.assign"}
    versioned = True

    class InputSerializer(Input):
        assigned_to = RowField(allow_null=True, help_text="A colleague who works on tickets; null: nobody.")

    @extend_schema(operation_id="assign_ticket", request=InputSerializer, responses=TicketOutput)
    def post(self, request: Request, ticket_id: int) -> Response:
        """To a colleague whose role works on tickets."""
        ticket, sent = self.ticket(ticket_id), self.body(self.InputSerializer)
        to = named(visible_users(self.caller), "assigned_to", sent["assigned_to"])
        wanted = self.expected_version
        return self.shown(assign_ticket(ticket=ticket, to=to, by=self.caller, now=self.now, expected_version=wanted))


class MoveTicket(TicketView):
    """Moves a ticket to another state."""

    actions: ClassVar = {"POST": "ticket.edit"}
    versioned = True

    class InputSerializer(Input):
        to = serializers.ChoiceField(choices=Ticket.Status.choices)

    @extend_schema(operation_id="move_ticket", request=InputSerializer, responses=TicketOutput)
    def post(self, request: Request, ticket_id: int) -> Response:
        """To one of its `moves`."""
        ticket, to = self.ticket(ticket_id), self.body(self.InputSerializer)["to"]
        wanted = self.expected_version
        return self.shown(move_ticket(ticket=ticket, to=to, by=self.caller, now=self.now, expected_version=wanted))


class CommentList(TicketView):
    """What is said on a ticket."""

    actions: ClassVar = {"GET": "ticket.view", "POST": "ticket.edit"}
    creates = True
    orderings: ClassVar = {"created_at": ("created_at", "pk"), "-created_at": ("-created_at", "-pk")}

    class InputSerializer(Input):
        body = serializers.CharField(max_length=LONGEST)

    class CommentOutput(serializers.Serializer[Any]):
        id = serializers.IntegerField()
        author = serializers.IntegerField(source="author_id")
        body = serializers.CharField()
        created_at = serializers.DateTimeField()

    @extend_schema(operation_id="list_comments", responses=CommentOutput(many=True))
    def get(self, request: Request, ticket_id: int) -> Response:
        """A page of comments, the oldest first."""
        rows = visible_comments(self.caller).filter(ticket=self.ticket(ticket_id))
        return self.page(rows, self.CommentOutput)

    @extend_schema(operation_id="add_comment", request=InputSerializer, responses={201: CommentOutput})
    def post(self, request: Request, ticket_id: int) -> Response:
        """Say something; a comment is not changed afterwards."""
        ticket, body = self.ticket(ticket_id), self.body(self.InputSerializer)["body"]
        comment = add_comment(ticket=ticket, body=body, by=self.caller, now=self.now)
        where = reverse("tickets-api:comments", args=[ticket.pk])
        return self.created(self.CommentOutput(comment).data, location=where)


def named(rows: QuerySet[Any], field: str, number: int | None) -> Any:
    """The row that `field` of a body names, of those that the caller may see. Raises ValidationError (422)."""
    if number is None:
        return None
    row = rows.filter(pk=number).first()
    if row is None:
        raise ValidationError({field: ["There is no such row, or none that you may see."]}, "does_not_exist")
    return row
