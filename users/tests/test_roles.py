import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from rest_framework.request import Request
from rest_framework.views import APIView

from lightpoint.errors import NotAllowed
from users.management.commands.roles_page import PAGE, written
from users.models import User
from users.permissions import RolePermission, may, may_enter, require
from users.roles import ACTIONS, MATRIX, PLATFORM_ONLY, Role, allows, ranks_above, scope_of
from users.tests import factories


def test_the_page_says_what_the_matrix_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run: manage.py roles_page"


def test_each_role_may_do_all_that_the_next_one_may() -> None:
    order = list(Role)
    for action in ACTIONS:
        held = [allows(role, action) for role in order]
        assert held == sorted(held, reverse=True), action


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        ("practice.edit", {"admin"}),
        ("user.deactivate", {"admin"}),
        ("user.invite", {"admin", "manager"}),
        ("letter.approve", {"admin", "manager"}),
        ("audit.view", {"admin", "manager"}),
        ("management.view", {"admin", "manager"}),
        ("complaint.assign", {"admin", "manager"}),
        ("letter.send", {"admin", "manager", "analyst"}),
        ("document.upload", {"admin", "manager", "analyst"}),
        ("job.view", {"admin", "manager", "analyst"}),
        ("letter.view", {"admin", "manager", "analyst", "viewer"}),
        ("key.manage", {"admin", "manager", "analyst", "viewer"}),
        ("guidance.edit", set()),
        ("guidance.curate", {"admin", "manager"}),
        ("guidance.share", {"admin", "manager"}),
    ],
)
def test_the_matrix_has_what_was_agreed(action: str, roles: set[str]) -> None:
    assert MATRIX[action] == roles


def test_a_viewer_changes_nothing_but_their_keys_and_preferences() -> None:
    assert {action for action in ACTIONS if allows(Role.VIEWER, action) and scope_of(action) != "read"} == {
        "key.manage",
        "preference.set",
    }


def test_approving_and_handing_out_rights_take_a_scope_of_their_own() -> None:
    assert [scope_of(action) for action in ("letter.view", "letter.edit", "letter.approve", "user.invite")] == [
        "read",
        "write",
        "approve",
        "approve",
    ]
    assert [scope_of(action) for action in ("guidance.view", "guidance.curate", "guidance.share")] == [
        "read",
        "write",
        "approve",
    ]


def test_an_admin_ranks_above_a_manager_and_nobody_above_themselves() -> None:
    assert ranks_above(Role.ADMIN, Role.MANAGER)
    assert not ranks_above(Role.MANAGER, Role.MANAGER)


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_user_may_what_their_role_may(role: Role) -> None:
    user = factories.make_user(role)
    assert {action for action in ACTIONS if may(user, action)} == {a for a in ACTIONS if role in MATRIX[a]}


@pytest.mark.django_db
def test_staff_of_the_platform_may_everything_and_nobody_else_what_is_theirs() -> None:
    staff = factories.superuser()
    assert all(may(staff, action) for action in ACTIONS)
    assert not any(may(factories.admin(), action) for action in PLATFORM_ONLY)


@pytest.mark.django_db
def test_the_inactive_the_strangers_and_those_of_no_practice_may_nothing() -> None:
    nobodies = [
        factories.admin(is_active=False),
        factories.superuser(is_active=False),
        User.objects.create_user("nobody@example.com", role=Role.ADMIN),
        AnonymousUser(),
    ]
    assert not any(may(user, action) for user in nobodies for action in ACTIONS)
    assert not any(may_enter(user) for user in nobodies)


@pytest.mark.django_db
def test_a_key_bounds_its_user_even_on_the_platform() -> None:
    staff = factories.superuser()
    staff.auth_scopes = frozenset({"read"})
    assert may(staff, "letter.view")
    assert not may(staff, "letter.edit")


@pytest.mark.django_db
def test_require_names_what_is_not_allowed() -> None:
    require(factories.admin(), "letter.approve")
    with pytest.raises(NotAllowed, match="approve a letter"):
        require(factories.viewer(), "letter.approve")


class Forgotten(APIView):
    def get(self, request: Request) -> None: ...


class Remembered(Forgotten):
    actions = {"GET": "letter.view"}  # noqa: RUF012


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("view", "method", "passes"),
    [
        (Forgotten(), "get", False),
        (Remembered(), "get", True),
        (Remembered(), "head", True),
        (Remembered(), "delete", True),  # the view answers 405
    ],
)
def test_a_view_without_actions_is_refused(view: APIView, method: str, passes: bool) -> None:
    request = Request(getattr(RequestFactory(), method)("/"))
    request.user = factories.viewer()
    assert RolePermission().has_permission(request, view) is passes
