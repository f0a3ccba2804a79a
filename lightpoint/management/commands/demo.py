"""manage.py demo: from an empty database to the letter of the sample case."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

from lightpoint.management.preparation import OUT, prepare, sample_cases


class Command(BaseCommand):
    help = "Prepare the installation and draft the sample cases into out/."

    def handle(self, *args: object, **options: Any) -> None:
        """Prepare, then say where the letters are. The exit code is that of draft_case."""
        console = Console()
        code = prepare(console)
        for case in sample_cases():
            console.print(f"Letter: {OUT.name}/{case.name}/letter.pdf (.docx, .json)", highlight=False)
        sys.exit(code)
