"""Jobs left behind in the transaction of the caller, in a worker too.

Within a worker procrastinate's app has a connection of its own: what is deferred through it is there before the
caller's transaction ends, so that a job may be looked at before the row that it is about, or outlive it. What is here
goes through the connection of Django.
"""

from datetime import datetime

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task


def defer(task: str, *, queue: str, lock: str | None = None, at: datetime | None = None, **arguments: str | int) -> int:
    """Have `task` done by a worker once the transaction is through, not before `at`. Returns the number of the job.

    Jobs with the same `lock` go in turn.
    """
    job = configure_task(name=task, job_manager=_manager(), queue=queue, lock=lock, schedule_at=at)
    return job.defer(**arguments)


def give_again(job_id: int, *, now: datetime) -> None:
    """Take a job from the worker that has it, and let another one have it. Raises ConnectorException where it ended."""
    _manager().retry_job_by_id(job_id, retry_at=now)


def _manager() -> JobManager:
    return JobManager(DjangoConnector())
