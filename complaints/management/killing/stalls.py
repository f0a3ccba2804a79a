"""Whether work lay with a dead worker although somebody looked for such work, and for how long it lay.

Seconds say little on a busy machine, where a look for stalled work itself may wait for its turn: what must hold is told
in looks. No job of a dead worker may be as it was after a look that began when the lease was over has ended.
"""

import time
from dataclasses import dataclass, field
from typing import Final

from django.db import connection, connections

from complaints.management.killing.people import steady
from complaints.management.killing.places import LEASE
from complaints.tasks import retry_stalled_jobs

LIES: Final = """
SELECT job.id, job.attempts,
       extract(epoch FROM now())::float8,
       (SELECT coalesce(max(extract(epoch FROM event.at)), 0)::float8
          FROM procrastinate_events AS event
          JOIN procrastinate_jobs AS look ON look.id = event.job_id
         WHERE look.task_name = %s AND look.status = 'succeeded' AND event.type = 'started'),
       (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 second') >= 2
  FROM procrastinate_jobs AS job
  LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
 WHERE job.status = 'doing' AND job.queue_name = 'cases'
   AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
"""
Job = tuple[int, int]  # its number and how often it was tried before


@dataclass
class Stalls:
    """Looks ten times a second. `passed_over` are the jobs that a whole look left as they were; `longest` is in seconds
    past the lease while some worker was there to take the work (one with two lanes is told as two).
    """

    longest: float = 0.0
    passed_over: set[Job] = field(default_factory=set)
    _since: dict[Job, float] = field(default_factory=dict)
    _waits: dict[Job, float] = field(default_factory=dict)

    def look(self) -> None:
        """Once, by the clock of the database and of one moment."""
        found = steady(self._lying)
        self._since = {job: self._since.get(job, now) for job, now, _looked, _takers in found}
        self._waits = {job: self._waits.get(job, now) for job, now, _looked, takers in found if takers}
        self.passed_over |= {job for job, _now, looked, _takers in found if looked > self._since[job]}
        self.longest = max([self.longest, *(now - self._waits.get(job, now) for job, now, _looked, _takers in found)])
        time.sleep(0.1)

    def _lying(self) -> list[tuple[Job, float, float, bool]]:
        with connection.cursor() as cursor:
            cursor.execute(LIES, [retry_stalled_jobs.name, LEASE])
            rows = [((job, tries), now, looked, takers) for job, tries, now, looked, takers in cursor.fetchall()]
        connections.close_all()
        return rows
