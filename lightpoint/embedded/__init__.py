"""The services that a checkout brings along: PostgreSQL when DATABASE_URL is unset, Redis when REDIS_URL is.

They start at first use, are shared by every process of the checkout, outlive the one that started them and listen on
Unix sockets only. `python -m lightpoint.embedded stop` stops them. No Django here: settings read this package.
"""

from functools import cache
from pathlib import Path

from lightpoint.embedded.place import EmbeddedError
from lightpoint.embedded.postgres import APP, DATABASE, OWNER, Postgres, check_pgvector
from lightpoint.embedded.redis import Redis

ROOT = Path(__file__).resolve().parents[2]


@cache
def postgres() -> Postgres:
    """The PostgreSQL of this checkout."""
    return Postgres(ROOT)


@cache
def redis() -> Redis:
    """The Redis of this checkout."""
    return Redis(ROOT)


__all__ = [
    "APP",
    "DATABASE",
    "OWNER",
    "ROOT",
    "EmbeddedError",
    "Postgres",
    "Redis",
    "check_pgvector",
    "postgres",
    "redis",
]
