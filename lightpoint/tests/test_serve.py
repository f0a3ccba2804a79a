"""Server and worker beside each other: real processes, on a free port and the database of the test."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil
import pytest
from django.conf import settings
from django.db import connection

from complaints.models import CaseRun
from complaints.services import start_run
from complaints.tests.factories import NOW, make_complaint
from complaints.tests.workers import forget_jobs
from users.tests.factories import make_practice

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
    process = started(SITE, str(port), DATABASE_URL=url, INSECURE_HTTP="on")
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


def test_a_port_that_is_taken_ends_it_at_once(transactional_db, ending):
    place = connection.settings_dict
    url = f"postgres://lightpoint_app@/{place['NAME']}?host={place['HOST']}"
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = started(SITE, str(server.getsockname()[1]), DATABASE_URL=url, INSECURE_HTTP="on")
        ending.append(process)
        assert process.wait(SECONDS) != 0
    assert below(process) == []
