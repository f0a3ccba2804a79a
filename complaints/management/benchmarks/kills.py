"""A thousand kills of worker, web server, Redis and PostgreSQL while letters are drafted; see management.killing.

Target: no letter lost, none stuck past lease and one poll, every stage stored once, no answer paid for that is stored.
The baseline is the same worker without the fence, which must be found out (tests/kills).
"""

import json
import subprocess
import sys
from typing import Final

from django.conf import settings
from rich.console import Console

from lightpoint.benchmarks.harness import Figures

KILLS: Final = 1_000
MINUTES: Final = 60


def run(console: Console) -> Figures:
    """Storm in processes of its own, and say what holds."""
    console.print(f"{KILLS} kills: about a quarter of an hour", highlight=False)
    command = [sys.executable, "-m", "complaints.management.killing", "--kills", str(KILLS), "--minutes", str(MINUTES)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return {**found, "holds": not found["faults"]}
