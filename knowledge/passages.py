"""The passages that may answer a question. The only place of the chat that knows search.

What a citation points into is `cited_text` of its version: the page's words, or for a version without them the
digest's account of it. Versions never change, so that places in it hold for ever.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from knowledge.chat.records import Passage
from knowledge.models import SectionVersion, Source
from knowledge.search import Hit, search

PASSAGES: Final = 6  # sections that an answer may rest on
AROUND: Final = 1_500  # characters of a long page on either side of the words that search found


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, best first, and how sure search is, from 0 to 1, that they answer at all."""

    passages: tuple[Passage, ...]
    answerable: float


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked through: what the practice sees, or with a source the platform's guidance and that source alone.

    Without a practice it is what everybody sees.
    """

    practice_id: int | None = None
    source_id: int | None = None


PLATFORM: Final = Scope()


def find_passages(question: str, *, scope: Scope, on: date | None) -> Found:
    """What answers `question` in `scope`, as it held on the day `on`, or holds now. At most three queries."""
    found = search(question, practice_id=scope.practice_id, on=on, source_ids=_sources(scope), limit=PASSAGES)
    rows = SectionVersion.objects.filter(_visible(scope)).in_bulk([hit.version_id for hit in found.results])
    hits = [(hit, rows[hit.version_id]) for hit in found.results if hit.version_id in rows]
    passages = tuple(passage_of(row, hit) for hit, row in hits if cited_text(row).strip())
    return Found(passages, found.answerable)


def cited_text(version: SectionVersion) -> str:
    """The text that citations of `version` point into."""
    return version.body or version.requires


def passage_of(version: SectionVersion, hit: Hit) -> Passage:
    """What a version says: all of it, or of a long page the paragraphs around the words that search found."""
    text = cited_text(version)
    start, end = 0, len(text)
    if version.body and hit.passage.role == "text":
        start = text.rfind("\n", 0, max(0, hit.passage.start - AROUND)) + 1
        near = text.find("\n", min(len(text), hit.passage.end + AROUND))
        end = near if near >= 0 else len(text)
    return Passage(
        version_id=version.pk,
        identifier=version.identifier,
        title=version.title,
        start=start,
        text=text[start:end],
        url=version.url,
        version=version.version,
    )


def _sources(scope: Scope) -> list[int]:
    if scope.source_id is None:
        return []
    return [*Source.objects.filter(practice=None).values_list("pk", flat=True), scope.source_id]


def _visible(scope: Scope) -> Q:
    """The same bounds as those of search, once more where the words are read."""
    platform = Q(section__source__practice=None)
    if scope.source_id is not None:
        return platform | Q(section__source=scope.source_id, section__source__practice=scope.practice_id)
    shown = platform | Q(section__source__shared=True)
    return shown if scope.practice_id is None else shown | Q(section__source__practice=scope.practice_id)
