"""The storm: letters are asked for, and what works on them is killed, until there were as many kills as wanted."""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.db import connection

from complaints.management.killing import faults
from complaints.management.killing.people import Office, ask_for_letter, steady
from complaints.management.killing.places import LEASE, POLL, Places
from complaints.management.killing.programs import Keeper, Web, Workers
from complaints.management.killing.stalls import Stalls
from complaints.models import CaseRun
from lightpoint.llm.simulator import Answer, Simulator

AT_ONCE: Final = 10  # letters under way
PAUSE: Final = (0.1, 0.7)  # seconds between two kills
SETTLE_SECONDS: Final = 120.0  # after the last kill, until every run has ended
UNSEEN: Final = 60.0  # seconds past the lease without any look for stalled work that ends: no machine is that busy
WEIGHTS: Final[Mapping[str, int]] = {"worker": 55, "redis": 20, "web": 10, "backend": 8, "postmaster": 5}
Answering = Callable[[Mapping[str, Any]], str | Answer]


@dataclass
class Storm:
    """What a storm needs. `kills` counts those that hit, by victim."""

    places: Places
    office: Office
    workers: Workers
    web: Web
    provider: Simulator
    asked: Mapping[str, list[float]]
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    wanted: list[int] = field(default_factory=list)
    hit_letters: set[int] = field(default_factory=set)
    minutes: float = 30.0

    def rage(self, count: int) -> faults.Found:
        """Kill `count` times while letters are drafted, wait for the last letter, and say what is wrong."""
        started, stalls = time.monotonic(), Stalls()
        kept = (self.places.keep_postgres, self.places.keep_redis, self.workers.keep, self.web.keep, stalls.look)
        with Keeper(*kept):
            self._kill_until(count)
            stormed = time.monotonic() - started
            self._settle()
            found = steady(lambda: faults.look(self.wanted, self.asked, self.provider))
        found.figures |= {"kills": dict(self.kills), "kills_in_all": self.kills.total()}
        found.figures |= {"letters_hit": len(self.hit_letters), "seconds_of_storm": round(stormed, 1)}
        found.figures |= {"longest_stall_past_lease": round(stalls.longest, 1), "lease": LEASE, "poll": POLL}
        found.expect("kills_missing", count - self.kills.total())
        found.expect("stalled_past_lease_and_poll", len(stalls.passed_over))
        found.expect("nobody_looked_for_stalled_work", int(stalls.longest > UNSEEN))
        return found

    def _kill_until(self, count: int) -> None:
        clients = [threading.Thread(target=self._ask, daemon=True) for _ in range(2)]
        self._over = threading.Event()
        for client in clients:
            client.start()
        ends = time.monotonic() + 60 * self.minutes
        while self.kills.total() < count and time.monotonic() < ends:
            time.sleep(self.chance.uniform(*PAUSE))
            live = steady(self._live)
            if not live:
                continue
            victim = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            if self._kill(victim):
                self.kills[victim] += 1
                self.hit_letters |= set(live)
        self._over.set()
        for client in clients:
            client.join(200)

    def _kill(self, victim: str) -> bool:
        if victim == "worker":
            return self.workers.kill_one(self.chance, steady(_listening))
        if victim == "redis":
            return self.places.kill_redis()
        if victim == "web":
            return self.web.has_answered and self.web.kill()
        if victim == "backend":
            return self.places.kill_backend(self.chance)
        return self.places.kill_postmaster()

    def _live(self) -> list[int]:
        rows = CaseRun.objects.filter(state__in=CaseRun.LIVE, kind=CaseRun.Kind.DRAFT)
        return list(rows.values_list("complaint_id", flat=True))

    def _ask(self) -> None:
        """A client: a new case and the order for its letters, whenever fewer than AT_ONCE are under way."""
        while not self._over.is_set():
            if len(steady(self._live)) >= AT_ONCE:
                time.sleep(0.2)
                continue
            number = len(self.wanted) + self.chance.randrange(10**6) * 1_000
            case = steady(partial(self.office.open_case, number))
            self.wanted.append(case.pk)
            ask_for_letter(self.web.port, self.office.key, case.pk)
            self.web.has_answered = True

    def _settle(self) -> None:
        ends = time.monotonic() + SETTLE_SECONDS
        while steady(self._live) and time.monotonic() < ends:
            time.sleep(0.3)


def _listening() -> set[str]:
    """The names of those who wait for jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT application_name FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        return {name for (name,) in cursor.fetchall()}


def listening(answer: Answering) -> tuple[Answering, Mapping[str, list[float]]]:
    """`answer`, and the times at which each question came, by its key."""
    asked: defaultdict[str, list[float]] = defaultdict(list)

    def listen(request: Mapping[str, Any]) -> str | Answer:
        asked[faults.key_of(request)].append(time.time())
        return answer(request)

    return listen, asked
