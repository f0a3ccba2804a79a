"""Stand-in."""

from collections.abc import Iterable

from knowledge.models import KeptAnswer, SectionVersion


def drop_answers_of(versions: Iterable[SectionVersion]) -> int:
    """Drop the kept answers that rest on any of `versions`; returns how many."""
    kept = KeptAnswer.objects.filter(versions__in=[version.pk for version in versions]).values("pk")
    return KeptAnswer.objects.filter(pk__in=kept).delete()[1].get("knowledge.KeptAnswer", 0)
