"""manage.py bench: measure a part of the product against a named baseline, in one run."""

import json
import pkgutil
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from complaints.management import benchmarks as of_complaints
from knowledge.management import benchmarks as of_knowledge
from letters.management import benchmarks as of_letters
from lightpoint import benchmarks
from users.management import benchmarks as of_users

SHARED = "bursts", "crowd", "harness", "server", "site", "walk"  # what benchmarks are made of
MODULES = {
    found.name: f"{package.__name__}.{found.name}"
    for package in (benchmarks, of_knowledge, of_users, of_complaints, of_letters)
    for found in pkgutil.iter_modules(package.__path__)
    if found.name not in SHARED
}

OPTIONS = "cases", "rounds", "time_scale", "write_to"
DOCS = settings.BASE_DIR / "docs" / "performance"


class Command(BaseCommand):
    help = (
        "Measure a part of the product against its baseline. The last line is JSON with every figure and `holds`: "
        "whether all targets hold. Exit code 0 when they do, 1 when one does not."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django has it

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The benchmark, and what only some of them take."""
        parser.add_argument("name", choices=sorted(MODULES))
        parser.add_argument("--cases", type=Path, help="letters: folder of bundles, if not ../shared/cases")
        parser.add_argument("--rounds", type=int, help="letters: presses of each arm for each case")
        parser.add_argument("--time-scale", type=float, help="letters: real seconds of a simulated one spent waiting")
        parser.add_argument(
            "--write-docs", dest="write_to", action="store_const", const=DOCS, help="letters: into docs/performance"
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Run it, and end with its figures."""
        run = import_module(MODULES[options["name"]]).run
        figures = run(Console(), **_given(run, options))
        self.stdout.write(json.dumps({"bench": options["name"], **figures}))
        if not figures["holds"]:
            sys.exit(1)


def _given(run: Callable[..., object], options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, all of which the benchmark takes."""
    given = {name: options[name] for name in OPTIONS if options[name] is not None}
    for name in given:
        if name not in signature(run).parameters:
            raise CommandError(f"{options['name']} takes no {name}", returncode=2)
    return given
