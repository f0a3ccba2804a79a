"""Telling a practice's own programs of what has happened: addresses, messages, and their tries."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from lightpoint import jobs
from lightpoint.callbacks import NotDelivered, check_url, post
from lightpoint.errors import Conflict, NotAllowed
from users.models import Practice, User, Webhook, WebhookDelivery
from users.services.trail import record_audit

TASK: Final = "users.deliver_webhook"
TEST: Final = "test"
FIRST_WAIT: Final = 30  # seconds until the second try; each wait is four times the one before


class WebhookExists(Conflict):
    """The practice has this address already."""

    code = "webhook-exists"


class TooManyWebhooks(Conflict):
    """A practice has WEBHOOKS_PER_PRACTICE addresses at the most."""

    code = "too-many-webhooks"


class WebhookDisabled(Conflict):
    """Nothing is sent to an address that is disabled."""

    code = "webhook-disabled"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook and its secret, which is shown once."""

    webhook: Webhook
    secret: str


@transaction.atomic
def add_webhook(*, practice: Practice, url: str, by: User | None, now: datetime) -> NewSecret:
    """Have messages sent to `url`. Raises UnusableUrl, WebhookExists, TooManyWebhooks and NotAllowed."""
    _refuse_others(by, practice.pk)
    check_url(url)
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    rows = Webhook.objects.filter(practice=practice)
    if rows.filter(url=url).exists():
        raise WebhookExists("Messages go to this address already")
    if rows.count() >= settings.WEBHOOKS_PER_PRACTICE:
        raise TooManyWebhooks(f"A practice has {settings.WEBHOOKS_PER_PRACTICE} webhooks at the most: remove one")
    row = Webhook.objects.create(practice=practice, url=url, salt=secrets.token_urlsafe(32), created_at=now)
    _note("webhook.added", row, by, now, {"url": url})
    return NewSecret(row, row.secret)


@transaction.atomic
def rotate_webhook(*, webhook: Webhook, by: User | None, now: datetime) -> NewSecret:
    """Another secret from now on, also for messages that wait."""
    row = _locked(webhook, by)
    row.salt = secrets.token_urlsafe(32)
    row.save(update_fields=["salt"])
    _note("webhook.rotated", row, by, now)
    return NewSecret(row, row.secret)


@transaction.atomic
def enable_webhook(*, webhook: Webhook, by: User | None, now: datetime) -> Webhook:
    """Send to it again. What happened while it was disabled is not sent."""
    row = _locked(webhook, by)
    if row.disabled_at is not None:
        row.disabled_at, row.failures = None, 0
        row.save(update_fields=["disabled_at", "failures"])
        _note("webhook.enabled", row, by, now)
    return row


@transaction.atomic
def remove_webhook(*, webhook: Webhook, by: User | None, now: datetime) -> None:
    """Send nothing more to it, and forget what was sent."""
    row = _locked(webhook, by)
    _note("webhook.removed", row, by, now, {"url": row.url})
    row.delete()


@transaction.atomic
def try_webhook(*, webhook: Webhook, by: User | None, now: datetime) -> WebhookDelivery:
    """Send a message that says nothing, to try the address. Raises WebhookDisabled."""
    row = _locked(webhook, by)
    if row.disabled_at is not None:
        raise WebhookDisabled("Enable the webhook first")
    return _send(row, TEST, {}, now)


@transaction.atomic
def announce(*, practice: Practice, event: str, data: Mapping[str, Any], now: datetime) -> int:
    """Tell every address of `practice`, once the transaction is through. Returns how many there are.

    `data` is for programs outside: numbers, states and links, and nothing of a client.
    """
    rows = Webhook.objects.filter(practice=practice, disabled_at=None)
    return len([_send(row, event, data, now) for row in rows])


