"""Reads of tickets, and the figures for the people who run a practice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from complaints.models import CaseAnalysis, Complaint
from complaints.selectors import visible_analyses, visible_complaints
from letters.selectors import visible_letters
from lightpoint.cache import Entry, get_or_compute
from lightpoint.codec import from_plain, to_plain
from tickets.models import Comment, Ticket
from tickets.status import UNSETTLED
from users.models import User
from users.roles import Role

Somebody = User | AnonymousUser
SETTLED_CASES = ("resolved", "closed")
AGES = ((30, "up to 30 days"), (90, "31 to 90 days"), (180, "91 to 180 days"), (365, "181 to 365 days"))
OLDER = "more than a year"
RESPONSES = timedelta(days=30)  # how far back the time to the first response is averaged
# Cases and letters change without telling this entry, so that its figures may be this old; they say how old they are.
MANAGEMENT = Entry("management.figures", ttl=timedelta(seconds=60), stale=timedelta(seconds=60))
# Minutes of the rows of the time records that an analysis read, on the days from the first up to before the second.
MINUTES = """(
    SELECT COALESCE(SUM((entry->>'minutes')::bigint), 0)
      FROM jsonb_array_elements("complaints_caseanalysis"."facts"->'time_entries') AS entry
     WHERE entry->>'on' >= %s AND entry->>'on' < %s
)"""


@dataclass(frozen=True, slots=True)
class Overview:
    """Cases by state and those with a paper that could not be used."""

    by_status: tuple[tuple[str, int], ...]
    with_problems: int


@dataclass(frozen=True, slots=True)
class Figure:
    """How many there are of one kind."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class PersonCases:
    """The cases of one person by state, in the order of the ladder; `person` None: given to nobody."""

    person: int | None
    name: str
    states: tuple[Figure, ...]
    total: int


@dataclass(frozen=True, slots=True)
class TicketFigures:
    """Tickets that are not settled. `unassigned` are given to nobody, or to somebody who has left.

    `first_response_minutes` is the mean over 30 days, None without any response.
    """

    open: int
    unassigned: int
    urgent: int
    first_response_minutes: int | None


@dataclass(frozen=True, slots=True)
class Management:
    """Where a practice stands at `as_of`: cases, letters, tickets, and the minutes worked this month.

    `minutes_this_month` adds up the time records in the papers of cases that were analysed this month; 0 without any.
    """

    as_of: str
    cases_by_state: tuple[Figure, ...]
    cases_by_person: tuple[PersonCases, ...]
    open_cases_by_age: tuple[Figure, ...]
    letters_by_state: tuple[Figure, ...]
    tickets: TicketFigures
    minutes_this_month: int


def visible_tickets(user: Somebody) -> QuerySet[Ticket]:
    """The tickets that `user` may see: of an analyst those created by or assigned to them, or on a case they see.

    Others of the practice see all of its tickets, staff of the platform all there are.
    """
    if not isinstance(user, User) or not user.is_active:
        return Ticket.objects.none()
    if user.is_superuser:
        return Ticket.objects.all()
    if user.practice_id is None:
        return Ticket.objects.none()
    rows = Ticket.objects.filter(practice_id=user.practice_id)
    if user.role != Role.ANALYST:
        return rows
    cases = Exists(visible_complaints(user).filter(pk=OuterRef("complaint")))
    return rows.filter(Q(created_by=user) | Q(assigned_to=user) | cases)


def visible_comments(user: Somebody) -> QuerySet[Comment]:
    """What is said on the tickets that `user` may see."""
    return Comment.objects.filter(ticket__in=visible_tickets(user))


def practice_overview(user: Somebody) -> Overview:
    """The cases that `user` may see, counted by state in the order of the ladder. Two queries, however many cases."""
    cases = visible_complaints(user)
    counts = dict(cases.order_by().values_list("status").annotate(Count("pk")))
    with_problems = cases.filter(documents__problem_kind__gt="").distinct().count()
    states = cases.model.Status.choices
    return Overview(tuple((label, counts.get(state, 0)) for state, label in states), with_problems)


def management_figures(user: User, *, now: datetime, practice: int | None = None) -> Management:
    """The figures of the practice of `user`, who has the right `management.view`; five queries, or none (cache).

    `now` is in the practice's time zone. For staff of the platform they are those of `practice`, or of all together.
    """
    whose = practice if user.is_superuser else user.practice_id
    plain = get_or_compute(
        MANAGEMENT,
        practice=whose,
        parts=[now.date().isoformat()],
        compute=lambda: to_plain(_figures(user, whose, now)),
    )
    return from_plain(Management, plain)


