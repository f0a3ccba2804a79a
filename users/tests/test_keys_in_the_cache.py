"""What a key's request finds in the cache must not outlive a change, whatever happens to Redis meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lightpoint.embedded import Redis
from lightpoint.redis_link import link
from lightpoint.tests import conftest
from users.models import ApiKey, User
from users.roles import Role
from users.services import change_role, deactivate_user, edit_user, reactivate_user, revoke_api_key, rotate_api_key
from users.tests import factories

own_redis = conftest.own_redis
pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/guidance/sections/NONE1/"  # 404 for who may read the guidance, after one query for the section
TRAIL = "/api/v1/audit-events/"
Change = Callable[[User, ApiKey], object]


class Program:
    """A client that comes with a key."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.written = factories.make_key(user, *scopes)
        self.key = ApiKey.objects.select_related("user").get(prefix=self.written.split("_")[1])

    def status(self, path: str = PATH) -> int:
        return Client().get(path, headers={"Authorization": f"Bearer {self.written}"}).status_code

    def queries(self) -> list[str]:
        with CaptureQueriesContext(connection) as found:
            self.status()
        return [query["sql"] for query in found.captured_queries]


@pytest.fixture
def program() -> Program:
    user = factories.admin()
    factories.admin(user.practice)
    return Program(user)


def _revoke(_: User, key: ApiKey) -> None:
    revoke_api_key(key=key, now=timezone.now())


def _rotate(_: User, key: ApiKey) -> None:
    rotate_api_key(key=key, now=timezone.now())


def _deactivate(user: User, _: ApiKey) -> None:
    deactivate_user(user=user, now=timezone.now())


CLOSING = pytest.mark.parametrize("close", [_revoke, _rotate, _deactivate])


def test_a_key_is_looked_up_once(program: Program) -> None:
    assert program.status() == 404
    assert [sql for sql in program.queries() if "users_" in sql] == []


@CLOSING
def test_what_works_no_more_is_refused_at_the_next_request(program: Program, close: Change) -> None:
    assert program.status() == 404
    close(program.key.user, program.key)
    assert program.status() == 401


@CLOSING
def test_a_change_while_redis_is_away_holds_then_and_after(program: Program, close: Change, own_redis: Redis) -> None:
    assert program.status() == 404
    own_redis.stop()
    close(program.key.user, program.key)
    assert program.status() == 401
    own_redis.ensure()
    link.breaker.succeed()
    assert program.status() == 401


@CLOSING
def test_old_values_that_survive_in_redis_are_not_believed(program: Program, close: Change, own_redis: Redis) -> None:
    """The breaker turns calls away, so that Redis keeps what it had, as one does that hangs and goes on."""
    assert program.status() == 404
    link.breaker.fail()
    close(program.key.user, program.key)
    assert program.status() == 401
    link.breaker.succeed()
    assert program.status() == 401


def test_another_role_counts_from_the_next_request(program: Program) -> None:
    assert program.status(TRAIL) == 200
    change_role(user=program.key.user, role=Role.VIEWER, now=timezone.now())
    assert program.status(TRAIL) == 403
    edit_user(user=program.key.user, role=Role.ADMIN, now=timezone.now())
    assert program.status(TRAIL) == 200


def test_who_may_sign_in_again_does_not_get_old_keys_back(program: Program) -> None:
    deactivate_user(user=program.key.user, now=timezone.now())
    assert program.status() == 401
    reactivate_user(user=program.key.user, now=timezone.now())
    assert program.status() == 401


def test_a_key_ends_in_time_also_in_the_cache(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    ApiKey.objects.filter(pk=program.key.pk).update(expires_at=now + timedelta(minutes=5))
    assert program.status() == 404
    monkeypatch.setattr("users.authentication.timezone.now", lambda: now + timedelta(minutes=6))
    assert program.status() == 401


def test_another_secret_with_a_known_prefix_is_refused(program: Program) -> None:
    assert program.status() == 404
    program.written = program.written[:-1] + ("a" if program.written[-1] != "a" else "b")
    assert program.status() == 401


def test_a_key_that_nobody_knew_works_once_it_is_there(program: Program) -> None:
    row = ApiKey.objects.get(pk=program.key.pk)
    row.delete()
    assert program.status() == 401
    row.save()
    assert program.status() == 404


def test_a_change_that_is_rolled_back_lets_the_key_work(program: Program) -> None:
    assert program.status() == 404
    with transaction.atomic():
        _revoke(program.key.user, program.key)
        transaction.set_rollback(True)
    assert program.status() == 404


def test_scopes_bound_a_key_out_of_the_cache_too() -> None:
    program = Program(factories.admin(), "write")
    assert [program.status(), program.status()] == [403, 403]


def test_the_use_of_a_key_is_noted_once_a_minute_at_most(program: Program) -> None:
    program.status()
    first = ApiKey.objects.get(pk=program.key.pk).last_used_at
    assert first is not None
    assert not any(sql.startswith("UPDATE") for sql in program.queries())
    ApiKey.objects.filter(pk=program.key.pk).update(last_used_at=first - timedelta(minutes=2))
    revoke_api_key(key=Program(program.key.user).key, now=timezone.now())  # what is known of keys is read anew
    program.status()
    noted = ApiKey.objects.get(pk=program.key.pk).last_used_at
    assert noted is not None
    assert noted >= first
