"""Emptying tables: allowed in databases of tests only, where it is done by the owner."""

from collections.abc import Iterable

from django.apps import apps
from django.db.backends.postgresql import operations

from lightpoint.errors import NotAllowed

TEST_PREFIX = "test_"


def append_only_tables() -> list[str]:
    """The tables whose rows are never changed or removed: those of models that say `append_only = True`."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


class DatabaseOperations(operations.DatabaseOperations):
    """Django's operations, except that a flush does not get past the audit trail of a real database."""

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empty the tables of a test database; refuse anywhere else."""
        if not str(self.connection.settings_dict["NAME"]).startswith(TEST_PREFIX):
            raise NotAllowed("This database holds an audit trail, which is never emptied: drop the database instead")
        tables = [self.quote_name(table) for table in append_only_tables()]
        with self.connection.as_owner():  # type: ignore[attr-defined]
            super().execute_sql_flush(
                [
                    *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables),
                    *sql_list,
                    *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables),
                ]
            )
