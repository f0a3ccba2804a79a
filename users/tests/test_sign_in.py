"""Coming in: the sign-in page with its lockout, the pages for passwords and invitations."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse
from procrastinate import testing
from procrastinate.contrib.django import app, procrastinate_app

from users.models import AuditEvent, User
from users.services import send_password_reset
from users.tasks import send_reset
from users.tests import factories
from users.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
DOOR = "/admin/login/"
FORGOTTEN = "/admin/password-reset/"
NEW = "another-otter-82"
WRONG = "wrong"
SENT = "If somebody signs in with that address"


@pytest.fixture(autouse=True)
def _five_tries(settings: Any, tmp_path: Any) -> None:
    """The limit as it ships, counted for this run only."""
    sign_in = settings.RATE_LIMITS["sign-in"] | {"rate": "5/15m"}
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign-in": sign_in}


@pytest.fixture
def client() -> Client:
    return somewhere()


def somewhere() -> Client:
    """A client at an address of its own: counts outlive a test, and a run."""

    return Client(REMOTE_ADDR=f"2001:db8:{secrets.randbelow(65536):x}:{secrets.randbelow(65536):x}::1")


@pytest.fixture
def user() -> User:

    return factories.analyst(email=f"ann-{secrets.token_hex(6)}@example.com")


@pytest.fixture
def jobs() -> Iterator[testing.InMemoryConnector]:
    connector = testing.InMemoryConnector()
    with app.replace_connector(connector) as replaced, procrastinate_app.current_app.replace_connector(connector):
        assert replaced
        yield connector


def attempt(client: Client, email: str, password: str = WRONG) -> Any:
    return client.post(DOOR, {"username": email, "password": password})


def test_who_has_a_role_signs_in_under_a_new_session_key(client: Client, user: User) -> None:
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    answer = attempt(client, user.email.upper(), PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert client.cookies["sessionid"].value != before


def test_the_answer_is_the_same_whoever_there_is(user: User) -> None:
    gone = factories.analyst(is_active=False)
    outside = User.objects.create_user("none@example.com", PASSWORD)
    asked = [(user.email, WRONG), ("nobody@example.com", WRONG), (gone.email, PASSWORD), (outside.email, PASSWORD)]
    answers = [attempt(somewhere(), *one) for one in asked]
    assert {answer.status_code for answer in answers} == {200}
    assert len({str(answer.context["form"].non_field_errors()) for answer in answers}) == 1
    assert "do not belong together" in answers[0].content.decode()


def test_a_password_is_hashed_once_whether_the_address_exists_or_not(user: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    user.set_password(PASSWORD)
    user.save()
    for email in (user.email, "nobody-at-all@example.com"):
        CountingHasher.calls = 0
        attempt(somewhere(), email)
        assert CountingHasher.calls == 1


class CountingHasher(PBKDF2PasswordHasher):
    iterations = 1
    calls = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        CountingHasher.calls += 1
        return super().encode(password, salt, iterations)


@pytest.mark.parametrize("known", [True, False])
def test_the_sixth_try_at_an_account_is_refused_from_anywhere(user: User, known: bool) -> None:
    email = user.email if known else f"not-{user.email}"
    assert [attempt(somewhere(), email).status_code for _ in range(5)] == [200] * 5
    answer = attempt(somewhere(), email, PASSWORD)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "try again in" in answer.content.decode()


def test_the_sixth_failure_from_an_address_is_refused_for_any_account(client: Client, user: User) -> None:
    for number in range(5):
        assert attempt(client, f"{number}-{user.email}").status_code == 200
    assert attempt(client, user.email, PASSWORD).status_code == 429


def test_an_address_without_tries_left_locks_nobody_else_out(client: Client, user: User) -> None:
    for number in range(5):
        attempt(client, f"{number}-{user.email}")
    assert [attempt(client, user.email).status_code for _ in range(6)] == [429] * 6
    assert attempt(somewhere(), user.email, PASSWORD).status_code == 302


def test_a_sign_in_that_succeeds_does_not_count(client: Client, user: User) -> None:
    for _ in range(8):
        assert attempt(client, user.email, PASSWORD).status_code == 302
        client.logout()


def test_the_page_for_a_forgotten_password_is_linked_from_the_door(client: Client) -> None:
    assert FORGOTTEN in client.get(DOOR).content.decode()


@pytest.mark.parametrize("place", [FORGOTTEN, "/api/v1/password-reset/"])
def test_a_forgotten_password_leaves_the_same_job_and_answer_whoever_asks(
    user: User, jobs: testing.InMemoryConnector, place: str
) -> None:
    asked = [user.email, f"not-{user.email}"]
    answers = [somewhere().post(place, {"email": email}, **_typed(place)) for email in asked]
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert all(SENT in answer.content.decode() for answer in answers)
    assert [job["args"] for job in jobs.jobs.values()] == [{"email": email} for email in asked]
    assert mail.outbox == []


def _typed(place: str) -> dict[str, str]:
    return {"content_type": "application/json"} if place.startswith("/api/") else {}


def test_links_to_one_mailbox_have_a_limit(user: User, jobs: testing.InMemoryConnector) -> None:
    codes = [somewhere().post(FORGOTTEN, {"email": user.email}).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


def test_the_job_sends_the_link_and_the_page_behind_it_sets_the_password(
    client: Client, user: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send_reset(email=user.email)
    page = next(word for word in mail.outbox[0].body.split() if "/set-password/" in word).removeprefix(
        "http://localhost:8000"
    )
    assert client.get(page).status_code == 200
    assert "not the same" in client.post(page, {"password": NEW, "again": PASSWORD}).content.decode()
    assert "too short" in client.post(page, {"password": "short", "again": "short"}).content.decode()
    assert "password is set" in client.post(page, {"password": NEW, "again": NEW}).content.decode()
    assert client.get(page).status_code == 404
    assert attempt(client, user.email, NEW).status_code == 302
    assert AuditEvent.objects.filter(action="password.reset", actor=user).count() == 1


def test_the_link_leads_to_the_site_of_the_settings_whatever_the_host_header_says(
    user: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SITE_URL = "https://lightpoint.example/"
    with django_capture_on_commit_callbacks(execute=True):
        send_password_reset(email=user.email, now=factories.NOW)
    assert "https://lightpoint.example/account/set-password/" in mail.outbox[0].body


def test_an_invited_person_sets_a_password_and_is_in(client: Client) -> None:
    practice = factories.make_practice("Harrow & Lytle")
    page = reverse("users:accept-invitation", args=[factories.make_invitation(practice)])
    assert "Harrow &amp; Lytle" in client.get(page).content.decode()
    answer = client.post(page, {"name": "Ann", "password": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200
    assert somewhere().get(page).status_code == 404


def test_what_is_too_like_the_name_is_refused_on_the_page(client: Client) -> None:
    page = reverse("users:accept-invitation", args=[factories.make_invitation()])
    form = {"name": "Velvet Otterbourne", "password": "velvet otterbourne", "again": "velvet otterbourne"}
    assert "too similar" in client.post(page, form).content.decode()


def test_one_changes_the_own_password_stays_in_and_others_are_out(client: Client, user: User) -> None:
    other = somewhere()
    for each in (client, other):
        assert attempt(each, user.email, PASSWORD).status_code == 302
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/admin/password_change/", form).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302
    assert AuditEvent.objects.filter(action="password.changed", actor=user).count() == 1


def test_who_was_signed_out_while_writing_comes_back_to_the_page_and_is_told(client: Client, user: User) -> None:
    form, page = reverse("admin:complaints_complaint_add"), "/admin/complaints/complaint/add/?client=Ann"
    lost = client.post(form, {"client": "Ann"}, headers={"Referer": f"http://testserver{page}#form"})
    assert lost.status_code == 302
    door = client.get(lost.url)
    assert "it was not kept" in door.content.decode()
    answer = client.post(lost.url, {"username": user.email, "password": PASSWORD, "next": page})
    assert lost.url == f"{DOOR}?next=/admin/complaints/complaint/add/%3Fclient%3DAnn"
    assert answer.url == page


def test_a_page_elsewhere_is_no_place_to_come_back_to(client: Client) -> None:
    lost = client.post(
        reverse("admin:complaints_complaint_add"), headers={"Referer": "http://elsewhere.example/admin/"}
    )
    assert lost.url == f"{DOOR}?next=/admin/"
