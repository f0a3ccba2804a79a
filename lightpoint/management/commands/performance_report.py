"""manage.py performance_report: how quickly requests were answered, and what was slow."""

import io
import json
import re
import shutil
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from lightpoint.telemetry.report import Record, Report, make_report

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
OF_REQUESTS = ("milliseconds", "route", "status", "queries", "request_id", "at")
OF_QUERIES = ("milliseconds", "times", "route", "statement", "at")
NOTES = """
Without --since, figures are of all requests that were ever counted, and percentiles are as exact as the buckets of
the histogram. With --since they are exact, of the requests that are still kept one by one: the newest tens of
thousands. Look-ups in the cache are always of all time. Times are in milliseconds.

Exit codes: 0, also when nothing was measured yet; 2 when --since cannot be read.
"""


class Command(BaseCommand):
    help = "Show P50, P95 and P99 by route, queries a request, hit rates of the cache, and what was slowest."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to report on, and for whom."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = NOTES
        parser.add_argument("--json", action="store_true", help="one JSON object on one line, for programs")
        parser.add_argument("--since", metavar="WHEN", help="15m, 2h, 7d, or a date or time (2026-03-01T09:00)")

    def handle(self, *args: object, **options: Any) -> None:
        """Read the figures and print them; the database is not needed."""
        since = read_since(options["since"], now=timezone.now()) if options["since"] else None
        report = make_report(since.timestamp() if since else None)
        if options["json"]:
            self.stdout.write(json.dumps({"since": _iso(since), "requests": report.requests, **_plain(report)}))
        else:
            text = io.StringIO()
            width = shutil.get_terminal_size((160, 24)).columns
            Printer(Console(file=text, width=width, highlight=False, markup=False)).show(report, since)
            self.stdout.write(text.getvalue(), ending="")


def read_since(given: str, *, now: datetime) -> datetime:
    """The moment that `given` means: so many minutes, hours or days before `now`, or a date or time of its own."""
    ago = re.fullmatch(r"(\d{1,5})([mhd])", given)
    if ago:
        return now - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        reason = f"--since {given!r} is neither like 15m, 2h or 7d nor a date or time like 2026-03-01T09:00"
        raise CommandError(reason, returncode=2) from None
    return moment if moment.tzinfo else timezone.make_aware(moment)


class Printer:
    """Writes a report as tables."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, report: Report, since: datetime | None) -> None:
        """The whole of it, or one line that says that there is nothing."""
        if not (report.routes or report.caches or report.slowest_queries):
            self._console.print(_nothing(since), soft_wrap=True)
            return
        of = f"from {since:%Y-%m-%d %H:%M:%S %Z} on" if since else "of all time"
        self._console.print(f"{report.requests} requests {of}")
        if since and report.kept_from and since.timestamp() < report.kept_from:
            self._console.print(f"Requests are kept from {_iso(datetime.fromtimestamp(report.kept_from, UTC))} on only")
        self._table(
            ("route", "requests", "P50 ms", "P95 ms", "P99 ms", "queries", "failed"),
            [(r.route, r.requests, r.p50, r.p95, r.p99, r.queries, r.failed) for r in report.routes],
        )
        self._table(
            ("cache", "look-ups", "hit rate", "hits", "stale", "coalesced", "misses", "errors"),
            [
                (c.name, c.lookups, f"{c.hit_rate:.1%}", c.hits, c.stale, c.coalesced, c.misses, c.errors)
                for c in report.caches
            ],
        )
        self._table(("slowest requests, ms", *OF_REQUESTS[1:]), _rows(report.slowest_requests, OF_REQUESTS))
        self._table(("slowest queries, ms", *OF_QUERIES[1:]), _rows(report.slowest_queries, OF_QUERIES))

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        if not rows:
            return
        table = Table(*heads)
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        self._console.print(table)


def _nothing(since: datetime | None) -> str:
    if since:
        return f"Nothing was measured since {since:%Y-%m-%d %H:%M:%S %Z}."
    return "Nothing has been measured yet: there are figures once the site has answered requests."


def _rows(records: Sequence[Record], keys: Sequence[str]) -> list[list[object]]:
    return [[_moment(record["at"]) if key == "at" else record.get(key, "") for key in keys] for record in records]


def _plain(report: Report) -> dict[str, Any]:
    kept = report.kept_from
    return {
        "routes": [asdict(route) for route in report.routes],
        "cache": [asdict(cache) for cache in report.caches],
        "slowest_requests": [{**record, "at": _moment(record["at"])} for record in report.slowest_requests],
        "slowest_queries": [{**record, "at": _moment(record["at"])} for record in report.slowest_queries],
        "kept_from": _moment(kept) if kept else None,
    }


def _moment(seconds: str | int | float) -> str | None:
    return _iso(datetime.fromtimestamp(float(seconds), UTC))


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
