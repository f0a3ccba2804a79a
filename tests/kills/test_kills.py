"""Letters through kills of worker, web server, Redis and PostgreSQL, and a worker that wakes too late.

LIGHTPOINT_KILLS says how many kills. Each test has a database, a Redis and processes of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("LIGHTPOINT_KILLS", "20"))
SECONDS = 900


def storm(*words: str) -> dict[str, Any]:
    """The figures of a run, in its own processes."""
    command = [sys.executable, "-m", "complaints.management.killing", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.stdout, done.stderr[-6_000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == bool(found["faults"])
    return found


def test_no_letter_is_lost_stuck_written_twice_or_paid_twice_through_kills() -> None:
    found = storm("--kills", str(KILLS), "--minutes", "12")
    assert found["faults"] == [], found
    assert found["kills_in_all"] == KILLS
    assert found["letters_hit"]
    assert found["booked_as_answered"] >= found["stages"] > 0
    if KILLS >= 200:  # then every kind of victim was among them
        assert set(found["kills"]) == {"worker", "web", "redis", "backend", "postmaster"}
        assert found["attempts"] > found["letters_asked_for"]


def test_a_worker_that_wakes_after_its_lease_was_taken_writes_nothing() -> None:
    found = storm("--pause")
    assert found["faults"] == [], found
    assert found["attempts"] > found["attempts_before_the_sleep"]  # another worker took over


def test_without_the_fence_the_same_worker_is_found_out() -> None:
    found = storm("--pause", "--nursery", "tests.kills.unfenced")
    assert found["receipts_too_many"] or found["woken_worker_changed_the_run"], found
