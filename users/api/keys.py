"""API keys over the REST API: everybody has their own."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.api.base import shown_once
from users.roles import SCOPES, Action
from users.selectors import visible_api_keys
from users.services import NewKey, create_api_key, revoke_api_key, rotate_api_key

MANAGE: Action = "key.manage"


class KeyOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="Names the key; not secret.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute.")
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewKeyOutput(KeyOutput):
    key = serializers.CharField(
        allow_null=True,
        help_text="For `Authorization: Bearer`. Shown here once; null when an Idempotency-Key is repeated.",
    )


class KeyList(ApiView):
    """The caller's keys."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": MANAGE, "POST": MANAGE}
    creates = True
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "-created_at": ("-created_at", "-pk"),
        "created_at": ("created_at", "pk"),
    }

    class KeyInput(Input):
        name = serializers.CharField(max_length=80)
        scopes = serializers.ListField(
            child=serializers.ChoiceField(choices=SCOPES), min_length=1, max_length=len(SCOPES)
        )
        expires_at = serializers.DateTimeField(required=False, allow_null=True)

    @extend_schema(operation_id="list_api_keys", responses=KeyOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of keys, the newest first; revoked ones too."""
        return self.page(visible_api_keys(self.caller), KeyOutput)

    @extend_schema(operation_id="create_api_key", request=KeyInput, responses={201: NewKeyOutput})
    def post(self, request: Request) -> Response:
        """Make a key. One made with a key may do no more than that key."""
        held = self.caller.auth_scopes
        made = create_api_key(user=self.caller, **self.body(self.KeyInput), held=held, now=self.now)
        return _shown(self, made)


class KeyDetail(ApiView):
    """One of the caller's keys."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": MANAGE}

    @extend_schema(operation_id="get_api_key", responses=KeyOutput)
    def get(self, request: Request, key_id: int) -> Response:
        """All of it but the secret."""
        return self.answer(KeyOutput(self.found(visible_api_keys(self.caller), pk=key_id)).data)


class RotateKey(ApiView):
    """Puts another key in the place of one."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": MANAGE}
    creates = True

    @extend_schema(operation_id="rotate_api_key", request=None, responses={201: NewKeyOutput})
    def post(self, request: Request, key_id: int) -> Response:
        """The old one works on for as long as the settings say; by default it ends at once."""
        key = self.found(visible_api_keys(self.caller), pk=key_id)
        return _shown(self, rotate_api_key(key=key, held=self.caller.auth_scopes, now=self.now))


class RevokeKey(ApiView):
    """Ends a key."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": MANAGE}

    @extend_schema(operation_id="revoke_api_key", request=None, responses=KeyOutput)
    def post(self, request: Request, key_id: int) -> Response:
        """It works no more, at once."""
        key = self.found(visible_api_keys(self.caller), pk=key_id)
        return self.answer(KeyOutput(revoke_api_key(key=key, by=self.caller, now=self.now)).data)


def _shown(view: ApiView, made: NewKey) -> Response:
    where = reverse("users-api:api-key", args=[made.key.pk])
    answer = view.created({**KeyOutput(made.key).data, "key": made.written}, location=where)
    return shown_once(answer, "key")
