"""Server and worker beside each other: real processes, on a free port and the database of the test."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress

import psutil
import pytest
from django.conf import settings
from django.db import connection

from complaints.models import CaseRun
from complaints.services import start_run
from complaints.tests.factories import NOW, make_complaint
from complaints.tests.workers import forget_jobs
from lightpoint.benchmarks.server import session_of
from lightpoint.events import case_channel, publish
from users.tests.factories import make_practice, manager

SECONDS = 180  # of patience on a machine that is busy
SITE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lightpoint.settings"
import django
django.setup()
from lightpoint.management.commands.serve import programs
from lightpoint.management.supervisor import supervise
sys.exit(supervise(programs(int(sys.argv[1])), environment=os.environ, report=lambda line: print(line, flush=True)))
"""
SLEEPER = "import time; time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)"
STUBBORN = f"{DEAF}; {SLEEPER}"
SUPERVISOR = """
import os, sys
from lightpoint.management.supervisor import Program, supervise
kept = [Program("kept", (sys.executable, "-c", sys.argv[1]), kept=True)]
other = [Program("other", (sys.executable, "-c", code), kept=False) for code in sys.argv[2:]]
report = lambda line: print(line, flush=True)
sys.exit(supervise([*kept, *other], environment=os.environ, report=report, grace_seconds=1))
"""


def until(found: Callable[[], object], seconds: float = SECONDS) -> object:
    """What `found` answers as soon as it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(0.1)
    pytest.fail(f"{found} did not come true in {seconds} seconds")


def started(program: str, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
    )


def below(process: "subprocess.Popen[str]", word: str = "") -> list[psutil.Process]:
    """The processes that `process` started and theirs, of which `word` stands in the command."""
    with suppress(psutil.Error):
        found = psutil.Process(process.pid).children(recursive=True)
        return [child for child in found if _says(child, word)]
    return []


def _says(child: psutil.Process, word: str) -> bool:
    with suppress(psutil.Error):
        return child.status() != psutil.STATUS_ZOMBIE and word in " ".join(child.cmdline())
    return False


def alive(children: list[psutil.Process]) -> list[psutil.Process]:
    return [child for child in children if child.is_running() and _says(child, "")]


@pytest.fixture
def ending() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes put here are ended with all that they started, however the test goes."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        for child in [*below(process), process]:
            with suppress(psutil.Error, ProcessLookupError):
                child.kill()
        process.communicate()


def test_a_kept_program_that_dies_is_started_again(ending):
    process = started(SUPERVISOR, SLEEPER)
    ending.append(process)
    (first,) = until(lambda: below(process, "sleep(600)"))
    first.kill()
    again = until(lambda: [child for child in below(process, "sleep(600)") if child.pid != first.pid])
    assert len(again) == 1
    assert process.stdout.readline() == "kept died (-9); it starts again in 0.5 s\n"


@pytest.mark.parametrize(("code", "told"), [("raise SystemExit(7)", 7), ("pass", 1)])
def test_the_end_of_another_program_ends_all_with_its_code(ending, code, told):
    process = started(SUPERVISOR, SLEEPER, f"import time; time.sleep(1); {code}")
    ending.append(process)
    children = until(lambda: len(below(process, "sleep")) == 2 and below(process, "sleep"))
    assert process.wait(SECONDS) == told
    assert alive(children) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_all_also_what_does_not_listen_and_what_was_left(ending, number):
    leaving = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); {STUBBORN}"
    process = started(SUPERVISOR, leaving)
    ending.append(process)
    assert process.stdout.readline() == "up\n"
    children = until(lambda: len(below(process, "sleep")) == 2 and below(process, "sleep"))
    process.send_signal(number)
    assert process.wait(SECONDS) == 0
    assert alive(children) == []


def test_a_second_signal_does_not_wait(ending):
    process = started(SUPERVISOR.replace("grace_seconds=1", "grace_seconds=600"), STUBBORN)
    ending.append(process)
    assert process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(SECONDS) == 0


def test_a_killed_supervisor_leaves_nobody(ending):
    process = started(SUPERVISOR, SLEEPER)
    ending.append(process)
    children = until(lambda: below(process, "sleep(600)"))
    process.kill()
    until(lambda: not alive(children))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture
def site(transactional_db, ending) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Server and worker on the database of the test."""
    place, port = connection.settings_dict, free_port()
    url = f"postgres://lightpoint_app@/{place['NAME']}?host={place['HOST']}"
    variables = {"CACHE_NAMESPACE": settings.CACHE_NAMESPACE, "RATE_LIMIT_USER": "", "RATE_LIMIT_API": ""}
    process = started(SITE, str(port), DATABASE_URL=url, INSECURE_HTTP="on", **variables)
    ending.append(process)
    until(lambda: answers(port))
    yield process, port
    forget_jobs()


