"""manage.py worker: do the jobs that requests leave behind. As many may run as there is work for, on any machine."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from lightpoint.errors import DomainError
from lightpoint.management.lanes import work_on, work_until_done
from lightpoint.management.preparation import ensure_ready

LOST = 1
UNUSABLE = 2
REFUSALS = (DomainError, ImproperlyConfigured, InterfaceError, OperationalError)


class Command(BaseCommand):
    help = (
        "Read papers, analyse cases, draft letters and send mail as they are asked for, until SIGTERM or SIGINT; what "
        "is being worked on then is finished first. Exit 1: the database was lost; 2: it cannot be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much at once, and whether to wait for more."""
        parser.add_argument("--concurrency", type=int, default=settings.WORKER_CONCURRENCY, help="jobs at a time")
        parser.add_argument("--once", action="store_true", help="end when no job is left")

    def handle(self, *args: object, **options: Any) -> None:
        """Work."""
        try:
            ensure_ready()
        except REFUSALS as error:
            self.stderr.write(f"worker: {' '.join(str(error).split())}")
            sys.exit(UNUSABLE)
        if options["once"]:
            work_until_done(concurrency=options["concurrency"])
        elif not work_on(concurrency=options["concurrency"]):
            sys.exit(LOST)