def deliver_webhook(*, delivery_id: int, now: datetime) -> None:
    """Try to send a message. One that fails comes again, after longer and longer waits, WEBHOOK_ATTEMPTS times in all.

    No transaction is open while the other side takes its time.
    """
    delivery = WebhookDelivery.objects.select_related("webhook").filter(pk=delivery_id, state="waiting").first()
    if delivery is None:
        return
    if delivery.webhook.disabled_at is not None:
        _end(delivery, "failed", now, problem="The webhook is disabled")
        return
    body = _body(delivery)
    try:
        status = post(delivery.webhook.url, body, _headers(delivery, body, now))
    except NotDelivered as error:
        _failed(delivery, None, str(error), now)
        return
    if 200 <= status < 300:
        _delivered(delivery, status, now)
    else:
        _failed(delivery, status, f"Answered {status}", now)


def signature_of(secret: str, body: bytes, now: datetime) -> str:
    """`t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`: whoever checks it refuses one that is too old."""
    at = int(now.timestamp())
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def _send(row: Webhook, event: str, data: Mapping[str, Any], now: datetime) -> WebhookDelivery:
    delivery = WebhookDelivery.objects.create(
        webhook=row, practice_id=row.practice_id, event=event, data=dict(data), created_at=now
    )
    jobs.defer(TASK, queue="mail", delivery_id=delivery.pk)
    return delivery


def _body(delivery: WebhookDelivery) -> bytes:
    told = {
        "id": str(delivery.identifier),
        "event": delivery.event,
        "created_at": delivery.created_at.isoformat(),
        "data": delivery.data,
    }
    return json.dumps(told, separators=(",", ":")).encode()


def _headers(delivery: WebhookDelivery, body: bytes, now: datetime) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "Lightpoint",
        "Lightpoint-Event": delivery.event,
        "Lightpoint-Delivery": str(delivery.identifier),
        "Lightpoint-Signature": signature_of(delivery.webhook.secret, body, now),
    }


@transaction.atomic
def _delivered(delivery: WebhookDelivery, status: int, now: datetime) -> None:
    Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0)
    _end(delivery, "delivered", now, status=status, attempts=delivery.attempts + 1)


@transaction.atomic
def _failed(delivery: WebhookDelivery, status: int | None, problem: str, now: datetime) -> None:
    tries = delivery.attempts + 1
    Webhook.objects.filter(pk=delivery.webhook_id).update(failures=F("failures") + 1)
    row = Webhook.objects.select_for_update(of=("self",)).select_related("practice").get(pk=delivery.webhook_id)
    if row.disabled_at is None and row.failures >= settings.WEBHOOK_FAILURES:
        row.disabled_at = now
        row.save(update_fields=["disabled_at"])
        _note("webhook.disabled", row, None, now, {"failures": row.failures, "problem": problem})
    if tries >= settings.WEBHOOK_ATTEMPTS or row.disabled_at is not None:
        _end(delivery, "failed", now, status=status, problem=problem, attempts=tries)
        return
    WebhookDelivery.objects.filter(pk=delivery.pk).update(attempts=tries, status=status, problem=problem[:200])
    jobs.defer(TASK, queue="mail", at=now + timedelta(seconds=FIRST_WAIT * 4 ** (tries - 1)), delivery_id=delivery.pk)


def _end(delivery: WebhookDelivery, state: str, now: datetime, **values: Any) -> None:
    waiting = WebhookDelivery.objects.filter(pk=delivery.pk, state="waiting")
    waiting.update(state=state, ended_at=now, **{"problem": "", **values})


def _locked(webhook: Webhook, by: User | None) -> Webhook:
    row = Webhook.objects.select_for_update(of=("self",)).select_related("practice").get(pk=webhook.pk)
    _refuse_others(by, row.practice_id)
    return row


def _refuse_others(by: User | None, practice_id: int) -> None:
    if by is not None and not by.is_superuser and by.practice_id != practice_id:
        raise NotAllowed("Only staff of the platform set the webhooks of other practices")


def _note(action: str, row: Webhook, by: User | None, now: datetime, new: Mapping[str, Any] | None = None) -> None:
    record_audit(action=action, target=row, at=now, actor=by, practice=row.practice, new=new)
