"""Conversations about the guidance: questions, answers with citations, and what people say of them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from knowledge.chat.export import as_json, as_markdown
from knowledge.conversations import visible_conversations, visible_feedback, visible_messages, with_citations
from knowledge.models import Conversation, Message
from knowledge.models.chat import MESSAGE_STATES, SPEAKERS
from knowledge.services.chat import (
    FACT,
    FACTS,
    QUESTION,
    TITLE,
    ask,
    ask_again,
    begin_answer,
    delete_conversation,
    edit_conversation,
    give_feedback,
    start_conversation,
    written_out,
)
from knowledge.streams import answer_events
from lightpoint.rest.events import MEDIA_TYPE, Streamed, event_stream, numbered
from lightpoint.rest.files import FileView, answers, file_response
from lightpoint.rest.filters import Filters, FlagFilter, WordsFilter
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.roles import Action

COMMENT = 2_000


class ConversationOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField(help_text="The first sentence of the first question, until it is renamed.")
    pinned = serializers.ListField(child=serializers.CharField(), help_text="Facts that every prompt holds.")
    assistant = serializers.IntegerField(source="assistant_id", allow_null=True, help_text="Null: of a person.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class CitationOutput(serializers.Serializer[Any]):
    """The words of a version of a section on which a sentence of the answer rests."""

    number = serializers.IntegerField(help_text="The number in the text: [1].")
    identifier = serializers.CharField(source="section_version.identifier")
    version = serializers.CharField(source="section_version.version")
    title = serializers.CharField(source="section_version.title")
    url = serializers.CharField(source="section_version.url")
    start = serializers.IntegerField(help_text="Where the words begin in the version's body, or summary without one.")
    end = serializers.IntegerField()
    quote = serializers.CharField(trim_whitespace=False)


class RemovedOutput(serializers.Serializer[Any]):
    sentence = serializers.CharField()
    reason = serializers.CharField()


class OwnFeedbackOutput(serializers.Serializer[Any]):
    helpful = serializers.BooleanField()
    comment = serializers.CharField()


class MessageOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    conversation = serializers.IntegerField(source="conversation_id")
    speaker = serializers.ChoiceField(choices=SPEAKERS)
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=MESSAGE_STATES)
    declined = serializers.BooleanField(help_text="Nothing that is held supports an answer.")
    written_by = serializers.CharField(help_text="A model, or extractive: quotations alone. Empty for a question.")
    on = serializers.DateField(allow_null=True, help_text="The day of the event that was asked about.")
    removed = RemovedOutput(many=True, help_text="Sentences that were not borne out and are not shown.")
    citations = CitationOutput(many=True)
    feedback = serializers.SerializerMethodField(help_text="The caller's own; null: none given.")
    created_at = serializers.DateTimeField()

    @extend_schema_field(OwnFeedbackOutput(allow_null=True))
    def get_feedback(self, message: Message) -> dict[str, object] | None:
        """What the caller said of the answer."""
        given = getattr(message, "own_feedback", ())
        return {"helpful": given[0].helpful, "comment": given[0].comment} if given else None


class EventOutput(serializers.Serializer[Any]):
    """A server-sent event."""

    id = serializers.CharField(help_text="From 1.")
    event = serializers.ChoiceField(choices=[(name, name) for name in ("delta", "citation", "done", "error")])
    data = serializers.CharField(  # type: ignore[assignment]  # the name that the standard gives it
        help_text='JSON: {"text"} of a delta, a citation, the message, or a problem.'
    )


class PinnedField(serializers.ListField):
    """Facts to pin."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=FACT), max_length=FACTS, **options)


class QuestionInput(Input):
    question = serializers.CharField(max_length=QUESTION)
    on = serializers.DateField(required=False, allow_null=True, help_text="The day of the event; null: as it is now.")


class ConversationFilters(Filters):
    q = WordsFilter(field_name="title", lookup_expr="icontains", help_text="Words of the title.")


