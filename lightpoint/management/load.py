"""Many cases of many practices, made up, to measure with. Rows go in by COPY, in seconds, not through the services.

The practices differ in size as real ones do: the first has half of all cases, each next one half of what is left, and
the last shares the rest. The same seed gives the same rows but for their numbers.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection

from complaints.analysis.records import Analysis, RouteDecision
from complaints.facts.records import Facts
from complaints.models import CaseAnalysis, CaseRun, Client, Complaint, Document, Page, TimelineEntry
from letters.models import Letter, LetterVersion, Sentence
from letters.records import Block, DraftLetter, LetterType
from letters.records import Sentence as Line
from lightpoint.codec import to_plain
from tickets.models import Ticket
from users.models import AuditEvent, Practice, User
from users.roles import Role

DAYS = 5 * 365
NAMES = (
    "Adeyemi",
    "Baxter",
    "Cadwallader",
    "Dhillon",
    "Eastwood",
    "Farquhar",
    "Grzybowska",
    "Hussain",
    "Ingram",
    "Jolly",
)
TRADES = ("Joinery", "Bakery", "Haulage", "Optics", "Studio", "Nursery", "Farms", "Marine", "Roofing", "Textiles")
TAXES = ("Self Assessment", "VAT", "PAYE", "Corporation Tax", "Capital Gains Tax", "Inheritance Tax", "Tax credits")
STATES = ("active",) * 5 + ("assessment",) * 2 + ("escalated",) * 2 + ("resolved",) * 3 + ("closed",) * 8
ROLES = (Role.ADMIN, Role.MANAGER, *(Role.ANALYST,) * 6, Role.VIEWER)
COMPLAINT: LetterType = "complaint_tier_1"
LINE = "HM Revenue and Customs received the claim on 4 March 2024."

Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """What the rows of one case have in common."""

    id: int
    practice: int
    people: Sequence[int]
    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Maker:
    """What the rows of every table are made from."""

    cases: Sequence[Case]
    seed: int

    def chance(self, salt: str) -> random.Random:
        """Its own stream for each table, so that one more column does not change the others."""
        return random.Random(f"{self.seed} {salt}")  # noqa: S311 - made-up rows, no secret


def fill(*, complaints: int, practices: int, now: datetime, seed: int = 20_250_304) -> dict[str, int]:
    """Add so many `complaints` of new `practices`, in the caller's transaction. Returns the rows added by table."""
    staff = _people(practices, now)
    maker = Maker(_cases(complaints, staff, now, random.Random(seed)), seed)  # noqa: S311
    counts = {"users.practice": practices, "users.user": sum(len(people) for people in staff.values())}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # the check of all foreign keys is one statement
        for model, columns, rows in TABLES:
            counts[model._meta.label_lower] = _copy(cursor, model, columns, rows(maker))
        cursor.execute("SELECT refresh_statistics()")  # what follows then goes by indexes
        cursor.execute(SEARCH)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return counts


def _people(practices: int, now: datetime) -> dict[int, list[int]]:
    """The people of each new practice, by its number: users of every role, none of whom can sign in with a password."""
    password = make_password(None)
    staff: dict[int, list[int]] = {}
    for number in range(practices):
        practice = Practice.objects.create(
            name=f"Load Practice {now:%H%M%S}-{number:04d}", address="1 Load Street, Leeds", created_at=now
        )
        users = User.objects.bulk_create(
            User(
                email=f"load-{practice.pk}-{index}@practice.example",
                name=f"{NAMES[index % len(NAMES)]} {number}",
                password=password,
                practice=practice,
                role=role,
                created_at=now,
            )
            for index, role in enumerate(ROLES)
        )
        staff[practice.pk] = [user.pk for user in users if user.role in (Role.MANAGER, Role.ANALYST)]
    return staff


