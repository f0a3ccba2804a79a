"""The road of a letter: review, approval, locking, sending; each step is a move that one table allows."""

from collections.abc import Mapping
from typing import ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from letters.api.letters import LetterView
from letters.api.shapes import DispatchShape, LetterShape
from letters.models import Dispatch
from letters.services import (
    Sending,
    approve_letter,
    ask_for_review,
    lock_letter,
    reopen_letter,
    return_letter,
    send_letter,
)
from lightpoint.rest.serializers import Input
from users.roles import Action

COMMENT = 2_000


class CommentInput(Input):
    comment = serializers.CharField(max_length=COMMENT, allow_blank=True, default="")


class ReasonInput(Input):
    comment = serializers.CharField(max_length=COMMENT, help_text="what is to be changed")


class LetterReview(LetterView):
    """POST asks a colleague to look at the newest version."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.review"}
    versioned = True

    @extend_schema(operation_id="ask_for_review", request=CommentInput, responses=LetterShape)
    def post(self, request: Request, letter_id: int) -> Response:
        """draft becomes in_review."""
        ask_for_review(
            letter=self.letter(letter_id),
            **self.body(CommentInput),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return self.told(letter_id)


class LetterReturn(LetterView):
    """POST sends the letter back to its author."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.review"}
    versioned = True

    @extend_schema(operation_id="return_letter", request=ReasonInput, responses=LetterShape)
    def post(self, request: Request, letter_id: int) -> Response:
        """in_review becomes draft."""
        return_letter(
            letter=self.letter(letter_id),
            **self.body(ReasonInput),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return self.told(letter_id)


class LetterApprove(LetterView):
    """POST makes the caller answer for the newest version. A version that the ledger blocks is refused (409)."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.approve"}
    versioned = True

    @extend_schema(operation_id="approve_letter", request=CommentInput, responses=LetterShape)
    def post(self, request: Request, letter_id: int) -> Response:
        """in_review becomes approved, and the letter takes no change any more."""
        approve_letter(
            letter=self.letter(letter_id),
            **self.body(CommentInput),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return self.told(letter_id)


class LetterLock(LetterView):
    """POST freezes the approved text for sending: its files are the final ones."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.send"}
    versioned = True

    @extend_schema(operation_id="lock_letter", request=CommentInput, responses=LetterShape)
    def post(self, request: Request, letter_id: int) -> Response:
        """approved becomes locked; refused (409) where the approver may not approve letters any more."""
        lock_letter(
            letter=self.letter(letter_id),
            **self.body(CommentInput),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return self.told(letter_id)


class LetterReopen(LetterView):
    """POST unlocks a letter: an approved or locked one to be changed, a sent one to be superseded."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.approve"}
    versioned = True

    @extend_schema(operation_id="reopen_letter", request=CommentInput, responses=LetterShape)
    def post(self, request: Request, letter_id: int) -> Response:
        """approved, locked or sent becomes draft; what was sent is kept as it was."""
        reopen_letter(
            letter=self.letter(letter_id),
            **self.body(CommentInput),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return self.told(letter_id)


class LetterSend(LetterView):
    """POST records that the locked version left the practice; an approved one is locked first."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.send"}
    versioned = True
    creates = True

    class InputSerializer(Input):
        sent_on = serializers.DateField()
        method = serializers.ChoiceField(Dispatch.Method.choices)
        reference = serializers.CharField(max_length=80, allow_blank=True, default="")

    @extend_schema(operation_id="send_letter", request=InputSerializer, responses={201: DispatchShape})
    def post(self, request: Request, letter_id: int) -> Response:
        """locked becomes sent; a version that was sent before is superseded."""
        letter = self.letter(letter_id)
        dispatch = send_letter(
            letter=letter,
            sending=Sending(**self.body(self.InputSerializer)),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        where = reverse("letters-api:version", args=[dispatch.version_id])
        return self.created(DispatchShape(dispatch).data, location=where, version=self.letter(letter_id).version)
