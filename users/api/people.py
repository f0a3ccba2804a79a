"""People over the REST API: the caller, their colleagues, and what each role may do."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.rest.filters import ChoiceFilter, Filters, FlagFilter, WordsFilter
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.models import User
from users.permissions import may
from users.roles import ACTIONS, MATRIX, Action, Role, scope_of
from users.selectors import visible_users
from users.services import edit_user, reactivate_user, set_preferences

ROLES = [(role.value, role.value) for role in Role]


class UserOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=ROLES, allow_null=True, help_text="Null for staff of the platform.")
    practice = serializers.IntegerField(source="practice_id", allow_null=True)
    is_active = serializers.BooleanField(help_text="Whether they may sign in.")
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class MeOutput(UserOutput):
    mail_when_drafted = serializers.BooleanField(help_text="Whether an e-mail tells of letters that are drafted.")
    may = serializers.SerializerMethodField(help_text="What the caller may do, within the scopes of their key.")

    def get_may(self, user: User) -> list[str]:
        """The actions of the matrix."""
        return [action for action in ACTIONS if may(user, action)]


class Me(ApiView):
    """The caller."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "practice.view", "PATCH": "preference.set"}

    class PreferencesInput(Input):
        mail_when_drafted = serializers.BooleanField()

    @extend_schema(operation_id="get_me", responses=MeOutput)
    def get(self, request: Request) -> Response:
        """Who asks, and what they may do."""
        return self.answer(MeOutput(self.caller).data)

    @extend_schema(operation_id="set_my_preferences", request=PreferencesInput, responses=MeOutput)
    def patch(self, request: Request) -> Response:
        """Change what the caller wants for themselves."""
        sent = self.body(self.PreferencesInput, partial=True)
        return self.answer(MeOutput(set_preferences(user=self.caller, **sent)).data)


class UserFilters(Filters):
    role = ChoiceFilter(choices=ROLES, help_text="People in this role.")
    is_active = FlagFilter(field_name="is_active", help_text="People who may sign in, or may not.")
    email = WordsFilter(field_name="email", lookup_expr="istartswith", help_text="How the address begins.")


class UserList(ApiView):
    """The people of the caller's practice."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "user.view"}
    filters = UserFilters
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {"email": ("email", "pk"), "-email": ("-email", "-pk")}

    @extend_schema(operation_id="list_users", responses=UserOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of people."""
        return self.page(visible_users(self.caller), UserOutput)


class UserDetail(ApiView):
    """One of the caller's colleagues."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "user.view", "PATCH": "user.edit"}
    versioned = True

    class UserInput(Input):
        name = serializers.CharField(max_length=120, allow_blank=True)
        role = serializers.ChoiceField(choices=ROLES)

    @extend_schema(operation_id="get_user", responses=UserOutput)
    def get(self, request: Request, user_id: int) -> Response:
        """The person as they stand."""
        user = self.found(visible_users(self.caller), pk=user_id)
        return self.answer(UserOutput(user).data, version=user.version)

    @extend_schema(operation_id="edit_user", request=UserInput, responses=UserOutput)
    def patch(self, request: Request, user_id: int) -> Response:
        """Change name or role. The last admin of a practice stays one."""
        user = self.found(visible_users(self.caller), pk=user_id)
        sent = self.body(self.UserInput, partial=True)
        user = edit_user(
            user=user,
            name=sent.get("name"),
            role=Role(sent["role"]) if "role" in sent else None,
            by=self.caller,
            now=self.now,
            expected_version=self.expected_version,
        )
        return self.answer(UserOutput(user).data, version=user.version)


class Reactivate(ApiView):
    """Lets somebody in again."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "user.deactivate"}

    @extend_schema(operation_id="reactivate_user", request=None, responses=UserOutput)
    def post(self, request: Request, user_id: int) -> Response:
        """With the old password; former sessions and keys stay ended."""
        user = self.found(visible_users(self.caller), pk=user_id)
        user = reactivate_user(user=user, by=self.caller, now=self.now)
        return self.answer(UserOutput(user).data, version=user.version)


class RoleList(ApiView):
    """The matrix of roles."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "practice.view"}

    class ActionOutput(serializers.Serializer[Any]):
        action = serializers.CharField(help_text="noun.verb")
        roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLES), help_text="Empty: platform only.")
        scope = serializers.ChoiceField(choices=["read", "write", "approve"], help_text="What an API key needs.")

    @extend_schema(operation_id="list_roles", responses=ActionOutput(many=True))
    def get(self, request: Request) -> Response:
        """Every action, who may do it, and which scope it takes."""
        rows = [
            {"action": action, "roles": [role for role in Role if role in MATRIX[action]], "scope": scope_of(action)}
            for action in ACTIONS
        ]
        return self.answer(self.ActionOutput(rows, many=True).data)