def _cases(count: int, staff: dict[int, list[int]], now: datetime, chance: random.Random) -> list[Case]:
    first = _next_id(Complaint)
    owners = list(staff)
    cases = []
    for number in range(count):
        share = 0
        while share < len(owners) - 1 and chance.random() < 0.5:
            share += 1
        at = now - timedelta(days=chance.randrange(DAYS), seconds=chance.randrange(86_400))
        cases.append(Case(first + number, owners[share], staff[owners[share]], at, number))
    return cases


def _next_id(model: Any) -> int:
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def _copy(cursor: Any, model: Any, columns: Sequence[str], rows: Rows) -> int:
    """COPY `rows` into the table of `model`; a first column `id` moves the sequence behind the last of them."""
    table, count = model._meta.db_table, 0
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    if columns[0] == "id":
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
    return count


SEARCH = """
UPDATE complaints_complaint AS complaint
   SET search = to_tsvector('simple', concat_ws(' ', complaint.reference, client.name, complaint.tax_head))
  FROM complaints_client AS client
 WHERE client.id = complaint.client_id AND complaint.search IS NULL
"""


def _clients(maker: Maker) -> Rows:
    for case in maker.cases:
        name = f"{NAMES[case.number % 10]} {TRADES[case.number // 10 % 10]} {case.id}"
        yield case.id, case.practice, name, "company", "england-and-wales"


def _complaints(maker: Maker) -> Rows:
    chance = maker.chance("complaints")
    for case in maker.cases:
        assigned, created = (chance.choice(case.people) for _ in range(2))
        reference = f"LP-{case.at.year}-{case.id}"
        day = case.at.date()
        state, tax = chance.choice(STATES), chance.choice(TAXES)
        changed = case.at + timedelta(days=chance.randrange(60))
        yield (
            *(case.id, case.practice, case.id, reference, tax, "", "", day, "[]", "[]", state, ""),
            *(case.at, created, assigned, 1, changed),
        )


def _timeline(maker: Maker) -> Rows:
    for case in maker.cases:
        for step, text in enumerate(("Case opened", "1 papers added: letter.txt")):
            yield case.id, case.at + timedelta(hours=step), case.people[0], text


def _documents(maker: Maker) -> Rows:
    for case in maker.cases:
        problem = ("too-large", "41.0 MB is over the limit of 41 MB for a document")
        yield (
            *(case.id, case.id, "letter.txt", 0, "text/plain", "", "[]", "[]", *problem, "load"),
            *(case.at, case.people[0]),
        )


def _pages(maker: Maker) -> Rows:
    for case in maker.cases:
        yield case.id, 0, 1, LINE, "text"


def _runs(maker: Maker) -> Rows:
    for case in maker.cases[::4]:
        yield (
            case.id,
            "draft",
            "done",
            "{}",
            False,
            1,
            "letters",
            1,
            1,
            "",
            "",
            case.people[0],
            case.at,
            case.at,
            case.at,
        )


def _with_letter(maker: Maker) -> Sequence[Case]:
    return maker.cases[::2]


def _analyses(maker: Maker) -> Rows:
    facts = Facts((), (), (), (), (), (), (), (), (), (), (), (), ())
    route = RouteDecision("complaint", (), 1, "A made-up case", "load", ())
    analysis = Analysis(route, "general", (), (), (), None, (), (), (), (), (), ())
    texts = _json(facts), _json(analysis)
    for case in _with_letter(maker):
        yield case.id, case.id, 1, f"{case.id:064d}", *texts, case.at


def _json(record: object) -> str:
    return json.dumps(to_plain(record))


def _letters(maker: Maker) -> Rows:
    chance = maker.chance("letters")
    for case in _with_letter(maker):
        state = chance.choice(("draft", "in_review", "approved", "sent", "sent"))
        approved = (case.people[0], case.at) if state in ("approved", "sent") else (None, None)
        locked = approved if state == "sent" else (None, None)
        whose = (case.id, case.id, case.practice)
        yield *whose, COMPLAINT, 0, "HM Revenue and Customs", state, 1, *approved, *locked, case.at