class ConversationList(ApiView):
    """The caller's conversations."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "chat.view", "POST": "chat.use"}
    creates = True
    filters = ConversationFilters
    orderings: ClassVar = {"-updated_at": ("-updated_at", "-id"), "updated_at": ("updated_at", "id")}

    class InputSerializer(Input):
        title = serializers.CharField(max_length=TITLE, required=False)
        pinned = PinnedField(required=False, help_text="Facts that every prompt holds.")

    @extend_schema(operation_id="list_conversations", responses=ConversationOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of conversations, the newest first."""
        return self.page(visible_conversations(self.caller), ConversationOutput)

    @extend_schema(operation_id="create_conversation", request=InputSerializer, responses={201: ConversationOutput})
    def post(self, request: Request) -> Response:
        """Begin a conversation."""
        made = start_conversation(**self.body(self.InputSerializer), by=self.caller, now=self.now)
        where = reverse("knowledge-api:conversation", args=[made.pk])
        return self.created(ConversationOutput(made).data, location=where, version=made.version)


class ConversationView(ApiView):
    """What all views of one conversation share."""

    def conversation(self, conversation_id: int) -> Conversation:
        """The conversation of the address, where it is the caller's own."""
        return self.found(visible_conversations(self.caller), pk=conversation_id)

    def message(self, conversation_id: int, message_id: int) -> Message:
        """A message of it."""
        return self.found(visible_messages(self.caller), conversation=conversation_id, pk=message_id)

    def shown(self, message: Message) -> Any:
        """A message as the API writes it, with its citations. Two queries."""
        rows = with_citations(Message.objects.filter(pk=message.pk), self.caller)
        return MessageOutput(rows.get()).data


class ConversationDetail(ConversationView):
    """One conversation."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "chat.view", "PATCH": "chat.use", "DELETE": "chat.use"}
    versioned = True

    class InputSerializer(Input):
        title = serializers.CharField(max_length=TITLE, required=False)
        pinned = PinnedField(required=False, help_text="All facts that every prompt is to hold.")

    @extend_schema(operation_id="get_conversation", responses=ConversationOutput)
    def get(self, request: Request, conversation_id: int) -> Response:
        """The conversation without its messages."""
        row = self.conversation(conversation_id)
        return self.answer(ConversationOutput(row).data, version=row.version)

    @extend_schema(operation_id="edit_conversation", request=InputSerializer, responses=ConversationOutput)
    def patch(self, request: Request, conversation_id: int) -> Response:
        """Rename it, or pin other facts."""
        row, sent = self.conversation(conversation_id), self.body(self.InputSerializer, partial=True)
        wanted = self.expected_version
        row = edit_conversation(conversation=row, **sent, now=self.now, expected_version=wanted)
        return self.answer(ConversationOutput(row).data, version=row.version)

    @extend_schema(operation_id="delete_conversation", request=None, responses={204: None})
    def delete(self, request: Request, conversation_id: int) -> Response:
        """Delete it with all that was said."""
        row, wanted = self.conversation(conversation_id), self.expected_version
        delete_conversation(conversation=row, by=self.caller, now=self.now, expected_version=wanted)
        return Response(status=204)


class MessageList(ConversationView):
    """What was said, and what is asked next."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "chat.view", "POST": "chat.use"}
    limit = "chat"
    creates = True
    orderings: ClassVar = {"created_at": ("created_at", "id"), "-created_at": ("-created_at", "-id")}

    @extend_schema(operation_id="list_messages", responses=MessageOutput(many=True))
    def get(self, request: Request, conversation_id: int) -> Response:
        """A page of messages, the oldest first."""
        row = self.conversation(conversation_id)
        return self.page(visible_messages(self.caller).filter(conversation=row), MessageOutput)

    @extend_schema(operation_id="ask_question", request=QuestionInput, responses={201: MessageOutput})
    def post(self, request: Request, conversation_id: int) -> Response:
        """Ask, and wait for the answer. One with the state failed can be asked for again."""
        row = self.conversation(conversation_id)
        answer = ask(conversation=row, **self.body(QuestionInput), now=self.now)
        where = reverse("knowledge-api:message", args=[row.pk, answer.pk])
        return self.created(self.shown(answer), location=where)


