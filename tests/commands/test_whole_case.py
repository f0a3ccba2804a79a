"""A case from intake to letters by the commands alone, each a process of its own with its exit code.

They work on the database of this run, which is named to them as any server is, by DATABASE_URL.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from complaints.models import Complaint
from letters.models import Letter
from letters.tests.conftest import text_bundle  # noqa: F401 - the fixture: the sample case without its scan
from users.models import Invitation, Practice

PRACTICE = "Penhallow Reed LLP"
DETAILS = ("--address", "3 Sandbar Yard, Exeter EX1 9VK", "--agent-reference", "PR6042", "--rate", "manager=125.00")
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(transactional_db: None, tmp_path: Path) -> Command:
    """Runs manage.py with the arguments; gives exit code, stdout and stderr."""
    place = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{place['USER']}@/{place['NAME']}?host={place['HOST']}",
        "CACHE_NAMESPACE": settings.CACHE_NAMESPACE,
        "TELEMETRY_DIR": str(tmp_path / "telemetry"),
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "telemetry" / "metrics"),
        "COLUMNS": "200",
    }

    def run(*arguments: object) -> tuple[int, str, str]:
        words = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(
            words, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_case_goes_from_intake_to_letters(command: Command, text_bundle: Path, tmp_path: Path) -> None:  # noqa: F811
    code, out, _ = command("create_practice", PRACTICE, "morwenna@penhallow.example", *DETAILS)
    assert (code, "invited morwenna@penhallow.example as admin" in out) == (0, True)
    code, out, _ = command("invite_user", PRACTICE, "ada@penhallow.example", "analyst")
    assert (code, "/account/invitation/" in out) == (0, True)
    assert Invitation.objects.filter(practice__name=PRACTICE).count() == 2

    code, out, _ = command("import_bundle", text_bundle, "--practice", PRACTICE)
    complaint = Complaint.objects.get()
    assert (code, out.strip()) == (0, complaint.reference)
    assert complaint.documents.exists()
    code, out, err = command("draft_case", text_bundle, "--out", tmp_path / "out")
    assert code == 0, err
    told = json.loads((tmp_path / "out" / "letter.json").read_text())
    assert (told["route"], told["released"]) == ("complaint", True)
    assert {"letter.docx", "letter.pdf", "letter.json"} <= {file.name for file in (tmp_path / "out").iterdir()}
    assert "complaint" in out
    assert Practice.objects.get().pk == Complaint.objects.get().practice_id  # both commands found the same
    assert Letter.objects.filter(complaint=complaint).exists()

    code, out, _ = command("search_guidance", "CRG5225")
    assert (code, "CRG5225" in out) == (0, True)


def test_the_report_is_for_people_and_for_programs(command: Command) -> None:
    code, out, _ = command("performance_report")
    assert (code, bool(out.strip())) == (0, True)
    code, out, _ = command("performance_report", "--json")
    assert (code, json.loads(out)["requests"]) == (0, 0)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, ("invite_user", "Nowhere", "ada@penhallow.example", "analyst")),
        (2, ("invite_user", "Nowhere", "ada@penhallow.example", "king")),
        (2, ("import_bundle", "samples", "--practice", "1")),
        (2, ("draft_case", "samples", "--out", "/nowhere")),
        (2, ("performance_report", "--since", "lately")),
    ],
)
def test_what_is_refused_says_why_in_its_exit_code(command: Command, code: int, words: tuple[str, ...]) -> None:
    found, _, err = command(*words)
    assert found == code
    assert err.strip()
