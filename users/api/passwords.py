"""Forgotten passwords over the REST API. No answer tells who signs in here."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.rest.serializers import Input
from users.api.base import PublicView
from users.services import reset_password
from users.signin import check_reset
from users.tasks import send_reset
from users.views import SENT


class SaidOutput(serializers.Serializer[Any]):
    detail = serializers.CharField()


class AskForReset(PublicView):
    """Asks for a link by e-mail."""

    class ResetInput(Input):
        email = serializers.EmailField(max_length=254)

    @extend_schema(operation_id="ask_for_password_reset", request=ResetInput, responses={202: SaidOutput}, auth=[])
    def post(self, request: Request) -> Response:
        """The same answer, as quickly, whoever signs in with the address: the rest is a job."""
        email = self.body(self.ResetInput)["email"]
        check_reset(request._request, email)
        send_reset.defer(email=email)
        return self.answer({"detail": SENT}, status=202)


class ConfirmReset(PublicView):
    """Sets a new password by a link."""

    class ConfirmInput(Input):
        uid = serializers.CharField(max_length=40)
        token = serializers.CharField(max_length=100)
        password = serializers.CharField(max_length=4096, trim_whitespace=False, write_only=True)

    @extend_schema(operation_id="reset_password", request=ConfirmInput, responses=SaidOutput, auth=[])
    def post(self, request: Request) -> Response:
        """The link works once; every session of the user ends."""
        reset_password(**self.body(self.ConfirmInput), now=self.now)
        return self.answer({"detail": "Your password is set. Sign in with it."})
