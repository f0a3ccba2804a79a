"""Django's PostgreSQL backend, with what docs/adr/0001 and 0002 decide.

Settings may carry two more keys: `EMBEDDED` (True: start the checkout's own server before connecting) and `OWNER`
(settings of the role that owns the tables: migrations and test databases are made by it, all else is done by a role
that may only read and write rows).
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.utils import OperationalError
from psycopg_pool import ConnectionPool

from lightpoint import embedded
from lightpoint.database import roles
from lightpoint.database.operations import DatabaseOperations


def check_idle(connection: psycopg.Connection[Any]) -> None:
    """Raise OperationalError for a connection of the pool that its server has closed.

    Nothing is sent over one that is well: an idle connection has something to read only when the server has closed it
    or has something to tell, and only then is it asked. A statement to find out would double the round trips of a
    request that needs one.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows its server's owner role, and starts the server when it is the embedded one."""

    ops_class = DatabaseOperations

    @property
    def pool(self) -> "ConnectionPool[Any] | None":
        """Django's pool, with a check that costs no round trip. Django fixes the check when it makes the pool."""
        pool: ConnectionPool[Any] | None = super().pool
        if pool is not None:
            pool._check = check_idle
        return pool

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a server that has died meanwhile is started again, once."""
        if not self.settings_dict.get("EMBEDDED"):
            return super().get_new_connection(conn_params)
        embedded.postgres().ensure()
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            embedded.postgres().ensure(suspect=True)
            return super().get_new_connection(conn_params)

    def get_connection_params(self) -> dict[str, Any]:
        """What Django would connect with, narrowed to the application's role where the URL names a superuser."""
        params = super().get_connection_params()
        roles.check_server(self.settings_dict, params)
        role = roles.role_to_take(self.settings_dict)
        if role:
            params["options"] = f"{params.get('options', '')} -c role={role}".strip()
        return params

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Within, this connection is made by the owner of the tables; outside it is the application again."""
        if self.in_atomic_block:
            raise OperationalError("The owner's connection cannot be taken inside a transaction")
        self.close()
        application = self.settings_dict
        self.settings_dict = roles.owner_settings(application)
        try:
            yield
        finally:
            self.close()
            self.settings_dict = application

    @contextmanager
    def _nodb_cursor(self) -> Iterator[Any]:
        """Databases of tests are made and dropped by the owner; the application may not."""
        application = self.settings_dict
        self.settings_dict = roles.owner_settings(application)
        try:
            with super()._nodb_cursor() as cursor:
                yield cursor
        finally:
            self.settings_dict = application