def done(run: CaseRun) -> bool:
    run.refresh_from_db()
    return run.state == "done"


def test_the_worker_beside_the_server_does_the_jobs_comes_back_and_ends_with_it(site):
    process, port = site
    (first,) = until(lambda: below(process, "manage.py worker"))
    run = start_run(complaint=make_complaint(make_practice()), kind="read", by=None, now=NOW)
    until(lambda: done(run))
    first.kill()
    (second,) = until(lambda: [child for child in below(process, "manage.py worker") if child.pid != first.pid])
    again = start_run(complaint=make_complaint(make_practice()), kind="read", by=None, now=NOW)
    until(lambda: done(again))
    assert answers(port)
    everybody = below(process)
    assert {second.pid} < {child.pid for child in everybody}
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS) == 0
    assert alive(everybody) == []
    assert not answers(port)


BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
POOL, WORKER = 8, 6  # connections that the server keeps at most, and those of the worker and its threads


@pytest.fixture
def asked() -> Iterator[Callable[..., http.client.HTTPResponse]]:
    """A function that asks, and gives the answer, whose body is still to be read; lines are closed after the test."""
    with ExitStack() as lines:

        def ask(port: int, method: str, path: str, **more: object) -> http.client.HTTPResponse:
            line = lines.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)))
            line.request(method, path, **more)
            return lines.enter_context(closing(line.getresponse()))

        yield ask


def test_the_site_is_served_with_its_styles_and_limits_and_its_streams_hold_no_database_connection(site, asked):
    _process, port = site
    script = asked(port, "GET", "/static/lightpoint/workplace.js")
    assert (script.status, script.headers.get_content_subtype()) == (200, "javascript")
    assert b"EventSource" in script.read()
    assert asked(port, "HEAD", "/healthz").read() == b""
    large = {"Content-Length": str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    assert asked(port, "POST", "/admin/login/", headers=large).status == 413
    practice = make_practice()
    complaint = make_complaint(practice)
    cookie = {"Cookie": session_of(manager(practice))}
    path = f"/api/v1/complaints/{complaint.pk}/events/"
    streams = [asked(port, "GET", path, headers=cookie) for _ in range(50)]
    assert all(b"retry" in stream.readline() for stream in streams)
    with connection.cursor() as cursor:
        cursor.execute(BACKENDS)
        assert cursor.fetchone()[0] <= POOL + WORKER
    publish(case_channel(complaint.pk), "text", {"paragraphs": ["Dear Sir"]})
    for stream in streams:
        assert stream.readline().startswith(b"event: state")
        assert [stream.readline() for _ in range(2)][1] == b"\n"
        assert stream.readline().startswith(b"id: ")
        assert [stream.readline() for _ in range(2)] == [b"event: text\n", b'data: {"paragraphs": ["Dear Sir"]}\n']
    assert asked(port, "GET", path).status == 401


def test_a_port_that_is_taken_ends_it_at_once(transactional_db, ending):
    place = connection.settings_dict
    url = f"postgres://lightpoint_app@/{place['NAME']}?host={place['HOST']}"
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = started(SITE, str(server.getsockname()[1]), DATABASE_URL=url, INSECURE_HTTP="on")
        ending.append(process)
        assert process.wait(SECONDS) != 0
    assert below(process) == []
