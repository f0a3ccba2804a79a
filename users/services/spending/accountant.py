"""The accountant whom the boundary to the models asks before a call and tells after it (lightpoint.llm.accounting)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.db import connection
from django.utils import timezone

from lightpoint.llm import Attempted, Prompt
from users.models import Practice, User
from users.services.spending.records import Errand, Held, charge_of
from users.services.spending.reserving import reserve
from users.services.spending.settling import Call, settle

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingAccountant:
    """Holds and books the calls that are made for one errand. Safe to share between threads."""

    practice: Practice | None
    user: User | None
    complaint_id: int | None = None
    letter_id: int | None = None
    stage: str = ""
    clock: Callable[[], datetime] = field(default=timezone.now, repr=False)

    def reserve(self, prompt: Prompt, model: str, worst: Decimal | None) -> Held:
        """Hold what the call costs at worst, in US dollars. The thread's connection to the database is given back.

        Raises BudgetExceeded and UnpricedModel.
        """
        errand = Errand(prompt.purpose, model, self.complaint_id, self.letter_id, self.stage)
        return _apart(
            lambda: reserve(practice=self.practice, user=self.user, errand=errand, worst=worst, now=self.clock())
        )

    def settle(self, token: Held, attempted: Attempted) -> None:
        """Book how the call went; a second time nothing changes. The thread's connection is given back."""
        call = Call(
            model=attempted.model,
            tier=attempted.tier,
            outcome=attempted.outcome,
            reason=attempted.reason,
            prompt_sha256=attempted.prompt_sha256,
            usage=attempted.usage,
            first_token_seconds=attempted.first_token_seconds,
            seconds=attempted.seconds,
        )
        _apart(lambda: settle(token=token.token, charge=charge_of(attempted), call=call, now=self.clock()))


def accountant_for(
    practice: Practice | None,
    user: User | None,
    *,
    complaint_id: int | None = None,
    letter_id: int | None = None,
    stage: str = "",
) -> SpendingAccountant:
    """Who books calls that are made for `user` in `practice`, on a complaint, a letter and a stage where there are."""
    return SpendingAccountant(practice=practice, user=user, complaint_id=complaint_id, letter_id=letter_id, stage=stage)


def _apart(work: Callable[[], T]) -> T:
    """Do what the accounts need outside any transaction of the caller, and keep no connection afterwards.

    In it, the rows of the budgets would stay locked for as long as the model writes, and what was paid would be off the
    books if it were rolled back. The transaction that a test runs in does not count.
    """
    blocks = connection.atomic_blocks
    of_a_test = any(block._from_testcase for block in blocks)  # type: ignore[attr-defined]  # as `durable` looks at it
    if connection.in_atomic_block and not of_a_test:
        with ThreadPoolExecutor(1) as alone:
            return alone.submit(_done, work).result()
    return _done(work)


def _done(work: Callable[[], T]) -> T:
    """A model takes seconds: a thread that waits for it keeps no connection from those who need one."""
    try:
        return work()
    finally:
        if not connection.in_atomic_block:
            connection.close()
