"""What the pages of the knowledge base share."""

from typing import cast

from django.http import HttpRequest

from users.models import User


def caller(request: HttpRequest) -> User:
    """Who uses the page; the admin has let them in."""
    return cast(User, request.user)
