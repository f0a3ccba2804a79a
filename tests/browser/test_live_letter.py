"""The letter as it is written, in a browser: site and worker as `make serve` runs them, and a simulated provider."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateWorker

from complaints.models import CaseRun, Complaint
from complaints.tests.workers import forget_jobs
from knowledge.services import load_digest_into_database
from letters.management.bundles import draft_bundle
from letters.management.simulated import reworded
from letters.models import LetterVersion
from lightpoint.llm.simulator import Simulator
from lightpoint.progress import NullProgress
from lightpoint.tests.test_serve import SITE, answers, free_port
from tests.browser.conftest import Desk, apart
from users.models import Practice
from users.roles import Role
from users.tests.factories import NOW, PASSWORD, make_user

SAMPLE = django_settings.BASE_DIR / "samples" / "cgt-repayment-withheld"
ANALYST = "ada@penhallow.example"
IN_SIGHT_SECONDS = 3.0
PATIENCE = 120.0
SLOW = 1000 * PATIENCE  # milliseconds


@pytest.fixture
def complaint(transactional_db, tmp_path: Path) -> Complaint:
    """A case whose papers are in, and which has a letter already; without its scan, which takes seconds to read."""
    load_digest_into_database(now=NOW)
    bundle = shutil.copytree(SAMPLE, tmp_path / SAMPLE.name, ignore=shutil.ignore_patterns("scan_*"))
    draft_bundle(bundle, tmp_path / "out", pipeline="embedded", tone="firm", progress=NullProgress())
    make_user(Role.MANAGER, Practice.objects.get(), email=ANALYST, name="Ada Reed")
    return Complaint.objects.get()


@pytest.fixture
def provider() -> Iterator[Simulator]:
    """A provider that is slow enough for a letter to be seen growing."""
    with Simulator(None, reworded, time_scale=1.0) as found:
        yield found


@pytest.fixture
def served(complaint: Complaint, provider: Simulator) -> Iterator[str]:
    """The address of the site, with its worker at work."""
    place, port = connection.settings_dict, free_port()
    variables = {
        "DATABASE_URL": f"postgres://lightpoint_app@/{place['NAME']}?host={place['HOST']}",
        "INSECURE_HTTP": "on",
        "CACHE_NAMESPACE": django_settings.CACHE_NAMESPACE,
        **provider.environment(),
    }
    process = psutil.Popen(
        [sys.executable, "-c", SITE, str(port)], cwd=django_settings.BASE_DIR, env={**os.environ, **variables}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(port) and ProcrastinateWorker.objects.exists())
        yield address
    finally:
        process.terminate()
        process.wait(30)
        forget_jobs()


def until(holds) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def allowed_seconds() -> float:
    """The time in which text is in sight; more on a machine that has more to do than it can."""
    return IN_SIGHT_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def text_of(page: Page) -> list[tuple[str, list[str]]]:
    return page.locator("#sight [data-section]").evaluate_all(
        "all => all.map(one => [one.dataset.state, [...one.querySelectorAll('p')].map(p => p.textContent)])"
    )


def test_text_is_in_sight_soon_and_each_section_is_marked_as_it_stands(
    served, complaint, chromium, watch, pictures
) -> None:
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(SLOW)
    watch.on(page)
    ada = Desk(page, served, pictures)
    ada.sign_in(ANALYST, PASSWORD)
    ada.go(reverse("admin:letters_letter_case", args=[complaint.pk]))
    page.get_by_label("Tone").select_option("robust")
    see_it_grow(ada)
    see_it_finished(page)
    ada.picture("21-letter-finished")
    page.get_by_role("link", name="Version 2: read it beside its ledger").click()
    expect(page.get_by_role("heading", name="Complaint, first tier")).to_be_visible(timeout=SLOW)
    assert watch.errors == []
    assert watch.hosts == {urlsplit(served).netloc}
    context.close()


def see_it_grow(ada: Desk) -> None:
    page, allowed, pressed = ada.page, allowed_seconds(), time.monotonic()
    page.get_by_role("button", name="Draft", exact=True).click()
    page.locator("#sight [data-section] p").first.wait_for(state="visible")
    waited = time.monotonic() - pressed
    print(f"text in sight after {waited:.2f} s, {allowed:.1f} s allowed")
    assert is_at_work()
    assert waited <= allowed
    assert "drafted" in {state for state, _ in text_of(page)}
    page.evaluate("window.stays = true")
    expect(page.locator("#sight [data-section][data-state=checked]").first).to_be_visible(timeout=SLOW)
    assert is_at_work()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=SLOW)
    ada.picture("20-letter-as-it-is-written")


def see_it_finished(page: Page) -> None:
    """The text is that of the stored version, the page beside it is fresh, and it was not loaded again."""
    expect(page.get_by_text("Finished.")).to_be_visible(timeout=SLOW)
    expect(page.locator("#sight [data-section][data-state=drafted]")).to_have_count(0)
    expect(page.locator("[data-live]")).to_have_count(0)
    expect(page.get_by_text("version 2, robust")).to_be_visible()
    assert page.evaluate("window.stays")
    version = apart(lambda: LetterVersion.objects.latest("pk"))
    shown = {paragraph for _, paragraphs in text_of(page) for paragraph in paragraphs}
    missing = [line for line in version.text.splitlines() if line.strip() and line not in shown]
    titles = page.locator("#sight h4").all_inner_texts()
    assert all(any(title.startswith(line) for title in titles) for line in missing), missing


def is_at_work() -> bool:
    run = apart(lambda: CaseRun.objects.filter(kind=CaseRun.Kind.DRAFT).latest("pk"))
    return bool(run.state == CaseRun.State.RUNNING)
