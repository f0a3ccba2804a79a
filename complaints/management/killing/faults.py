"""What is wrong in the tables after a storm, held against what the provider saw."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from complaints.models import CaseRun
from letters.models import Letter, LetterVersion, Receipt, StageResult
from letters.pipelines.prompts import STAGES, question_key, shipped, system_text
from lightpoint import embedded
from lightpoint.embedded import Postgres
from lightpoint.llm.simulator import Simulator
from users.models import LLMCall, Reservation
from users.services import reclaim_reservations

Request = Mapping[str, Any]
DIARY = """
CREATE TABLE IF NOT EXISTS kills_diary (complaint bigint, key text, at timestamptz DEFAULT clock_timestamp());
GRANT SELECT, INSERT ON kills_diary TO {app};
CREATE OR REPLACE FUNCTION kills_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO kills_diary (complaint, key) VALUES (NEW.complaint_id, NEW.key); RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER kills_stored AFTER INSERT ON letters_stageresult
    FOR EACH ROW EXECUTE FUNCTION kills_note();
"""


def keep_diary(postgres: Postgres) -> None:
    """Have the database note by its clock when each stage was stored."""
    sockets = str(postgres.place.sockets)
    with psycopg.connect(host=sockets, user=embedded.OWNER, dbname=embedded.DATABASE, autocommit=True) as line:
        line.execute(DIARY.format(app=embedded.APP).encode())


def key_of(request: Request) -> str:
    """The key under which the answer to a request of a drafting is stored (letters.services.stages)."""
    system, *others = [message["content"] for message in request["messages"]]
    prompt = next(shipped(stage) for stage in STAGES if system_text(stage) == system)
    return question_key(prompt, model=request["model"], max_tokens=request["max_tokens"], texts=others)


@dataclass
class Found:
    """What a storm left. `faults` are sentences; without any, all that must hold holds."""

    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, name: str, count: int) -> None:
        """A figure that must be nought."""
        self.figures[name] = count
        if count:
            self.faults.append(f"{name}: {count}")


def look(wanted: Sequence[int], asked: Mapping[str, Sequence[float]], provider: Simulator) -> Found:
    """What is wrong with the letters of the cases `wanted`; `asked` has the times at which each question came."""
    found = Found()
    _letters(found, wanted)
    _stages(found, asked)
    _charges(found, provider)
    return found


def _letters(found: Found, wanted: Sequence[int]) -> None:
    runs = CaseRun.objects.filter(kind=CaseRun.Kind.DRAFT, complaint__in=wanted)
    ends = Counter(runs.values_list("state", flat=True))
    of_cases = Counter(runs.values_list("complaint_id", flat=True))
    found.figures |= {"letters_asked_for": len(wanted), "attempts": sum(runs.values_list("attempt", flat=True))}
    found.expect("lost", sum(of_cases[case] == 0 for case in wanted))
    found.expect("stuck", ends[CaseRun.State.QUEUED] + ends[CaseRun.State.RUNNING])
    found.expect("failed", ends[CaseRun.State.FAILED])
    found.expect("asked_for_twice", sum(count > 1 for count in of_cases.values()))
    versions = LetterVersion.objects.filter(letter__complaint__in=wanted)
    drafted = Counter(versions.values_list("letter__complaint_id", flat=True))
    found.expect("without_letter", sum(drafted[case] == 0 for case in wanted))
    found.expect("versions_too_many", versions.count() - versions.values("letter", "inputs_hash").distinct().count())
    found.expect("letters_with_versions_of_two_drafts", _of_two_drafts(wanted))
    receipts = Counter(Receipt.objects.filter(complaint__in=wanted).values_list("complaint_id", flat=True))
    found.expect("receipts_missing", sum(receipts[case] == 0 for case in wanted))
    found.expect("receipts_too_many", sum(count - 1 for count in receipts.values() if count > 1))


def _of_two_drafts(wanted: Sequence[int]) -> int:
    rows = Letter.objects.filter(complaint__in=wanted)
    return rows.annotate(count=Count("versions__inputs_hash", distinct=True)).filter(count__gt=1).count()


def _stages(found: Found, asked: Mapping[str, Sequence[float]]) -> None:
    stored = Counter(StageResult.objects.values_list("complaint", "key"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT complaint, key, extract(epoch FROM at)::float8 FROM kills_diary")
        diary: dict[tuple[int, str], list[float]] = defaultdict(list)
        for complaint, key, at in cursor.fetchall():
            diary[complaint, key].append(at)
    last: dict[str, float] = {}  # when all cases that ask the same, word for word, had the answer stored
    for (_complaint, key), times in diary.items():
        last[key] = max(last.get(key, 0.0), min(times))
    late = sum(time > last[key] for key, times in asked.items() if key in last for time in times)
    found.figures |= {"stages": sum(stored.values()), "questions": len(asked)}
    found.figures["asked_again_before_they_were_stored"] = sum(map(len, asked.values())) - len(stored)
    found.expect("stored_twice", sum(count - 1 for count in stored.values()))
    found.expect("stored_and_removed", sum(len(times) - 1 for times in diary.values()))
    found.expect("asked_again_although_stored", late)
    found.expect("stored_and_never_asked", sum(key not in asked for _complaint, key in stored))


def _charges(found: Found, provider: Simulator) -> None:
    provider.wait_until_idle(30.0)
    open_then = Reservation.objects.filter(state="open").count()
    later = timezone.now() + timedelta(seconds=settings.LLM_RESERVATION_SECONDS + 1)
    reclaimed = reclaim_reservations(now=later)
    booked = LLMCall.objects.exclude(outcome="cached")
    answered = Counter(_told(row) for row in booked.filter(outcome="ok"))
    billed = Counter((one.model, one.sent, one.cached, one.written, one.cost) for one in provider.calls)
    rest, others = billed - answered, booked.exclude(outcome="ok").count()
    found.figures |= {
        "provider_calls": sum(billed.values()),
        "booked_as_answered": sum(answered.values()),
        "booked_otherwise": dict(Counter(booked.exclude(outcome="ok").values_list("outcome", flat=True))),
        "reclaimed": reclaimed,
        "bill": str(provider.bill),
        "bill_of_calls_lost": str(sum((call[-1] * count for call, count in rest.items()), Decimal(0))),
    }
    found.expect("booked_and_never_billed", sum((answered - billed).values()))
    found.expect("billed_and_never_reserved", max(0, sum(rest.values()) - others))
    found.expect(
        "reservations_left_open", abs(open_then - reclaimed) + Reservation.objects.filter(state="open").count()
    )


def _told(row: LLMCall) -> tuple[str, int, int, int, Decimal]:
    return (
        row.model,
        row.sent or 0,
        row.cached or 0,
        row.written or 0,
        (row.cost or Decimal(0)).quantize(Decimal("1.00000000")),
    )
