"""A thousand calls at once against one budget, a tenth of them killed, beside looking first and recording afterwards.

The calls go through the boundary to a simulated provider, which keeps its own bill. Targets: the bill is not a cent
over the budget, what dead calls held is free again, and the ledger is equal to the bill to the last place.
"""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, connections
from django.db.models import F, Sum
from django.test import override_settings
from django.utils import timezone
from rich.console import Console

from lightpoint.benchmarks.harness import Figures
from lightpoint.benchmarks.server import own_database
from lightpoint.errors import TooManyRequests
from lightpoint.language.tokens import estimate_sent
from lightpoint.llm import Accountant, Attempted, LLMError, Message, Prompt, charged_to, complete
from lightpoint.llm.simulator import Answer, Config, Simulator
from users.models import BudgetUse, LLMCall, Practice, Reservation
from users.periods import start_of
from users.services import (
    BudgetExceeded,
    accountant_for,
    create_practice,
    reclaim_reservations,
    set_budget,
)

PROCESSES: Final = 20
THREADS: Final = 50
KILLED: Final = 2  # processes, and with them a tenth of the calls
KILL_AFTER: Final = (5.0, 11.0)  # seconds from the start
CAP: Final = Decimal("8.00")
WRITTEN: Final = 2_400  # tokens of an answer: less than a call holds room for
MOST: Final = 2_600
TIME_SCALE: Final = 0.6  # a call takes 12 seconds, so that all are under way before the first has ended
TRIES: Final = 6  # of a call that the budget refuses
PAUSE: Final = 3.0  # seconds between them
START_SECONDS: Final = 5.0
POOL: Final = 3  # connections to the database of a process
SYSTEM: Final = "You write letters."
Accounts = Callable[[Practice, int], Accountant]
Job = tuple[dict[str, Any], float]


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    with own_database(), _small_pool(), override_settings(**_settings()):
        ours = _arm(console, "ours", _ours)
        baseline = _arm(console, "check_then_record", _check_then_record)
    targets = ("overshoot", "left_open", "still_held", "ledger_less_bill", "use_less_bill", "most_over_cap")
    holds = all(Decimal(str(ours[name])) == 0 for name in targets) and bool(ours["reclaimed"])
    return {
        "calls": PROCESSES * THREADS,
        "processes": PROCESSES,
        "killed_calls": KILLED * THREADS,
        "cap": str(CAP),
        "ours": ours,
        "check_then_record": baseline,
        "holds": holds,
    }


def prompt_of(number: int) -> Prompt:
    """A prompt for each call, of a length of its own: by that the provider's bill tells which call it was."""
    words = f"Call {number}. " + "word " * number
    return Prompt(system=SYSTEM, messages=(Message("user", words),), max_tokens=MOST, purpose="bench")


def _settings() -> dict[str, Any]:
    return {
        "LLM_CAPS": dict.fromkeys(settings.LLM_CAPS),
        "LLM_DEADLINE_SECONDS": 120.0,
        "LLM_RETRIES": 0,
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    }


@contextmanager
def _small_pool() -> Iterator[None]:
    """Connections as a server's process shares them; those of this process are closed before it forks."""
    options = connection.settings_dict["OPTIONS"]
    before = options.get("pool")
    connection.close()
    options["pool"] = {"min_size": 0, "max_size": POOL, "timeout": 60}
    try:
        yield
    finally:
        _close()
        options.pop("pool")
        if before:
            options["pool"] = before


def _close() -> None:
    """No connection may be shared with a process that is forked."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's


def _arm(console: Console, name: str, accounts: Accounts) -> Figures:
    """What becomes of all calls under one way of keeping to the budget."""
    practice = create_practice(name=name, address="1 Mill Lane", now=timezone.now())
    set_budget(level="practice", practice=practice, period="day", amount=CAP, now=timezone.now())
    _close()
    with _workers(practice, accounts) as crowd, Simulator(Config(seed=7), _answer, time_scale=TIME_SCALE) as provider:
        watch = Watch(practice)
        begin = time.time() + START_SECONDS
        outcomes = crowd.through(provider.settings(), begin, watch)
        provider.wait_until_idle(30.0)
    figures = _figures(practice, provider, watch.most)
    figures |= {"outcomes": dict(outcomes), "seconds": round(time.time() - begin, 1)}
    console.print(f"{name}: bill {figures['bill']}, cap {CAP}, overshoot {figures['overshoot']}, {dict(outcomes)}")
    return figures


def _answer(_request: Mapping[str, Any]) -> Answer:
    return Answer("Dear Sir, we write about our client.", tokens=WRITTEN)


def _figures(practice: Practice, provider: Simulator, most: Decimal) -> Figures:
    leaked = Reservation.objects.filter(practice=practice, state="open")
    open_then, held_then = leaked.count(), leaked.aggregate(held=Sum("worst"))["held"] or Decimal(0)
    later = timezone.now() + timedelta(seconds=settings.LLM_RESERVATION_SECONDS + 1)
    reclaimed = reclaim_reservations(now=later, bill=_bill_of(provider))
    booked = LLMCall.objects.filter(practice=practice).aggregate(sum=Sum("cost"))["sum"] or Decimal(0)
    use = _use_of(practice).get()
    return {
        "provider_calls": len(provider.calls),
        "bill": plain(provider.bill),
        "overshoot": plain(max(Decimal(0), provider.bill - CAP)),
        "most_over_cap": plain(max(Decimal(0), most - CAP)),
        "most_spent_and_held": plain(most),
        "leaked": open_then,
        "leaked_held": plain(held_then),
        "reclaimed": reclaimed,
        "left_open": leaked.count(),
        "still_held": plain(use.reserved),
        "ledger": plain(booked),
        "ledger_less_bill": plain(booked - provider.bill),
        "use_less_bill": plain(use.spent - provider.bill),
    }


def plain(amount: Decimal) -> str:
    """An amount to the last place that the ledger has."""
    return f"{amount:.8f}"


def _bill_of(provider: Simulator) -> Callable[[UUID], Decimal]:
    """What the provider charged for the call of a token; nothing for one that never reached it."""
    billed = {call.sent: call.cost for call in provider.calls}
    if len(billed) != len(provider.calls):
        raise RuntimeError("Two calls of the bench cannot be told apart")

    def bill(token: UUID) -> Decimal:
        number = int(Reservation.objects.values_list("stage", flat=True).get(token=token))
        return billed.get(estimate_sent(prompt_of(number).texts), Decimal(0))

    return bill


def _use_of(practice: Practice) -> Any:
    day = start_of("day", timezone.now())
    return BudgetUse.objects.filter(level="practice", owner=practice.pk, period="day", starts_on=day)


class Watch(threading.Thread):
    """Looks again and again at what is spent and held together, and keeps the most that it saw."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(daemon=True)
        self.most = Decimal(0)
        self._rows = _use_of(practice).annotate(both=F("spent") + F("reserved")).values_list("both", flat=True)
        self._over = threading.Event()

    def run(self) -> None:
        """Look every 50 ms."""
        while not self._over.wait(0.05):
            self.most = max(self.most, self._rows.all().first() or Decimal(0))
        connection.close()

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()


