"""manage.py load_guidance_digest: the shipped digest into the database; a second run changes nothing."""

import time

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from knowledge.services import load_digest_into_database
from lightpoint.progress import NullProgress


class _Bar(NullProgress):
    """Shows the load as one bar."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("Loading the guidance", total=None)

    def start(self, _step: str, total: int | None) -> None:
        self._bars.update(self._task, total=total)

    def advance(self, _step: str, _label: str) -> None:
        self._bars.advance(self._task)


class Command(BaseCommand):
    help = "Store the guidance digest that ships with Lightpoint as dated section versions. Safe to run again."

    def handle(self, *_args: object, **_options: object) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        started = time.perf_counter()
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
            report = load_digest_into_database(now=timezone.now(), progress=_Bar(bars))
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"Guidance digest: {len(report.added)} sections added, {len(report.changed)} changed, "
            f"{len(report.corrected)} corrected, {report.unchanged} unchanged in {seconds:.1f} s"
        )
