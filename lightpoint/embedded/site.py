"""The site of a checkout, as `manage.py serve` runs it: found among the processes by what it was started with."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

STOP_SECONDS: Final = 30  # the server and the worker end first what they are doing


class Site:
    """Every `manage.py serve` of the checkout at `root`; there may be one on each port."""

    def __init__(self, root: Path) -> None:
        self._program = root / "manage.py"

    def pids(self) -> list[int]:
        """The processes that serve it."""
        return [process.pid for process in self._running()]

    def stop(self) -> bool:
        """End them with what they have started, and wait for it. Returns False when none ran."""
        running = list(self._running())
        for process in running:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        _ended, deaf = psutil.wait_procs(running, timeout=STOP_SECONDS)
        for process in deaf:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return bool(running)

    def _running(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):  # it has ended, or is another user's
                if self._serves(process):
                    yield process

    def _serves(self, process: psutil.Process) -> bool:
        words = process.cmdline()[:4]
        if "serve" not in words or process.status() == psutil.STATUS_ZOMBIE:
            return False
        program = words[words.index("serve") - 1]
        return Path(program).name == self._program.name and Path(process.cwd(), program).resolve() == self._program