@dataclass(frozen=True)
class Crowd:
    """Processes that wait for the word to make their calls, all at once."""

    workers: list[BaseProcess]
    lines: list[Connection]

    def through(self, provider: dict[str, Any], begin: float, watch: Watch) -> Counter[str]:
        """How all calls ended, with some of the processes killed on the way."""
        for line in self.lines:
            line.send((provider, begin))
        watch.start()
        killers = [
            threading.Timer(begin + after - time.time(), worker.kill)
            for after, worker in zip(KILL_AFTER, self.workers, strict=False)
        ]
        for killer in killers:
            killer.start()
        found = self._heard()
        for worker in self.workers:
            worker.join()
        watch.end()
        return found

    def _heard(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for line in self.lines:
            try:
                found += line.recv()
            except EOFError:
                found["killed"] += THREADS
        return found


@contextmanager
def _workers(practice: Practice, accounts: Accounts) -> Iterator[Crowd]:
    """The processes, forked while this one has no threads."""
    context = get_context("fork")
    pairs = [context.Pipe() for _ in range(PROCESSES)]
    workers = [
        context.Process(target=_work, args=(there, practice, accounts, place * THREADS), daemon=True)
        for place, (_, there) in enumerate(pairs)
    ]
    for worker, (_, there) in zip(workers, pairs, strict=True):
        worker.start()
        there.close()
    try:
        yield Crowd(list(workers), [here for here, _ in pairs])
    finally:
        for worker in workers:
            if worker.is_alive():
                os.kill(worker.pid or 0, signal.SIGKILL)


def _work(line: Connection, practice: Practice, accounts: Accounts, first: int) -> None:
    """One process: its calls at the same moment, each in a thread."""
    job: Job = line.recv()
    provider, begin = job
    outcomes: list[str] = []

    def one(number: int) -> None:
        time.sleep(max(0.0, begin - time.time()))
        outcomes.append(_called(accounts(practice, number), prompt_of(number)))

    with override_settings(**provider):
        threads = [threading.Thread(target=one, args=(first + place,)) for place in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    connections.close_all()
    line.send(Counter(outcomes))
    os._exit(0)


def _called(accountant: Accountant, prompt: Prompt) -> str:
    """How a call ended that is tried again while the budget has no room."""
    for _ in range(TRIES):
        try:
            with charged_to(accountant):
                complete(prompt, "fast")
        except (BudgetExceeded, NoRoom):
            time.sleep(PAUSE)
        except LLMError as error:
            return error.code
        else:
            return "ok"
    return "refused"


def _ours(practice: Practice, number: int) -> Accountant:
    return accountant_for(practice, None, stage=str(number))


def _check_then_record(practice: Practice, _number: int) -> Accountant:
    return Looker(practice)


class NoRoom(TooManyRequests):
    """The baseline's word for a budget that is used up."""


@dataclass(frozen=True)
class Looker:
    """The baseline: looks whether there is room, makes the call, and records what it cost."""

    practice: Practice

    def reserve(self, _prompt: Prompt, _model: str, worst: Decimal | None) -> None:
        """Raise BudgetExceeded where what is recorded leaves no room."""
        now = timezone.now()
        rows = _use_of(self.practice)
        if not rows.exists():
            use = BudgetUse(
                level="practice",
                owner=self.practice.pk,
                practice=self.practice,
                period="day",
                starts_on=start_of("day", now),
            )
            BudgetUse.objects.bulk_create([use], ignore_conflicts=True)
        spent = rows.values_list("spent", flat=True).get()
        connection.close()
        if spent + (worst or Decimal(0)) > CAP:
            raise NoRoom("There is no room")

    def settle(self, _token: None, attempted: Attempted) -> None:
        """Record the cost."""
        cost = attempted.cost or Decimal(0)
        _use_of(self.practice).update(spent=F("spent") + cost)
        LLMCall.objects.create(
            practice=self.practice,
            token=uuid4(),
            purpose=attempted.purpose,
            model=attempted.model,
            outcome=attempted.outcome,
            cost=cost,
            pricing="counted",
            created_at=timezone.now(),
        )
        connection.close()
