"""Telling people that a budget runs out: at 80, 95 and 100%, each once a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, cast

from lightpoint import jobs
from users.models import Budget, BudgetUse, User
from users.models.spending import CURRENCY
from users.periods import Period, renews_at, start_of
from users.roles import Role
from users.services.mail import address_of, send_on_commit
from users.services.spending.records import usual_cap
from users.services.trail import record_audit

STEPS: Final = (100, 95, 80)  # percent of the budget
TASK: Final = "users.tell_of_budget"
WHOSE: Final[Mapping[str, str]] = {
    "user": "Your budget",
    "practice": "Your practice's budget",
    "platform": "The platform's budget",
}


@dataclass(frozen=True, slots=True)
class Level:
    """How full a budget is: the row of its use, what was told of before (percent), what is spent, and the cap."""

    use_id: int
    warned: int
    spent: Decimal
    amount: Decimal | None

    @property
    def step(self) -> int:
        """The highest step that is reached; 0 for none."""
        if self.amount is None:
            return 0
        reached = (step for step in STEPS if self.spent * 100 >= self.amount * step)
        return next(reached, 0)


def note_steps(levels: Sequence[Level], *, now: datetime) -> None:
    """Have people told of what has filled up. Call it in the transaction that holds the rows of use locked.

    That lock is what makes once be once: whoever comes next reads what was told.
    """
    for level in levels:
        if level.step > level.warned:
            _note(level.use_id, level.step, now)


def note_refusal(*, use_id: int, worst: Decimal, amount: Decimal, now: datetime) -> None:
    """Have people told that calls are refused, where what is spent leaves no room for one. In a transaction."""
    rows = BudgetUse.objects.filter(pk=use_id, warned__lt=100, spent__gt=amount - worst)
    if rows.select_for_update(no_key=True).first():
        _note(use_id, 100, now)


def note_change(*, level: str, owner: int, period: Period, now: datetime) -> None:
    """Another amount holds: have people told of its steps anew, but for those that are reached. In a transaction."""
    rows = BudgetUse.objects.filter(level=level, owner=owner, period=period, starts_on=start_of(period, now))
    use = rows.select_for_update(no_key=True).first()
    if use is not None:
        step = Level(use.pk, use.warned, use.spent, cap_of(use)).step
        BudgetUse.objects.filter(pk=use.pk, warned__gt=step).update(warned=step)


def send_budget_warning(*, use_id: int, step: int) -> int:
    """Write to those who can do something about a budget that is `step` percent spent. Returns how many.

    Nobody is written to of one that has been taken away meanwhile.
    """
    use = BudgetUse.objects.select_related("practice").get(pk=use_id)
    amount = cap_of(use)
    if amount is None:
        return 0
    people = _readers(use)
    for person in people:
        context = {
            "whose": _whose(use, person),
            "step": step,
            "refused": step == 100 and use.spent < amount,
            "period": use.period,
            "spent": use.spent.quantize(Decimal("0.01")),
            "amount": amount,
            "currency": CURRENCY,
            "renews_at": renews_at(cast(Period, use.period), use.starts_on),
            "address": address_of("/admin/users/budget/"),
        }
        send_on_commit(to=person.email, template="budget", context=context)
    return len(people)


def cap_of(use: BudgetUse) -> Decimal | None:
    """The budget that `use` is of, or what the settings allow. One query."""
    found = Budget.objects.filter(level=use.level, owner=use.owner, period=use.period)
    own = found.values_list("amount", flat=True).first()
    return usual_cap(use.level, use.period) if own is None else own


def _note(use_id: int, step: int, now: datetime) -> None:
    BudgetUse.objects.filter(pk=use_id).update(warned=step)
    use = BudgetUse.objects.select_related("practice").get(pk=use_id)
    new = {"step": step, "spent": use.spent, "period": use.period, "starts_on": use.starts_on}
    record_audit(action="budget.warned", target=use, at=now, practice=use.practice, new=new)
    jobs.defer(TASK, queue="mail", use_id=use_id, step=step)


def _readers(use: BudgetUse) -> list[User]:
    """The user whose budget it is and the admins of the practice; for the platform its staff."""
    active = User.objects.filter(is_active=True)
    if use.practice is None:
        staff = active.filter(is_superuser=True)
        return list(staff if use.level == "platform" else staff.filter(pk=use.owner))
    admins = list(active.filter(practice=use.practice, role=Role.ADMIN))
    own = list(active.filter(pk=use.owner)) if use.level == "user" else []
    return own + [admin for admin in admins if admin not in own]


def _whose(use: BudgetUse, reader: User) -> str:
    if use.level == "user" and reader.pk != use.owner:
        return f"The budget of {User.objects.get(pk=use.owner)}"
    return WHOSE[use.level]