def _figures(user: User, practice: int | None, now: datetime) -> Management:
    mine = {} if practice is None else {"practice_id": practice}
    cases = visible_complaints(user).filter(**mine)
    persons = _by_person(cases)
    letters = visible_letters(user).filter(**mine)
    analyses = visible_analyses(user)
    if practice is not None:
        analyses = analyses.filter(complaint__practice_id=practice)
    return Management(
        as_of=now.isoformat(timespec="seconds"),
        cases_by_state=_sum_up(persons),
        cases_by_person=persons,
        open_cases_by_age=_by_age(cases, now.date()),
        letters_by_state=_by_state(letters),
        tickets=_ticket_figures(visible_tickets(user).filter(**mine), now),
        minutes_this_month=_minutes(analyses, now),
    )


def _by_person(cases: QuerySet[Complaint]) -> tuple[PersonCases, ...]:
    person = ("assigned_to", "assigned_to__name", "assigned_to__email")
    rows = cases.order_by().values_list(*person, "status").annotate(count=Count("pk"))
    found: dict[tuple[int | None, str], dict[str, int]] = {}
    for pk, name, email, status, count in rows:
        found.setdefault((pk, name or email or ""), {})[status] = count
    people = sorted(found, key=lambda who: (who[0] is None, who[1], who[0] or 0))
    return tuple(PersonCases(who[0], who[1], _ladder(found[who]), sum(found[who].values())) for who in people)


def _ladder(counts: dict[str, int]) -> tuple[Figure, ...]:
    return tuple(Figure(state, counts.get(state, 0)) for state in Complaint.Status.values)


def _sum_up(persons: Iterable[PersonCases]) -> tuple[Figure, ...]:
    counts = dict.fromkeys(Complaint.Status.values, 0)
    for person in persons:
        for state in person.states:
            counts[state.name] += state.count
    return _ladder(counts)


def _by_age(cases: QuerySet[Complaint], today: date) -> tuple[Figure, ...]:
    """Open cases by the days since they were opened."""
    buckets: dict[str, Any] = {}
    youngest = today + timedelta(days=1)
    for days, _ in AGES:
        oldest = today - timedelta(days=days)
        buckets[f"days_{days}"] = Count("pk", filter=Q(opened_on__lt=youngest, opened_on__gte=oldest))
        youngest = oldest
    buckets["older"] = Count("pk", filter=Q(opened_on__lt=youngest))
    counts = cases.exclude(status__in=SETTLED_CASES).order_by().aggregate(**buckets)
    names = [name for _, name in AGES] + [OLDER]
    return tuple(Figure(name, counts[bucket]) for name, bucket in zip(names, buckets, strict=True))


def _by_state(letters: QuerySet[Any]) -> tuple[Figure, ...]:
    counts = dict(letters.order_by().values_list("state").annotate(Count("pk")))
    return tuple(Figure(state, counts.get(state, 0)) for state in letters.model.State.values)


def _ticket_figures(tickets: QuerySet[Ticket], now: datetime) -> TicketFigures:
    unsettled = Q(status__in=UNSETTLED)
    found = tickets.order_by().aggregate(
        open=Count("pk", filter=unsettled),
        unassigned=Count("pk", filter=unsettled & (Q(assigned_to=None) | Q(assigned_to__is_active=False))),
        urgent=Count("pk", filter=unsettled & Q(priority=Ticket.Priority.URGENT)),
        response=Avg(F("first_response_at") - F("created_at"), filter=Q(first_response_at__gte=now - RESPONSES)),
    )
    response = found.pop("response")
    minutes = None if response is None else round(response / timedelta(minutes=1))
    return TicketFigures(**found, first_response_minutes=minutes)


def _minutes(analyses: QuerySet[CaseAnalysis], now: datetime) -> int:
    """An analysis from before the month cannot have read a day of it, so that only this month's are opened."""
    first = now.date().replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    newer = CaseAnalysis.objects.filter(complaint=OuterRef("complaint"), version__gt=OuterRef("version"))
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    newest = analyses.filter(~Exists(newer), created_at__gte=start).order_by()
    minutes = RawSQL(MINUTES, (first.isoformat(), after.isoformat()))  # noqa: S611 - two days, as parameters
    return int(newest.annotate(minutes=minutes).aggregate(total=Sum("minutes"))["total"] or 0)
