"""How long work lay with a dead worker while a living one could have taken it."""

import time
from dataclasses import dataclass, field
from typing import Final

from django.db import connection, connections

from complaints.management.killing.people import steady
from complaints.management.killing.places import LEASE

LIES: Final = """
SELECT job.id
  FROM procrastinate_jobs AS job
  LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
 WHERE job.status = 'doing' AND job.queue_name = 'cases'
   AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
   AND (SELECT count(*) FROM procrastinate_workers
         WHERE last_heartbeat > now() - interval '1 second') >= 2
"""


@dataclass
class Stalls:
    """Looks ten times a second; `longest` is in seconds past the lease. A worker with two lanes is told as two."""

    longest: float = 0.0
    _since: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        """Once."""
        found = steady(self._lying)
        now = time.monotonic()
        self._since = {job: self._since.get(job, now) for job in found}
        self.longest = max([self.longest, *(now - since for since in self._since.values())])
        time.sleep(0.1)

    def _lying(self) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(LIES, [LEASE])
            rows = [job for (job,) in cursor.fetchall()]
        connections.close_all()
        return rows
