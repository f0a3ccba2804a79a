"""People and practices over the REST API."""

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from users.keyring import forget_keys
from users.models import ApiKey, AuditEvent, IdempotencyKey, Invitation, Practice, User
from users.roles import ACTIONS, MATRIX, Role
from users.tests import factories

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    settings.RATE_LIMITS = {name: limit | {"rate": ""} for name, limit in settings.RATE_LIMITS.items()}


@pytest.fixture
def practice() -> Practice:
    return factories.make_practice("Harrow & Lytle")


class Program:
    """A client that comes with a key."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.client = Client()
        self.bearer = f"Bearer {factories.make_key(user, *scopes)}"

    def __call__(self, method: str, path: str, data: object = None, **headers: str) -> Any:
        sent = {"Authorization": self.bearer} | {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if data is None else {"data": json.dumps(data), "content_type": JSON}
        return getattr(self.client, method)(f"/api/v1/{path}", headers=sent, **body)


@pytest.fixture
def admin(practice: Practice) -> Program:
    return Program(factories.admin(practice, email="ada@harrow.example"))


def test_a_stranger_gets_problem_details_and_is_asked_for_a_key(client: Client) -> None:
    answer = client.get("/api/v1/practices/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_serves_as_well_as_a_key(client: Client, practice: Practice) -> None:
    client.force_login(factories.viewer(practice))
    assert client.get("/api/v1/practices/").json()["results"][0]["name"] == "Harrow & Lytle"


@pytest.mark.parametrize("written", ["Bearer nonsense", "Bearer lp_aaaaaaaaaa_bbbb", "Bearer lp__", "Bearer "])
def test_what_is_no_key_is_refused(client: Client, written: str) -> None:
    assert client.get("/api/v1/me/", headers={"Authorization": written}).status_code == 401


def test_a_key_of_another_is_refused_when_the_secret_is_wrong(client: Client, practice: Practice) -> None:
    key = factories.make_key(factories.admin(practice))
    other = "x" if key[-1] != "x" else "y"
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {key[:-1]}{other}"}).status_code == 401


@pytest.mark.parametrize("fault", ["revoked", "expired", "inactive"])
def test_a_key_that_has_ended_is_refused(client: Client, practice: Practice, fault: str) -> None:
    user = factories.admin(practice)
    written = factories.make_key(user)
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {written}"}).status_code == 200
    now = timezone.now()
    if fault == "inactive":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        ApiKey.objects.update(**{"revoked_at" if fault == "revoked" else "expires_at": now})
    forget_keys()  # as the services do
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {written}"}).status_code == 401


def test_the_use_of_a_key_is_noted_once_a_minute(
    admin: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin("get", "me/")
    noted = ApiKey.objects.get().last_used_at
    with django_assert_num_queries(1):
        admin("get", "me/")
    assert ApiKey.objects.get().last_used_at == noted is not None


@pytest.mark.parametrize("role", list(Role))
def test_me_names_what_the_matrix_allows(practice: Practice, role: Role) -> None:
    answer = Program(factories.make_user(role, practice))("get", "me/").json()
    assert answer["may"] == [action for action in ACTIONS if role in MATRIX[action]]


def test_a_key_for_reading_only_reads(practice: Practice) -> None:
    program = Program(factories.admin(practice), "read")
    tag = program("get", f"practices/{practice.pk}/").headers["ETag"]
    assert program("patch", f"practices/{practice.pk}/", {"name": "Mine"}, If_Match=tag).status_code == 403
    allowed = set(program("get", "me/").json()["may"]) - {"assistant.ask"}  # which reads, although it is sent by POST
    assert all(action.endswith(".view") for action in allowed)


def test_a_practice_is_edited_by_whoever_has_read_it(admin: Program, practice: Practice) -> None:
    path = f"practices/{practice.pk}/"
    tag = admin("get", path).headers["ETag"]
    assert admin("patch", path, {"name": "Harrow"}).status_code == 428
    answer = admin("patch", path, {"name": "Harrow"}, If_Match=tag)
    assert (answer.status_code, answer.json()["name"], answer.headers["ETag"]) == (200, "Harrow", '"2"')
    assert admin("patch", path, {"name": "Lytle"}, If_Match=tag).status_code == 412
    wrong = admin("patch", path, {"vat_registered": True}, If_Match='"2"')
    assert (wrong.status_code, wrong.headers["Content-Type"]) == (422, "application/problem+json")


def test_rates_are_listed_and_set(admin: Program, practice: Practice) -> None:
    path = f"practices/{practice.pk}/rates/"
    answer = admin("post", path, {"grade": "junior", "hourly": "55.00", "valid_from": "2026-01-01"})
    assert (answer.status_code, answer.json()["hourly"]) == (201, "55.00")
    assert [rate["grade"] for rate in admin("get", path).json()["results"]] == ["junior", "partner"]
    assert [rate["grade"] for rate in admin("get", f"{path}?grade=junior").json()["results"]] == ["junior"]
    assert admin("post", path, {"grade": "x", "hourly": "0", "valid_from": "2026-01-01"}).status_code == 422


@pytest.mark.parametrize("path", ["users/", "invitations/", "audit-events/", "practices/", "api-keys/"])
@pytest.mark.parametrize("rows", [1, 20])
def test_a_list_costs_the_same_whatever_its_length(
    practice: Practice, django_assert_num_queries: DjangoAssertNumQueries, path: str, rows: int
) -> None:
    program = Program(factories.admin(practice))
    for _ in range(rows):
        factories.make_invitation(practice)
        factories.make_key(factories.analyst(practice))
    program("get", "me/")
    with django_assert_num_queries(1):  # the page; the key is in the cache
        assert program("get", path).status_code == 200


def test_colleagues_are_listed_and_found_by_role(admin: Program, practice: Practice) -> None:
    analyst, stranger = factories.analyst(practice), factories.outsider()
    emails = [user["email"] for user in admin("get", "users/").json()["results"]]
    assert emails == sorted(["ada@harrow.example", analyst.email])
    assert [user["id"] for user in admin("get", "users/?role=analyst").json()["results"]] == [analyst.pk]
    assert admin("get", f"users/{stranger.pk}/").status_code == 404


def test_a_role_is_changed_with_the_tag_of_the_row(admin: Program, practice: Practice) -> None:
    path = f"users/{factories.analyst(practice).pk}/"
    answer = admin("patch", path, {"role": "manager", "name": "Ann"}, If_Match=admin("get", path).headers["ETag"])
    assert (answer.status_code, answer.json()["role"], answer.json()["name"]) == (200, "manager", "Ann")
    own = f"users/{User.objects.get(email='ada@harrow.example').pk}/"
    assert admin("patch", own, {"role": "viewer"}, If_Match='"1"').json()["type"] == "urn:lightpoint:last-admin"


def test_somebody_is_let_in_again(admin: Program, practice: Practice) -> None:
    gone = factories.analyst(practice, is_active=False)
    assert admin("post", f"users/{gone.pk}/reactivate/").json()["is_active"] is True
    assert admin("post", f"users/{gone.pk}/reactivate/").status_code == 409


def test_an_invitation_is_sent_accepted_and_used_up(
    admin: Program, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sent = admin("post", "invitations/", {"email": "New@example.com", "role": "analyst"}, Idempotency_Key="k1")
    assert (sent.status_code, sent.json()["state"]) == (201, "open")
    token = sent.json()["token"]
    assert token in mail.outbox[0].body
    again = admin("post", "invitations/", {"email": "New@example.com", "role": "analyst"}, Idempotency_Key="k1")
    assert (again.headers["Idempotent-Replayed"], again.json()["token"]) == ("true", None)
    assert token not in IdempotencyKey.objects.get().body
    form = {"token": token, "name": "Ann", "password": "velvet-otter-71"}
    answer = client.post("/api/v1/invitations/accept/", form, content_type=JSON)
    assert (answer.status_code, answer.json()["email"]) == (201, "new@example.com")
    assert client.post("/api/v1/invitations/accept/", form, content_type=JSON).status_code == 409
    unknown = client.post("/api/v1/invitations/accept/", form | {"token": "x"}, content_type=JSON)
    assert unknown.status_code == 404


def test_a_weak_password_leaves_the_invitation_open(client: Client, practice: Practice) -> None:
    token = factories.make_invitation(practice)
    form = {"token": token, "name": "Ann", "password": "short"}
    assert client.post("/api/v1/invitations/accept/", form, content_type=JSON).status_code == 422
    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_is_revoked_once(admin: Program, practice: Practice) -> None:
    factories.make_invitation(practice)
    path = f"invitations/{Invitation.objects.get().pk}/"
    assert admin("post", f"{path}revoke/").json()["state"] == "revoked"
    assert admin("post", f"{path}revoke/").status_code == 409
    assert admin("get", path).json()["state"] == "revoked"


def test_a_manager_invites_but_to_no_role_above_their_own(practice: Practice) -> None:
    program = Program(factories.manager(practice))
    assert program("post", "invitations/", {"email": "a@example.com", "role": "manager"}).status_code == 201
    assert program("post", "invitations/", {"email": "b@example.com", "role": "admin"}).status_code == 403


def test_a_key_is_made_shown_once_rotated_and_revoked(admin: Program, client: Client) -> None:
    made = admin("post", "api-keys/", {"name": "Books", "scopes": ["read"]}, Idempotency_Key="k2")
    assert made.status_code == 201
    again = admin("post", "api-keys/", {"name": "Books", "scopes": ["read"]}, Idempotency_Key="k2")
    assert (again.json()["key"], again.json()["id"]) == (None, made.json()["id"])
    path = f"api-keys/{made.json()['id']}/"
    assert "key" not in admin("get", path).json()
    rotated = admin("post", f"{path}rotate/")
    works = {
        answer.json()["key"]: client.get(
            "/api/v1/me/", headers={"Authorization": f"Bearer {answer.json()['key']}"}
        ).status_code
        for answer in (made, rotated)
    }
    assert list(works.values()) == [401, 200]
    assert admin("post", f"api-keys/{rotated.json()['id']}/revoke/").json()["revoked_at"]
    assert admin("post", f"{path}rotate/").status_code == 409


def test_a_key_makes_none_that_may_do_more(practice: Practice) -> None:
    program = Program(factories.admin(practice), "read", "approve")
    assert program("post", "api-keys/", {"name": "More", "scopes": ["write"]}).status_code == 403


def test_a_key_without_the_scope_is_told_which_one_it_lacks_and_a_role_is_not(practice: Practice) -> None:
    key = Program(factories.admin(practice), "read")("post", "api-keys/", {"name": "More", "scopes": ["read"]})
    role = Program(factories.analyst(practice=practice))("get", "audit-events/")
    assert (key.status_code, role.status_code) == (403, 403)
    assert "scope approve" in key.json()["detail"]
    assert "Your role" in role.json()["detail"]


def test_a_key_of_a_colleague_is_not_there(admin: Program, practice: Practice) -> None:
    factories.make_key(factories.analyst(practice))
    theirs = ApiKey.objects.exclude(user__email="ada@harrow.example").get()
    assert admin("post", f"api-keys/{theirs.pk}/revoke/").status_code == 404


def test_the_trail_is_for_admins_and_managers(admin: Program, practice: Practice) -> None:
    factories.outsider()
    answer = admin("get", "audit-events/?action=practice.created")
    assert [event["target_pk"] for event in answer.json()["results"]] == [str(practice.pk)]
    assert Program(factories.analyst(practice))("get", "audit-events/").status_code == 403
    assert AuditEvent.objects.filter(action="practice.created").count() == 2


def test_the_matrix_can_be_read(practice: Practice) -> None:
    rows = Program(factories.viewer(practice))("get", "roles/").json()
    assert {row["action"]: set(row["roles"]) for row in rows} == {a: {str(r) for r in MATRIX[a]} for a in ACTIONS}
