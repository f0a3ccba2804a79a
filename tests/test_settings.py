"""Settings come from the environment, keep no secret in the code, and say every limit once."""

import dataclasses
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from complaints.documents import Limits

ROOT = Path(__file__).resolve().parents[1]
ASKED = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')


def ask(expression: str, **environment: str) -> str:
    code = f"from lightpoint import settings; print({expression})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_the_limits_of_documents_are_those_that_the_readers_know() -> None:
    assert {
        field.name: getattr(Limits(), field.name) for field in dataclasses.fields(Limits)
    } == settings.DOCUMENT_LIMITS


def test_a_limit_can_be_set_from_outside() -> None:
    assert ask("settings.DOCUMENT_LIMITS['pages']", DOCUMENT_MAX_PAGES="7") == "7"


def test_every_variable_that_is_asked_for_stands_in_the_example() -> None:
    asked = set(ASKED.findall((ROOT / "lightpoint" / "settings.py").read_text()))
    example = (ROOT / ".env.example").read_text()
    assert {name for name in asked if not re.search(rf"^# {name}=", example, re.MULTILINE)} == set()


def test_a_secret_key_is_made_once_and_readable_by_its_owner_only() -> None:
    made = settings.VAR_DIR / "secret-key"
    assert len(ask("settings.SECRET_KEY")) > 50
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert ask("settings.SECRET_KEY") == made.read_text()
    assert ask("settings.SECRET_KEY", SECRET_KEY="given") == "given"


@pytest.mark.parametrize(("insecure", "expected"), [("off", "True True 31536000"), ("on", "False False 0")])
def test_a_site_is_for_https_only_unless_it_is_told_otherwise(insecure: str, expected: str) -> None:
    shown = "settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS"
    assert ask(shown, INSECURE_HTTP=insecure) == expected


def test_debug_is_off_unless_it_is_asked_for() -> None:
    assert ask("settings.DEBUG") == "False"


def test_a_named_database_is_not_embedded_and_may_have_an_owner_of_its_own() -> None:
    shown = "settings.DATABASES['default'].get('EMBEDDED'), settings.DATABASES['default']['OWNER']['USER']"
    named = {"DATABASE_URL": "postgres://app@db.example/x", "DATABASE_OWNER_URL": "postgres://owner@db.example/x"}
    assert ask(shown, **named) == "None owner"


def test_servers_pool_their_connections_and_commands_do_not() -> None:
    shown = "settings.DATABASES['default']['OPTIONS'].get('pool', {}).get('max_size')"
    assert ask(shown) == "None"
    assert ask(shown, DATABASE_POOL_SIZE="8") == "8"
