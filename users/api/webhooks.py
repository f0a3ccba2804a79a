"""Webhooks over the REST API: where a practice's own programs are told of what has happened."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.errors import InvalidInput
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.api.base import shown_once
from users.models import Practice, Webhook, WebhookDelivery
from users.models.webhooks import LONGEST_URL
from users.roles import Action
from users.selectors import visible_practices, visible_webhooks
from users.services import NewSecret, add_webhook, enable_webhook, remove_webhook, rotate_webhook, try_webhook

MANAGE: Action = "webhook.manage"
NEWEST: Mapping[str, tuple[str, ...]] = {
    "-created_at": ("-created_at", "-pk"),
    "created_at": ("created_at", "pk"),
}


class WebhookOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    practice = serializers.IntegerField(source="practice_id")
    url = serializers.CharField()
    failures = serializers.IntegerField(help_text="Tries that failed in a row.")
    created_at = serializers.DateTimeField()
    disabled_at = serializers.DateTimeField(allow_null=True, help_text="Null while messages are sent.")


class NewWebhookOutput(WebhookOutput):
    secret = serializers.CharField(
        allow_null=True,
        help_text="Signs each message: `Lightpoint-Signature: t=<seconds>,v1=<hex>`, the HMAC-SHA256 of "
        "`<seconds>.<body>`. Shown here once; null when an Idempotency-Key is repeated.",
    )


class DeliveryOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    identifier = serializers.UUIDField(help_text="As in the message; the same at each try.")
    event = serializers.CharField()
    data = serializers.JSONField(help_text="What the message says.")  # type: ignore[assignment]  # a field here
    state = serializers.ChoiceField(choices=WebhookDelivery.State.choices)
    attempts = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True, help_text="Of the last answer.")
    problem = serializers.CharField(help_text="Of the last try; empty: none.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class WebhookView(ApiView):
    """What all views of one webhook share."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": MANAGE}

    def webhook(self, webhook_id: int) -> Webhook:
        """The webhook, or NotFound for one of another practice."""
        return self.found(visible_webhooks(self.caller), pk=webhook_id)


class WebhookList(ApiView):
    """The webhooks of the caller's practice."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": MANAGE, "POST": MANAGE}
    creates = True
    orderings: ClassVar = NEWEST

    class WebhookInput(Input):
        url = serializers.CharField(max_length=LONGEST_URL, help_text="Begins with https:// and is public.")
        practice = serializers.IntegerField(
            required=False, min_value=1, max_value=2**63 - 1, help_text="Staff of the platform name one."
        )

    @extend_schema(operation_id="list_webhooks", responses=WebhookOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of webhooks, the newest first."""
        return self.page(visible_webhooks(self.caller), WebhookOutput)

    @extend_schema(operation_id="add_webhook", request=WebhookInput, responses={201: NewWebhookOutput})
    def post(self, request: Request) -> Response:
        """Have messages sent to an address."""
        sent = self.body(self.WebhookInput)
        practice = self._practice(sent.get("practice"))
        return _shown(self, add_webhook(practice=practice, url=sent["url"], by=self.caller, now=self.now))

    def _practice(self, given: int | None) -> Practice:
        if given is not None:
            return self.found(visible_practices(self.caller), pk=given)
        if self.caller.practice is None:
            raise InvalidInput("Name the practice")
        return self.caller.practice


class WebhookDetail(WebhookView):
    """One webhook."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": MANAGE, "DELETE": MANAGE}

    @extend_schema(operation_id="get_webhook", responses=WebhookOutput)
    def get(self, request: Request, webhook_id: int) -> Response:
        """All of it but the secret."""
        return self.answer(WebhookOutput(self.webhook(webhook_id)).data)

    @extend_schema(operation_id="remove_webhook", responses={204: None})
    def delete(self, request: Request, webhook_id: int) -> Response:
        """Send nothing more to it, and forget what was sent."""
        remove_webhook(webhook=self.webhook(webhook_id), by=self.caller, now=self.now)
        return Response(status=204)


class DeliveryList(WebhookView):
    """What was sent to a webhook."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": MANAGE}
    orderings: ClassVar = NEWEST

    @extend_schema(operation_id="list_webhook_deliveries", responses=DeliveryOutput(many=True))
    def get(self, request: Request, webhook_id: int) -> Response:
        """A page of messages, the newest first."""
        return self.page(self.webhook(webhook_id).deliveries.all(), DeliveryOutput)


class RotateWebhook(WebhookView):
    """Gives a webhook another secret."""

    creates = True

    @extend_schema(operation_id="rotate_webhook", request=None, responses={201: NewWebhookOutput})
    def post(self, request: Request, webhook_id: int) -> Response:
        """The old one holds no more, at once."""
        return _shown(self, rotate_webhook(webhook=self.webhook(webhook_id), by=self.caller, now=self.now))


class EnableWebhook(WebhookView):
    """Sends to a webhook again that was disabled because nobody answered."""

    @extend_schema(operation_id="enable_webhook", request=None, responses=WebhookOutput)
    def post(self, request: Request, webhook_id: int) -> Response:
        """What happened meanwhile is not sent."""
        row = enable_webhook(webhook=self.webhook(webhook_id), by=self.caller, now=self.now)
        return self.answer(WebhookOutput(row).data)


class TryWebhook(WebhookView):
    """Sends a message that says nothing."""

    @extend_schema(operation_id="try_webhook", request=None, responses={202: DeliveryOutput})
    def post(self, request: Request, webhook_id: int) -> Response:
        """The deliveries tell what came of it."""
        delivery = try_webhook(webhook=self.webhook(webhook_id), by=self.caller, now=self.now)
        return self.answer(DeliveryOutput(delivery).data, status=202)


def _shown(view: ApiView, made: NewSecret) -> Response:
    where = reverse("users-api:webhook", args=[made.webhook.pk])
    answer = view.created({**WebhookOutput(made.webhook).data, "secret": made.secret}, location=where)
    return shown_once(answer, "secret")
