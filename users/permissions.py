"""Whether a user may do something, by the matrix of users.roles and the scopes of the key they came with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
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

    message: ClassVar[str] = "Your role does not let you do this here"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Look the method up in the view's actions."""
        actions: Mapping[str, Action] | None = getattr(view, "actions", None)
        if actions is None or not request.user.is_authenticated:
            return False
        method = "GET" if request.method == "HEAD" else request.method or ""
        action = actions.get(method)
        if action is not None:
            return may(request.user, action)
        return method == "OPTIONS" or not hasattr(view, method.lower())
