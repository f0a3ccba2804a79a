"""How a version follows another: the one place that ends and supersedes them."""

import hashlib
import unicodedata
from datetime import date, datetime
from typing import Final, Literal

from django.db import connection

from knowledge.models import SectionVersion
from knowledge.search import SEARCH
from knowledge.selectors import LIST, PAGES
from knowledge.services.answers import drop_answers_of
from lightpoint.cache import invalidate
from users.models import User
from users.services import record_audit

Outcome = Literal["added", "changed", "corrected", "unchanged"]
_LOCK: Final = 0x6B6E6F77  # of the versions as a whole, in the databases's register of advisory locks


def lock_versions() -> None:
    """Let one transaction at a time look at what is current and add to it; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def body_hash(body: str) -> str:
    """SHA-256 of the words of `body`: how they are broken into lines says nothing. Empty for no words."""
    words = " ".join(unicodedata.normalize("NFC", body).split())
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


def version_name(*, digest_version: str, body_sha256: str) -> str:
    """The digest's version where there is no body, else a short hash of both."""
    if not body_sha256:
        return digest_version
    return hashlib.sha256(f"{digest_version}\n{body_sha256}".encode()).hexdigest()[:12]


def put_in_place(
    new: SectionVersion, *, old: SectionVersion | None, starts: date | None, now: datetime, by: User | None
) -> Outcome:
    """Store `new` after `old`, the current one, in the caller's transaction and under `lock_versions`.

    With a day in `starts` the old version ends there and the new one holds from it. Without, the new one corrects the
    old and takes over its period. A first version keeps its own `valid_from`.
    """
    outcome: Outcome = "added"
    if old is not None and starts is not None:
        outcome, old.valid_to, new.valid_from = "changed", starts, starts
        SectionVersion.objects.filter(pk=old.pk).update(valid_to=starts)
    elif old is not None:
        outcome, old.superseded_at, new.valid_from = "corrected", now, old.valid_from
        SectionVersion.objects.filter(pk=old.pk).update(superseded_at=now)
    new.save(force_insert=True)
    if old is not None:
        drop_answers_of([old])
    record_audit(
        action=f"guidance.{outcome}",
        target=new,
        at=now,
        actor=by,
        practice=new.section.practice,
        old={"version": old.version} if old else None,
        new={"version": new.version},
    )
    return outcome


def drop_caches() -> None:
    """Let no answer hold that was computed before this transaction's commit."""
    for kept in (LIST, PAGES, SEARCH):
        invalidate(kept.name, practice=None)
