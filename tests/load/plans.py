"""What PostgreSQL does for the statements of a request, read from its own plans."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

LARGE = 10_000  # rows of a table that is never read from end to end for one page
MANY = 5_000  # rows that are never sorted for one page
STREAMING = ("Subquery Scan", "Append", "Result")  # steps that ask for no more than is asked of them
READING = re.compile(r"^\s*(?:SELECT|WITH)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """A step of a plan that grows with the table."""

    what: str
    statement: str

    def __str__(self) -> str:
        return f"{self.what}\n    {self.statement[:600]}"


def statements(captured: CaptureQueriesContext) -> list[str]:
    """The statements of a request that read."""
    return [query["sql"] for query in captured.captured_queries if READING.match(query["sql"])]


def faults(statement: str) -> list[Fault]:
    """The steps in the plan of `statement` that read or sort more than a page may cost."""
    return [Fault(what, statement) for what in _faults(explained(statement)["Plan"])]


def explained(statement: str, *, run: bool = False) -> Any:
    """The plan of `statement`; with `run` what it read, in blocks."""
    options = "ANALYZE, BUFFERS, FORMAT JSON" if run else "FORMAT JSON"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {statement}".replace("%", "%%"), [])
        (found,) = cursor.fetchone()
    return (json.loads(found) if isinstance(found, str) else found)[0]


def blocks(statement: str) -> int:
    """How many blocks of the database `statement` looks at."""
    plan = explained(statement, run=True)["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _faults(plan: dict[str, Any], share: float = 1.0) -> Iterator[str]:
    """`share` is how much of what a step could give is asked of it, where a LIMIT above it stops it early."""
    if plan["Node Type"] == "Seq Scan" and _rows_of(plan["Relation Name"]) * share > LARGE:
        yield f"reads all of {plan['Relation Name']}"
    if plan["Node Type"] == "Sort" and max((below["Plan Rows"] for below in plan["Plans"]), default=0) > MANY:
        yield f"sorts {plan['Plans'][0]['Plan Rows']} rows by {', '.join(plan['Sort Key'])}"
    for below in plan.get("Plans", ()):
        yield from _faults(below, _share_below(plan, below, share))


def _share_below(plan: dict[str, Any], below: dict[str, Any], share: float) -> float:
    if plan["Node Type"] == "Limit":
        return min(1.0, share * plan["Plan Rows"] / max(below["Plan Rows"], 1))
    return share if plan["Node Type"] in STREAMING else 1.0


def _rows_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        (rows,) = cursor.fetchone()
    assert rows >= 0, f"{table} has never been analysed: its plans say nothing"
    return int(rows)
