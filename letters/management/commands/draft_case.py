"""manage.py draft_case BUNDLE --out DIR: a case bundle in, checked letters out."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from complaints.bundles import BundleError
from letters.casefile import CaseFile
from letters.management.bundles import draft_bundle
from letters.progress import ConsoleProgress
from letters.services import PIPELINES, TONES
from letters.services.drafting import counted
from lightpoint.errors import DomainError
from lightpoint.management.preparation import ensure_ready

RELEASED, UNUSABLE, BLOCKED = 0, 2, 3
REFUSALS = (BundleError, DomainError, OSError, ImproperlyConfigured, InterfaceError, OperationalError)


class Command(BaseCommand):
    help = (
        "Draft the letters of a case bundle: letter.docx, letter.pdf and letter.json in DIR. "
        "Exit 0: released; 3: drafted but blocked (letter.json says by what); 2: the bundle cannot be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bundle", type=Path, help="folder with case.json and documents/")
        parser.add_argument("--out", type=Path, required=True, help="folder to write to; made if missing")
        parser.add_argument("--pipeline", help=f"one of: {', '.join(PIPELINES)}; parallel with a key, else embedded")
        parser.add_argument("--tone", default="firm", help=f"one of: {', '.join(TONES)}")

    def handle(self, *args: object, **options: Any) -> None:
        console = Console()
        try:
            ensure_ready()
            with ConsoleProgress(console) as progress:
                case = draft_bundle(
                    options["bundle"],
                    options["out"],
                    pipeline=options["pipeline"],
                    tone=options["tone"],
                    progress=progress,
                )
        except REFUSALS as error:
            self.stderr.write(f"draft_case: {' '.join(str(error).split())}")
            sys.exit(UNUSABLE)
        _show(console, case, options["out"])
        sys.exit(RELEASED if case.released else BLOCKED)


def _show(console: Console, case: CaseFile, out: Path) -> None:
    table = Table(title=Text(f"{case.analysis.route.route}: {counted(case.letters)} in {out}"))
    for heading in ("letter", "to", "sentences", "state"):
        table.add_column(heading)
    for letter, problems in zip(case.letters, case.problems, strict=True):
        state = "released" if not problems else f"blocked by {len(problems)}"
        table.add_row(letter.type, letter.recipient, str(len(letter.sentences())), state)
    console.print(table)
    for document in case.documents:
        if document.problem:
            console.print(f"not used: {document.name}: {document.problem.detail}", markup=False)
    for problems in case.problems:
        for problem in problems:
            console.print(f"blocked: {problem}", markup=False)
    for file in sorted(out.iterdir()):
        console.print(str(file), markup=False, soft_wrap=True)
