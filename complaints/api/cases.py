"""Clients and complaints: lists, opening, editing, assigning, moving, and the timeline."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.shapes import (
    ClientShape,
    ComplaintShape,
    ReferenceShape,
    RowField,
    TimelineShape,
    WholeComplaintShape,
)
from complaints.models import Client, Complaint
from complaints.selectors import search_complaints, visible_clients, visible_complaints
from complaints.services import (
    CaseIntake,
    add_note,
    assign_complaint,
    deactivate_colleague,
    edit_complaint,
    move_complaint,
    open_complaint,
    rename_client,
)
from lightpoint.rest.filters import ChoiceFilter, DayFilter, Filters, FlagFilter, IdFilter, WordsFilter
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.models import Nation, Practice, User
from users.permissions import require
from users.roles import Action
from users.selectors import visible_practices, visible_users

LONG = 20_000


class ClientFilters(Filters):
    kind = ChoiceFilter(choices=Client.Kind.choices, help_text="Clients of this kind.")
    name = WordsFilter(field_name="name", lookup_expr="startswith", help_text="How the name begins.")


class ClientList(ApiView):
    """The clients of the complaints that the caller may see."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "complaint.view"}
    filters = ClientFilters
    orderings: ClassVar = {"name": ("name", "pk"), "-name": ("-name", "-pk")}

    @extend_schema(operation_id="list_clients", responses=ClientShape(many=True))
    def get(self, request: Request) -> Response:
        """A page of clients, by name."""
        return self.page(visible_clients(self.caller), ClientShape)


