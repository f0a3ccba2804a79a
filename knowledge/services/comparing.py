"""Look for the like of a text among the sections that are held.

Cost: a version is sketched once, when a comparison first meets it (about a millisecond for a page). After that a
comparison is one indexed query for the versions that share a shingle of the sketch, and a full comparison with at most
MOST_CANDIDATES of them: the number of sections that are held hardly counts.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from knowledge.comparison import Compared, compare, digest_of, most_telling, shingles, sketch_of
from knowledge.models import SectionSketch, SectionVersion, SectionVersionQuerySet
from lightpoint.codec import to_plain

MOST_CANDIDATES: Final = 20
MOST_SKETCHES: Final = 2_000  # that share a shingle and are looked at
BATCH: Final = 200
SHOWN: Final = ("identical", "conflicting", "near_duplicate", "overlapping")


def text_of(version: SectionVersion) -> str:
    """What a version says: the words of the page, or the digest's account of it where the page is not held."""
    return version.body or version.requires


def compare_with_held(text: str, *, identifier: str, held: SectionVersionQuerySet) -> tuple[str, list[dict[str, Any]]]:
    """The finding that counts, and what `text` is to each version of `held` that it resembles.

    `held` are the versions that whoever asks may see. The most telling comes first.
    """
    current = held.current()
    sketch_missing(current)
    found = [
        (row, compare(text, text_of(row), same_section=row.identifier == identifier))
        for row in candidates(text, identifier=identifier, held=current)
    ]
    shown = [(row, one) for row, one in found if one.finding in SHOWN]
    shown.sort(key=lambda pair: (SHOWN.index(pair[1].finding), -pair[1].similarity, pair[0].pk))
    return most_telling(one.finding for _, one in shown), [_record(row, one) for row, one in shown]


def candidates(text: str, *, identifier: str, held: SectionVersionQuerySet) -> list[SectionVersion]:
    """The versions of `held` that may be like `text`: of the same section, with the same words, or some in common."""
    sketch = sketch_of(shingles(text))
    sharing = SectionSketch.objects.filter(hashes__overlap=list(sketch)).filter(version__in=held)
    rows = sharing.order_by().values_list("version_id", "hashes")[:MOST_SKETCHES]
    near = sorted(rows, key=lambda row: (-_shared(sketch, row[1]), row[0]))[:MOST_CANDIDATES]
    same = Q(identifier=identifier) | Q(sketch__text_sha256=digest_of(text))
    return list(held.filter(same | Q(pk__in=[pk for pk, _ in near])).order_by("pk"))


def sketch_missing(versions: SectionVersionQuerySet) -> int:
    """Sketch those of `versions` that have no sketch yet. Returns how many; two at once do no harm."""
    made = 0
    unsketched = ~Exists(SectionSketch.objects.filter(version=OuterRef("pk")))
    waiting = versions.filter(unsketched).order_by("pk").select_related(None)
    while rows := list(waiting[:BATCH]):
        sketches = [
            SectionSketch(
                version=row, text_sha256=digest_of(text_of(row)), hashes=list(sketch_of(shingles(text_of(row))))
            )
            for row in rows
        ]
        SectionSketch.objects.bulk_create(sketches, ignore_conflicts=True)
        made += len(rows)
    return made


def _shared(sketch: Sequence[int], other: Iterable[int]) -> float:
    """The containment of one sketch in the other, by which candidates are put in order."""
    mine, theirs = set(sketch), set(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _record(row: SectionVersion, one: Compared) -> dict[str, Any]:
    return {
        "identifier": row.identifier,
        "version": row.version,
        "version_id": row.pk,
        "title": row.title,
        "source_name": row.section.source.name,
        "practice": row.section.practice_id,
        "finding": one.finding,
        "similarity": one.similarity,
        "disagreements": to_plain(one.disagreements),
    }
