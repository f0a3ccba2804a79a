"""What a role may do, asked in a template: `{% if user|may:"letter.approve" %}`."""

from collections.abc import Mapping

from django import template
from django.contrib.auth.models import AnonymousUser

from users.models import User
from users.permissions import may as user_may
from users.roles import ACTIONS, Action

register = template.Library()
KNOWN: Mapping[str, Action] = {str(name): name for name in ACTIONS}


@register.filter
def may(user: User | AnonymousUser, action: str) -> bool:
    """Whether `user` may do `action`. Raises KeyError for an action that is not in the matrix."""
    return user_may(user, KNOWN[action])
