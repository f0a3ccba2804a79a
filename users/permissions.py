"""Whether a user may do something, by the matrix of users.roles and the scopes of the key they came with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.contrib.admin.utils import unquote
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from lightpoint.errors import NotAllowed
from users.models import User
from users.roles import Action, Role, allows, scope_of

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads this module's name from the settings

Somebody = AbstractBaseUser | AnonymousUser


def may(user: Somebody, action: Action) -> bool:
    """Whether `user` may do `action` at all; whether to a given row is for the `visible_...` selectors to say.

    Nobody who is inactive, not signed in, or neither of a practice nor of the platform's staff may do anything.
    """
    if not isinstance(user, User) or not may_enter(user):
        return False
    if user.auth_scopes is not None and scope_of(action) not in user.auth_scopes:
        return False
    return user.role is None or allows(Role(user.role), action)


def may_enter(user: Somebody) -> bool:
    """Whether `user` may use the product at all: staff of the platform, and who has a role in a practice."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or (user.practice_id is not None and user.role is not None)


def require(user: Somebody, action: Action) -> None:
    """Raise NotAllowed unless `user` may do `action`."""
    if not may(user, action):
        noun, verb = action.split(".")
        raise NotAllowed(f"Your role does not let you {verb} a {noun} here")


class RolePermission(BasePermission):
    """Lets a request through when its user may do what the view's `actions` name for the method.

    A view without `actions` is refused, so that one cannot be forgotten. A method that the view does not have passes
    for people who are signed in, and is answered 405 by the view.
    """

    message: str = "Your role does not let you do this here"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Look the method up in the view's actions."""
        actions: Mapping[str, Action] | None = getattr(view, "actions", None)
        if actions is None or not request.user.is_authenticated:
            return False
        method = "GET" if request.method == "HEAD" else request.method or ""
        action = actions.get(method)
        if action is not None:
            return self._allows(request.user, action)
        return method == "OPTIONS" or not hasattr(view, method.lower())

    def _allows(self, user: Somebody, action: Action) -> bool:
        if may(user, action):
            return True
        scopes = getattr(user, "auth_scopes", None)
        if scopes is not None and scope_of(action) not in scopes:
            self.message = f"This needs an API key with the scope {scope_of(action)}, and a role that may do it"
        return False


class RoleAdmin:
    """Stands before ModelAdmin or an inline: what a role may do there, in place of Django's own permissions.

    `rights` names the action of users.roles for "view", "add", "change" and "delete"; what is not named nobody may.
    Which rows there are is for `get_queryset` to say, by a `visible_...` selector.
    """

    rights: ClassVar[Mapping[str, Action]] = {}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the user sees the model in the menu."""
        return self._may(request, "view")

    def has_view_permission(self, request: HttpRequest, *_row: object, **_named: object) -> bool:
        """Whether the user reads rows. Who may change them may read them."""
        return self._may(request, "view") or self._may(request, "change")

    def has_add_permission(self, request: HttpRequest, *_row: object, **_named: object) -> bool:
        """Whether the user adds rows."""
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, *_row: object, **_named: object) -> bool:
        """Whether the user changes rows."""
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, *_row: object, **_named: object) -> bool:
        """Whether the user removes rows."""
        return self._may(request, "delete")

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **options: Any) -> Any:
        """Django's page; a row that the user does not see is not there, whatever they might do to it."""
        self._check_there(request, object_id)
        return super().changeform_view(request, object_id, *args, **options)  # type: ignore[misc]  # of ModelAdmin

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> Any:
        """The same for removing one."""
        self._check_there(request, object_id)
        return super().delete_view(request, object_id, *args, **options)  # type: ignore[misc]  # of ModelAdmin

    def _get_obj_does_not_exist_redirect(self, *_args: object) -> NoReturn:
        """Not Django's way back to the first page."""
        raise Http404

    def _check_there(self, request: HttpRequest, object_id: str | None) -> None:
        if object_id is not None and self.get_object(request, unquote(object_id)) is None:  # type: ignore[attr-defined]
            raise Http404

    def _may(self, request: HttpRequest, right: str) -> bool:
        action = self.rights.get(right)
        return action is not None and may(request.user, action)
