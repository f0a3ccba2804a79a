"""manage.py serve: prepare the installation as `demo` does, then serve the site on this machine."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

from lightpoint.management.preparation import demo_sign_in, prepare

HOST = "127.0.0.1"
THREADS = 8  # as many as the pool of database connections has in lightpoint.wsgi


class Command(BaseCommand):
    help = "Prepare the installation and serve admin, pages and API on 127.0.0.1, for looking round on one machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, **options: Any) -> None:
        """Prepare, show the sign-in, and become the server."""
        console = Console()
        prepare(console)
        email, password = demo_sign_in()
        console.print(f"Lightpoint is at http://{HOST}:{options['port']}/", highlight=False)
        console.print(f"Sign in as {email} with {password}", highlight=False, markup=False)
        sys.stdout.flush()
        os.environ["INSECURE_HTTP"] = "on"  # loopback only, so there is no TLS to ask for
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            HOST,
            "--port",
            str(options["port"]),
        ]
        command += ["--blocking-threads", str(THREADS), "--no-ws", "lightpoint.wsgi:application"]
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, with arguments of our own
