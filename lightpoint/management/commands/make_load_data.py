"""manage.py make_load_data: many made-up cases, to measure with."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from rich.console import Console

from lightpoint.errors import DomainError
from lightpoint.management.load import fill
from lightpoint.management.preparation import ensure_ready

MOST = 5_000_000


class Command(BaseCommand):
    help = "Add made-up practices with many cases to the database, by COPY. For measuring; not for a database in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many."""
        parser.add_argument("--complaints", type=int, default=100_000, help="cases to add (default 100000)")
        parser.add_argument("--practices", type=int, default=20, help="practices to spread them over (default 20)")

    def handle(self, *args: object, **options: Any) -> None:
        """Fill in one transaction, and say what was added."""
        console = Console()
        complaints, practices = options["complaints"], options["practices"]
        if not 1 <= practices <= complaints <= MOST:
            self.stderr.write(f"make_load_data: 1 practice or more, and no more than cases; at most {MOST} cases")
            sys.exit(2)
        started = time.perf_counter()
        try:
            ensure_ready()
            with console.status("Filling the tables"), transaction.atomic():
                counts = fill(complaints=complaints, practices=practices, now=timezone.now())
        except DomainError as error:
            self.stderr.write(f"make_load_data: {error}")
            sys.exit(1)
        for table, count in counts.items():
            console.print(f"{table:<28}{count:>10}", highlight=False)
        console.print(f"{time.perf_counter() - started:.1f} s", highlight=False)
