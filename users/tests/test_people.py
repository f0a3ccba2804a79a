"""Services of people, invitations, keys and passwords: one test for each way they end."""

import re
import threading
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from pytest_django import Settings

from lightpoint.errors import InvalidInput, NotAllowed, StaleVersion
from users import services
from users.models import ApiKey, AuditEvent, Invitation, Practice, User
from users.roles import Role
from users.secrets import digest
from users.tests import factories
from users.tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
NEW = "another-otter-82"


@pytest.fixture
def practice() -> Practice:
    return factories.make_practice("Harrow & Lytle")


@pytest.fixture
def admin(practice: Practice) -> User:
    return factories.admin(practice)


def invite(practice: Practice, email: str = "Ann@Example.com", **details: object) -> services.Invited:
    return services.invite_user(practice=practice, email=email, **{"role": Role.ANALYST, "now": NOW} | details)


def accept(token: str, **details: object) -> User:
    return services.accept_invitation(token=token, **{"name": "Ann", "password": NEW, "now": LATER} | details)


def trail(action: str) -> AuditEvent:
    return AuditEvent.objects.get(action=action)


# Invitations


def test_an_invitation_keeps_a_hash_and_sends_the_link_on_commit(
    practice: Practice, admin: User, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invited = invite(practice, by=admin)
        assert mail.outbox == []
    assert invited.invitation.token_hash == digest(invited.token)
    assert mail.outbox[0].to == ["ann@example.com"]
    assert f"/account/invitation/{invited.token}/" in mail.outbox[0].body
    assert mail.outbox[0].subject == "You are invited to Harrow & Lytle on Lightpoint"
    assert trail("invitation.sent").actor == admin
    assert invited.token not in str(trail("invitation.sent").new)


def test_an_accepted_invitation_makes_a_user_of_the_practice(practice: Practice) -> None:
    user = accept(invite(practice).token)
    assert (user.email, user.role, user.practice, user.name) == ("ann@example.com", "analyst", practice, "Ann")
    assert user.check_password(NEW)
    assert trail("user.joined").actor == user


def test_an_invitation_works_once(practice: Practice) -> None:
    token = invite(practice).token
    accept(token)
    with pytest.raises(services.InvitationNotOpen, match="accepted"):
        accept(token)


def test_an_invitation_whose_time_is_over_does_not_work_and_gives_way(practice: Practice) -> None:
    late = NOW + timedelta(hours=project.INVITATION_HOURS)
    token = invite(practice).token
    with pytest.raises(services.InvitationNotOpen, match="expired"):
        accept(token, now=late)
    assert accept(invite(practice, now=late).token, now=late).is_active
    assert Invitation.objects.filter(revoked_at=late).count() == 1


def test_a_revoked_invitation_does_not_work(practice: Practice, admin: User) -> None:
    invited = invite(practice)
    services.revoke_invitation(invitation=invited.invitation, now=NOW, by=admin)
    with pytest.raises(services.InvitationNotOpen, match="revoked"):
        accept(invited.token)
    with pytest.raises(services.InvitationNotOpen, match="revoked already"):
        services.revoke_invitation(invitation=invited.invitation, now=NOW)
    assert trail("invitation.revoked").actor == admin


def test_a_token_that_is_none_lets_nobody_in(practice: Practice) -> None:
    invite(practice)
    with pytest.raises(services.InvitationUnknown):
        accept("guess")


def test_a_weak_password_does_not_use_the_invitation_up(practice: Practice) -> None:
    token = invite(practice).token
    with pytest.raises(ValidationError):
        accept(token, password="password1234")
    assert accept(token).pk


def test_a_colleague_and_somebody_with_an_open_invitation_are_not_invited_again(practice: Practice) -> None:
    colleague = factories.analyst(practice)
    with pytest.raises(services.AlreadyInPractice):
        invite(practice, colleague.email.upper())
    invite(practice)
    with pytest.raises(services.AlreadyInvited):
        invite(practice)


def test_who_invites_does_not_learn_that_somebody_is_of_another_practice(practice: Practice) -> None:
    elsewhere = factories.outsider()
    token = invite(practice, elsewhere.email).token
    with pytest.raises(services.AddressTaken):
        accept(token)


def test_nobody_invites_to_a_role_above_their_own(practice: Practice) -> None:
    with pytest.raises(NotAllowed):
        invite(practice, role=Role.ADMIN, by=factories.manager(practice))
    assert not Invitation.objects.exists()


def test_what_is_no_address_is_refused(practice: Practice) -> None:
    with pytest.raises(ValidationError):
        invite(practice, "nobody")


# Roles and leaving


def test_a_role_is_changed_and_recorded(practice: Practice, admin: User) -> None:
    user = services.change_role(user=factories.viewer(practice), role=Role.MANAGER, by=admin, now=NOW)
    assert (user.role, user.version) == ("manager", 2)
    assert (trail("user.role-changed").old, trail("user.role-changed").new) == ({"role": "viewer"}, {"role": "manager"})


def test_the_same_role_again_changes_nothing(admin: User) -> None:
    assert services.change_role(user=admin, role=Role.ADMIN, now=NOW).version == 1


def test_the_last_admin_stays_admin_and_active(practice: Practice, admin: User) -> None:
    factories.admin(practice, is_active=False)
    factories.outsider()
    with pytest.raises(services.LastAdmin):
        services.change_role(user=admin, role=Role.VIEWER, now=NOW)
    with pytest.raises(services.LastAdmin):
        services.deactivate_user(user=admin, now=NOW)
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


def test_one_of_two_admins_may_go(practice: Practice, admin: User) -> None:
    factories.admin(practice)
    assert services.change_role(user=admin, role=Role.VIEWER, now=NOW).role == "viewer"


def test_the_last_of_the_platforms_staff_stays() -> None:
    staff = factories.superuser()
    with pytest.raises(services.LastAdmin):
        services.deactivate_user(user=staff, now=NOW)
    factories.superuser()
    assert not services.deactivate_user(user=staff, now=NOW).is_active


def test_staff_of_the_platform_get_no_role() -> None:
    with pytest.raises(services.NoRole):
        services.change_role(user=factories.superuser(), role=Role.ADMIN, now=NOW)


def test_nobody_hands_out_more_than_they_hold(practice: Practice) -> None:
    with pytest.raises(NotAllowed):
        services.change_role(user=factories.viewer(practice), role=Role.ADMIN, by=factories.manager(practice), now=NOW)


def test_a_stale_version_is_refused_by_every_edit(practice: Practice, admin: User) -> None:
    user = factories.viewer(practice)
    for service, details in (
        (services.change_role, {"role": Role.ANALYST}),
        (services.edit_user, {"name": "Ann"}),
        (services.deactivate_user, {}),
        (services.reactivate_user, {}),
    ):
        with pytest.raises(StaleVersion):
            service(user=user, now=NOW, expected_version=7, **details)
    with pytest.raises(StaleVersion):
        services.edit_practice(practice=practice, changes={"name": "X"}, now=NOW, expected_version=7)


def test_name_and_role_are_edited_together(practice: Practice) -> None:
    user = services.edit_user(user=factories.viewer(practice), name="Ann", role=Role.ANALYST, now=NOW)
    assert (user.name, user.role, user.version) == ("Ann", "analyst", 3)
    assert services.edit_user(user=user, name="Ann", now=NOW).version == 3


def test_deactivation_ends_sessions_and_keys_and_they_stay_ended(practice: Practice, client: Client) -> None:
    user = factories.analyst(practice)
    key = factories.make_key(user)
    client.force_login(user)
    services.deactivate_user(user=user, now=NOW)
    services.reactivate_user(user=user, now=LATER)
    assert client.get("/admin/").status_code == 302
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert trail("user.deactivated").new == {"is_active": False, "keys_revoked": 1}
    assert client.login(username=user.email, password=PASSWORD)


def test_nobody_is_deactivated_or_reactivated_twice(practice: Practice, admin: User) -> None:
    user = factories.analyst(practice, is_active=False)
    with pytest.raises(services.AlreadyInactive):
        services.deactivate_user(user=user, now=NOW)
    with pytest.raises(services.AlreadyActive):
        services.reactivate_user(user=admin, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_leave_at_once_do_not_both_go(practice: Practice) -> None:
    admins = [factories.admin(practice), factories.admin(practice)]
    start, refused = threading.Barrier(2), []

    def leave(user: User) -> None:
        start.wait(10)
        try:
            services.deactivate_user(user=user, now=NOW)
        except services.LastAdmin:
            refused.append(user)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(user,)) for user in admins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(refused) == 1
    assert User.objects.filter(is_active=True).count() == 1


# Keys


def key_of(user: User, **details: object) -> services.NewKey:
    return services.create_api_key(user=user, **{"name": "Books", "scopes": ["write", "read"], "now": NOW} | details)


def test_a_key_is_kept_as_a_hash(admin: User) -> None:
    made = key_of(admin)
    mark, prefix, secret = made.written.split("_")
    assert (mark, made.key.prefix, made.key.secret_hash) == ("lp", prefix, digest(secret))
    assert made.key.scopes == ["read", "write"]
    assert secret not in str(trail("key.created").new)


@pytest.mark.parametrize("details", [{"scopes": []}, {"scopes": ["all"]}, {"expires_at": NOW}])
def test_a_key_without_sense_is_refused(admin: User, details: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        key_of(admin, **details)


def test_a_key_makes_no_wider_one_and_does_not_rotate_into_one(admin: User) -> None:
    with pytest.raises(NotAllowed):
        key_of(admin, held=frozenset({"read"}))
    with pytest.raises(NotAllowed):
        services.rotate_api_key(key=key_of(admin).key, held=frozenset({"read"}), now=NOW)


def test_there_is_an_end_to_the_number_of_keys(admin: User, settings: Settings) -> None:
    settings.API_KEYS_PER_USER = 1
    first = key_of(admin).key
    with pytest.raises(services.TooManyKeys):
        key_of(admin)
    services.revoke_api_key(key=first, now=NOW)
    assert key_of(admin).key.pk


def test_a_rotated_key_ends_at_once_or_after_the_grace(admin: User, settings: Settings) -> None:
    old = key_of(admin).key
    new = services.rotate_api_key(key=old, now=NOW).key
    old.refresh_from_db()
    assert (old.works(NOW), new.works(NOW), new.scopes) == (False, True, ["read", "write"])
    settings.API_KEY_GRACE_SECONDS = 60
    services.rotate_api_key(key=new, now=NOW)
    new.refresh_from_db()
    assert (new.works(NOW), new.works(NOW + timedelta(seconds=60))) == (True, False)


def test_a_key_that_works_no_more_is_neither_rotated_nor_revoked_again(admin: User) -> None:
    key = services.revoke_api_key(key=key_of(admin).key, now=NOW, by=admin)
    for service in (services.rotate_api_key, services.revoke_api_key):
        with pytest.raises(services.KeyNotActive):
            service(key=key, now=NOW)
    assert ApiKey.objects.count() == 1


# Passwords


def link_of(message: str) -> dict[str, str]:
    uid, token = re.search(r"/set-password/([^/]+)/([^/]+)/", message).groups()
    return {"uid": uid, "token": token}


@pytest.fixture
def link(admin: User, django_capture_on_commit_callbacks: object) -> dict[str, str]:
    with django_capture_on_commit_callbacks(execute=True):
        services.send_password_reset(email=admin.email.upper(), now=NOW)
    return link_of(mail.outbox[0].body)


@pytest.fixture
def signed_in(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def test_a_link_sets_a_password_once_and_ends_the_sessions(
    admin: User, signed_in: Client, link: dict[str, str]
) -> None:
    services.reset_password(**link, password=NEW, now=NOW)
    admin.refresh_from_db()
    assert admin.check_password(NEW)
    assert signed_in.get("/admin/").status_code == 302
    with pytest.raises(services.ResetLinkSpent):
        services.reset_password(**link, password=PASSWORD, now=NOW)


@pytest.mark.parametrize("change", [{"uid": "x"}, {"uid": "OTk5OTk5"}, {"token": "a-b"}, {"uid": "é"}, {"uid": ""}])
def test_a_link_that_is_none_says_what_a_used_one_says(link: dict[str, str], change: dict[str, str]) -> None:
    with pytest.raises(services.ResetLinkSpent):
        services.reset_password(**link | change, password=NEW, now=NOW)


def test_a_weak_password_leaves_the_link_as_it_is(link: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        services.reset_password(**link, password="short", now=NOW)
    assert services.reset_link_works(**link)


@pytest.mark.parametrize("who", ["nobody@example.com", "gone"])
def test_nothing_is_sent_to_who_does_not_sign_in(
    practice: Practice, who: str, django_capture_on_commit_callbacks: object
) -> None:
    gone = factories.analyst(practice, is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        services.send_password_reset(email=gone.email if who == "gone" else who, now=NOW)
    assert mail.outbox == []


def test_a_password_is_changed_by_who_knows_the_present_one(admin: User) -> None:
    with pytest.raises(services.WrongPassword):
        services.change_password(user=admin, old="guess", new=NEW, now=NOW)
    with pytest.raises(ValidationError):
        services.change_password(user=admin, old=PASSWORD, new="short", now=NOW)
    assert services.change_password(user=admin, old=PASSWORD, new=NEW, now=NOW).check_password(NEW)
    assert trail("password.changed").actor == admin


# Practices


def test_a_practice_is_edited_and_what_stays_is_not_told(practice: Practice, admin: User) -> None:
    same = {"name": practice.name}
    assert services.edit_practice(practice=practice, changes=same, now=NOW).version == 1
    edited = services.edit_practice(practice=practice, changes=same | {"letterhead": "T 1"}, now=NOW, by=admin)
    assert edited.version == 2
    assert trail("practice.edited").new == {"letterhead": "T 1"}


def test_a_practice_cannot_become_another_or_break_a_rule(practice: Practice) -> None:
    other = factories.make_practice()
    with pytest.raises(services.PracticeExists):
        services.edit_practice(practice=practice, changes={"name": other.name, "address": other.address}, now=NOW)
    with pytest.raises(ValidationError):
        services.edit_practice(practice=practice, changes={"nation": "france"}, now=NOW)
    with pytest.raises(InvalidInput):
        services.edit_practice(practice=practice, changes={"version": 9}, now=NOW)
