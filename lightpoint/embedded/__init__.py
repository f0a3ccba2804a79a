"""The services that a checkout brings along: PostgreSQL when DATABASE_URL is unset, Redis when REDIS_URL is.

They start at first use, are shared by every process of the checkout, outlive the one that started them and listen on
Unix sockets only. `python -m lightpoint.embedded stop` stops them, and the site of the checkout before. No Django here:
settings read this package.
"""

from functools import cache
from pathlib import Path

from lightpoint.embedded.place import EmbeddedError
from lightpoint.embedded.postgres import APP, DATABASE, OWNER, Postgres, check_pgvector
from lightpoint.embedded.redis import Redis
from lightpoint.embedded.site import Site

ROOT = Path(__file__).resolve().parents[2]


@cache
def postgres() -> Postgres:
    """The PostgreSQL of this checkout."""
    return Postgres(ROOT)


@cache
def redis() -> Redis:
    """The Redis of this checkout."""
    return Redis(ROOT)


def site() -> Site:
    """The site of this checkout, as `manage.py serve` runs it."""
    return Site(ROOT)


__all__ = [
    "APP",
    "DATABASE",
    "OWNER",
    "ROOT",
    "EmbeddedError",
    "Postgres",
    "Redis",
    "Site",
    "check_pgvector",
    "postgres",
    "redis",
    "site",
]
