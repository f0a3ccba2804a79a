"""Cases are opened, changed, given to somebody and moved on. Every write is audited in its transaction."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import QuerySet, Value
from django.utils import timezone

from complaints.bundles import Bundle
from complaints.facts.records import ClientKind, Intake, Nation, ReferenceKind
from complaints.models import Client, Complaint
from complaints.selectors import CASES_BY_STATE
from complaints.services.papers import store_files
from complaints.services.timeline import note
from complaints.services.wording import line, prose, reference_pairs
from complaints.status import allowed_moves, may_move
from lightpoint.cache import invalidate
from lightpoint.calendars import snapshot_warning
from lightpoint.codec import digest, to_plain
from lightpoint.errors import Conflict, InvalidInput
from lightpoint.rest.etag import check_version
from users.models import Practice, User
from users.permissions import may
from users.selectors import rates_on
from users.services import record_audit

EDITABLE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "tax_head": lambda text: line(text, "The tax"),
    "brief": lambda text: prose(text, "The brief"),
    "desired_outcome": lambda text: prose(text, "The desired outcome"),
    "references": reference_pairs,
}
LAST_NUMBER = 99_999  # of the cases that a practice opens in a year


class MoveNotAllowed(Conflict):
    """The complaint cannot be moved to that state from where it is."""

    code = "move-not-allowed"


class UnusableDay(InvalidInput):
    """A case cannot have been opened on that day."""

    code = "unusable-day"


class UnfitAssignee(InvalidInput):
    """Only an active colleague whose role works on cases can be given one."""

    code = "unfit-assignee"


class NumbersUsedUp(Conflict):
    """The practice has used every reference of the year."""

    code = "numbers-used-up"


@dataclass(frozen=True, slots=True)
class CaseIntake:
    """What an adviser types to open a case. `references` are pairs of kind and value.

    A case that nobody is named for falls to whoever opens it, unless they may give cases to others.
    """

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
    _lock(practice)
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

    Raises InvalidInput for a day that lies in the future or before the known bank holidays, or words that no letter
    can hold; UnfitAssignee; NumbersUsedUp.
    """
    _check_day(intake.opened_on, timezone.localdate(now))
    _lock(practice)
    assignee = intake.assigned_to or (None if may(by, "complaint.assign") else by)
    if assignee is not None:
        _check_assignee(practice, assignee)
    complaint = _open(practice, _full_intake(practice, intake), by, now, assigned_to=assignee)
    note(complaint=complaint, text="Case opened", by=by, now=now)
    _audit(complaint, "complaint.opened", by, now, new={"reference": complaint.reference})
    return complaint


def _check_day(day: date, today: date) -> None:
    if day > today:
        raise UnusableDay("A case cannot be opened on a day to come")
    if snapshot_warning(day):
        raise UnusableDay(f"A case cannot be opened on that day: {snapshot_warning(day)}")


