"""Assistants: chats of a practice's own site, each bound to an API key and to one source of the practice."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from knowledge.models import Assistant, Source
from lightpoint.errors import Conflict, InvalidInput
from lightpoint.rest.etag import check_version
from users.models import ApiKey, User
from users.services import record_audit

SCOPES = ["read"]  # of a key that lies on a web server


class KeyTaken(Conflict):
    """The key has an assistant already."""

    code = "key-has-assistant"


@transaction.atomic
def create_assistant(*, name: str, api_key: ApiKey, source: Source | None, by: User, now: datetime) -> Assistant:
    """An assistant that answers from the platform's guidance and from `source`, a source of the practice.

    Raises InvalidInput for a key that may do more than read, or a key or source that is not of the practice of `by`,
    and KeyTaken.
    """
    key = ApiKey.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=api_key.pk)
    if by.practice_id is None or key.user.practice_id != by.practice_id:
        raise InvalidInput("An assistant has a key of somebody of its practice")
    if key.scopes != SCOPES or not key.works(now):
        raise InvalidInput("The key of an assistant must work, and have the scope read alone")
    if Assistant.objects.filter(api_key=key).exists():
        raise KeyTaken("This key has an assistant already: a key leads to one")
    _check_source(source, by.practice_id)
    row = Assistant.objects.create(practice_id=by.practice_id, api_key=key, source=source, name=name, created_at=now)
    _tell("assistant.created", row, by, now, new={"name": name, "key": key.prefix, "source": source and source.name})
    return row


@transaction.atomic
def edit_assistant(
    *,
    assistant: Assistant,
    by: User,
    now: datetime,
    name: str | None = None,
    source: Source | None = None,
    expected_version: int | None = None,
) -> Assistant:
    """Give it another name or source. Raises StaleVersion, and InvalidInput for a source of somebody else."""
    row = Assistant.objects.select_for_update(of=("self",), no_key=True).select_related("source").get(pk=assistant.pk)
    check_version(expected=expected_version, current=row.version)
    old = {"name": row.name, "source": row.source and row.source.name}
    _check_source(source, row.practice_id)
    row.name, row.source, row.version = name or row.name, source or row.source, row.version + 1
    row.save(update_fields=["name", "source", "version"])
    _tell("assistant.edited", row, by, now, old=old, new={"name": row.name, "source": row.source and row.source.name})
    return row


@transaction.atomic
def delete_assistant(*, assistant: Assistant, by: User, now: datetime, expected_version: int | None = None) -> None:
    """Let its key lead to no assistant any more. The key itself works on, and what was said is kept.

    Raises StaleVersion.
    """
    check_version(expected=expected_version, current=assistant.version)
    _tell("assistant.deleted", assistant, by, now, old={"name": assistant.name})
    assistant.delete()


def _check_source(source: Source | None, practice_id: int) -> None:
    if source is not None and source.practice_id != practice_id:
        raise InvalidInput("An assistant has a source of its own practice")


def _tell(
    action: str,
    row: Assistant,
    by: User,
    now: datetime,
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
) -> None:
    record_audit(action=action, target=row, at=now, actor=by, practice=row.practice, old=old, new=new)
