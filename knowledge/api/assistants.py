"""Assistants of a practice's own site, and the question that their keys ask."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from knowledge.api.chat import CitationOutput, QuestionInput
from knowledge.authentication import AssistantAuthentication
from knowledge.conversations import visible_assistants, with_citations
from knowledge.models import Assistant, Conversation, Message, Source
from knowledge.services.assistants import create_assistant, delete_assistant, edit_assistant
from knowledge.services.chat import ask, start_conversation
from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.models import ApiKey
from users.roles import Action


class AssistantOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    api_key = serializers.IntegerField(source="api_key_id")
    collection = serializers.IntegerField(source="source_id", allow_null=True, help_text="Null: the platform's alone.")
    collection_name = serializers.CharField(source="source.name", default=None, allow_null=True)
    created_at = serializers.DateTimeField()


class RowField(serializers.IntegerField):
    """The number of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST, **options)


class AssistantList(ApiView):
    """The assistants of the caller's practice."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "assistant.view", "POST": "assistant.manage"}
    creates = True
    orderings: ClassVar = {"-created_at": ("-created_at", "-id")}

    class InputSerializer(Input):
        name = serializers.CharField(max_length=120)
        api_key = RowField(help_text="A key of somebody of the practice, with the scope read alone.")
        collection = RowField(required=False, allow_null=True, help_text="A source of the practice.")

    @extend_schema(operation_id="list_assistants", responses=AssistantOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of assistants, the newest first."""
        return self.page(visible_assistants(self.caller), AssistantOutput)

    @extend_schema(operation_id="create_assistant", request=InputSerializer, responses={201: AssistantOutput})
    def post(self, request: Request) -> Response:
        """Bind a chat to a key."""
        sent = self.body(self.InputSerializer)
        practice = self.caller.practice_id
        key = named(ApiKey.objects.filter(user__practice=practice), "api_key", sent["api_key"])
        source = named(Source.objects.filter(practice=practice), "collection", sent.get("collection"))
        made = create_assistant(name=sent["name"], api_key=key, source=source, by=self.caller, now=self.now)
        where = reverse("knowledge-api:assistant", args=[made.pk])
        return self.created(AssistantOutput(made).data, location=where, version=made.version)


class AssistantDetail(ApiView):
    """One assistant."""

    versioned = True
    actions: ClassVar[Mapping[str, Action]] = {
        "GET": "assistant.view",
        "PATCH": "assistant.manage",
        "DELETE": "assistant.manage",
    }

    class InputSerializer(Input):
        name = serializers.CharField(max_length=120)
        collection = RowField(help_text="A source of the practice.")

    def assistant(self, assistant_id: int) -> Assistant:
        """The assistant of the address, where it is of the caller's practice."""
        return self.found(visible_assistants(self.caller), pk=assistant_id)

    @extend_schema(operation_id="get_assistant", responses=AssistantOutput)
    def get(self, request: Request, assistant_id: int) -> Response:
        """The assistant."""
        row = self.assistant(assistant_id)
        return self.answer(AssistantOutput(row).data, version=row.version)

    @extend_schema(operation_id="edit_assistant", request=InputSerializer, responses=AssistantOutput)
    def patch(self, request: Request, assistant_id: int) -> Response:
        """Give it another name or source."""
        row, sent = self.assistant(assistant_id), self.body(self.InputSerializer, partial=True)
        sources = Source.objects.filter(practice=row.practice_id)
        source = named(sources, "collection", sent.get("collection"))
        row = edit_assistant(
            assistant=row,
            name=sent.get("name"),
            source=source,
            by=self.caller,
            now=self.now,
            expected_version=self.expected_version,
        )
        return self.answer(AssistantOutput(row).data, version=row.version)

    @extend_schema(operation_id="delete_assistant", request=None, responses={204: None})
    def delete(self, request: Request, assistant_id: int) -> Response:
        """Let its key lead nowhere; the key itself is revoked under /api-keys/."""
        delete_assistant(
            assistant=self.assistant(assistant_id),
            by=self.caller,
            now=self.now,
            expected_version=self.expected_version,
        )
        return Response(status=204)


class AskAssistant(ApiView):
    """A question to the assistant of the key."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "assistant.ask"}
    authentication_classes = [AssistantAuthentication]
    limit = "assistant"
    creates = True

    class InputSerializer(QuestionInput):
        conversation = RowField(required=False, allow_null=True, help_text="Go on with this one; null: a new one.")

    class OutputSerializer(serializers.Serializer[Any]):
        conversation = serializers.IntegerField(source="conversation_id")
        message = serializers.IntegerField(source="id")
        text = serializers.CharField(help_text="With citations as [1].")
        failed = serializers.SerializerMethodField()
        declined = serializers.BooleanField(help_text="Nothing that is held supports an answer.")
        citations = CitationOutput(many=True)

        def get_failed(self, message: Message) -> bool:
            """Whether no answer could be written; ask again."""
            return message.state == "failed"

    @extend_schema(operation_id="ask_assistant", request=InputSerializer, responses={201: OutputSerializer})
    def post(self, request: Request) -> Response:
        """The answer, out of the platform's guidance and the assistant's own source alone."""
        sent = self.body(self.InputSerializer)
        assistant = cast(ApiKey, request.auth).assistant
        said = Conversation.objects.filter(assistant=assistant).select_related("assistant")
        row = named(said, "conversation", sent.pop("conversation", None))
        row = row or start_conversation(by=self.caller, now=self.now, assistant=assistant)
        made = ask(conversation=row, **sent, now=self.now)
        answer = with_citations(Message.objects.filter(pk=made.pk), self.caller).get()
        return self.answer(self.OutputSerializer(answer).data, status=201)


def named(rows: QuerySet[Any], field: str, number: int | None) -> Any:
    """The row that `field` of a body names, of those that the caller may name. Raises ValidationError (422)."""
    if number is None:
        return None
    row = rows.filter(pk=number).first()
    if row is None:
        raise ValidationError({field: ["There is no such row, or none that you may use."]}, "does_not_exist")
    return row