class ClientDetail(ApiView):
    """One client."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "complaint.view", "PATCH": "complaint.edit"}
    versioned = True

    class InputSerializer(Input):
        name = serializers.CharField(max_length=200)

    @extend_schema(operation_id="get_client", responses=ClientShape)
    def get(self, request: Request, client_id: int) -> Response:
        """The client as it stands."""
        client = self.found(visible_clients(self.caller), pk=client_id)
        return self.answer(ClientShape(client).data, version=client.version)

    @extend_schema(operation_id="rename_client", request=InputSerializer, responses=ClientShape)
    def patch(self, request: Request, client_id: int) -> Response:
        """Correct the name."""
        client = self.found(visible_clients(self.caller), pk=client_id)
        sent = self.body(self.InputSerializer, partial=True)
        client = rename_client(
            client=client,
            name=sent.get("name", client.name),
            by=self.caller,
            now=self.now,
            expected_version=self.expected_version,
        )
        return self.answer(ClientShape(client).data, version=client.version)


class ComplaintFilters(Filters):
    status = ChoiceFilter(choices=Complaint.Status.choices, help_text="Complaints in this state.")
    assigned_to = IdFilter(field_name="assigned_to_id", help_text="Complaints given to this user.")
    unassigned = FlagFilter(
        field_name="assigned_to", lookup_expr="isnull", help_text="Complaints given to nobody, or to somebody."
    )
    client = IdFilter(field_name="client_id", help_text="Complaints of this client.")
    tax_head = WordsFilter(field_name="tax_head", help_text="Complaints about exactly this tax.")
    opened_after = DayFilter(field_name="opened_on", lookup_expr="gte", help_text="Opened on that day or later.")
    opened_before = DayFilter(field_name="opened_on", lookup_expr="lte", help_text="Opened on that day or before.")
    q = WordsFilter(method="having", help_text="Words that reference, client or tax begin with.")

    def having(self, rows: Any, name: str, value: str) -> Any:
        """By the search column."""
        return search_complaints(rows, value)


class ComplaintList(ApiView):
    """The complaints that the caller may see."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "complaint.view", "POST": "complaint.create"}
    creates = True
    filters = ComplaintFilters
    orderings: ClassVar = {
        "-opened_on": ("-opened_on", "-pk"),
        "opened_on": ("opened_on", "pk"),
        "reference": ("reference", "pk"),
        "-reference": ("-reference", "-pk"),
        "-updated_at": ("-updated_at", "-pk"),
        "updated_at": ("updated_at", "pk"),
    }

    class InputSerializer(Input):
        client_name = serializers.CharField(max_length=200)
        client_kind = serializers.ChoiceField(choices=Client.Kind.choices)
        nation = serializers.ChoiceField(choices=Nation.choices, help_text="Of the client; for its bank holidays.")
        tax_head = serializers.CharField(max_length=200)
        opened_on = serializers.DateField()
        brief = serializers.CharField(max_length=LONG, allow_blank=True, default="")
        desired_outcome = serializers.CharField(max_length=LONG, allow_blank=True, default="")
        references = ReferenceShape(many=True, required=False, max_length=50)  # type: ignore[call-arg]  # for the list
        assigned_to = RowField(
            required=False,
            allow_null=True,
            help_text="A colleague who works on cases. Who may not give cases to others gets those that they open.",
        )
        practice = RowField(required=False, help_text="Needed by staff of the platform only.")

    @extend_schema(operation_id="list_complaints", responses=ComplaintShape(many=True))
    def get(self, request: Request) -> Response:
        """A page of complaints, the newest first."""
        return self.page(visible_complaints(self.caller).select_related("client"), ComplaintShape)

    @extend_schema(operation_id="open_complaint", request=InputSerializer, responses={201: WholeComplaintShape})
    def post(self, request: Request) -> Response:
        """Open a complaint; its documents are sent to it afterwards."""
        sent = self.body(self.InputSerializer)
        practice = self._practice(sent.pop("practice", None))
        colleague = self._colleague(sent.pop("assigned_to", None))
        intake = CaseIntake(**sent | {"references": pairs(sent), "assigned_to": colleague})
        complaint = open_complaint(practice=practice, intake=intake, by=self.caller, now=self.now)
        where = reverse("complaints-api:complaint", args=[complaint.pk])
        return self.created(WholeComplaintShape(complaint).data, location=where, version=complaint.version)

    def _colleague(self, wanted: int | None) -> User | None:
        if wanted not in (None, self.caller.pk):
            require(self.caller, "complaint.assign")
        found: User | None = named(visible_users(self.caller), "assigned_to", wanted)
        return found

    def _practice(self, wanted: int | None) -> Practice:
        own_or_named = self.caller.practice_id if wanted is None else wanted
        found: Practice | None = named(visible_practices(self.caller), "practice", own_or_named)
        if found is None:
            raise ValidationError({"practice": ["Name the practice whose complaint this is."]}, "does_not_exist")
        return found


