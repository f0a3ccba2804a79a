"""The reading process: order, limits, crashes, and what the next file sees of them."""

import dataclasses
import os
import time

import pytest

from complaints.documents import Limits, isolation, read_bundle, read_bytes, read_file_isolated
from complaints.tests.documents import builders


def test_a_bundle_reads_as_its_files_do_one_by_one():
    files = [
        ("b.txt", b"Spoke to Bev at 10:20."),
        ("m.eml", builders.message(attachments=[("a.txt", b"a note of a call")]).as_bytes()),
        ("empty.txt", b""),
        ("a.docx", builders.docx("Dear Sirs")),
        ("b.txt", b"Spoke to Bev at 10:20."),
    ]
    expected = tuple(document for name, data in files for document in read_bytes(name, data))
    assert read_bundle(files) == expected


def test_progress_is_told_after_each_file():
    seen = []
    read_bundle([("a.txt", b"one"), ("b.txt", b"two")], on_progress=lambda *told: seen.append(told))
    assert seen == [(1, 2, "a.txt"), (2, 2, "b.txt")]


def test_a_large_file_passes_through_both_pipes():
    data = ("A line of a long note, number 1.\n" * 60_000).encode()
    (document,) = read_file_isolated("long.txt", data)
    assert len(document.pages[0].text) == len(data) - 1


@pytest.fixture
def slow_reader(tmp_path, monkeypatch):
    """Run, in place of the worker, one that sleeps on files named `sleep`, dies on `die` and swells on `swell`."""
    script = tmp_path / "rogue.py"
    script.write_text(
        "import os, signal, time\n"
        "from complaints.documents import worker\n"
        "real = worker.read_bytes\n"
        "def rogue(name, data, limits):\n"
        "    if name == 'sleep': time.sleep(60)\n"
        "    if name == 'die': os.kill(os.getpid(), signal.SIGSEGV)\n"
        "    if name == 'swell': hold = b'x' * (200 << 20); time.sleep(60)\n"
        "    return real(name, data, limits)\n"
        "worker.read_bytes = rogue\n"
        "worker.main()\n"
    )
    monkeypatch.setattr(isolation, "WORKER", (str(script),))


@pytest.mark.parametrize(("name", "kind"), [("sleep", "timeout"), ("die", "corrupt"), ("swell", "too-large")])
def test_a_file_that_hangs_or_kills_the_reader_costs_only_itself(slow_reader, name, kind):
    limits = dataclasses.replace(Limits(), seconds=1.5, memory_mb=150)
    started = time.monotonic()
    first, bad, last = read_bundle([("a.txt", b"one"), (name, b"two"), ("c.txt", b"three")], limits)
    assert time.monotonic() - started < 10
    assert bad.problem is not None
    assert bad.problem.kind == kind
    assert (first.pages[0].text, last.pages[0].text) == ("one", "three")


def test_the_reader_gets_none_of_this_process_secrets(slow_reader, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do not pass on")
    (tmp_path / "rogue.py").write_text(
        "import os\n"
        "from complaints.documents import worker\n"
        "real = worker.read_bytes\n"
        "found = os.environ.get('SECRET_KEY', 'none').encode()\n"
        "worker.read_bytes = lambda name, data, limits: real(name, found, limits)\n"
        "worker.main()\n"
    )
    (document,) = read_file_isolated("a.txt", b"one")
    assert document.pages[0].text == "none"


def test_no_reader_is_left_behind():
    read_file_isolated("a.txt", b"one")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_an_oversized_file_is_refused_without_a_reader(monkeypatch):
    monkeypatch.setattr(isolation, "WORKER", ("/nonexistent",))
    (document,) = read_file_isolated("a.txt", b"x" * 100, dataclasses.replace(Limits(), file_bytes=10))
    assert document.problem is not None
    assert document.problem.kind == "too-large"
