"""How a long step tells what it is doing. The services call it; commands show it, requests ignore it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol


class Progress(Protocol):
    """Told when a step starts, moves on and ends, and of what can be seen already.

    `total` is None where the number of parts is not known. `tell` carries an event as it goes to who follows the case.
    `check` is called while something is waited for, and raises where nobody wants the work any more.
    """

    def start(self, step: str, total: int | None) -> None: ...
    def advance(self, step: str, label: str) -> None: ...
    def finish(self, step: str, seconds: float) -> None: ...
    def check(self) -> None: ...
    def tell(self, event: str, data: Mapping[str, Any]) -> None: ...


class NullProgress:
    """Shows nothing."""

    def start(self, step: str, total: int | None) -> None:
        """Do nothing."""

    def advance(self, step: str, label: str) -> None:
        """Do nothing."""

    def finish(self, step: str, seconds: float) -> None:
        """Do nothing."""

    def check(self) -> None:
        """Do nothing."""

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        """Do nothing."""


@dataclass
class Stopwatch:
    """Wall seconds by step, in the order the steps ran; what a receipt reports as latency."""

    progress: Progress = field(default_factory=NullProgress)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[None]:
        self.progress.start(name, total)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
            self.progress.finish(name, self.seconds[name])
