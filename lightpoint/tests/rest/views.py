# ruff: noqa: RUF012 (as in api packages)
"""Views of a small API over practices, as every app writes them, for tests of what views share."""

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django_filters import ChoiceFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.errors import Conflict
from lightpoint.rest.etag import check_version
from lightpoint.rest.files import FileView, file_response
from lightpoint.rest.filters import DayFilter, Filters, FlagFilter, IdFilter, WordsFilter
from lightpoint.rest.parsing import StrictMultiPartParser
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.models import Nation, Practice


class PracticeFilters(Filters):
    nation = ChoiceFilter(choices=Nation.choices, help_text="The nation of the practice.")
    number = IdFilter(field_name="pk", help_text="The number of the practice.")
    since = DayFilter(field_name="created_at", lookup_expr="date__gte", help_text="Stored on that day or later.")
    vat = FlagFilter(field_name="vat_registered", help_text="Whether it is registered for VAT.")
    q = WordsFilter(field_name="name", lookup_expr="icontains", help_text="Words of the name.")

    class Meta:
        model = Practice
        fields: tuple[str, ...] = ()


class PracticeInput(Input):
    name = serializers.CharField(max_length=200)
    address = serializers.CharField(max_length=200)
    extra = serializers.JSONField(required=False)
    size = serializers.IntegerField(required=False)


class PracticeOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class Practices(ApiView):
    actions = {"GET": "practice.view", "POST": "practice.create"}
    creates = True
    filters = PracticeFilters
    orderings = {"name": ("name", "pk"), "-name": ("-name", "-pk")}

    @extend_schema(operation_id="list_things", responses=PracticeOutput(many=True))
    def get(self, request: Request) -> Response:
        return self.page(Practice.objects.all(), PracticeOutput)

    @extend_schema(operation_id="create_thing", request=PracticeInput, responses={201: PracticeOutput})
    def post(self, request: Request) -> Response:
        sent = self.body(PracticeInput)
        practice = Practice.objects.create(name=sent["name"], address=sent["address"], created_at=timezone.now())
        if sent["name"] == "refused":
            raise Conflict("Not this one")
        return self.created(PracticeOutput(practice).data, location=f"/api/practices/{practice.pk}/", version=1)


class OnePractice(ApiView):
    actions = {"GET": "practice.view", "PATCH": "practice.create"}
    versioned = True

    @extend_schema(operation_id="get_thing", responses=PracticeOutput)
    def get(self, request: Request, number: int) -> Response:
        return self.answer(PracticeOutput(self.found(Practice.objects.all(), pk=number)).data, version=3)

    @extend_schema(operation_id="edit_thing", request=PracticeInput, responses=PracticeOutput)
    def patch(self, request: Request, number: int) -> Response:
        sent = self.body(PracticeInput, partial=True)
        practice = self.found(Practice.objects.all(), pk=number)
        check_version(expected=self.expected_version, current=3)
        practice.name = sent.get("name", practice.name)
        return self.answer(PracticeOutput(practice).data, version=4)


class Failing(ApiView):
    actions = {"GET": "practice.view"}

    @extend_schema(operation_id="fail", responses=None)
    def get(self, request: Request) -> Response:
        raise RuntimeError("the secret of the house")


class Named(ApiView):
    actions = {"GET": "practice.view"}

    @extend_schema(operation_id="get_named", responses=PracticeOutput)
    def get(self, request: Request, name: str) -> Response:
        return Response(PracticeOutput(self.found(Practice.objects.all(), name=name)).data)


class File(FileView):
    actions = {"GET": "practice.view"}

    @extend_schema(operation_id="download_thing", responses={(200, "application/octet-stream"): bytes})
    def get(self, request: Request) -> HttpResponse:
        return file_response(b"<script>", name='ü "quoted".html', media_type="text/html")


class Upload(ApiView):
    actions = {"POST": "practice.create"}
    parser_classes = (StrictMultiPartParser,)
    body_bytes = 10_000
    creates = True

    @extend_schema(operation_id="upload_thing", request=PracticeInput, responses={201: PracticeOutput})
    def post(self, request: Request) -> Response:
        file = request.data["file"]
        practice = Practice.objects.create(name=file.name, address=str(file.size), created_at=timezone.now())
        return self.created(PracticeOutput(practice).data, location=f"/api/practices/{practice.pk}/")


class Forgotten(ApiView):
    """A view that says nothing of who may."""

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [
    path("admin/", admin.site.urls),  # the pages of errors link to it
    path("api/practices/", Practices.as_view()),
    path("api/practices/<int:number>/", OnePractice.as_view()),
    path("api/named/<str:name>/", Named.as_view()),
    path("api/failing/", Failing.as_view()),
    path("api/file/", File.as_view()),
    path("api/upload/", Upload.as_view()),
    path("api/forgotten/", Forgotten.as_view()),
]
