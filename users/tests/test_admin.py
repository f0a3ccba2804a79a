"""The browser admin of practices and people, as each role sees it."""

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from users.models import AuditEvent, Invitation, Practice, Rate, User
from users.roles import Role
from users.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice() -> Practice:
    return factories.make_practice("Harrow & Lytle")


@pytest.fixture
def admin(practice: Practice, client: Client) -> User:
    user = factories.admin(practice)
    client.force_login(user)
    return user


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def practice_form(practice: Practice, **changes: str) -> dict[str, str]:
    form = {"name": practice.name, "address": practice.address, "nation": "scotland", "vat_registered": "unknown"}
    form |= {"rates-TOTAL_FORMS": "0", "rates-INITIAL_FORMS": "0"}
    return form | changes


@pytest.mark.parametrize("model", ["practice", "user", "auditevent", "invitation", "apikey"])
def test_each_list_opens_for_an_admin_who_is_no_staff(admin: User, client: Client, model: str) -> None:
    assert not admin.is_staff
    assert "Lightpoint" in page(client, f"users_{model}_changelist")


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_has_what_the_role_may_see(client: Client, role: Role) -> None:
    client.force_login(factories.make_user(role))
    shown = page(client, "index")
    assert reverse("admin:users_user_changelist") in shown
    may_see_the_trail = role in (Role.ADMIN, Role.MANAGER)
    assert (reverse("admin:users_auditevent_changelist") in shown) == may_see_the_trail
    answer = client.get(reverse("admin:users_auditevent_changelist"))
    assert answer.status_code == (200 if may_see_the_trail else 403)


def test_somebody_of_no_practice_does_not_come_in(client: Client) -> None:
    client.force_login(User.objects.create_user("nobody@example.com"))
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_trail_can_be_read_and_not_written(admin: User, client: Client) -> None:
    event = AuditEvent.objects.filter(practice=admin.practice, action="practice.created").get()
    assert "practice.created" in page(client, "users_auditevent_change", event.pk)
    assert client.get(reverse("admin:users_auditevent_add")).status_code == 403
    assert client.post(reverse("admin:users_auditevent_delete", args=[event.pk]), {"post": "yes"}).status_code == 403


def test_a_change_of_the_practice_and_its_rates_is_on_the_trail(admin: User, client: Client) -> None:
    practice = admin.practice
    rate = practice.rates.get()
    form = practice_form(practice, name="Harrow & Daughters") | {
        "rates-TOTAL_FORMS": "1",
        "rates-INITIAL_FORMS": "1",
        "rates-0-id": rate.pk,
        "rates-0-practice": practice.pk,
        "rates-0-grade": "partner",
        "rates-0-hourly": "175.00",
        "rates-0-valid_from": f"{rate.valid_from:%d/%m/%Y}",
    }
    answer = client.post(reverse("admin:users_practice_change", args=[practice.pk]), form)
    assert answer.status_code == 302
    event = AuditEvent.objects.get(action="practice.edited")
    assert (event.actor, event.old["name"], event.new["name"]) == (admin, "Harrow & Lytle", "Harrow & Daughters")
    assert Rate.objects.get().hourly == Decimal("175.00")
    practice.refresh_from_db()
    assert practice.version > 1


def test_what_a_service_refuses_is_said_on_the_page(admin: User, client: Client) -> None:
    other = factories.make_practice("Other", address="1 High Street")
    form = practice_form(admin.practice, name=other.name, address=other.address)
    answer = client.post(reverse("admin:users_practice_change", args=[admin.practice_id]), form, follow=True)
    assert "There is a practice Other" in answer.content.decode() or "already exists" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="practice.edited").exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.VIEWER])
def test_nobody_else_edits_the_practice(client: Client, practice: Practice, role: Role) -> None:
    client.force_login(factories.make_user(role, practice))
    address = reverse("admin:users_practice_change", args=[practice.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, practice_form(practice, name="Mine")).status_code == 403


def test_an_invitation_goes_out_and_can_be_revoked(
    admin: User, client: Client, django_capture_on_commit_callbacks: object
) -> None:
    form = {"practice": admin.practice_id, "email": "New@example.com", "role": "analyst"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("admin:users_invitation_add"), form).status_code == 302
    assert mail.outbox[0].to == ["new@example.com"]
    invitation = Invitation.objects.get()
    chosen = {"action": "revoke", "_selected_action": [invitation.pk]}
    client.post(reverse("admin:users_invitation_changelist"), chosen)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_an_invitation_into_another_practice_is_not_offered(admin: User, client: Client) -> None:
    form = {"practice": factories.make_practice().pk, "email": "new@example.com", "role": "analyst"}
    assert client.post(reverse("admin:users_invitation_add"), form).status_code == 200
    assert not Invitation.objects.exists()


def test_a_second_invitation_to_an_address_is_refused_with_the_reason(admin: User, client: Client) -> None:
    form = {"practice": admin.practice_id, "email": "new@example.com", "role": "analyst"}
    client.post(reverse("admin:users_invitation_add"), form)
    answer = client.post(reverse("admin:users_invitation_add"), form, follow=True)
    assert "has an open invitation" in answer.content.decode()


def test_deactivation_shuts_out_all_that_are_chosen_but_the_last_admin(admin: User, client: Client) -> None:
    analyst = factories.analyst(admin.practice)
    address = reverse("admin:users_user_changelist")
    chosen = {"action": "deactivate", "_selected_action": [analyst.pk, admin.pk]}
    answer = client.post(address, chosen, follow=True)
    assert "last one in charge" in answer.content.decode()
    assert list(User.objects.filter(is_active=True)) == [admin]
    client.post(address, {"action": "reactivate", "_selected_action": [analyst.pk]})
    assert User.objects.filter(is_active=True).count() == 2


def test_a_role_is_changed_by_an_admin_only(admin: User, client: Client) -> None:
    analyst = factories.analyst(admin.practice)
    address = reverse("admin:users_user_change", args=[analyst.pk])
    assert client.post(address, {"name": "Ann", "role": "manager"}).status_code == 302
    analyst.refresh_from_db()
    assert (analyst.name, analyst.role) == ("Ann", "manager")
    client.force_login(analyst)
    assert client.post(address, {"name": "Ann", "role": "admin"}).status_code == 403
