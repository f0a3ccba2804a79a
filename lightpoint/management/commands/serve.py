"""manage.py serve: prepare the installation as `demo` does, then serve the site and do its jobs on this machine."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from rich.console import Console

from knowledge.services.chunking import embed_missing
from lightpoint.management.preparation import demo_sign_in, prepare, step
from lightpoint.management.supervisor import Program, supervise

HOST = "127.0.0.1"
KILL_SECONDS = 5  # that streams of events, which do not end by themselves, have when the server stops


class Command(BaseCommand):
    help = (
        "Prepare the installation, serve admin, pages and API on 127.0.0.1 and do the jobs of the site, for looking "
        "round on one machine. SIGTERM or Ctrl-C ends it all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, **options: Any) -> None:
        """Prepare, show the sign-in, and keep server and worker running."""
        console = Console()
        prepare(console)
        with step(console, "Embedding the guidance"):
            embed_missing()
        email, password = demo_sign_in()
        console.print(f"Lightpoint is at http://{HOST}:{options['port']}/", highlight=False)
        console.print(f"Sign in as {email} with {password}", highlight=False, markup=False)
        sys.stdout.flush()
        connections.close_all()
        site = os.environ.get("SITE_URL", f"http://{HOST}:{options['port']}")
        environment = {**os.environ, "INSECURE_HTTP": "on", "SITE_URL": site}  # loopback only: no TLS to ask for
        sys.exit(supervise(programs(options["port"]), environment=environment, report=self.stderr.write))


def programs(port: int) -> tuple[Program, Program]:
    """The web server on `port`, with streams of events, and the worker beside it."""
    server: tuple[str, ...] = (sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws")
    server += ("--host", HOST, "--port", str(port), "--workers-kill-timeout", str(KILL_SECONDS))
    server += ("lightpoint.asgi:application",)
    worker = (sys.executable, str(settings.BASE_DIR / "manage.py"), "worker")
    return Program("The web server", server, kept=False), Program("The worker", worker, kept=True)
