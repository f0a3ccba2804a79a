"""The command, killed where it hurts and run again: in the end nothing tells it from a run that was left alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from knowledge.models import Chunk, Embedding, SectionVersion
from knowledge.services.chunking import embedding_text
from users.models import AuditEvent

SECONDS = 300  # of patience on a machine that is busy
PAGES = 7
# Kills itself before the statement of that number, of those that begin so.
PROGRAM = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lightpoint.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.CACHES["default"]["LOCATION"] = "unix:///nowhere"  # vectors of other runs would save this one its work
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from knowledge.services import chunking
chunking.AT_ONCE = 4
beginning, left = sys.argv[3], int(sys.argv[4])
def watched(execute, sql, params, many, context):
    global left
    left -= sql.startswith(beginning)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(watched):
    call_command("ingest_guidance", sys.argv[2])
"""
KILLS = [
    ('INSERT INTO "knowledge_sectionversion"', 3),
    ('INSERT INTO "knowledge_chunk"', 2),
    ('INSERT INTO "knowledge_embedding"', 2),
    ('UPDATE "knowledge_chunk"', 1),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Seven sections on one day each, and one that says on the third day again what it said on the first."""
    place = tmp_path / "pages"
    place.mkdir()
    written = [(f"note-{number}", 1, f"Words of note {number}.") for number in range(PAGES)]
    written += [("note-x", 1, "As it was."), ("note-x", 2, "Otherwise."), ("note-x", 3, "As it was.")]
    for number, (identifier, day, words) in enumerate(written):
        text = f"---\nidentifier: {identifier}\ndate: 2024-01-0{day}\n---\n# A note\n\n{words}\n"
        (place / f"{number}.md").write_text(text, encoding="utf-8")
    return place


def run(folder: Path, beginning: str, number: int) -> tuple[int, str]:
    database = str(connection.settings_dict["NAME"])
    arguments = [database, str(folder), beginning, str(number)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=settings.BASE_DIR,
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stderr


def rows() -> dict[str, Iterable[tuple[object, ...]]]:
    """All that a run leaves behind but keys and times."""
    version = ("identifier", "version", "title", "body", "page_date", "valid_from", "valid_to", "superseded_at")
    chunk = ("identifier", "role", "position", "start", "end", "text", "terms", "valid_from", "valid_to", "standing")
    return {
        "versions": sorted(map(repr, SectionVersion.objects.values_list(*version))),
        "chunks": sorted(map(repr, Chunk.objects.values_list(*chunk, "embedded_with"))),
        "vectors": sorted(map(repr, Embedding.objects.values_list("model", "text_sha256"))),
        "trail": sorted(map(repr, AuditEvent.objects.values_list("action", "target_label"))),
    }


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_and_run_again_it_leaves_what_an_undisturbed_run_leaves(folder: Path) -> None:
    for beginning, number in KILLS:
        assert run(folder, beginning, number) == (-signal.SIGKILL, "")
    assert run(folder, "nothing", 1) == (0, "")
    disturbed = rows()
    texts = {" ".join(embedding_text(chunk).split()) for chunk in Chunk.objects.all()}
    assert Embedding.objects.count() == len(texts) < Chunk.objects.count()
    assert not Chunk.objects.filter(embedded_with="").exists()
    call_command("flush", interactive=False, verbosity=0)
    assert run(folder, "nothing", 1) == (0, "")
    assert rows() == disturbed
