"""Asks GOV.UK's content API: one request at a time, with a pause between, and waits where it is told to."""

import email.utils
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from knowledge.ingestion.govuk import SITE
from knowledge.ingestion.records import MEGABYTE

USER_AGENT: Final = "Lightpoint (guidance ingestion, one request at a time)"
_TO_TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class FetchError(Exception):
    """GOV.UK did not give a page; the message says what it gave. `stops`: nothing further should be asked now."""

    def __init__(self, message: str, *, stops: bool = False) -> None:
        super().__init__(message)
        self.stops = stops


@dataclass(frozen=True, slots=True)
class Manners:
    """Seconds between two requests, how long one may take, how often it is tried, how long to wait when told to."""

    pause: float = 1.0
    timeout: float = 20.0
    attempts: int = 5
    longest_wait: float = 120.0
    most_bytes: int = 5 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Answer:
    """Body and ETag of an answer; no body where the page is as it was."""

    body: bytes | None
    etag: str


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect where it stays with scheme and host."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: object,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise FetchError(f"It was sent on to another place ({urlsplit(newurl).hostname}).")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


class Client:
    """Asks one place. `base_url` is GOV.UK unless given; `sleep` is time.sleep unless a test has another."""

    def __init__(
        self,
        base_url: str = SITE,
        *,
        manners: Manners | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise FetchError("The address is none of a web server.", stops=True)
        self._base = base_url.rstrip("/")
        self._manners = manners or Manners()
        self._sleep = sleep
        self._opener = urllib.request.build_opener(_SameHost())
        self._asked = False

    def get(self, path: str, *, etag: str = "") -> Answer:
        """The answer for `path`, tried again while the place is busy. Raises FetchError."""
        fault = ""
        for attempt in range(self._manners.attempts):
            if self._asked:
                self._sleep(self._manners.pause)
            self._asked = True
            try:
                return self._ask(path, etag)
            except _Busy as busy:
                fault = str(busy)
                if attempt + 1 < self._manners.attempts:
                    self._wait(busy, attempt)
        raise FetchError(f"{fault} It was asked {self._manners.attempts} times.")

    def _wait(self, busy: "_Busy", attempt: int) -> None:
        if busy.wait is not None and busy.wait > self._manners.longest_wait:
            raise FetchError(f"{busy} It asks to be left alone for {busy.wait:.0f} seconds.", stops=True)
        self._sleep(busy.wait if busy.wait is not None else self._manners.pause * 2**attempt)

    def _ask(self, path: str, etag: str) -> Answer:
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        if etag:
            headers["If-None-Match"] = etag
        request = urllib.request.Request(self._base + path, headers=headers)  # noqa: S310  checked when made
        try:
            with self._opener.open(request, timeout=self._manners.timeout) as answer:
                body = answer.read(self._manners.most_bytes + 1)
                return self._checked(body, answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return self._refused(error, etag)
        except (OSError, http.client.HTTPException) as error:
            raise _Busy(f"No whole answer came ({type(error).__name__}).") from error

    def _checked(self, body: bytes, headers: http.client.HTTPMessage) -> Answer:
        if len(body) > self._manners.most_bytes:
            raise FetchError(f"The answer is larger than {self._manners.most_bytes // MEGABYTE} MB.")
        announced = headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) != len(body):
            raise _Busy("The answer was cut short.")
        try:
            json.loads(body)
        except (ValueError, RecursionError) as error:
            raise _Busy("The answer is no whole JSON.") from error
        return Answer(body, headers.get("ETag", ""))

    def _refused(self, error: urllib.error.HTTPError, etag: str) -> Answer:
        if error.code == 304 and etag:
            return Answer(None, etag)
        if error.code in _TO_TRY_AGAIN:
            raise _Busy(f"GOV.UK answered {error.code}.", _retry_after(error.headers.get("Retry-After", "")))
        raise FetchError(f"GOV.UK answered {error.code}.")


class _Busy(Exception):
    """Worth another try, after `wait` seconds where the place said so."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


def _retry_after(written: str) -> float | None:
    """Seconds, from a number of them or from a date (RFC 9110, 10.2.3)."""
    if written.strip().isdecimal():
        return float(written)
    try:
        moment = email.utils.parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
