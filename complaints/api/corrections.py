"""What people correct in the papers of a complaint."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.cases import ComplaintView
from complaints.api.shapes import RowField
from complaints.models import Document
from complaints.selectors import visible_corrections
from complaints.services import Holds, correct_fact, withdraw_correction
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.roles import Action


class CorrectionShape(serializers.Serializer[Any]):
    """Words of a paper that are struck, and what holds instead."""

    id = serializers.IntegerField()
    complaint = serializers.IntegerField(source="complaint_id")
    document = serializers.IntegerField(source="document_id")
    page = serializers.IntegerField(allow_null=True)
    quote = serializers.CharField(help_text="the words that nothing may rest on any more")
    reason = serializers.CharField()
    day = serializers.DateField(allow_null=True, help_text="the right day, where that is what is corrected")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, help_text="the right pounds")
    shown_in = serializers.IntegerField(source="shown_in_id", allow_null=True, help_text="the document that shows it")
    shown_quote = serializers.CharField()
    by = serializers.IntegerField(source="by_id")
    at = serializers.DateTimeField()
    withdrawn_by = serializers.IntegerField(source="withdrawn_by_id", allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class CorrectionList(ComplaintView):
    """The corrections of a complaint, those taken back too."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "document.view", "POST": "complaint.edit"}
    creates = True
    orderings: ClassVar = {"-at": ("-at", "-pk"), "at": ("at", "pk")}

    class InputSerializer(Input):
        document = RowField(help_text="whose words are wrong")
        quote = serializers.CharField(max_length=2_000, help_text="the words, as they stand there")
        reason = serializers.CharField(max_length=300)
        day = serializers.DateField(required=False, allow_null=True, help_text="the right day")
        amount = serializers.DecimalField(
            max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="the right pounds"
        )
        shown_in = RowField(required=False, allow_null=True, help_text="the document that shows what is right")
        shown_quote = serializers.CharField(
            max_length=2_000, required=False, allow_blank=True, help_text="its words, with the day or the amount"
        )

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            """What holds is told whole: a day or an amount, and where it is shown."""
            right = [name for name in ("day", "amount") if attrs.get(name) is not None]
            shown = [name for name in ("shown_in", "shown_quote") if attrs.get(name)]
            if (len(right), len(shown)) not in ((0, 0), (1, 2)):
                told = "Name a day or an amount together with shown_in and shown_quote, or none of them."
                raise serializers.ValidationError(told, "one_of")
            return attrs

    @extend_schema(operation_id="list_corrections", responses=CorrectionShape(many=True))
    def get(self, request: Request, complaint_id: int) -> Response:
        """The newest first."""
        return self.page(self.complaint(complaint_id).corrections.all(), CorrectionShape)

    @extend_schema(operation_id="correct_fact", request=InputSerializer, responses={201: CorrectionShape})
    def post(self, request: Request, complaint_id: int) -> Response:
        """Strike words of a paper; analyses and letters from then on leave out what rests on them."""
        papers = self.complaint(complaint_id).documents.all()
        given = self.body(self.InputSerializer)
        row = correct_fact(
            document=self.found(papers, pk=given["document"]),
            quote=given["quote"],
            reason=given["reason"],
            by=self.caller,
            now=self.now,
            holds=self._holds(papers, given),
        )
        where = reverse("complaints-api:corrections", args=[complaint_id])
        return self.created(CorrectionShape(row).data, location=where)

    def _holds(self, papers: Any, given: Mapping[str, Any]) -> Holds | None:
        if not given.get("shown_in"):
            return None
        paper: Document = self.found(papers, pk=given["shown_in"])
        return Holds(paper, given["shown_quote"], given.get("day"), given.get("amount"))


class CorrectionWithdraw(ApiView):
    """POST takes a correction back."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "complaint.edit"}

    @extend_schema(operation_id="withdraw_correction", request=None, responses=CorrectionShape)
    def post(self, request: Request, correction_id: int) -> Response:
        """The paper counts as it did; the row stays."""
        row = self.found(visible_corrections(self.caller), pk=correction_id)
        return self.answer(CorrectionShape(withdraw_correction(correction=row, by=self.caller, now=self.now)).data)
