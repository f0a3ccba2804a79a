"""The product's server as clients find it: what the pool of connections and the cache are worth to a request.

Targets: a view that makes one query and does nothing else is answered at twice the rate with the pool; the hottest
authenticated GET out of the cache at half the rate of a view that does nothing, on the same server behind the same
middleware; and the last page of 100,000 complaints takes at most 1.2 times as long as the second. What the pool is
worth to an address of the product that makes one query is told beside the first, without a target.
"""

from io import StringIO
from statistics import median

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rich.console import Console

from lightpoint.benchmarks.bursts import TIMES, WIDE, even, measure
from lightpoint.benchmarks.crowd import Target
from lightpoint.benchmarks.harness import Figures, own_redis, ratio
from lightpoint.benchmarks.server import own_database, product_server
from lightpoint.benchmarks.walk import Walker
from lightpoint.embedded import Redis
from lightpoint.management.load import fill
from lightpoint.management.reader import Reader, largest_practice, make_reader

ONE_QUERY = "/bench/query/"
PRACTICE = "/api/v1/practices/{}/"  # by key, which is in the cache: the query reads one row by its number
HOTTEST = "/api/v1/guidance/sections/"  # the first page of the guidance, which is the same for everybody
BARE = "/bench/bare/"
SITE = "lightpoint.benchmarks.site:application"
LIST, ORDERING = "/api/v1/complaints/", "-opened_on"
CASES = 100_000
POOL_AT_LEAST, HOTTEST_AT_LEAST, LAST_AT_MOST = 2.0, 0.5, 1.2


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    with own_redis() as redis, own_database() as database:
        call_command("load_guidance_digest", stdout=StringIO())
        reader = make_reader(now=timezone.now())
        pool = _pool(redis, database, reader)
        console.print(f"With the pool: {pool['pooled_to_unpooled']} times the rate without")
        hottest = _hottest(redis, database, reader)
        console.print(f"By key: {hottest['key_to_bare']} of the rate of a bare view")
        pages = _pages(redis, database)
        console.print(f"The last page: {pages['last_to_second']} times the second")
    parts = {"pool": pool, "hottest": hottest, "pages": pages}
    return {**parts, "holds": all(bool(part["holds"]) for part in parts.values())}


def _pool(redis: Redis, database: str, reader: Reader) -> Figures:
    practice = PRACTICE.format(reader.practice)
    with (
        product_server(redis, database, application=SITE, DATABASE_POOL_SIZE="8", **WIDE) as pooled,
        product_server(redis, database, application=SITE, DATABASE_POOL_SIZE="0", **WIDE) as unpooled,
    ):
        targets = {
            "pooled": Target(pooled, ONE_QUERY),
            "pooled_again": Target(pooled, ONE_QUERY),
            "unpooled": Target(unpooled, ONE_QUERY),
            "practice_pooled": Target(pooled, practice, reader.by_key),
            "practice_unpooled": Target(unpooled, practice, reader.by_key),
        }
        seconds, figures = measure(targets)
    gain = ratio(seconds["unpooled"], seconds["pooled"])
    again = ratio(seconds["pooled_again"], seconds["pooled"])
    return {
        "addresses": [ONE_QUERY, practice],
        "practice_queries": _queries(practice, reader),
        **figures,
        "pooled_to_unpooled": gain.figures,
        "practice_pooled_to_unpooled": ratio(seconds["practice_unpooled"], seconds["practice_pooled"]).figures,
        **even(again),
        "holds": again.is_even and figures["all_200"] and gain.value >= POOL_AT_LEAST,
    }


def _hottest(redis: Redis, database: str, reader: Reader) -> Figures:
    with product_server(redis, database, application=SITE, **WIDE) as port:
        targets = {
            "bare": Target(port, BARE),
            "bare_again": Target(port, BARE),
            "key": Target(port, HOTTEST, reader.by_key),
            "session": Target(port, HOTTEST, reader.by_session),
        }
        seconds, figures = measure(targets)
    key, session = (ratio(seconds["bare"], seconds[name]) for name in ("key", "session"))
    again = ratio(seconds["bare_again"], seconds["bare"])
    return {
        "address": HOTTEST,
        "queries": _queries(HOTTEST, reader),
        **figures,
        "key_to_bare": key.figures,
        "session_to_bare": session.figures,
        **even(again),
        "holds": again.is_even and figures["all_200"] and key.value >= HOTTEST_AT_LEAST,
    }


def _pages(redis: Redis, database: str) -> Figures:
    """What pages of a list cost whose caller sees every row, asked for by one client."""
    with transaction.atomic():
        fill(complaints=CASES, practices=1, now=timezone.now())
    reader = make_reader(now=timezone.now(), practice=largest_practice())
    with product_server(redis, database, **WIDE) as port:
        ask = Walker(port, reader.by_key)
        targets = {
            "second": Target(port, ask.second(LIST), reader.by_key),
            "second_again": Target(port, ask.second(LIST), reader.by_key),
            "last": Target(port, ask.last(LIST, ORDERING), reader.by_key),
        }
        seconds, figures = measure(targets, processes=1, connections=1)
    last, again = (ratio(seconds[name], seconds["second"]) for name in ("last", "second_again"))
    return {
        "address": LIST,
        "complaints": CASES,
        "milliseconds": {name: round(median(found) / TIMES * 1000, 2) for name, found in seconds.items()},
        **figures,
        "last_to_second": last.figures,
        **even(again),
        "holds": again.is_even and figures["all_200"] and last.value <= LAST_AT_MOST,
    }


def _queries(path: str, reader: Reader) -> int:
    """How many queries an address takes, asked by key for the second time."""
    program = Client(headers=dict(reader.by_key), SERVER_NAME="localhost")
    program.get(path, secure=True)
    with CaptureQueriesContext(connection) as found:
        program.get(path, secure=True)
    return len(found)
