"""Tickets are asked, changed, given to somebody, moved on and answered. Every write is audited in its transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from complaints.models import Complaint
from lightpoint.cache import invalidate
from lightpoint.errors import Conflict, InvalidInput
from lightpoint.rest.etag import check_version
from tickets.models import Comment, Ticket
from tickets.selectors import MANAGEMENT
from tickets.status import allowed_moves, may_move
from users.models import Practice, User
from users.permissions import may
from users.services import record_audit

EDITABLE = ("title", "body", "category", "priority")


class MoveNotAllowed(Conflict):
    """The ticket cannot be moved to that state from where it is."""

    code = "move-not-allowed"


class UnfitAssignee(InvalidInput):
    """Only an active colleague whose role works on tickets can be given one."""

    code = "unfit-assignee"


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks. Without a complaint the ticket is a general one of the asker's practice."""

    title: str
    body: str = ""
    category: str = Ticket.Category.QUESTION
    priority: str = Ticket.Priority.NORMAL
    complaint: Complaint | None = None
    assigned_to: User | None = None


@transaction.atomic
def create_ticket(*, asked: Request, by: User, now: datetime) -> Ticket:
    """Open a ticket. `asked.complaint` is one that `by` may see.

    Raises InvalidInput without a title, or where neither complaint nor asker says which practice; and UnfitAssignee.
    """
    if not asked.title.strip():
        raise InvalidInput("A ticket has a title")
    practice = _practice_of(asked.complaint, by)
    if asked.assigned_to is not None:
        _check_assignee(practice, asked.assigned_to)
    ticket = Ticket.objects.create(
        practice=practice,
        complaint=asked.complaint,
        category=asked.category,
        priority=asked.priority,
        title=asked.title.strip(),
        body=asked.body,
        assigned_to=asked.assigned_to,
        created_by=by,
        created_at=now,
        updated_at=now,
    )
    _tell("ticket.created", ticket, by, now, new={"category": ticket.category, "priority": ticket.priority})
    return ticket


@transaction.atomic
def edit_ticket(
    *, ticket: Ticket, changes: Mapping[str, Any], by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Set the fields in `changes` (of EDITABLE). Raises StaleVersion, and InvalidInput for an empty title."""
    row = _locked(ticket, expected_version)
    fields = {name: value for name, value in changes.items() if name in EDITABLE and getattr(row, name) != value}
    if not fields:
        return row
    if not str(fields.get("title", row.title)).strip():
        raise InvalidInput("A ticket has a title")
    old = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    _save(row, now, *fields)
    _tell("ticket.edited", row, by, now, old=old, new=fields)
    return row


@transaction.atomic
def assign_ticket(
    *, ticket: Ticket, to: User | None, by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Give `ticket` to `to`, or to nobody. Raises UnfitAssignee and StaleVersion."""
    row = _locked(ticket, expected_version)
    if to is not None:
        _check_assignee(row.practice, to)
    if row.assigned_to_id == (to.pk if to else None):
        return row
    old, row.assigned_to = row.assigned_to, to
    _save(row, now, "assigned_to")
    labels = {"old": {"assigned_to": old and old.email}, "new": {"assigned_to": to and to.email}}
    _tell("ticket.assigned", row, by, now, **labels)
    return row


@transaction.atomic
def move_ticket(*, ticket: Ticket, to: str, by: User, now: datetime, expected_version: int | None = None) -> Ticket:
    """Move `ticket` to the state `to`. Raises MoveNotAllowed and StaleVersion."""
    row = _locked(ticket, expected_version)
    if not may_move(row.status, to):
        choices = ", ".join(allowed_moves(row.status)) or "nowhere"
        raise MoveNotAllowed(f"A ticket that is {row.status} cannot become {to}; it can go to: {choices}")
    old, row.status = row.status, to
    row.closed_at = now if to == Ticket.Status.CLOSED else None
    _save(row, now, "status", "closed_at")
    _tell("ticket.moved", row, by, now, old={"status": old}, new={"status": to})
    return row


@transaction.atomic
def add_comment(*, ticket: Ticket, body: str, by: User, now: datetime) -> Comment:
    """Say something on `ticket`; the first time that somebody else than the asker does is its first response.

    Raises InvalidInput for a comment that says nothing.
    """
    if not body.strip():
        raise InvalidInput("A comment says something")
    row = _locked(ticket, None)
    comment = Comment.objects.create(ticket=row, author=by, body=body.strip(), created_at=now)
    if row.first_response_at is None and by.pk != row.created_by_id:
        row.first_response_at = max(now, row.created_at)
    _save(row, now, "first_response_at")
    _tell("ticket.commented", row, by, now, new={"comment": comment.pk})
    return comment


def _practice_of(complaint: Complaint | None, by: User) -> Practice:
    practice = complaint.practice if complaint else by.practice
    if practice is None:
        raise InvalidInput("Staff of the platform belong to no practice: name the complaint that the ticket is on")
    return practice


def _check_assignee(practice: Practice, person: User) -> None:
    if person.practice_id != practice.pk or not may(person, "ticket.edit"):
        raise UnfitAssignee(f"{person} does not work on tickets of {practice}")


def _locked(ticket: Ticket, expected_version: int | None) -> Ticket:
    rows = Ticket.objects.select_related("practice", "complaint", "assigned_to", "created_by")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)
    check_version(expected=expected_version, current=row.version)
    return row


def _save(row: Ticket, now: datetime, *fields: str) -> None:
    row.version += 1
    row.updated_at = now
    row.save(update_fields=[*fields, "version", "updated_at"])


def _tell(
    action: str,
    row: Ticket,
    by: User,
    now: datetime,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> None:
    record_audit(action=action, target=row, at=now, actor=by, practice=row.practice, old=old, new=new)
    invalidate(MANAGEMENT.name, practice=row.practice_id)
    invalidate(MANAGEMENT.name, practice=None)
