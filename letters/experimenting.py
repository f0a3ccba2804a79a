"""Reads of experiments and ratings: who may see which, and how an experiment stands."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from letters.models import Assignment, Experiment, LetterRating
from letters.selectors import visible_versions
from users.models import User

Somebody = User | AnonymousUser
ARMS = Assignment.Arm


def visible_experiments(user: Somebody) -> QuerySet[Experiment]:
    """The experiments of the user's practice, with the cases of each arm; all of them for staff of the platform."""
    rows = Experiment.objects.select_related("practice", "prompt").annotate(
        with_baseline=Count("assignments", filter=Q(assignments__arm=ARMS.BASELINE)),
        with_challenger=Count("assignments", filter=Q(assignments__arm=ARMS.CHALLENGER)),
        measured=Count("assignments", filter=Q(assignments__measured_at__isnull=False)),
    )
    if not isinstance(user, User) or not user.is_active:
        return rows.none()
    if user.is_superuser:
        return rows
    return rows.none() if user.practice_id is None else rows.filter(practice_id=user.practice_id)


def visible_ratings(user: Somebody) -> QuerySet[LetterRating]:
    """What is thought of the versions that `user` may see."""
    return LetterRating.objects.filter(version__in=visible_versions(user)).select_related("by")
