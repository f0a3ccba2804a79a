"""What follows from a person's change of the guidance: chunks, answers that no longer hold, caches."""

from collections.abc import Sequence

from knowledge.models import Chunk, SectionVersion, Source
from knowledge.services.answers import drop_answers_of
from knowledge.services.chunking import end_chunks, rechunk
from knowledge.services.versions import drop_caches


def follow_change(*, made: SectionVersion | None, touched: Sequence[SectionVersion]) -> None:
    """Call in the transaction that stored `made`, or ended, superseded or restored `touched`."""
    if made is not None:
        rechunk(made)
    for version in touched:
        end_chunks(version)
    drop_answers_of([*touched, *([made] if made else [])])
    drop_caches()


def follow_sharing(source: Source) -> None:
    """Call in the transaction that shared `source` or took the sharing back."""
    Chunk.objects.filter(source_id=source.pk).update(shared=source.shared)
    drop_answers_of(SectionVersion.objects.filter(section__source=source))
    drop_caches()