def _versions(maker: Maker) -> Rows:
    for case in _with_letter(maker):
        line = Line(LINE, "form", (), "not_checkable")
        draft = DraftLetter(COMPLAINT, "HMRC", case.at.date(), (Block("paragraph", (line,)),), ())
        yield (
            *(case.id, case.id, 1, case.id, f"{case.id:064d}", "embedded", "firm", _json(draft), LINE, False),
            *('["made up"]', case.at),
        )


def _sentences(maker: Maker) -> Rows:
    for case in _with_letter(maker):
        yield case.id, 0, LINE, "form", "not_checkable", "[]"


def _tickets(maker: Maker) -> Rows:
    chance = maker.chance("tickets")
    for case in maker.cases[::5]:
        state = chance.choice(("open", "in_progress", "waiting", "closed", "closed"))
        asked, answers = chance.choice(case.people), chance.choice(case.people)
        closed = case.at + timedelta(days=2) if state == "closed" else None
        yield (
            *(case.practice, case.id, "question", "normal", state, "Which papers are missing?", "", answers, asked),
            *(case.at, closed or case.at, closed, 1),
        )


def _audit(maker: Maker) -> Rows:
    for case in maker.cases:
        label = f"LP-{case.at.year}-{case.id}"
        yield case.practice, case.people[0], "load", "complaint.opened", "complaints.complaint", case.id, label, case.at


TABLES: Sequence[tuple[Any, tuple[str, ...], Callable[[Maker], Rows]]] = (
    (Client, ("id", "practice_id", "name", "kind", "nation"), _clients),
    (
        Complaint,
        (
            *("id", "practice_id", "client_id", "reference", "tax_head", "brief", "desired_outcome", "opened_on"),
            *('"references"', "hourly_rates", "status", "intake_hash", "created_at", "created_by_id"),
            *("assigned_to_id", "version", "updated_at"),
        ),
        _complaints,
    ),
    (TimelineEntry, ("complaint_id", "at", "by_id", "text"), _timeline),
    (
        Document,
        (
            *("id", "complaint_id", "name", "position", "media_type", "content_sha256", "headers", "hidden_text"),
            *("problem_kind", "problem_detail", "read_with", "uploaded_at", "uploaded_by_id"),
        ),
        _documents,
    ),
    (Page, ("document_id", "position", "number", "text", "method"), _pages),
    (
        CaseRun,
        (
            *("complaint_id", "kind", "state", "options", "again", "attempt", "step", "done", "total", "message"),
            *("request_id", "created_by_id", "created_at", "started_at", "finished_at"),
        ),
        _runs,
    ),
    (CaseAnalysis, ("id", "complaint_id", "version", "inputs_hash", "facts", "analysis", "created_at"), _analyses),
    (
        Letter,
        (
            *("id", "complaint_id", "practice_id", "type", "position", "recipient", "state", "version"),
            *("approved_by_id", "approved_at", "locked_by_id", "locked_at", "updated_at"),
        ),
        _letters,
    ),
    (
        LetterVersion,
        (
            *("id", "letter_id", "number", "analysis_id", "inputs_hash", "pipeline", "tone", "draft", "text"),
            *("released", "problems", "created_at"),
        ),
        _versions,
    ),
    (Sentence, ("version_id", "position", "text", "kind", "status", "reasons"), _sentences),
    (
        Ticket,
        (
            *("practice_id", "complaint_id", "category", "priority", "status", "title", "body", "assigned_to_id"),
            *("created_by_id", "created_at", "updated_at", "closed_at", "version"),
        ),
        _tickets,
    ),
    (
        AuditEvent,
        ("practice_id", "actor_id", "actor_label", "action", "target_type", "target_pk", "target_label", "at"),
        _audit,
    ),
)
