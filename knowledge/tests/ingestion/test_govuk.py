"""A manual fetched from a local server that speaks the shape of GOV.UK's content API."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from knowledge.ingestion import Page
from knowledge.ingestion.client import Client, FetchError, Manners
from knowledge.ingestion.crawling import Memory
from knowledge.models import Chunk, SectionVersion, Source
from knowledge.services.ingestion import IngestReport, SourceWanted, ingest_manual, store_page

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
MANUAL = "/hmrc-internal-manuals/birds"
pytestmark = pytest.mark.django_db


def section(number: str, body: str, below: tuple[str, ...] = (), day: str = "2023-12-11") -> dict[str, Any]:
    children = [{"section_id": name.upper(), "title": name, "base_path": f"{MANUAL}/{name}"} for name in below]
    return {
        "base_path": f"{MANUAL}/{number}",
        "document_type": "hmrc_manual_section",
        "title": f"Birds: {number}",
        "public_updated_at": f"{day}T09:30:00Z",
        "details": {
            "section_id": number.upper(),
            "body": body,
            "child_section_groups": [{"title": "", "child_sections": children}] if children else [],
            "manual": {"base_path": MANUAL},
        },
    }


def manual(*below: str) -> dict[str, Any]:
    children = [{"section_id": name.upper(), "title": name, "base_path": f"{MANUAL}/{name}"} for name in below]
    return {
        "base_path": MANUAL,
        "document_type": "hmrc_manual",
        "title": "Birds Manual",
        "description": "About birds.",
        "details": {"child_section_groups": [{"title": "All", "child_sections": children}], "change_notes": []},
    }


@dataclass
class Site:
    """What the server has, how it misbehaves next at a path, and what it was asked."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, deque[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""

    def paths(self) -> list[str]:
        return [path.rpartition("/")[2] for path, _ in self.asked]


