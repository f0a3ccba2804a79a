"""Cases are opened, changed, given to somebody and moved on. Every write is audited in its transaction."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from complaints.bundles import Bundle
from complaints.facts.records import ClientKind, Intake, Nation, ReferenceKind
from complaints.models import Client, Complaint
from complaints.services.papers import store_files
from complaints.services.timeline import note
from complaints.status import allowed_moves, may_move
from lightpoint.codec import digest, to_plain
from lightpoint.errors import Conflict, InvalidInput, StaleVersion
from users.models import Practice, User
from users.permissions import may
from users.selectors import rates_on
from users.services import record_audit

EDITABLE = ("tax_head", "brief", "desired_outcome", "references")


class MoveNotAllowed(Conflict):
    """The complaint cannot be moved to that state from where it is."""

    code = "move-not-allowed"


class UnfitAssignee(InvalidInput):
    """Only an active colleague whose role works on cases can be given one."""

    code = "unfit-assignee"


@dataclass(frozen=True, slots=True)
class CaseIntake:
    """What an adviser types to open a case. `references` are pairs of kind and value."""

    client_name: str
    client_kind: str
    nation: str
    tax_head: str
    opened_on: date
    brief: str = ""
    desired_outcome: str = ""
    references: tuple[tuple[str, str], ...] = ()
    assigned_to: User | None = None


@transaction.atomic
def import_bundle(*, practice: Practice, bundle: Bundle, by: User | None, now: datetime) -> Complaint:
    """Open a complaint from `bundle`, or return the one that the same bundle opened before.

    The original bytes are kept by their hash. Documents are read later, by `read_documents`.
    """
    key = _intake_hash(bundle)
    existing = Complaint.objects.filter(practice=practice, intake_hash=key).first()
    if existing:
        return existing
    complaint = _open(practice, bundle.intake, by, now, intake_hash=key)
    store_files(complaint=complaint, files=bundle.files, by=by, now=now)
    note(complaint=complaint, text=f"Case opened with {len(bundle.files)} documents", by=by, now=now)
    _audit(complaint, "complaint.opened", by, now, new={"files": len(bundle.files)})
    return complaint


@transaction.atomic
def open_complaint(*, practice: Practice, intake: CaseIntake, by: User, now: datetime) -> Complaint:
    """Open a complaint without papers; its rates are those of the practice on the day it was opened.

    Raises InvalidInput for a day that lies in the future, and UnfitAssignee.
    """
    if intake.opened_on > now.date():
        raise InvalidInput("A case cannot be opened on a day to come")
    assignee = intake.assigned_to
    if assignee is not None:
        _check_assignee(practice, assignee)
    complaint = _open(practice, _full_intake(practice, intake), by, now, assigned_to=assignee)
    note(complaint=complaint, text="Case opened", by=by, now=now)
    _audit(complaint, "complaint.opened", by, now, new={"reference": complaint.reference})
    return complaint


def _full_intake(practice: Practice, intake: CaseIntake) -> Intake:
    return Intake(
        practice_name=practice.name,
        practice_address=practice.address,
        agent_reference=practice.agent_reference,
        hourly_rates=tuple(rates_on(practice, intake.opened_on).items()),
        client_name=intake.client_name,
        client_kind=cast(ClientKind, intake.client_kind),
        nation=cast(Nation, intake.nation),
        references=tuple((cast(ReferenceKind, kind), value) for kind, value in intake.references),
        tax_head=intake.tax_head,
        brief=intake.brief,
        desired_outcome=intake.desired_outcome,
        opened_on=intake.opened_on,
    )


def _open(practice: Practice, intake: Intake, by: User | None, now: datetime, **more: Any) -> Complaint:
    complaint = Complaint.objects.create(
        practice=practice,
        client=_client_of(practice, intake),
        reference=_next_reference(practice, intake.opened_on),
        tax_head=intake.tax_head,
        brief=intake.brief,
        desired_outcome=intake.desired_outcome,
        opened_on=intake.opened_on,
        references=[list(pair) for pair in intake.references],
        hourly_rates=[[grade, str(rate)] for grade, rate in intake.hourly_rates],
        created_at=now,
        updated_at=now,
        created_by=by,
        **more,
    )
    index_words(complaint)
    return complaint


def index_words(complaint: Complaint) -> None:
    """Keep what a search of the cases looks in: the reference, the client and the tax."""
    words = " ".join((complaint.reference, complaint.client.name, complaint.tax_head))
    vector = SearchVector(Value(words), config="simple")
    Complaint.objects.filter(pk=complaint.pk).update(search=vector)


@transaction.atomic
def edit_complaint(
    *, complaint: Complaint, changes: Mapping[str, Any], expected_version: int, by: User, now: datetime
) -> Complaint:
    """Set the fields in `changes` (of EDITABLE). Raises StaleVersion where somebody else changed the case meanwhile."""
    locked = _locked(complaint, expected_version)
    fields = {name: value for name, value in changes.items() if name in EDITABLE and getattr(locked, name) != value}
    if not fields:
        return locked
    old = {name: getattr(locked, name) for name in fields}
    for name, value in fields.items():
        setattr(locked, name, value)
    _save(locked, now, *fields)
    index_words(locked)
    note(complaint=locked, text=f"Changed: {', '.join(sorted(fields)).replace('_', ' ')}", by=by, now=now)
    _audit(locked, "complaint.edited", by, now, old=old, new=fields)
    return locked


@transaction.atomic
def assign_complaint(
    *, complaint: Complaint, to: User | None, by: User, now: datetime, expected_version: int | None = None
) -> Complaint:
    """Give `complaint` to `to`, or to nobody. Raises UnfitAssignee and StaleVersion."""
    locked = _locked(complaint, expected_version)
    if to is not None:
        _check_assignee(locked.practice, to)
    if locked.assigned_to_id == (to.pk if to else None):
        return locked
    old = locked.assigned_to
    locked.assigned_to = to
    _save(locked, now, "assigned_to")
    note(complaint=locked, text=f"Assigned to {to}" if to else "Assigned to nobody", by=by, now=now)
    labels = {"old": {"assigned_to": old and old.email}, "new": {"assigned_to": to and to.email}}
    _audit(locked, "complaint.assigned", by, now, **labels)
    return locked


@transaction.atomic
def move_complaint(
    *, complaint: Complaint, to: str, by: User | None, now: datetime, expected_version: int | None = None
) -> Complaint:
    """Move `complaint` to the state `to`; every move is audited and on the timeline.

    Raises MoveNotAllowed and StaleVersion.
    """
    locked = _locked(complaint, expected_version)
    if not may_move(locked.status, to):
        choices = ", ".join(allowed_moves(locked.status)) or "nowhere"
        raise MoveNotAllowed(f"A complaint that is {locked.status} cannot become {to}; it can go to: {choices}.")
    old, locked.status = locked.status, to
    _save(locked, now, "status")
    note(complaint=locked, text=f"Moved from {old} to {to}", by=by, now=now)
    _audit(locked, "complaint.moved", by, now, old={"status": old}, new={"status": to})
    return locked


@transaction.atomic
def rename_client(*, client: Client, name: str, by: User, now: datetime) -> Client:
    """Correct the name of `client`. Raises Conflict where the practice has such a client already."""
    locked = Client.objects.select_for_update().get(pk=client.pk)
    same = Client.objects.filter(practice=locked.practice, name=name, kind=locked.kind, nation=locked.nation)
    if same.exclude(pk=locked.pk).exists():
        raise Conflict(f"The practice has a client {name} of that kind already")
    old, locked.name = locked.name, name
    locked.full_clean()
    locked.save(update_fields=["name"])
    for complaint in locked.complaints.select_related("client"):
        index_words(complaint)
    record_audit(
        action="client.renamed",
        target=locked,
        practice=locked.practice,
        actor=by,
        old={"name": old},
        new={"name": name},
        at=now,
    )
    return locked


def _check_assignee(practice: Practice, user: User) -> None:
    if user.practice_id != practice.pk or not may(user, "complaint.edit"):
        raise UnfitAssignee("A case is given to an active colleague of the practice whose role works on cases")


def _locked(complaint: Complaint, expected_version: int | None) -> Complaint:
    rows = Complaint.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("practice", "client", "assigned_to").get(pk=complaint.pk)
    if expected_version is not None and locked.version != expected_version:
        raise StaleVersion("Somebody has changed this case meanwhile; read it again and repeat your change")
    return locked


def _save(locked: Complaint, now: datetime, *fields: str) -> None:
    locked.version += 1
    locked.updated_at = now
    locked.save(update_fields=[*fields, "version", "updated_at"])


def _audit(complaint: Complaint, action: str, by: User | None, now: datetime, **values: Any) -> None:
    record_audit(practice=complaint.practice, actor=by, action=action, target=complaint, at=now, **values)


def _intake_hash(bundle: Bundle) -> str:
    files = [(file.name, file.size, hashlib.sha256(file.data or b"").hexdigest()) for file in bundle.files]
    return digest([to_plain(bundle.intake), files])


def _client_of(practice: Practice, intake: Intake) -> Client:
    client, _created = Client.objects.get_or_create(
        practice=practice, name=intake.client_name, kind=intake.client_kind, nation=intake.nation
    )
    return client


def _next_reference(practice: Practice, opened_on: date) -> str:
    """The next number of the year. The practice's row is locked, so that two cases never get the same one."""
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    stem = f"LP-{opened_on.year}-"
    taken = Complaint.objects.filter(practice=practice, reference__range=(f"{stem}00000", f"{stem}99999"))
    last = taken.order_by("-reference").values_list("reference", flat=True).first()
    number = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    return f"{stem}{number:05d}"
