"""python -m complaints.management.killing: a storm in places of its own. The last line is JSON; exit 1 with a fault."""

import argparse
import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from typing import Final, NoReturn

import django

from complaints.management.killing.places import own_places

MANAGE: Final = "manage.py"
SCALE: Final = 0.15  # real seconds for a second of the provider's
SLOW: Final = 0.5


def main() -> int:
    """Set up the places, go on in an environment that leads there, and say what came of it."""
    words = argparse.ArgumentParser(prog="python -m complaints.management.killing", description=__doc__)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--workers", type=int, default=3)
    words.add_argument("--minutes", type=float, default=30.0, help="after which a storm gives up")
    words.add_argument("--pause", action="store_true", help="instead, let a worker sleep longer than its lease")
    words.add_argument("--nursery", default="complaints.management.killing.nursery", help="what workers come from")
    given = words.parse_args()
    signal.signal(signal.SIGTERM, _leave)  # and put everything away
    with own_places() as places:
        os.environ.update(places.environment())
        subprocess.run([sys.executable, MANAGE, "migrate", "-v", "0"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        django.setup()
        run = import_module("complaints.management.killing.run")  # which needs a Django that is set up
        if given.pause:
            found = run.pause(places, nursery=given.nursery, scale=SLOW)
        else:
            size = {"kills": given.kills, "seed": given.seed, "workers": given.workers, "minutes": given.minutes}
            found = run.storm(places, nursery=given.nursery, scale=SCALE, **size)
    print(json.dumps({**found.figures, "faults": found.faults}))
    return int(bool(found.faults))


def _leave(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
