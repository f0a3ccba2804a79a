"""A storm set up in an environment that leads to its places, and put away again."""

import os
import random
import sys

from complaints.management.killing import faults
from complaints.management.killing.people import Office
from complaints.management.killing.places import Places
from complaints.management.killing.programs import Web, Workers, log_of
from complaints.management.killing.storm import Storm, listening
from letters.tests.models import reworded
from lightpoint.benchmarks.server import _free_port
from lightpoint.llm.simulator import Config, Simulator


def storm(places: Places, *, kills: int, seed: int, workers: int, scale: float) -> faults.Found:
    """`kills` kills with so many workers; a second of the provider takes `scale` real ones."""
    faults.keep_diary(places.postgres)
    answer, asked = listening(reworded)
    with Simulator(Config(seed=seed), answer, time_scale=scale) as provider, log_of(places) as log:
        environment = {**os.environ, **provider.environment()}
        crew, web = Workers(workers, environment, log), Web(_free_port(), environment, log)
        try:
            found = Storm(places, Office.opened(), crew, web, provider, asked, random.Random(seed)).rage(kills)  # noqa: S311
        finally:
            crew.end()
            web.kill()
        if found.faults:
            print(places.log.read_text()[-20_000:], file=sys.stderr)
        return found
