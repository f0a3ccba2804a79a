"""manage.py warm_cache: what the frequent questions need, computed before anybody asks; a second run buys nothing."""

import sys
import time

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from knowledge.services.keeping import answer_and_keep
from knowledge.services.warming import ANSWERS, EMBEDDINGS, warm_cache
from lightpoint.errors import DomainError
from lightpoint.management.preparation import ensure_ready
from lightpoint.progress import NullProgress

TITLES = {EMBEDDINGS: "Embedding the questions", ANSWERS: "Answering the frequent ones"}
UNUSABLE = 2


class _Bars(NullProgress):
    """A bar for each step."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars

    def start(self, step: str, total: int | None) -> None:
        self._task = self._bars.add_task(TITLES[step], total=total)

    def advance(self, _step: str, _label: str) -> None:
        self._bars.advance(self._task)


class Command(BaseCommand):
    help = (
        "Compute the embeddings of the frequent questions and of those in the digest, and the answers of the frequent "
        "ones. Exit 2: something that it needs does not answer."
    )

    def handle(self, *_args: object, **_options: object) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        started = time.perf_counter()
        try:
            ensure_ready()
            with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
                report = warm_cache(answer=answer_and_keep, progress=_Bars(bars))
        except DomainError as error:
            self.stderr.write(f"warm_cache: {error}")
            sys.exit(UNUSABLE)
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"{report.questions} questions: {report.bought} embeddings bought, {report.answered} answered "
            f"in {seconds:.1f} s"
        )