class Handler(BaseHTTPRequestHandler):
    """Answers from the site it is of; status 299 stands for an answer that breaks off half-way."""

    site: Site

    def do_GET(self) -> None:
        held = self.site
        held.at_once += 1
        held.most_at_once = max(held.most_at_once, held.at_once)
        time.sleep(0.01)  # long enough for another request to come, if there is one
        held.at_once -= 1  # before the answer: who has it may ask again at once
        self._answer()

    def _answer(self) -> None:
        path = self.path.removeprefix("/api/content")
        body = json.dumps(self.site.items.get(path, {})).encode()
        etag = f'"{hash(body)}"'
        status, extra = self._status(path, etag)
        self.site.headers.append(dict(self.headers))
        self.site.asked.append((path, status))
        whole = status == 200
        self.send_response(200 if status == 299 else status)
        for name, value in {"ETag": etag, "Content-Length": str(len(body)), **extra}.items():
            if status in (200, 299) or name != "Content-Length":
                self.send_header(name, value)
        self.end_headers()
        if status in (200, 299):
            self.wfile.write(body if whole else body[: len(body) // 2])

    def _status(self, path: str, etag: str) -> tuple[int, dict[str, str]]:
        if self.site.faults.get(path):
            return self.site.faults[path].popleft()
        if path not in self.site.items:
            return 404, {}
        return (304 if self.headers.get("If-None-Match") == etag else 200), {}

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    held = Site(
        {
            MANUAL: manual("bir1000", "bir2000"),
            f"{MANUAL}/bir1000": section("bir1000", "", below=("bir1025", "bir1050")),
            f"{MANUAL}/bir1025": section("bir1025", "<p>A kingfisher that waits is not late.</p>"),
            f"{MANUAL}/bir1050": section("bir1050", "<p>A heron is always on time.</p>"),
            f"{MANUAL}/bir2000": section("bir2000", "<p>Other birds.</p>"),
        }
    )

    server = ThreadingHTTPServer(("127.0.0.1", 0), type("HandlerOfSite", (Handler,), {"site": held}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    held.url = f"http://127.0.0.1:{server.server_port}"
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def slept() -> list[float]:
    return []


def fetch(site: Site, file: Path, slept: list[float]) -> IngestReport:
    client = Client(site.url, manners=Manners(pause=0.5, timeout=5), sleep=slept.append)
    return ingest_manual("birds", client=client, memory=Memory.of(file), now=NOW)


def test_a_manual_is_read_in_its_order_and_each_page_with_words_is_stored(
    site: Site, tmp_path: Path, slept: list[float]
) -> None:
    report = fetch(site, tmp_path / "m.json", slept)
    assert site.paths() == ["birds", "bir1000", "bir1025", "bir1050", "bir2000"]
    assert report.added == ["BIR1025", "BIR1050", "BIR2000"]
    assert (report.problems, site.most_at_once) == ([], 1)
    assert slept == [0.5] * 4
    assert "Lightpoint" in site.headers[0]["User-Agent"]
    version = SectionVersion.objects.get(identifier="BIR1025")
    assert version.url == f"https://www.gov.uk{MANUAL}/bir1025"
    assert list(Source.objects.values_list("name", "kind")) == [("Birds Manual", "manual")]
    assert Chunk.objects.count() == 3


def test_a_second_run_is_answered_not_modified_and_stores_nothing(
    site: Site, tmp_path: Path, slept: list[float]
) -> None:
    fetch(site, tmp_path / "m.json", slept)
    site.asked.clear()
    report = fetch(site, tmp_path / "m.json", slept)
    assert {status for _, status in site.asked} == {304}
    assert (report.added, report.unchanged) == ([], [])
    assert SectionVersion.objects.count() == 3


def test_a_page_that_changed_is_a_new_version_and_the_others_are_left(
    site: Site, tmp_path: Path, slept: list[float]
) -> None:
    fetch(site, tmp_path / "m.json", slept)
    site.items[f"{MANUAL}/bir1050"] = section("bir1050", "<p>A heron may be late.</p>", day="2025-02-01")
    report = fetch(site, tmp_path / "m.json", slept)
    assert (report.changed, report.unchanged) == (["BIR1050"], [])
    assert SectionVersion.objects.filter(identifier="BIR1050").count() == 2


def test_pages_that_are_no_longer_in_the_database_are_asked_for_anew(
    site: Site, tmp_path: Path, slept: list[float]
) -> None:
    fetch(site, tmp_path / "m.json", slept)
    store_page(Page("BIR1050", "Birds", "Something else."), source=SourceWanted("Birds Manual"), now=NOW)
    assert fetch(site, tmp_path / "m.json", slept).corrected == ["BIR1050"]


def test_a_busy_server_is_left_alone_for_as_long_as_it_says(site: Site, tmp_path: Path, slept: list[float]) -> None:
    site.faults[f"{MANUAL}/bir1025"] = deque([(429, {"Retry-After": "7"}), (503, {"Retry-After": "9"}), (500, {})])
    report = fetch(site, tmp_path / "m.json", slept)
    assert report.added == ["BIR1025", "BIR1050", "BIR2000"]
    assert [pause for pause in slept if pause != 0.5] == [7.0, 9.0, 2.0]


def test_a_server_that_asks_for_hours_ends_the_run(site: Site, tmp_path: Path, slept: list[float]) -> None:
    site.faults[f"{MANUAL}/bir1050"] = deque([(429, {"Retry-After": "7200"})])
    with pytest.raises(FetchError, match="7200"):
        fetch(site, tmp_path / "m.json", slept)


def test_an_answer_that_was_cut_short_is_asked_for_again(site: Site, tmp_path: Path, slept: list[float]) -> None:
    site.faults[f"{MANUAL}/bir1025"] = deque([(299, {})])
    report = fetch(site, tmp_path / "m.json", slept)
    assert "BIR1025" in report.added
    assert site.paths().count("bir1025") == 2


def test_a_page_that_never_comes_is_reported_and_the_rest_goes_on(
    site: Site, tmp_path: Path, slept: list[float]
) -> None:
    site.faults[f"{MANUAL}/bir1025"] = deque([(500, {})] * 5)
    del site.items[f"{MANUAL}/bir2000"]
    report = fetch(site, tmp_path / "m.json", slept)
    assert report.added == ["BIR1050"]
    assert [problem.file for problem in report.problems] == [f"{MANUAL}/bir1025", f"{MANUAL}/bir2000"]


def test_a_run_that_was_stopped_goes_on_where_it_was(site: Site, tmp_path: Path, slept: list[float]) -> None:
    site.faults[f"{MANUAL}/bir2000"] = deque([(429, {"Retry-After": "7200"})])
    with pytest.raises(FetchError):
        fetch(site, tmp_path / "m.json", slept)
    site.asked.clear()
    assert fetch(site, tmp_path / "m.json", slept).added == ["BIR2000"]
    assert site.paths() == ["bir2000"]


def test_a_manual_that_is_not_there_says_so(site: Site, tmp_path: Path, slept: list[float]) -> None:
    site.items.clear()
    with pytest.raises(FetchError, match="404"):
        fetch(site, tmp_path / "m.json", slept)


def test_sections_of_another_manual_are_not_followed(site: Site, tmp_path: Path, slept: list[float]) -> None:
    site.items[MANUAL]["details"]["child_section_groups"][0]["child_sections"].append(
        {"base_path": "/hmrc-internal-manuals/fish/fis1000"}
    )
    site.items[MANUAL]["details"]["child_section_groups"][0]["child_sections"].append(
        {"base_path": f"{MANUAL}/../fish/fis2000"}
    )
    fetch(site, tmp_path / "m.json", slept)
    assert not {"fis1000", "fis2000"} & set(site.paths())


def test_a_redirect_to_another_place_is_not_followed(site: Site, tmp_path: Path, slept: list[float]) -> None:
    site.faults[MANUAL] = deque([(302, {"Location": "http://localhost:1/secret"})])
    with pytest.raises(FetchError, match="another place"):
        fetch(site, tmp_path / "m.json", slept)


def test_a_memory_that_is_damaged_is_begun_anew(site: Site, tmp_path: Path, slept: list[float]) -> None:
    (tmp_path / "m.json").write_text('{"kept": [')
    assert len(fetch(site, tmp_path / "m.json", slept).added) == 3


@pytest.mark.parametrize("address", ["ftp://www.gov.uk", "file:///etc", "https://user:word@www.gov.uk", "nothing"])
def test_an_address_that_is_no_web_server_is_refused(address: str) -> None:
    with pytest.raises(FetchError):
        Client(address)


@pytest.mark.parametrize("name", ["../secret", "a b", "A", "birds/bir1000", ""])
def test_a_name_that_is_none_of_a_manual_is_refused(site: Site, name: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        ingest_manual(name, client=Client(site.url), memory=Memory.of(tmp_path / "m.json"), now=NOW)


def test_the_command_fetches_a_manual(
    site: Site, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR_DIR = tmp_path
    call_command("ingest_guidance", "--from-govuk", "birds", "--base-url", site.url, "--pause", "0", "--no-embedding")
    assert "3 sections added" in capsys.readouterr().out
    assert (tmp_path / "govuk/birds.json").exists()


def test_the_command_names_what_went_wrong(site: Site, settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    with pytest.raises(CommandError, match="404"):
        call_command("ingest_guidance", "--from-govuk", "fish", "--base-url", site.url, "--pause", "0")
