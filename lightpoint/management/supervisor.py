"""Programs that run beside each other until they are told to stop, and of which none is left behind.

Each has a session of its own, so that a Ctrl-C in the terminal reaches the supervisor alone, which then ends them in
good order. Should the supervisor itself be killed, the kernel ends them (Linux); elsewhere they are left.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

TICK_SECONDS: Final = 0.1
GRACE_SECONDS: Final = 10.0  # that a program has to end what it is doing
LONGEST_PAUSE: Final = 30.0
HEALTHY_SECONDS: Final = 60.0  # after which a program that dies is no longer one that cannot start
ENDING: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. One that is kept is started again when it dies; the end of any other is the end of all."""

    name: str
    command: Sequence[str]
    kept: bool


@dataclass
class _Child:
    program: Program
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = 0.0
    due: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - programs of our own
            self.program.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )

    def ended(self) -> int | None:
        """The exit code of a program that has ended, else None. What it started and left is ended too."""
        code = self.process.poll() if self.process else None
        if code is not None:
            self.send(signal.SIGKILL, whole_session=True)
        return code

    def start_later(self) -> float:
        """Have it started again after a pause, which grows while it keeps dying. Returns the pause."""
        lived = time.monotonic() - self.started
        self.pause = 0.5 if lived > HEALTHY_SECONDS or not self.pause else min(self.pause * 2, LONGEST_PAUSE)
        self.process, self.due = None, time.monotonic() + self.pause
        return self.pause

    def send(self, number: signal.Signals, *, whole_session: bool = False) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            (os.killpg if whole_session else os.kill)(self.process.pid, number)


def supervise(
    programs: Sequence[Program],
    *,
    environment: Mapping[str, str],
    report: Callable[[str], None],
    grace_seconds: float = GRACE_SECONDS,
) -> int:
    """Run `programs` until SIGTERM, SIGINT or SIGHUP comes, or one ends that is not kept. Call it in the main thread.

    Returns 0 after a signal, else the exit code of the program that ended. A second signal kills at once.
    """
    signals: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        signals.append(number)

    before = {number: signal.signal(number, note) for number in ENDING}
    children = [_Child(program, environment) for program in programs]
    try:
        return _watch(children, signals, report)
    finally:
        _end(children, signals, time.monotonic() + grace_seconds)
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(children: Sequence[_Child], signals: Sequence[int], report: Callable[[str], None]) -> int:
    while not signals:
        for child in children:
            if child.process is None and child.due <= time.monotonic():
                child.start()
            code = child.ended()
            if code is None:
                continue
            if not child.program.kept:
                report(f"{child.program.name} ended with exit code {code}")
                return code if code > 0 else 1
            report(f"{child.program.name} died ({code}); it starts again in {child.start_later():.1f} s")
        time.sleep(TICK_SECONDS)
    return 0


def _end(children: Sequence[_Child], signals: Sequence[int], deadline: float) -> None:
    """Ask all to end; kill those that have not by the deadline, or when a further signal comes."""
    heard = len(signals)
    for child in children:
        child.send(signal.SIGTERM)
    while any(child.process and child.ended() is None for child in children):
        if time.monotonic() > deadline or len(signals) > heard:
            for child in children:
                child.send(signal.SIGKILL, whole_session=True)
        time.sleep(TICK_SECONDS)


def _end_with_parent() -> None:
    """In the child, before the program: be sent SIGTERM when the supervisor dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
