"""A browser against a live server: what it needs, and what it may not do."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

PICTURES = "LIGHTPOINT_SCREENSHOTS"
WIDE, NARROW = 1280, 360
T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """Do `work` in a thread of its own: the browser's event loop runs in this one, and Django refuses to meet it."""

    def alone() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(alone).result()


@dataclass
class Watch:
    """What went wrong in the browser, and which hosts it asked."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def on(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.location.get('url')}: {message.text}")

    def _asked(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        if host:
            self.hosts.add(host)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.url}: {response.status}")


@dataclass
class Desk:
    """A person at a browser of their own."""

    page: Page
    server: str
    pictures: Path | None

    def go(self, path: str) -> None:
        self.page.goto(self.server + path)

    def sign_in(self, email: str, password: str) -> None:
        self.go("/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        self.page.get_by_role("heading", name="Dashboard").wait_for()

    def picture(self, name: str, *, of: str = "page") -> None:
        """The page at both widths, for people to look at; nothing may stick out at the side.

        `of` "window" is what is seen of it without scrolling.
        """
        for width, height in ((NARROW, 780), (WIDE, 900)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(150)
            inside = self.page.evaluate("document.documentElement.scrollWidth")
            assert inside <= width, f"{name}: the page is {inside} px wide in a window of {width}"
            if self.pictures:
                if of == "page":
                    self.page.evaluate("window.scrollTo(0, 0)")
                self.page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=of == "page")


@pytest.fixture
def chromium(live_server: LiveServer) -> Iterator[Browser]:
    """Debian's chromium. A machine without it skips the test; .ci/run makes sure that it is there.

    It starts after the server and the database and ends before them, since its event loop lives in this thread.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs chromium on the PATH (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where to keep screenshots, if LIGHTPOINT_SCREENSHOTS names a folder."""
    if not os.environ.get(PICTURES):
        return None
    folder = Path(os.environ[PICTURES])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def desk_of(live_server: LiveServer, settings: Settings, chromium: Browser, watch: Watch, pictures: Path | None):
    """A function that gives a person a desk."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.ALLOWED_HOSTS = ["*"]
    opened: list[BrowserContext] = []

    @contextmanager
    def desk(email: str, password: str) -> Iterator[Desk]:
        context = chromium.new_context(locale="en-GB", accept_downloads=True)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        watch.on(page)
        person = Desk(page, live_server.url, pictures)
        person.sign_in(email, password)
        yield person
        context.close()

    yield desk
    for context in opened:
        context.close()
