"""manage.py ingest_guidance: pages of guidance from files or from GOV.UK into dated sections, chunked and embedded."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from knowledge.ingestion.client import Client, FetchError, Manners
from knowledge.ingestion.crawling import Memory
from knowledge.ingestion.govuk import SITE
from knowledge.models.guidance import KINDS
from knowledge.services.chunking import STEP, embed_missing
from knowledge.services.ingestion import FETCHING, READING, STORING, IngestReport, ingest_manual, ingest_paths
from lightpoint.progress import NullProgress
from users.models import Practice

NAMES = {READING: "Reading", STORING: "Storing", FETCHING: "Fetching from GOV.UK", STEP: "Embedding"}
FILE_KINDS = [name for name, _ in KINDS if name != "precedent"]  # precedents are anonymised first, in the product
FEW = 20


class _Bars(NullProgress):
    """A bar for each step."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, Any] = {}

    def start(self, step: str, total: int | None) -> None:
        self._tasks[step] = self._bars.add_task(NAMES.get(step, step), total=total, label="")

    def advance(self, step: str, label: str) -> None:
        self._bars.update(self._tasks[step], advance=1, label=label)


class Command(BaseCommand):
    help = (
        "Store pages of guidance as dated section versions. A page that changed becomes a new version; one that did "
        "not is left alone. Stop it anywhere and run it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files and folders, or a manual of GOV.UK."""
        parser.add_argument("paths", nargs="*", type=Path, help="PDF, DOCX, HTML, TXT, MD, JSON; or folders of them")
        parser.add_argument("--practice", default="", help="whose pages they are; without it, the platform's")
        parser.add_argument("--kind", choices=FILE_KINDS, default="", help="instead of what the pages tell")
        parser.add_argument("--source", default="", help="name of the source of sections that are new")
        parser.add_argument("--from-govuk", metavar="MANUAL", default="", help="such as complaints-and-remedy-guidance")
        parser.add_argument("--base-url", default=SITE, help="another place that speaks GOV.UK's content API")
        parser.add_argument("--pause", type=float, default=None, help="seconds between two requests")
        parser.add_argument("--no-embedding", action="store_true", help="leave the embedding to a later run")

    def handle(self, *_args: object, **options: Any) -> None:
        """Ingest, embed, and say in a few lines what came of it."""
        if bool(options["paths"]) == bool(options["from_govuk"]):
            raise CommandError("Name files or folders, or a manual with --from-govuk.")
        practice = _practice(options["practice"])
        console, started = Console(stderr=True), time.perf_counter()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(
            *columns, TextColumn("{task.fields[label]}"), console=console, disable=not console.is_terminal
        ) as bars:
            progress = _Bars(bars)
            report = self._ingest(options, practice, progress)
            stored = time.perf_counter() - started
            embedded = 0 if options["no_embedding"] else embed_missing(progress)
        self._tell(report, embedded, stored, time.perf_counter() - started)
        if report.problems:
            sys.exit(1)

    def _ingest(self, options: dict[str, Any], practice: Practice | None, progress: _Bars) -> IngestReport:
        now = timezone.now()
        if not options["from_govuk"]:
            missing = [str(path) for path in options["paths"] if not path.exists()]
            if missing:
                raise CommandError(f"There is no {', '.join(missing)}")
            return ingest_paths(
                options["paths"],
                practice=practice,
                now=now,
                progress=progress,
                kind=options["kind"],
                source_name=options["source"],
            )
        try:
            return ingest_manual(
                options["from_govuk"],
                client=_client(options),
                memory=Memory.of(settings.VAR_DIR / "govuk" / f"{Path(options['from_govuk']).name}.json"),
                practice=practice,
                now=now,
                progress=progress,
            )
        except FetchError as error:
            raise CommandError(f"{error} What came before is stored; run it again to go on.") from error

    def _tell(self, report: IngestReport, embedded: int, stored: float, total: float) -> None:
        for problem in report.problems[:FEW]:
            self.stderr.write(f"{problem.file}: {problem.detail}")
        if len(report.problems) > FEW:
            self.stderr.write(f"... and {len(report.problems) - FEW} more")
        self.stdout.write(
            f"Guidance: {len(report.added)} sections added, {len(report.changed)} changed, "
            f"{len(report.corrected)} corrected, {len(report.unchanged)} unchanged, {len(report.problems)} not read; "
            f"{embedded} chunks embedded; {stored:.1f} s and {total - stored:.1f} s"
        )


def _practice(name: str) -> Practice | None:
    if not name:
        return None
    found = Practice.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no practice {name}")
    return found


def _client(options: dict[str, Any]) -> Client:
    pause = settings.GOVUK_PAUSE_SECONDS if options["pause"] is None else options["pause"]
    return Client(options["base_url"], manners=Manners(pause=pause, timeout=settings.GOVUK_TIMEOUT_SECONDS))
