"""python -m complaints.management.killing: a storm in places of its own. The last line is JSON; exit 1 with a fault."""

import argparse
import json
import os
import random
import subprocess
import sys
from typing import Final

MANAGE: Final = "manage.py"
SCALE: Final = 0.15  # real seconds for a second of the provider's
SLOW: Final = 1.0


def main() -> int:
    """Set up the places, go on in an environment that leads there, and say what came of it."""
    words = argparse.ArgumentParser(prog="python -m complaints.management.killing", description=__doc__)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--pause", action="store_true", help="instead, let a worker sleep longer than its lease")
    words.add_argument("--nursery", default="complaints.management.killing.nursery", help="what workers come from")
    given = words.parse_args()
    from complaints.management.killing.places import own_places

    with own_places() as places:
        os.environ.update(places.environment())
        subprocess.run([sys.executable, MANAGE, "migrate", "-v", "0"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        import django

        django.setup()
        from complaints.management.killing.run import pause, storm

        if given.pause:
            found = pause(places, nursery=given.nursery, scale=SLOW)
        else:
            found = storm(places, kills=given.kills, seed=given.seed, workers=given.workers, scale=SCALE)
    print(json.dumps({**found.figures, "faults": found.faults}))
    return int(bool(found.faults))


if __name__ == "__main__":
    random.seed()
    sys.exit(main())
