"""The pool of a server: connections that their server has closed are replaced, and nothing is asked of the others."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from lightpoint.database.base import DatabaseWrapper


@pytest.fixture
def pooled(transactional_db: None) -> Iterator[DatabaseWrapper]:
    """A connection of its own to the test database, from a pool of one."""
    settings = connection.settings_dict
    options = {**settings["OPTIONS"], "pool": {"min_size": 1, "max_size": 1, "timeout": 10}}
    wrapper = DatabaseWrapper({**settings, "OPTIONS": options}, alias="default")
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


def ask(wrapper: DatabaseWrapper) -> int:
    """The number of the server process that answers; the connection goes back to the pool."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    wrapper.close()
    return int(pid)


def test_a_connection_that_is_well_is_used_again(pooled: DatabaseWrapper) -> None:
    assert ask(pooled) == ask(pooled)


def test_a_connection_that_its_server_has_closed_is_replaced(pooled: DatabaseWrapper) -> None:
    closed = ask(pooled)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [closed])  # which waits until it has ended
        assert cursor.fetchone() == (True,)
    assert ask(pooled) != closed


def test_nothing_is_asked_of_a_connection_that_is_well(
    pooled: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(pooled)
    asked: list[str] = []
    execute = psycopg.Connection.execute

    def noted(self: psycopg.Connection, statement: str, *args: object, **options: object) -> object:
        asked.append(str(statement))
        return execute(self, statement, *args, **options)

    monkeypatch.setattr(psycopg.Connection, "execute", noted)
    ask(pooled)
    assert asked == []
