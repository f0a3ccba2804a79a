"""What follows from a change of the guidance: chunks that no longer stand, answers that no longer hold, caches."""

from collections.abc import Iterable, Sequence

from knowledge.models import Chunk, SectionVersion
from knowledge.selectors import LIST, PAGES, SEARCH
from knowledge.services.answers import drop_answers_of
from knowledge.services.chunking import rechunk
from lightpoint.cache import invalidate


def follow_change(*, made: SectionVersion | None, touched: Sequence[SectionVersion]) -> None:
    """Call in the transaction that stored `made`, or ended, superseded or restored `touched`."""
    if made is not None:
        rechunk(made)
    for version in touched:
        Chunk.objects.filter(version=version).update(
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            standing=version.superseded_at is None and not version.archived,
        )
    drop_answers_of([*touched, *([made] if made else [])])
    forget_guidance()


def follow_sharing(source_ids: Iterable[int], *, shared: bool) -> None:
    """Call in the transaction that shared sources or took the sharing back."""
    ids = list(source_ids)
    Chunk.objects.filter(source_id__in=ids).update(shared=shared)
    drop_answers_of(SectionVersion.objects.filter(section__source__in=ids))
    forget_guidance()


def forget_guidance() -> None:
    """Let nothing be served that was computed from the guidance before this transaction."""
    for kept in (LIST, PAGES, SEARCH):
        invalidate(kept.name, practice=None)
