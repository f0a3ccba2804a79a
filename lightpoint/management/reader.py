"""Somebody to measure as: an admin of a practice, with an API key and a session, in the database of this process."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from lightpoint.benchmarks.server import session_of
from users.models import Practice, User
from users.roles import Role
from users.services import create_api_key, create_practice

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """The number of their practice, and the headers that the two ways to come in need."""

    practice: int
    by_key: Headers
    by_session: Headers


def make_reader(*, now: datetime, practice: Practice | None = None) -> Reader:
    """A new admin of `practice`, or of a new one; nobody can sign in as them with a password."""
    practice = practice or create_practice(name=f"Bench {now:%H%M%S%f}", address="1 Load Street, Leeds", now=now)
    email = f"bench-{now:%H%M%S%f}@practice.example"
    user = User.objects.create_user(email, practice=practice, role=Role.ADMIN, created_at=now)
    made = create_api_key(user=user, name="Bench", scopes=["read"], now=now)
    return Reader(
        practice=practice.pk,
        by_key=(("Authorization", f"Bearer {made.written}"),),
        by_session=(("Cookie", session_of(user)),),
    )


def largest_practice() -> Practice:
    """The practice with the most complaints. Raises Practice.DoesNotExist when there is none."""
    return Practice.objects.annotate(complaints_open=Count("complaints")).order_by("-complaints_open", "pk")[:1].get()
