"""Pages of the chat. They work by plain forms; with the script of the page an answer shows while it is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from knowledge.chat.export import as_json, as_markdown
from knowledge.conversations import visible_conversations, visible_messages
from knowledge.models import Citation, Conversation, Message
from knowledge.passages import cited_text
from knowledge.services.chat import (
    FACT,
    FACTS,
    QUESTION,
    TITLE,
    ask,
    ask_again,
    delete_conversation,
    edit_conversation,
    give_feedback,
    start_conversation,
    written_out,
)
from lightpoint.errors import DomainError
from lightpoint.pages import hidden_version, page, tell, tell_form
from lightpoint.ratelimit import limited
from lightpoint.rest.files import file_response
from users.models import User
from users.permissions import may, require
from users.roles import Action

LISTED: Final = 50  # conversations beside the open one
SHOWN: Final = 200  # messages of a page, the newest
COMMENT: Final = 2_000
_NUMBER: Final = re.compile(r"\[(\d{1,3})\]")


class AskForm(forms.Form):
    """A question, and the day of the event that it is about."""

    question = forms.CharField(max_length=QUESTION)
    on = forms.DateField(required=False)


class EditForm(forms.Form):
    """What a conversation is called, and the facts that every prompt holds, one a line."""

    title = forms.CharField(max_length=TITLE)
    pinned = forms.CharField(required=False, max_length=FACTS * (FACT + 2))


class FeedbackForm(forms.Form):
    """Whether an answer helped."""

    helpful = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    comment = forms.CharField(required=False, max_length=COMMENT)


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the page shows it: pieces of text, each a word of the answer or the number of a citation."""

    message: Message
    parts: Sequence[tuple[str, int | None]]
    citations: Sequence[Citation]
    helpful: bool | None
    comment: str


@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    """The user's conversations, and a question that begins another one."""
    require(request.user, "chat.view")
    return _shown(request, None)


@require_safe
def conversation(request: HttpRequest, conversation_pk: int) -> HttpResponse:
    """One conversation, with what its answers cite."""
    return _shown(request, _found(request, conversation_pk, "chat.view"))


@require_safe
def words(request: HttpRequest, conversation_pk: int, message_pk: int, number: int) -> HttpResponse:
    """What the version said that an answer cites, with the cited words marked."""
    row = _found(request, conversation_pk, "chat.view")
    cited = get_object_or_404(
        Citation.objects.select_related("section_version__section__source"),
        message__conversation=row,
        message=message_pk,
        number=number,
    )
    text = cited_text(cited.section_version)
    parts = (text[: cited.start], text[cited.start : cited.end], text[cited.end :])
    context = {"conversation": row, "cited": cited, "version": cited.section_version, "parts": parts}
    return page(request, "knowledge/words.html", context, title=cited.section_version.identifier)


@require_POST
@limited("chat")
def begin(request: HttpRequest) -> HttpResponse:
    """The first question of a new conversation."""
    require(request.user, "chat.use")
    form = AskForm(request.POST)
    if not form.is_valid():
        tell_form(request, form)
        return HttpResponseRedirect(reverse("admin:knowledge_conversation_changelist"))
    return _asked(request, start_conversation(by=_user(request), now=timezone.now()), form)


@require_POST
@limited("chat")
def ask_next(request: HttpRequest, conversation_pk: int) -> HttpResponse:
    """The next question."""
    row, form = _found(request, conversation_pk, "chat.use"), AskForm(request.POST)
    if not form.is_valid():
        tell_form(request, form)
        return _back(row)
    return _asked(request, row, form)


@require_POST
@limited("chat")
def again(request: HttpRequest, conversation_pk: int, message_pk: int) -> HttpResponse:
    """Ask for an answer that failed once more."""
    row = _found(request, conversation_pk, "chat.use")
    try:
        ask_again(answer=_message(request, row, message_pk), now=timezone.now())
    except DomainError as error:
        tell(request, refused=[str(error)])
    return _back(row, message_pk)


@require_POST
def edit(request: HttpRequest, conversation_pk: int) -> HttpResponse:
    """Rename the conversation and pin facts."""
    row, form = _found(request, conversation_pk, "chat.use"), EditForm(request.POST)
    if not form.is_valid():
        tell_form(request, form)
        return _back(row)
    try:
        edit_conversation(
            conversation=row,
            title=form.cleaned_data["title"],
            pinned=form.cleaned_data["pinned"].splitlines(),
            now=timezone.now(),
            expected_version=hidden_version(request),
        )
    except DomainError as error:
        tell(request, refused=[str(error)])
    return _back(row)


