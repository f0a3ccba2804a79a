"""Progress of long steps on a terminal, with the time each took."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

NAMES = {
    "read": "Reading the papers",
    "facts": "Finding the facts",
    "analysis": "Analysing",
    "notes": "Taking notes of the papers",
    "letters": "Drafting and checking the letters",
    "export": "Writing the files",
}


class ConsoleProgress:
    """A bar for each step while it runs and a line with its seconds when it is done. A context manager."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[label]}"),
            console=console,
            transient=True,
        )
        self._console = console
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "ConsoleProgress":
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def start(self, step: str, total: int | None) -> None:
        self._tasks[step] = self._bars.add_task(NAMES.get(step, step), total=total, label="")

    def advance(self, step: str, label: str) -> None:
        if step in self._tasks:
            self._bars.update(self._tasks[step], advance=1, label=label)

    def finish(self, step: str, seconds: float) -> None:
        self._bars.remove_task(self._tasks.pop(step))
        self._console.print(f"{NAMES.get(step, step):<36}{seconds:8.2f} s")

    def check(self) -> None:
        """A terminal is interrupted by its keys."""

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        """Nothing is shown: a terminal gets the files at the end."""
