"""Storms and pauses, set up in an environment that leads to their places, and put away again."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Final

from django.core.management import call_command

from complaints.management.killing import faults
from complaints.management.killing.people import Office, ask_for_letter, steady
from complaints.management.killing.places import Places
from complaints.management.killing.programs import NURSERY, Keeper, Web, Workers, log_of
from complaints.management.killing.storm import Storm, listening
from complaints.models import CaseRun
from knowledge.embeddings import model_key
from knowledge.models import Chunk
from letters.management.simulated import reworded
from letters.models import StageResult
from lightpoint.benchmarks.server import free_port
from lightpoint.llm.simulator import Config, Simulator

LONG: Final = 120.0  # seconds that anything here may take on a busy machine
WOKEN: Final = 6.0  # seconds in which a worker that woke has done what it would do


def storm(
    places: Places, *, kills: int, seed: int, workers: int, minutes: float, scale: float, nursery: str = NURSERY
) -> faults.Found:
    """`kills` kills with so many workers; a second of the provider takes `scale` real ones."""
    with _provider(places, seed, scale) as (provider, asked, environment), log_of(places) as log, ExitStack() as stack:
        crew, web = Workers(workers, environment, log, nursery), Web(free_port(), environment, log)
        stack.callback(crew.end)
        stack.callback(web.kill)
        chance = random.Random(seed)  # noqa: S311 - which victim, not a secret
        raging = Storm(places, Office.opened(), crew, web, provider, asked, chance, minutes=minutes)
        found = raging.rage(kills)
    if found.faults:
        print(places.log.read_text()[-20_000:], file=sys.stderr)
    return found


def pause(places: Places, *, nursery: str = NURSERY, scale: float) -> faults.Found:
    """A worker sleeps in the middle of a letter for longer than its lease, another writes the letter, the first wakes.

    It must change nothing then: neither the run nor the letter nor what was paid for. All its questions are on their
    way when it falls asleep: what a worker was about to send at that moment, nobody can take back.
    """
    os.environ["LETTER_CALLS_AT_ONCE"] = "64"
    with _provider(places, 1, scale) as (provider, asked, environment), log_of(places) as log, ExitStack() as stack:
        web = Web(free_port(), environment, log)
        stack.callback(web.kill)
        sleeper, other = (Workers(1, environment, log, nursery) for _ in range(2))
        stack.callback(sleeper.end)
        stack.callback(other.end)
        office = Office.opened()
        case = office.open_case(1)
        sleeper.keep()
        stack.enter_context(Keeper(web.keep))
        run_id = ask_for_letter(web.port, office.key, case.pk)
        _until(lambda: StageResult.objects.filter(complaint=case, stage="tone").exists(), "a stage")
        os.kill(sleeper.pids[0], signal.SIGSTOP)
        slept_in = CaseRun.objects.get(pk=run_id).attempt
        other.keep()
        _until(lambda: CaseRun.objects.get(pk=run_id).state == CaseRun.State.DONE, "the other worker's letter")
        before = _row(run_id)
        os.kill(sleeper.pids[0], signal.SIGCONT)
        time.sleep(WOKEN)
        found = steady(lambda: faults.look([case.pk], asked, provider))
        found.figures["attempts_before_the_sleep"] = slept_in
        after = _row(run_id)
        found.figures["changed"] = [name for name in after if after[name] != before[name]]
        found.expect("woken_worker_changed_the_run", int(after != before))
        return found


@contextmanager
def _provider(
    places: Places, seed: int, scale: float
) -> Iterator[tuple[Simulator, Mapping[str, list[float]], Mapping[str, str]]]:
    faults.keep_diary(places.postgres)
    call_command("load_guidance_digest", verbosity=0)
    Chunk.objects.update(embedded_with=model_key())  # vectors are not what is looked at, and take every worker's time
    answer, asked = listening(reworded)
    with Simulator(Config(seed=seed), answer, time_scale=scale) as provider:
        yield provider, asked, {**os.environ, **provider.environment()}


def _until(holds: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + LONG
    while not steady(holds):
        if time.monotonic() > ends:
            raise RuntimeError(f"Waited in vain for {what}")
        time.sleep(0.05)


def _row(run_id: int) -> dict[str, object]:
    """All of a run but what its progress tells."""
    names = ("state", "attempt", "message", "finished_at", "beat_at")
    return dict(zip(names, CaseRun.objects.values_list(*names).get(pk=run_id), strict=True))
