"""A ring keeps the newest records of several processes in a bounded space, and nobody waits for it."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lightpoint.telemetry.ring import Ring

WRITER = """
import sys
from pathlib import Path
from lightpoint.telemetry.ring import Ring
ring = Ring(Path(sys.argv[1]), int(sys.argv[2]))
for number in range(int(sys.argv[4])):
    ring.append({"who": sys.argv[3], "number": number, "padding": "x" * 60})
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deeper" / "ring.jsonl"


def size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.parent.iterdir())


def numbers(ring: Ring) -> list[object]:
    return [record["number"] for record in ring.read()]


def test_records_are_read_in_the_order_they_came(path: Path) -> None:
    ring = Ring(path, 10_000)
    for number in range(5):
        ring.append({"number": number})
    assert numbers(ring) == [0, 1, 2, 3, 4]


def test_the_newest_are_kept_and_the_space_is_bounded(path: Path) -> None:
    ring = Ring(path, 1_000)
    for number in range(500):
        ring.append({"number": number})
    kept = numbers(ring)
    assert kept == list(range(kept[0], 500))  # type: ignore[call-overload]
    assert len(kept) >= 1_000 // len('{"number":123}\n')
    assert size(path) <= 2_000


def test_a_record_that_can_never_fit_is_left_out(path: Path) -> None:
    ring = Ring(path, 100)
    ring.append({"text": "x" * 200})
    ring.append({"number": 1})
    assert numbers(ring) == [1]


def test_processes_write_into_one_ring_without_losing_or_tearing_a_record(path: Path) -> None:
    arguments = [sys.executable, "-c", WRITER, str(path), "1000000"]
    writers = [subprocess.Popen([*arguments, name, "300"]) for name in ("a", "b", "c")]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    records = list(Ring(path, 1_000_000).read())
    for name in ("a", "b", "c"):
        assert [record["number"] for record in records if record["who"] == name] == list(range(300))


def test_processes_that_turn_the_generations_over_together_keep_the_newest_in_bounds(path: Path) -> None:
    arguments = [sys.executable, "-c", WRITER, str(path), "20000"]
    writers = [subprocess.Popen([*arguments, name, "1000"]) for name in ("a", "b", "c")]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert size(path) <= 2 * 20_000
    last = [record["number"] for record in Ring(path, 20_000).read()]
    assert last.count(999) >= 1
    assert len(last) >= 20_000 // 100


def test_a_process_that_stopped_while_turning_over_holds_nobody_up(path: Path) -> None:
    ring = Ring(path, 100)
    ring.append({"number": 1, "padding": "x" * 60})
    with path.open("rb") as stopped:
        fcntl.flock(stopped, fcntl.LOCK_EX)
        ring.append({"number": 2, "padding": "x" * 60})
        assert numbers(ring) == [1]
    ring.append({"number": 3, "padding": "x" * 60})
    assert numbers(ring) == [1, 3]


def test_a_line_that_was_cut_is_left_out(path: Path) -> None:
    ring = Ring(path, 1_000)
    ring.append({"number": 1})
    with path.open("a") as file:
        file.write('{"number":\n')
    ring.append({"number": 2})
    assert numbers(ring) == [1, 2]


def test_files_that_are_removed_come_back(path: Path) -> None:
    ring = Ring(path, 60)
    ring.append({"number": 1, "padding": "x" * 20})
    path.unlink()
    path.parent.rmdir()
    ring.append({"number": 2, "padding": "x" * 20})
    ring.append({"number": 3})
    assert 3 in numbers(ring)


def test_a_child_of_a_fork_can_write(path: Path) -> None:
    ring = Ring(path, 1_000)
    ring.append({"number": 1})
    with ring._lock:  # as another thread of the parent would hold it at that moment
        child = os.fork()
        if child == 0:
            ring.append({"number": 2})
            os._exit(0)
        os.waitpid(child, 0)
    assert numbers(ring) == [1, 2]


def test_what_cannot_be_written_is_lost_without_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ring = Ring(tmp_path / "file" / "ring.jsonl", 1_000)
    ring.append({"number": 1})
    assert numbers(ring) == []