class MessageStream(ConversationView):
    """Asks, and sends the answer as it is written."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "chat.use"}
    limit = "chat"
    content_negotiation_class = Streamed

    @extend_schema(
        operation_id="ask_question_streamed",
        request=QuestionInput,
        responses={(200, MEDIA_TYPE): EventOutput},
    )
    def post(self, request: Request, conversation_id: int) -> HttpResponseBase:
        """Server-sent events: `citation` and `delta` ({"text"}) as the answer grows, then `done` (the message).

        In place of `done` comes `error` where the answer failed; it is kept, and can be asked for again. Lines that
        begin with a colon are signs of life.
        """
        exchange = begin_answer(
            conversation=self.conversation(conversation_id), **self.body(QuestionInput), now=self.now
        )
        return event_stream(numbered(answer_events(exchange, shape=self.shown)))


class MessageDetail(ConversationView):
    """One message."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "chat.view"}

    @extend_schema(operation_id="get_message", responses=MessageOutput)
    def get(self, request: Request, conversation_id: int, message_id: int) -> Response:
        """The message with its citations."""
        return self.answer(MessageOutput(self.message(conversation_id, message_id)).data)


class AskAgain(ConversationView):
    """Asks once more for an answer that failed."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "chat.use"}
    limit = "chat"

    @extend_schema(operation_id="ask_again", request=None, responses=MessageOutput)
    def post(self, request: Request, conversation_id: int, message_id: int) -> Response:
        """The answer, done or failed once more."""
        answer = ask_again(answer=self.message(conversation_id, message_id), now=self.now)
        return self.answer(self.shown(answer))


class GiveFeedback(ConversationView):
    """Says whether an answer helped."""

    actions: ClassVar[Mapping[str, Action]] = {"PUT": "chat.use"}

    class InputSerializer(Input):
        helpful = serializers.BooleanField()
        comment = serializers.CharField(max_length=COMMENT, required=False, allow_blank=True)

    @extend_schema(operation_id="give_feedback", request=InputSerializer, responses=MessageOutput)
    def put(self, request: Request, conversation_id: int, message_id: int) -> Response:
        """One word of each person; it takes the place of the one before."""
        message, sent = self.message(conversation_id, message_id), self.body(self.InputSerializer)
        give_feedback(message=message, **sent, by=self.caller, now=self.now)
        return self.answer(self.shown(message))


class ExportConversation(FileView):
    """A conversation to keep."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "chat.view"}

    class Query(Input):
        kind = serializers.ChoiceField(choices=[(kind, kind) for kind in ("text", "json")], default="text")

    query = Query

    @extend_schema(
        operation_id="export_conversation", responses=answers("application/json", "text/plain; charset=utf-8")
    )
    def get(self, request: Request, conversation_id: int) -> HttpResponse:
        """Text (Markdown) or JSON: questions, answers and the words that they cite."""
        row = self.found(visible_conversations(self.caller), pk=conversation_id)
        kind = self.parameters()["kind"]
        record = written_out(row)
        written = as_json(record) if kind == "json" else as_markdown(record)
        media_type, ending = ("application/json", "json") if kind == "json" else ("text/plain; charset=utf-8", "md")
        return file_response(written.encode(), name=f"conversation-{row.pk}.{ending}", media_type=media_type)


class FeedbackFilters(Filters):
    helpful = FlagFilter(field_name="helpful", help_text="Only answers that helped, or that did not.")


class FeedbackList(ApiView):
    """What people of the practice say of answers, for those who run it. Questions and answers are not shown."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "feedback.view"}
    filters = FeedbackFilters
    orderings: ClassVar = {"-created_at": ("-created_at", "-id")}

    class OutputSerializer(serializers.Serializer[Any]):
        id = serializers.IntegerField()
        message = serializers.IntegerField(source="message_id")
        by = serializers.IntegerField(source="by_id")
        helpful = serializers.BooleanField()
        comment = serializers.CharField()
        created_at = serializers.DateTimeField()

    @extend_schema(operation_id="list_chat_feedback", responses=OutputSerializer(many=True))
    def get(self, request: Request) -> Response:
        """A page of feedback, the newest first."""
        return self.page(visible_feedback(self.caller), self.OutputSerializer)
