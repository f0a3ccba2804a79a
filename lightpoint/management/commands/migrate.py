"""Django's migrate, run by the owner of the tables; see docs/adr/0002."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from lightpoint.database import roles
from lightpoint.database.base import DatabaseWrapper
from lightpoint.database.operations import append_only_tables


class Command(migrate.Command):
    """Migrations create tables; the application's role gets rows only, and append-only tables stay so."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate between giving the application's role its rights and taking the unwanted ones away."""
        connection = connections[options["database"]]
        if not isinstance(connection, DatabaseWrapper):
            super().handle(*args, **options)
            return
        connection.get_connection_params()
        app = roles.app_role(connection.settings_dict)
        with connection.as_owner():
            with connection.cursor() as cursor:
                roles.prepare(cursor.connection, app)
            super().handle(*args, **options)
            with connection.cursor() as cursor:
                there = set(connection.introspection.table_names(cursor))
                roles.close_append_only(
                    cursor.connection, app, [name for name in append_only_tables() if name in there]
                )
