"""Forks workers (`manage.py worker`): one that is killed is there again in a moment, without importing all of it anew.

Reads lines from the standard input: for each it forks a worker and writes its number. Ends its workers with itself.
"""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Final, NoReturn

import django
from django.core.management import call_command

from knowledge.digest import load_digest

IMPORTED: Final = ("letters.services", "lightpoint.management.commands.worker")


def serve(imported: Sequence[str] = IMPORTED) -> None:
    """Fork a worker for each line, after what is to be `imported` first."""
    django.setup()
    for name in imported:
        import_module(name)
    load_digest()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    born = []
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become_worker()
            _work()
        born.append(pid)
        print(pid, flush=True)
    for pid in born:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _work() -> NoReturn:
    """Work, and end without tidying up: libraries would wait for threads that a fork does not have."""
    code = 1
    try:
        call_command("worker")
        code = 0
    except SystemExit as ending:
        code = int(ending.code or 0)
    finally:
        sys.stderr.flush()
        os._exit(code)


def name_of(pid: int) -> str:
    """What a worker calls itself at the database."""
    return f"worker {pid}"


def _become_worker() -> None:
    os.setsid()
    os.environ["PGAPPNAME"] = name_of(os.getpid())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)


if __name__ == "__main__":
    serve()
