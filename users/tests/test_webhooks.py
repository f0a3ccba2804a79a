"""Messages to programs of practices: who sets them up, what is sent, where it may go, and what comes of failing."""

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from lightpoint import callbacks
from lightpoint.callbacks import NotDelivered, UnusableUrl, check_url, is_public, post
from users.models import AuditEvent, Webhook, WebhookDelivery
from users.services import (
    TooManyWebhooks,
    WebhookDisabled,
    WebhookExists,
    add_webhook,
    announce,
    deliver_webhook,
    enable_webhook,
    remove_webhook,
    rotate_webhook,
    try_webhook,
)
from users.tests.factories import NOW, admin, make_practice, manager, outsider, superuser

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/lightpoint"


class Receiver:
    """A practice's program: keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, self.location, self.size = 200, "", 2
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", str(receiver.size))
                self.end_headers()
                self.wfile.write(b"x" * receiver.size)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def sent_to(url: str, practice=None) -> tuple[Webhook, WebhookDelivery]:
    """A webhook, and a message for it that waits."""
    hook = add_webhook(practice=practice or make_practice(), url=url, by=None, now=NOW).webhook
    assert announce(practice=hook.practice, event="draft.ended", data={"run": 7}, now=NOW) == 1
    return hook, hook.deliveries.get()


# What is sent


def test_a_message_is_signed_and_says_what_happened(receiver) -> None:
    hook, delivery = sent_to(receiver.url)
    deliver_webhook(delivery_id=delivery.pk, now=NOW)
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert (told["event"], told["data"], told["id"]) == ("draft.ended", {"run": 7}, str(delivery.identifier))
    stamp, mac = (part.partition("=")[2] for part in headers["Lightpoint-Signature"].split(","))
    assert int(stamp) == int(NOW.timestamp())
    assert mac == hmac.new(hook.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Lightpoint-Delivery"] == str(delivery.identifier)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.status, delivery.attempts) == ("delivered", 200, 1)


def test_a_delivered_message_is_not_sent_again(receiver) -> None:
    _, delivery = sent_to(receiver.url)
    for _ in range(2):
        deliver_webhook(delivery_id=delivery.pk, now=NOW)
    assert len(receiver.got) == 1


def test_a_message_that_fails_comes_again_later_and_later_with_the_same_number(receiver, settings) -> None:
    settings.WEBHOOK_ATTEMPTS = 3
    receiver.status = 500
    _, delivery = sent_to(receiver.url)
    for _ in range(4):
        deliver_webhook(delivery_id=delivery.pk, now=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.status) == ("failed", 3, 500)
    waits = ProcrastinateJob.objects.filter(args__delivery_id=delivery.pk).order_by("id")
    assert [job.scheduled_at for job in waits] == [None, NOW + timedelta(seconds=30), NOW + timedelta(seconds=120)]
    assert {headers["Lightpoint-Delivery"] for headers, _ in receiver.got} == {str(delivery.identifier)}


def test_an_address_that_fails_again_and_again_is_disabled_and_can_be_enabled(receiver, settings) -> None:
    settings.WEBHOOK_FAILURES = 2
    receiver.status = 410
    hook, delivery = sent_to(receiver.url)
    for _ in range(3):
        deliver_webhook(delivery_id=delivery.pk, now=NOW)
    hook.refresh_from_db()
    delivery.refresh_from_db()
    assert (hook.disabled_at, hook.failures, delivery.state, len(receiver.got)) == (NOW, 2, "failed", 2)
    assert AuditEvent.objects.get(action="webhook.disabled").practice == hook.practice
    assert announce(practice=hook.practice, event="draft.ended", data={}, now=NOW) == 0
    with pytest.raises(WebhookDisabled):
        try_webhook(webhook=hook, by=None, now=NOW)
    hook = enable_webhook(webhook=hook, by=None, now=NOW)
    receiver.status = 204
    receiver.size = 0
    deliver_webhook(delivery_id=try_webhook(webhook=hook, by=None, now=NOW).pk, now=NOW)
    assert json.loads(receiver.got[-1][1])["event"] == "test"


def test_a_success_makes_the_count_begin_anew(receiver) -> None:
    hook, delivery = sent_to(receiver.url)
    Webhook.objects.filter(pk=hook.pk).update(failures=5)
    deliver_webhook(delivery_id=delivery.pk, now=NOW)
    hook.refresh_from_db()
    assert hook.failures == 0


def test_another_secret_signs_from_then_on() -> None:
    made = add_webhook(practice=make_practice(), url=URL, by=None, now=NOW)
    again = rotate_webhook(webhook=made.webhook, by=None, now=NOW)
    assert len({made.secret, again.secret}) == 2
    assert again.secret == Webhook.objects.get().secret
    assert made.secret.removeprefix("whsec_") not in str(Webhook.objects.values().get())


# Where it may go


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https:///nowhere",
        "https://user:word@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com/a b",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.1.2.3/",
        "https://[::ffff:192.168.0.1]/",
        "https://2130706433/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://0251.0376.0251.0376/latest/meta-data/",
        "https://hooks.example.com:99999/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_no_public_https_address_is_refused(url) -> None:
    with pytest.raises(UnusableUrl):
        check_url(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
     "ff02::1", "192.0.2.1", "2001:db8::1"],
)  # fmt: skip
def test_addresses_that_nobody_on_the_internet_has_are_not_reached(address) -> None:
    assert not callbacks._may_reach(ip_address(address))


def test_addresses_of_the_internet_are_reached() -> None:
    assert is_public(ip_address("93.184.215.14"))
    assert callbacks._may_reach(ip_address("::ffff:93.184.215.14"))
    assert callbacks._may_reach(ip_address("2606:2800:220:1::1"))


def test_a_name_that_leads_to_this_machine_is_not_connected_to(receiver, settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    port = receiver.server.server_port
    for host in ("localhost", "127.0.0.1"):
        with pytest.raises(NotDelivered, match="No connection"):
            post(f"http://{host}:{port}/", b"{}", {})
    assert receiver.got == []


def test_a_name_with_one_private_address_is_not_connected_to(monkeypatch) -> None:
    found = [(2, 1, 6, "", (name, 443)) for name in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(callbacks.socket, "getaddrinfo", lambda *_args, **_named: found)
    with pytest.raises(NotDelivered, match="No connection"):
        post(URL, b"{}", {})


def test_a_redirect_is_not_followed(receiver) -> None:
    receiver.status, receiver.location = 302, receiver.url + "/elsewhere"
    assert post(receiver.url, b"{}", {}) == 302
    assert len(receiver.got) == 1


def test_a_long_answer_is_not_read_to_its_end(receiver) -> None:
    receiver.size = 20 * callbacks.READ_BYTES
    assert post(receiver.url, b"{}", {}) == 200


def test_a_program_that_does_not_answer_is_left_in_time(settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE, settings.WEBHOOK_SECONDS = True, 0.3
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        with pytest.raises(NotDelivered, match="no answer in time"):
            post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"{}", {})
        assert time.monotonic() - started < 3


# Who sets them up


def test_a_practice_has_an_address_once_and_not_too_many(settings) -> None:
    practice = make_practice()
    settings.WEBHOOKS_PER_PRACTICE = 1
    add_webhook(practice=practice, url=URL, by=None, now=NOW)
    with pytest.raises(WebhookExists):
        add_webhook(practice=practice, url=URL, by=None, now=NOW)
    with pytest.raises(TooManyWebhooks):
        add_webhook(practice=practice, url=URL + "/2", by=None, now=NOW)


def test_only_the_practice_s_own_addresses_are_told() -> None:
    hook, _ = sent_to(URL)
    assert announce(practice=make_practice(), event="draft.ended", data={}, now=NOW) == 0
    remove_webhook(webhook=hook, by=None, now=NOW)
    assert not WebhookDelivery.objects.exists()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_admin_manages_webhooks_by_rest_and_sees_the_secret_once() -> None:
    person = admin()
    client = client_of(person)
    made = client.post("/api/v1/webhooks/", {"url": URL}, content_type="application/json")
    assert made.status_code == 201
    hook = Webhook.objects.get(practice=person.practice)
    assert made.json()["secret"] == hook.secret
    where = made["Location"]
    assert "secret" not in client.get(where).json()
    assert client.post(where + "test/").status_code == 202
    (told,) = client.get(where + "deliveries/").json()["results"]
    assert (told["event"], told["state"], told["data"]) == ("test", "waiting", {})
    again = client.post(where + "rotate/").json()["secret"]
    assert again == Webhook.objects.get().secret != made.json()["secret"]
    assert client.post(where + "enable/").status_code == 200
    assert client_of(outsider()).get(where).status_code == 404
    assert client_of(manager(person.practice)).get(where).status_code == 403
    assert (
        client.post("/api/v1/webhooks/", {"url": "https://10.0.0.1/"}, content_type="application/json").status_code
        == 422
    )
    assert client.delete(where).status_code == 204
    actions = AuditEvent.objects.filter(action__startswith="webhook").values_list("action", flat=True)
    assert sorted(actions) == ["webhook.added", "webhook.removed", "webhook.rotated"]


def test_staff_of_the_platform_name_the_practice() -> None:
    client, practice = client_of(superuser()), make_practice()
    assert client.post("/api/v1/webhooks/", {"url": URL}, content_type="application/json").status_code == 422
    sent = {"url": URL, "practice": practice.pk}
    assert client.post("/api/v1/webhooks/", sent, content_type="application/json").json()["practice"] == practice.pk


def test_an_admin_adds_tries_and_removes_a_webhook_on_the_pages() -> None:
    person = admin()
    client = client_of(person)
    page = client.post("/admin/users/webhook/add/", {"practice": person.practice_id, "url": URL}, follow=True)
    hook = Webhook.objects.get()
    assert hook.secret in page.content.decode()
    assert hook.secret not in client.get("/admin/users/webhook/").content.decode()
    client.post("/admin/users/webhook/", {"action": "send_test", "_selected_action": [hook.pk]})
    assert hook.deliveries.get().event == "test"
    client.post(f"/admin/users/webhook/{hook.pk}/delete/", {"post": "yes"})
    assert not Webhook.objects.exists()
    assert client_of(manager(person.practice)).get("/admin/users/webhook/").status_code == 403
