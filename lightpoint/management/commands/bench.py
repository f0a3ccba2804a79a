"""manage.py bench: measure a part of the product against a named baseline, in one run."""

import json
import pkgutil
import sys
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

from complaints.management import benchmarks as of_complaints
from knowledge.management import benchmarks as of_knowledge
from lightpoint import benchmarks
from users.management import benchmarks as of_users

SHARED = "bursts", "crowd", "harness", "server", "site", "walk"  # what benchmarks are made of
MODULES = {
    found.name: f"{package.__name__}.{found.name}"
    for package in (benchmarks, of_knowledge, of_users, of_complaints)
    for found in pkgutil.iter_modules(package.__path__)
    if found.name not in SHARED
}


class Command(BaseCommand):
    help = (
        "Measure a part of the product against its baseline. The last line is JSON with every figure and `holds`: "
        "whether all targets hold. Exit code 0 when they do, 1 when one does not."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django has it

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The benchmark."""
        parser.add_argument("name", choices=sorted(MODULES))

    def handle(self, *args: object, **options: Any) -> None:
        """Run it, and end with its figures."""
        figures = import_module(MODULES[options["name"]]).run(Console())
        self.stdout.write(json.dumps({"bench": options["name"], **figures}))
        if not figures["holds"]:
            sys.exit(1)