def _full_intake(practice: Practice, intake: CaseIntake) -> Intake:
    return Intake(
        practice_name=practice.name,
        practice_address=practice.address,
        agent_reference=practice.agent_reference,
        hourly_rates=tuple(rates_on(practice, intake.opened_on).items()),
        client_name=line(intake.client_name, "The name of the client"),
        client_kind=cast(ClientKind, intake.client_kind),
        nation=cast(Nation, intake.nation),
        references=tuple((cast(ReferenceKind, kind), value) for kind, value in reference_pairs(intake.references)),
        tax_head=EDITABLE["tax_head"](intake.tax_head),
        brief=EDITABLE["brief"](intake.brief),
        desired_outcome=EDITABLE["desired_outcome"](intake.desired_outcome),
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
    _index_words(Complaint.objects.filter(pk=complaint.pk), complaint.client)
    return complaint


def _index_words(cases: QuerySet[Complaint], client: Client) -> None:
    """Keep what a search of `cases`, all of `client`, looks in: the reference, the client and the tax."""
    cases.update(search=SearchVector("reference", Value(client.name), "tax_head", config="simple"))


@transaction.atomic
def edit_complaint(
    *, complaint: Complaint, changes: Mapping[str, Any], expected_version: int, by: User, now: datetime
) -> Complaint:
    """Set the fields in `changes`, which are of EDITABLE.

    Raises StaleVersion where somebody else changed the case meanwhile, and InvalidInput.
    """
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise InvalidInput(f"A case has no {unknown[0]} that can be changed; it has {', '.join(EDITABLE)}")
    values = {name: EDITABLE[name](value) for name, value in changes.items()}
    locked = _locked(complaint, expected_version)
    fields = {name: value for name, value in values.items() if getattr(locked, name) != value}
    if not fields:
        return locked
    old = {name: getattr(locked, name) for name in fields}
    for name, value in fields.items():
        setattr(locked, name, value)
    _save(locked, now, *fields)
    _index_words(Complaint.objects.filter(pk=locked.pk), locked.client)
    note(complaint=locked, text=f"Changed: {', '.join(sorted(fields)).replace('_', ' ')}", by=by, now=now)
    _audit(locked, "complaint.edited", by, now, old=old, new=fields)
    return locked


@transaction.atomic
def assign_complaint(
    *, complaint: Complaint, to: User | None, by: User | None, now: datetime, expected_version: int | None = None
) -> Complaint:
    """Give `complaint` to `to`, or to nobody. Raises UnfitAssignee and StaleVersion."""
    locked = _locked(complaint, expected_version)
    if locked.assigned_to_id == (to.pk if to else None):
        return locked
    if to is not None:
        _check_assignee(locked.practice, to)
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
def rename_client(*, client: Client, name: str, by: User, now: datetime, expected_version: int | None = None) -> Client:
    """Correct the name of `client`. Raises Conflict where the practice has such a client already, and StaleVersion."""
    name = line(name, "The name of the client")
    _lock(client.practice)
    locked = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    check_version(expected=expected_version, current=locked.version)
    if locked.name == name:
        return locked
    same = Client.objects.filter(practice=locked.practice, name=name, kind=locked.kind, nation=locked.nation)
    if same.exclude(pk=locked.pk).exists():
        raise Conflict(f"The practice has a client {name} of that kind already")
    old, locked.name = locked.name, name
    locked.version += 1
    locked.save(update_fields=["name", "version"])
    _index_words(locked.complaints.all(), locked)
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


def _check_assignee(practice: Practice, colleague: User) -> None:
    """Raise UnfitAssignee. The row is locked, so that nobody is given a case while their account is closed."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=colleague.pk)
    if user.practice_id != practice.pk or not may(user, "complaint.edit"):
        raise UnfitAssignee("A case is given to an active colleague of the practice whose role works on cases")


def _locked(complaint: Complaint, expected_version: int | None) -> Complaint:
    rows = Complaint.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("practice", "client", "assigned_to").get(pk=complaint.pk)
    check_version(expected=expected_version, current=locked.version)
    return locked


def _save(locked: Complaint, now: datetime, *fields: str) -> None:
    locked.version += 1
    locked.updated_at = now
    locked.save(update_fields=[*fields, "version", "updated_at"])


def _audit(complaint: Complaint, action: str, by: User | None, now: datetime, **values: Any) -> None:
    record_audit(practice=complaint.practice, actor=by, action=action, target=complaint, at=now, **values)
    for whose in (complaint.practice_id, None):  # staff of the platform count over all practices
        invalidate(CASES_BY_STATE.name, practice=whose)


def _intake_hash(bundle: Bundle) -> str:
    files = [(file.name, file.size, hashlib.sha256(file.data or b"").hexdigest()) for file in bundle.files]
    return digest([to_plain(bundle.intake), files])


def _client_of(practice: Practice, intake: Intake) -> Client:
    client, _created = Client.objects.get_or_create(
        practice=practice, name=intake.client_name, kind=intake.client_kind, nation=intake.nation
    )
    return client


def _lock(practice: Practice) -> None:
    """Whoever opens a case or names a client of the practice waits for others who do."""
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)


def _next_reference(practice: Practice, opened_on: date) -> str:
    """The next number of the year, under the lock of the practice. Raises NumbersUsedUp."""
    stem = f"LP-{opened_on.year}-"
    taken = Complaint.objects.filter(practice=practice, reference__range=(f"{stem}00000", f"{stem}{LAST_NUMBER}"))
    last = taken.order_by("-reference").values_list("reference", flat=True).first()
    number = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    if number > LAST_NUMBER:
        raise NumbersUsedUp(f"The practice has used every reference of {opened_on.year}")
    return f"{stem}{number:05d}"