@require_POST
def judge(request: HttpRequest, conversation_pk: int, message_pk: int) -> HttpResponse:
    """Say whether an answer helped."""
    row, form = _found(request, conversation_pk, "chat.use"), FeedbackForm(request.POST)
    message = _message(request, row, message_pk)
    if not form.is_valid():
        tell_form(request, form)
        return _back(row, message_pk)
    sent = form.cleaned_data
    helpful = sent["helpful"] == "yes"
    give_feedback(message=message, helpful=helpful, comment=sent["comment"], by=_user(request), now=timezone.now())
    tell(request, done="Thank you: your word is kept with the answer.")
    return _back(row, message_pk)


@require_POST
def remove(request: HttpRequest, conversation_pk: int) -> HttpResponse:
    """Delete the conversation."""
    row = _found(request, conversation_pk, "chat.use")
    delete_conversation(
        conversation=row, by=_user(request), now=timezone.now(), expected_version=hidden_version(request)
    )
    tell(request, done="The conversation is deleted.")
    return HttpResponseRedirect(reverse("admin:knowledge_conversation_changelist"))


@require_safe
def export(request: HttpRequest, conversation_pk: int, kind: str) -> HttpResponse:
    """The conversation to keep, as text or JSON."""
    row = _found(request, conversation_pk, "chat.view")
    as_data = kind == "json"
    written = as_json(written_out(row)) if as_data else as_markdown(written_out(row))
    media_type = "application/json" if as_data else "text/plain; charset=utf-8"
    name = f"conversation-{row.pk}.{'json' if as_data else 'md'}"
    return file_response(written.encode(), name=name, media_type=media_type)


def _shown(request: HttpRequest, row: Conversation | None) -> HttpResponse:
    mine = list(visible_conversations(_user(request)).order_by("-updated_at", "-pk")[:LISTED])
    context: dict[str, Any] = {"conversation": row, "conversations": mine, "asks": may(request.user, "chat.use")}
    if row is not None:
        rows = visible_messages(_user(request)).filter(conversation=row).order_by("-pk")[:SHOWN]
        context["lines"] = [_line(message) for message in reversed(rows)]
        context["pinned"] = "\n".join(row.pinned)
    title = row.title if row and row.title else "Ask the guidance"
    return page(request, "knowledge/conversation.html", context, title=title)


def _line(message: Message) -> Line:
    given = getattr(message, "own_feedback", ())
    cited = list(message.citations.all())
    known = {one.number for one in cited}
    return Line(
        message=message,
        parts=tuple(_parts(message.text, known)) if message.speaker == "assistant" else ((message.text, None),),
        citations=cited,
        helpful=given[0].helpful if given else None,
        comment=given[0].comment if given else "",
    )


def _parts(text: str, known: set[int]) -> list[tuple[str, int | None]]:
    parts: list[tuple[str, int | None]] = []
    at = 0
    for found in _NUMBER.finditer(text):
        if int(found[1]) in known:
            parts += [(text[at : found.start()], None), (found[0], int(found[1]))]
            at = found.end()
    return [*parts, (text[at:], None)]


def _asked(request: HttpRequest, row: Conversation, form: AskForm) -> HttpResponse:
    try:
        answer = ask(conversation=row, **form.cleaned_data, now=timezone.now())
    except DomainError as error:
        tell(request, refused=[str(error)])
        return _back(row)
    return _back(row, answer.pk)


def _found(request: HttpRequest, pk: int, action: Action) -> Conversation:
    row = get_object_or_404(visible_conversations(_user(request)), pk=pk)
    require(request.user, action)
    return row


def _message(request: HttpRequest, row: Conversation, message_id: int) -> Message:
    return get_object_or_404(visible_messages(_user(request)), conversation=row, pk=message_id)


def _back(row: Conversation, message_id: int | None = None) -> HttpResponse:
    place = f"#m-{message_id}" if message_id else ""
    return HttpResponseRedirect(reverse("admin:knowledge_conversation_change", args=[row.pk]) + place)


def _user(request: HttpRequest) -> User:
    """Who uses the page; the admin has let them in."""
    return cast(User, request.user)