def pairs(sent: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The references as the service takes them."""
    return tuple((given["kind"], given["value"]) for given in sent.get("references", ()))


def named(rows: Any, field: str, pk: int | None) -> Any:
    """The row that `field` names, or None. Raises ValidationError where the caller may not see such a row."""
    if pk is None:
        return None
    found = rows.filter(pk=pk).first()
    if found is None:
        raise ValidationError({field: ["There is no such row, or none that you may see."]}, "does_not_exist")
    return found


class ComplaintView(ApiView):
    """What all views of one complaint share."""

    def complaint(self, complaint_id: int) -> Complaint:
        """The complaint of the address, where the caller may see it."""
        return self.found(visible_complaints(self.caller).select_related("client", "practice"), pk=complaint_id)

    def shown(self, complaint: Complaint) -> Response:
        """The complaint with its ETag."""
        return self.answer(WholeComplaintShape(complaint).data, version=complaint.version)


class ComplaintDetail(ComplaintView):
    """One complaint."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "complaint.view", "PATCH": "complaint.edit"}
    versioned = True

    class InputSerializer(Input):
        tax_head = serializers.CharField(max_length=200)
        brief = serializers.CharField(max_length=LONG, allow_blank=True)
        desired_outcome = serializers.CharField(max_length=LONG, allow_blank=True)
        references = ReferenceShape(many=True, max_length=50)  # type: ignore[call-arg]  # for the list

    @extend_schema(operation_id="get_complaint", responses=WholeComplaintShape)
    def get(self, request: Request, complaint_id: int) -> Response:
        """The complaint as it stands."""
        return self.shown(self.complaint(complaint_id))

    @extend_schema(operation_id="edit_complaint", request=InputSerializer, responses=WholeComplaintShape)
    def patch(self, request: Request, complaint_id: int) -> Response:
        """Change what was typed about it."""
        sent = self.body(self.InputSerializer, partial=True)
        if "references" in sent:
            sent["references"] = [list(pair) for pair in pairs(sent)]
        complaint = edit_complaint(
            complaint=self.complaint(complaint_id),
            changes=sent,
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return self.shown(complaint)


class ComplaintAssign(ComplaintView):
    """POST gives a complaint to a colleague, or to nobody."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "complaint.assign"}
    versioned = True

    class InputSerializer(Input):
        to = RowField(allow_null=True, help_text="A colleague who works on cases; null: nobody.")

    @extend_schema(operation_id="assign_complaint", request=InputSerializer, responses=WholeComplaintShape)
    def post(self, request: Request, complaint_id: int) -> Response:
        """Who had it loses it."""
        complaint = self.complaint(complaint_id)
        to = named(visible_users(self.caller), "to", self.body(self.InputSerializer)["to"])
        changed = assign_complaint(
            complaint=complaint, to=to, expected_version=self.expected_version, by=self.caller, now=self.now
        )
        return self.shown(changed)


class ComplaintMove(ComplaintView):
    """POST moves a complaint to another state."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "complaint.move"}
    versioned = True

    class InputSerializer(Input):
        to = serializers.ChoiceField(choices=Complaint.Status.choices)

    @extend_schema(operation_id="move_complaint", request=InputSerializer, responses=WholeComplaintShape)
    def post(self, request: Request, complaint_id: int) -> Response:
        """To one of its `moves`; any other is refused (409)."""
        complaint = self.complaint(complaint_id)
        moved = move_complaint(
            complaint=complaint,
            **self.body(self.InputSerializer),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return self.shown(moved)


class Timeline(ComplaintView):
    """What was done with a complaint, by whom and when."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "complaint.view", "POST": "complaint.edit"}
    creates = True
    orderings: ClassVar = {"-at": ("-at", "-pk"), "at": ("at", "pk")}

    class InputSerializer(Input):
        text = serializers.CharField(max_length=500)

    @extend_schema(operation_id="list_timeline", responses=TimelineShape(many=True))
    def get(self, request: Request, complaint_id: int) -> Response:
        """A page of lines, the newest first."""
        return self.page(self.complaint(complaint_id).timeline.all(), TimelineShape)

    @extend_schema(operation_id="add_timeline_line", request=InputSerializer, responses={201: TimelineShape})
    def post(self, request: Request, complaint_id: int) -> Response:
        """Add a line; lines are never changed."""
        complaint = self.complaint(complaint_id)
        line = add_note(complaint=complaint, **self.body(self.InputSerializer), by=self.caller, now=self.now)
        where = reverse("complaints-api:timeline", args=[complaint.pk])
        return self.created(TimelineShape(line).data, location=where)


class Deactivate(ApiView):
    """POST closes the account of a colleague and hands their open cases over."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "user.deactivate"}

    class InputSerializer(Input):
        hand_over_to = RowField(required=False, allow_null=True, help_text="Needed where there are open cases.")

    class OutputSerializer(serializers.Serializer[Any]):
        handed_over = serializers.IntegerField(help_text="How many cases went to the colleague.")

    @extend_schema(operation_id="deactivate_user", request=InputSerializer, responses=OutputSerializer)
    def post(self, request: Request, user_id: int) -> Response:
        """Sessions and keys end with it."""
        user: User = self.found(visible_users(self.caller), pk=user_id)
        sent = self.body(self.InputSerializer)
        heir = named(visible_users(self.caller), "hand_over_to", sent.get("hand_over_to"))
        count = deactivate_colleague(user=user, hand_over_to=heir, by=self.caller, now=self.now)
        return self.answer({"handed_over": count})
