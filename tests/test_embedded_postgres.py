"""The real server from the wheel, in a place of its own, killed and asked again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.db import connection as django_connection
from django.db.backends.base.base import NO_DB_ALIAS
from pytest_django import DjangoDbBlocker

from lightpoint import embedded
from lightpoint.database.base import DatabaseWrapper
from lightpoint.embedded import EmbeddedError, Postgres, check_pgvector
from lightpoint.embedded.place import LONGEST_SOCKET, SOCKET_NAME, find_place, is_alive, locked

ROOT = Path(__file__).resolve().parents[1]
START = """
import pathlib, sys
from lightpoint.embedded import Postgres
server = Postgres(pathlib.Path(sys.argv[1]))
server.ensure()
print(server.pid())
"""
HOLD = """
import os, pathlib, sys
from lightpoint.embedded.place import locked
with locked(pathlib.Path(sys.argv[1])):
    os._exit(9)
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty checkout below a private directory, as a clone in `mktemp -d` is; its server is stopped at the end."""
    root = tmp_path_factory.mktemp("checkout")
    yield root
    server = Postgres(root)
    server.stop()
    if server.place.home != server.place.var:
        shutil.rmtree(server.place.home)


@pytest.fixture
def server(checkout: Path) -> Postgres:
    found = Postgres(checkout)
    found.ensure()
    return found


def connect(server: Postgres, user: str, database: str = embedded.DATABASE) -> psycopg.Connection:
    return psycopg.connect(host=str(server.place.sockets), user=user, dbname=database, autocommit=True)


def kill(server: Postgres) -> int:
    pid = server.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return pid


def test_processes_that_start_it_at_once_share_one_server_that_outlives_them(checkout: Path) -> None:
    command = [sys.executable, "-c", START, str(checkout)]
    starters = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    pids = {starter.communicate(timeout=90)[0].strip() for starter in starters}
    assert pids == {str(Postgres(checkout).pid())}
    assert Postgres(checkout).is_running()


def test_it_listens_on_a_private_socket_and_nowhere_else(server: Postgres) -> None:
    process = psutil.Process(server.pid())
    assert [item for item in process.net_connections(kind="inet") if item.status == psutil.CONN_LISTEN] == []
    assert server.place.sockets.stat().st_mode & 0o077 == 0


def test_it_has_pgvector_and_keeps_what_was_committed(server: Postgres) -> None:
    with connect(server, embedded.APP) as connection:
        (vector,) = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
        (fsync,) = connection.execute("SHOW fsync").fetchone()
    check_pgvector(vector)
    assert fsync == "on"


@pytest.mark.parametrize("role", [embedded.APP, embedded.OWNER])
def test_no_role_of_the_product_is_mighty(server: Postgres, role: str) -> None:
    with connect(server, role) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert rights == (False, False, False, False)


def test_the_application_makes_no_tables(server: Postgres) -> None:
    with connect(server, embedded.APP) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


def test_a_killed_server_is_started_again_with_its_rows(server: Postgres) -> None:
    with connect(server, embedded.OWNER) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS n")
    dead = kill(server)
    server.ensure()
    assert server.pid() != dead
    with connect(server, embedded.OWNER) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_a_process_number_that_another_program_has_got_since_is_not_taken_for_the_server(server: Postgres) -> None:
    note = server.data / "postmaster.pid"
    lines = note.read_text().splitlines()
    kill(server)
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.ensure(suspect=True)
    assert server.pid() != os.getpid()
    with connect(server, embedded.APP) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_djangos_next_connection_survives_the_death_of_the_server(
    server: Postgres, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> None:
    monkeypatch.setattr(embedded, "postgres", lambda: server)
    settings = {**django_connection.settings_dict, "NAME": embedded.DATABASE, "HOST": str(server.place.sockets)}
    wrapper = DatabaseWrapper(settings, alias=NO_DB_ALIAS)
    for _ in range(2):
        with django_db_blocker.unblock(), wrapper.temporary_connection() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (embedded.APP,)
        wrapper.close()
        kill(server)


def test_a_server_that_was_stopped_starts_again(server: Postgres) -> None:
    assert server.stop()
    assert not server.is_running()
    assert not server.stop()
    server.ensure()
    assert server.is_running()


def test_the_path_of_the_socket_fits_however_deep_the_checkout(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    place = find_place(deep)
    assert len(str(place.sockets / SOCKET_NAME)) <= LONGEST_SOCKET
    assert find_place(deep) == place
    if place.home != place.var:
        shutil.rmtree(place.home)


def test_a_copied_checkout_does_not_take_the_place_of_the_first(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    shutil.copy(checkout / "var" / "place.json", tmp_path / "var")
    place = find_place(tmp_path)
    assert place.home != find_place(checkout).home
    if place.home != place.var:
        shutil.rmtree(place.home)


def test_the_lock_is_let_go_when_its_holder_dies(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", HOLD, str(tmp_path / "lock")], cwd=ROOT, check=False, timeout=30)
    with locked(tmp_path / "lock"):
        assert True


@pytest.mark.parametrize("version", ["0.8.4", "0.8.5", "0.10.0", "1.0.0"])
def test_a_good_pgvector_is_accepted(version: str) -> None:
    check_pgvector(version)


@pytest.mark.parametrize("version", ["0.8.3", "0.7.4", "0.8", None])
def test_an_old_or_missing_pgvector_is_refused_in_one_line(version: str | None) -> None:
    with pytest.raises(EmbeddedError) as refusal:
        check_pgvector(version)
    assert "0.8.4 or later" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


WHO = """
import json
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT current_user, rolsuper, rolbypassrls, current_database()"
        " FROM pg_roles WHERE rolname = current_user"
    )
    print(json.dumps(cursor.fetchone()))
"""


ERASE = """
from django.db import connection
connection.cursor().execute("DELETE FROM users_auditevent")
"""


def test_a_server_that_is_named_is_used_and_its_superuser_is_not(server: Postgres) -> None:
    with connect(server, "postgres", "postgres") as connection:
        connection.execute("CREATE DATABASE named")
    url = f"postgres://postgres@/named?host={server.place.sockets}"
    migrated = manage("migrate", DATABASE_URL=url)
    assert migrated.returncode == 0, migrated.stderr
    asked = manage("shell", "--no-imports", "-c", WHO, DATABASE_URL=url)
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout) == [embedded.APP, False, False, "named"]
    refused = manage("shell", "--no-imports", "-c", ERASE, DATABASE_URL=url)
    assert "permission denied for table users_auditevent" in refused.stderr


def test_a_named_server_that_does_not_answer_is_one_line_and_an_exit_code(tmp_path: Path) -> None:
    done = manage("migrate", DATABASE_URL=f"postgres://someone@/named?host={tmp_path}")
    assert done.returncode == 1
    assert done.stderr.startswith("lightpoint: The database that DATABASE_URL names does not answer")
    assert len(done.stderr.strip().splitlines()) == 1
