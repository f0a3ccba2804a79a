"""Figures for the people who run a practice: how many cases stand where."""

from dataclasses import dataclass

from django.db.models import Count

from complaints.selectors import visible_complaints
from users.models import User


@dataclass(frozen=True, slots=True)
class Overview:
    """Cases by state and those with a paper that could not be used."""

    by_status: tuple[tuple[str, int], ...]
    with_problems: int


def practice_overview(user: User) -> Overview:
    """The cases that `user` may see, counted by state in the order of the ladder. Two queries, however many cases."""
    cases = visible_complaints(user)
    counts = dict(cases.order_by().values_list("status").annotate(Count("pk")))
    with_problems = cases.filter(documents__problem_kind__gt="").distinct().count()
    states = cases.model.Status.choices
    return Overview(tuple((label, counts.get(state, 0)) for state, label in states), with_problems)
