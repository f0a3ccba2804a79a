"""Practices and people for tests of any app."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from django.utils import timezone

from users.models import ApiKey, Budget, LLMCall, Practice, User
from users.roles import Role, Scope
from users.secrets import digest, new_key, written
from users.services import Call, Charge, Errand, create_practice, invite_user, reserve, set_budget, settle

NOW = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)
PASSWORD = "velvet-otter-71-harbour"  # noqa: S105 - of users who live as long as a test
_numbers = count(1)


def make_practice(name: str = "", **details: object) -> Practice:
    number = next(_numbers)
    details = {"address": f"{number} Sandbar Yard, Exeter EX1 9VK", "rates": [("partner", Decimal("150.00"))]} | details
    return create_practice(name=name or f"Practice {number}", now=NOW, **details)


def make_user(role: Role, practice: Practice | None = None, **fields: object) -> User:
    """A user who may sign in with PASSWORD, of a practice of their own unless one is given."""
    fields = {"email": f"{role}{next(_numbers)}@practice.example", "name": f"{role.capitalize()} Person"} | fields
    email = str(fields.pop("email"))
    return User.objects.create_user(email, PASSWORD, practice=practice or make_practice(), role=role, **fields)


def admin(practice: Practice | None = None, **fields: object) -> User:
    return make_user(Role.ADMIN, practice, **fields)


def manager(practice: Practice | None = None, **fields: object) -> User:
    return make_user(Role.MANAGER, practice, **fields)


def analyst(practice: Practice | None = None, **fields: object) -> User:
    return make_user(Role.ANALYST, practice, **fields)


def viewer(practice: Practice | None = None, **fields: object) -> User:
    return make_user(Role.VIEWER, practice, **fields)


def outsider(**fields: object) -> User:
    """An admin, but of another practice."""
    return make_user(Role.ADMIN, make_practice(), **fields)


def superuser(**fields: object) -> User:
    return User.objects.create_superuser(f"staff{next(_numbers)}@lightpoint.example", PASSWORD, **fields)


def make_key(user: User, *scopes: Scope, **fields: object) -> str:
    """A working API key of `user`, as it goes into the header; with every scope unless some are named."""
    prefix, secret = new_key()
    fields = {"name": "A program", "created_at": timezone.now()} | fields
    ApiKey.objects.create(
        user=user,
        prefix=prefix,
        secret_hash=digest(secret),
        scopes=list(scopes or ("read", "write", "approve")),
        **fields,
    )
    return written(prefix, secret)


def make_invitation(practice: Practice | None = None, role: Role = Role.ANALYST, **fields: object) -> str:
    """The token of an open invitation."""
    email = f"new{next(_numbers)}@practice.example"
    details = {"email": email, "role": role, "now": timezone.now(), "by": None} | fields
    return invite_user(practice=practice or make_practice(), **details).token


def make_budget(practice: Practice, amount: str = "500.00") -> Budget:
    """Of the practice, for a month."""
    return set_budget(level="practice", practice=practice, period="month", amount=Decimal(amount), now=timezone.now())


def make_call(practice: Practice, user: User | None = None, cost: str = "0.25", **errand: object) -> LLMCall | None:
    """A call of a model that was held against the budgets, and booked."""
    now = timezone.now()
    made_for = Errand(**{"purpose": "letter", "model": "anthropic/best"} | errand)
    held = reserve(practice=practice, user=user, errand=made_for, worst=Decimal("1.00"), now=now)
    call = Call(model=made_for.model, tier="best", outcome="ok")
    return settle(token=held.token, charge=Charge(Decimal(cost), "counted"), call=call, now=now)
