"""`make stop` ends the site of its checkout, and no other."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lightpoint.embedded import Site

SERVING = "import time\nprint('up', flush=True)\ntime.sleep(600)\n"


@pytest.fixture
def serving() -> "Iterator[list[subprocess.Popen[str]]]":
    """Processes put here are ended, however the test goes."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def served(root: Path, *words: str) -> "subprocess.Popen[str]":
    """A checkout at `root` of which `manage.py` runs with these words."""
    root.mkdir(exist_ok=True)
    (root / "manage.py").write_text(SERVING)
    process = subprocess.Popen([sys.executable, "manage.py", *words], cwd=root, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_every_site_of_the_checkout_is_ended_and_no_other_program(tmp_path, serving) -> None:
    mine = [served(tmp_path / "mine", "serve", "--port", port) for port in ("8000", "8001")]
    others = [served(tmp_path / "other", "serve"), served(tmp_path / "mine", "worker", "--name", "serve")]
    serving += [*mine, *others]
    site = Site(tmp_path / "mine")
    assert sorted(site.pids()) == sorted(process.pid for process in mine)
    assert site.stop()
    assert all(process.wait(10) is not None for process in mine)
    assert [process.poll() for process in others] == [None, None]
    assert not site.stop()
