"""What `demo` and `serve` have in common: services, tables, the sample practice, the guidance and the sample cases."""

import io
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from rich.console import Console

from lightpoint import embedded
from lightpoint.cache import check_redis
from lightpoint.errors import ServiceUnavailable
from users.services import create_platform_user

SAMPLES = settings.BASE_DIR / "samples"
OUT = settings.BASE_DIR / "out"
SIGN_IN = "demo@lightpoint.example"
PASSWORD_FILE = "demo-password"  # noqa: S105 - the name of a file, not a password


def prepare(console: Console) -> int:
    """Bring the installation to where the sample cases are drafted. Returns the worst exit code of `draft_case`."""
    with step(console, "Starting PostgreSQL and Redis"):
        _start_services()
    with step(console, "Bringing the tables up to date"):
        call_command("migrate", stdout=io.StringIO())
    with step(console, "Loading the sample practice"):
        call_command("load_practice", SAMPLES / "practice.json", stdout=io.StringIO())
    with step(console, "Loading the guidance digest"):
        call_command("load_guidance_digest", stdout=io.StringIO())
    return max((_draft(case, console) for case in sample_cases()), default=0)


def ensure_ready() -> None:
    """For a command that may be the first on a checkout: services, tables and guidance are there and up to date.

    Tables of this checkout's own server are brought up to date; those of a server of yours are only looked at. Raises
    ServiceUnavailable where its tables are behind.
    """
    embedded_server = settings.DATABASES["default"].get("EMBEDDED")
    if embedded_server:
        embedded.postgres().ensure()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if not embedded_server:
            raise ServiceUnavailable("The tables are behind the code; run: python manage.py migrate")
        call_command("migrate", stdout=io.StringIO())
    call_command("load_guidance_digest", stdout=io.StringIO())


def sample_cases() -> list[Path]:
    """The case bundles that ship with the product."""
    return sorted(folder.parent for folder in SAMPLES.glob("*/case.json"))


def demo_sign_in() -> tuple[str, str]:
    """Address and password of the user for looking round. The password is random and kept under var/, for us only."""
    file = settings.VAR_DIR / PASSWORD_FILE
    user = get_user_model().objects.filter(email=SIGN_IN).first()
    if user is None or not file.exists():
        password = secrets.token_urlsafe(12)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as kept:
            kept.write(password)
        if user is None:
            create_platform_user(email=SIGN_IN, password=password, now=timezone.now())
        else:
            user.set_password(password)
            user.save(update_fields=["password"])
    return SIGN_IN, file.read_text()


@contextmanager
def step(console: Console, label: str) -> Iterator[None]:
    """Show that `label` is under way, and then how long it took."""
    started = time.perf_counter()
    with console.status(f"{label} ..."):
        yield
    console.print(f"{label}: {time.perf_counter() - started:.1f} s", highlight=False)


def _start_services() -> None:
    if settings.DATABASES["default"].get("EMBEDDED"):
        embedded.postgres().ensure()
    if settings.REDIS_URL:
        check_redis(settings.REDIS_URL)
    else:
        embedded.redis().ensure()


def _draft(case: Path, console: Console) -> int:
    out = OUT / case.name
    console.print(f"Drafting {case.name}", highlight=False)
    try:
        call_command("draft_case", case, out=out)
    except SystemExit as ending:
        return int(ending.code or 0)
    return 0
