"""Who may do what in the database: the owner makes tables, the application reads and writes rows.

A server named by DATABASE_URL is looked at once per process. A URL that names a superuser is not refused (it is what a
fresh server offers), but its sessions take the role `lightpoint_app`, so that row-level security and the refusal of
updates to the audit trail hold for them too.
"""

from typing import Any

import psycopg
from psycopg import sql

from lightpoint import embedded
from lightpoint.errors import ServiceUnavailable

SERVER_AT_LEAST = 160000  # server_version_num of PostgreSQL 16
FACTS = """
    SELECT current_setting('server_version_num')::int,
           (SELECT coalesce(installed_version, default_version)
              FROM pg_available_extensions WHERE name = 'vector'),
           rolsuper OR rolbypassrls
      FROM pg_roles WHERE rolname = session_user
"""
# Only who owns a table may analyse it. The application may ask for it, after it has filled tables.
STATISTICS = """
    CREATE OR REPLACE FUNCTION refresh_statistics() RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        name text;
    BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user LOOP
            EXECUTE format('ANALYZE %I', name);
        END LOOP;
    END $$;
    REVOKE ALL ON FUNCTION refresh_statistics() FROM PUBLIC
"""
_checked: dict[str, str | None] = {}


class UnfitServer(ServiceUnavailable):
    """The database server that DATABASE_URL names does not answer, or is too old."""

    code = "database-unfit"


def owner_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Django settings of the same database for its owner. Without a timeout: an index may take its time."""
    options = {key: value for key, value in settings["OPTIONS"].items() if key not in {"pool", "options"}}
    return {**settings, **settings.get("OWNER", {}), "OPTIONS": options, "IS_OWNER": True}


def role_to_take(settings: dict[str, Any]) -> str | None:
    """The role that a session must take after it has connected; None where it connects as that role itself."""
    if settings.get("EMBEDDED") or settings.get("IS_OWNER"):
        return None
    return _checked.get(_key(settings))


def check_server(settings: dict[str, Any], params: dict[str, Any]) -> None:
    """Look once at the server of `settings`: new enough, with a good pgvector, and who we are on it.

    `params` is what psycopg connects with. Raises UnfitServer or EmbeddedError, one line that says what to do.
    """
    if settings.get("EMBEDDED") or settings.get("IS_OWNER") or _key(settings) in _checked:
        return
    with _connect(params) as connection:
        version, vector, too_mighty = connection.execute(FACTS).fetchone() or (0, None, False)
        if version < SERVER_AT_LEAST:
            raise UnfitServer(
                f"PostgreSQL {version // 10000} is too old: {SERVER_AT_LEAST // 10000} or later is needed"
            )
        embedded.check_pgvector(vector)
        if too_mighty:
            _make_role(connection, embedded.APP)
    _checked[_key(settings)] = embedded.APP if too_mighty else None


def prepare(connection: psycopg.Connection[Any], app: str) -> None:
    """Before migrations, as the owner: pgvector is there, and new tables will be open to `app` for rows only.

    `app` may call `refresh_statistics()` after it has filled tables with more than autovacuum could keep up with.
    """
    found = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone()
    if not found:
        connection.execute("CREATE EXTENSION vector")
    role = sql.Identifier(app)
    rows = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}"
    numbers = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {}"
    connection.execute(STATISTICS)
    for statement in (rows, numbers, "GRANT EXECUTE ON FUNCTION refresh_statistics() TO {}"):
        connection.execute(sql.SQL(statement).format(role))


def close_append_only(connection: psycopg.Connection[Any], app: str, tables: list[str]) -> None:
    """After migrations, as the owner: `app` may add rows to `tables`, not change or remove them."""
    for table in tables:
        statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
        connection.execute(statement.format(sql.Identifier(table), sql.Identifier(app)))


def app_role(settings: dict[str, Any]) -> str:
    """The role whose rights count for the application: the one it connects as, or the one its sessions take."""
    return role_to_take(settings) or settings["USER"]


def _key(settings: dict[str, Any]) -> str:
    return f"{settings['USER']}@{settings['HOST']}:{settings['PORT']}"


def _connect(params: dict[str, Any]) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(**{**params, "cursor_factory": psycopg.Cursor, "autocommit": True})
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise UnfitServer(f"The database that DATABASE_URL names does not answer: {reason}") from error


def _make_role(connection: psycopg.Connection[Any], name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
        statement = sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB")
        connection.execute(statement.format(sql.Identifier(name)))
