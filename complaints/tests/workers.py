"""Real procrastinate workers on the database of a test."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

ROOT: Path = settings.BASE_DIR


def work(concurrency: int = 1) -> None:
    """Run a worker in this process until no job is left."""
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(
            queues=["cases", "upkeep"],
            wait=False,
            install_signal_handlers=False,
            listen_notify=False,
            concurrency=concurrency,
        )


def worker_process(program: str, **variables: str) -> "subprocess.Popen[str]":
    """A worker in a process of its own on the same database; `program` is run before the worker."""
    text = f"""
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lightpoint.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {connection.settings_dict["NAME"]!r}
import django
django.setup()
from procrastinate.contrib.django import app
{program}
with app.replace_connector(app.connector.get_worker_connector()):
    app.run_worker(queues=["cases", "upkeep"], wait=False, listen_notify=False, concurrency=1)
"""
    environment: Mapping[str, str] = {**os.environ, **variables}
    return subprocess.Popen(
        [sys.executable, "-c", text],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def forget_jobs() -> None:
    """Take away the jobs that a committing test leaves behind: a flush knows only the tables of managed models."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers")


def silence_workers() -> None:
    """Make it an hour since any worker was heard of."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


def jobs() -> list[tuple[str, str]]:
    """Name and state of every job about cases, in the order in which they were deferred."""
    rows = ProcrastinateJob.objects.filter(task_name__regex=r"^(complaints|letters)\.").order_by("id")
    return list(rows.values_list("task_name", "status"))
