"""What clients, complaints, documents and runs look like in answers."""

from typing import Any, Final, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.facts.records import ReferenceKind
from complaints.models import CaseRun, Client, Complaint
from complaints.status import allowed_moves
from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import Input
from users.models import Nation

REFERENCE_KINDS: Final[tuple[str, ...]] = get_args(ReferenceKind)
DOCUMENT_STATES: Final = ("waiting", "read", "problem")


class RowField(serializers.IntegerField):
    """The number of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST, **options)


class ReferenceShape(Input):
    """A number that identifies the client or the matter."""

    kind = serializers.ChoiceField(choices=REFERENCE_KINDS)
    value = serializers.CharField(max_length=100)


class HourlyRateShape(serializers.Serializer[Any]):
    """What an hour of a grade costs."""

    grade = serializers.CharField()
    rate = serializers.CharField(help_text="Pounds.")


class ClientShape(serializers.Serializer[Any]):
    """Whom the practice acts for."""

    id = serializers.IntegerField()
    practice = serializers.IntegerField(source="practice_id")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Client.Kind.choices)
    nation = serializers.ChoiceField(choices=Nation.choices, help_text="Whose bank holidays count.")
    version = serializers.IntegerField(help_text="Goes up with every change, as the ETag does.")


class ComplaintShape(serializers.Serializer[Any]):
    """A complaint as lists show it."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    practice = serializers.IntegerField(source="practice_id")
    client = ClientShape()
    tax_head = serializers.CharField()
    status = serializers.ChoiceField(choices=Complaint.Status.choices)
    opened_on = serializers.DateField()
    assigned_to = serializers.IntegerField(source="assigned_to_id", allow_null=True)
    created_by = serializers.IntegerField(source="created_by_id", allow_null=True)
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField(help_text="Goes up with every change, as the ETag does.")


class WholeComplaintShape(ComplaintShape):
    """A complaint with what was typed about it and where it can go."""

    created_at = serializers.DateTimeField()
    brief = serializers.CharField(help_text="What happened, in the adviser's words. It guides; it is no evidence.")
    desired_outcome = serializers.CharField()
    references = serializers.SerializerMethodField()
    hourly_rates = serializers.SerializerMethodField(help_text="The practice's, as they held when it was opened.")
    moves = serializers.SerializerMethodField(help_text="The states that it can be moved to.")

    @extend_schema_field(ReferenceShape(many=True))
    def get_references(self, complaint: Complaint) -> list[dict[str, str]]:
        """The pairs as objects."""
        return [{"kind": kind, "value": value} for kind, value in complaint.references]

    @extend_schema_field(HourlyRateShape(many=True))
    def get_hourly_rates(self, complaint: Complaint) -> list[dict[str, str]]:
        """The pairs as objects."""
        return [{"grade": grade, "rate": rate} for grade, rate in complaint.hourly_rates]

    def get_moves(self, complaint: Complaint) -> list[str]:
        """By the rules of `complaints.status`."""
        return list(allowed_moves(complaint.status))


class TimelineShape(serializers.Serializer[Any]):
    """A line of the timeline."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.IntegerField(source="by_id", allow_null=True)
    text = serializers.CharField()


class DocumentShape(serializers.Serializer[Any]):
    """A paper of a case. An attachment has the e-mail that it came in as its parent."""

    id = serializers.IntegerField()
    complaint = serializers.IntegerField(source="complaint_id")
    parent = serializers.IntegerField(source="parent_id", allow_null=True)  # type: ignore[assignment]  # a field here
    name = serializers.CharField()
    media_type = serializers.CharField(help_text="By its content; empty until it is read.")
    sha256 = serializers.CharField(source="content_sha256")
    status = serializers.ChoiceField(choices=DOCUMENT_STATES)
    problem_kind = serializers.CharField(help_text="Empty when there is none.")
    problem_detail = serializers.CharField()
    uploaded_at = serializers.DateTimeField(allow_null=True)
    uploaded_by = serializers.IntegerField(source="uploaded_by_id", allow_null=True)


class PageShape(serializers.Serializer[Any]):
    """The text of a page, and how it was read."""

    position = serializers.IntegerField()
    number = serializers.IntegerField(allow_null=True, help_text="Null for formats without pages.")
    text = serializers.CharField()
    method = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True, help_text="0 to 1, of what was read by OCR.")


class ContextShape(serializers.Serializer[Any]):
    """What an adviser added later; `document` is the paper that holds it."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.IntegerField(source="by_id", allow_null=True)
    text = serializers.CharField()
    document = serializers.IntegerField(source="document_id")


class RunShape(serializers.Serializer[Any]):
    """Work on a case, and how far it is."""

    id = serializers.IntegerField()
    complaint = serializers.IntegerField(source="complaint_id")
    kind = serializers.ChoiceField(choices=CaseRun.Kind.choices)
    state = serializers.ChoiceField(choices=CaseRun.State.choices)
    step = serializers.CharField(help_text="What it is at: read, facts, analysis, letters.")
    done = serializers.IntegerField(help_text="Parts of the step that are done.")
    total = serializers.IntegerField(allow_null=True, help_text="Parts that the step has; null: not known.")
    message = serializers.CharField(help_text="What came of it, or why it failed.")
    options = serializers.DictField(
        child=serializers.JSONField(), help_text="What it was asked with: the tone of letters, the words of a change."
    )
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class AnalysisShape(serializers.Serializer[Any]):
    """A run of the analysis, without its findings."""

    id = serializers.IntegerField()
    complaint = serializers.IntegerField(source="complaint_id")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
