"""The passages that may answer a question. The only place of the chat that knows search.

What a citation points into is `cited_text` of its version: the page's words, or for a version without them the
digest's account of it. Versions never change, so that places in it hold for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from knowledge.chat.extract import stems
from knowledge.chat.records import Passage
from knowledge.models import SectionVersion
from knowledge.selectors import search_sections

PASSAGES: Final = 6  # sections that an answer may rest on


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
    """What answers `question` in `scope`, as it held on the day `on`, or holds now."""
    results = search_sections(question, on=on, limit=PASSAGES)
    if not results:
        return Found((), 0.0)
    wanted = {(result.section.id, result.section.version): place for place, result in enumerate(results)}
    rows = SectionVersion.objects.filter(
        _visible(scope), identifier__in=[key[0] for key in wanted], version__in=[key[1] for key in wanted]
    )
    found = [row for row in rows if (row.identifier, row.version) in wanted and cited_text(row).strip()]
    found.sort(key=lambda row: wanted[row.identifier, row.version])
    passages = tuple(passage_of(row) for row in found)
    named = results[0].score.named
    return Found(passages, 1.0 if named else _share_held(question, passages))


def _share_held(question: str, passages: Sequence[Passage]) -> float:
    """The share of the question's telling words that stand in one of the best passages, or in its title."""
    asked = stems(question)
    held = [stems(f"{passage.title} {passage.text}") for passage in passages[:3]]
    return max((len(asked & words) / len(asked) for words in held), default=0.0) if asked else 0.0


def cited_text(version: SectionVersion) -> str:
    """The text that citations of `version` point into."""
    return version.body or version.requires


def passage_of(version: SectionVersion) -> Passage:
    """All of what a version says, as one passage."""
    return Passage(
        version_id=version.pk,
        identifier=version.identifier,
        title=version.title,
        start=0,
        text=cited_text(version),
        url=version.url,
        version=version.version,
    )


def _visible(scope: Scope) -> Q:
    platform = Q(section__source__practice=None)
    if scope.source_id is not None:
        return platform | Q(section__source=scope.source_id, section__source__practice=scope.practice_id)
    shown = platform | Q(section__source__shared=True)
    return shown if scope.practice_id is None else shown | Q(section__source__practice=scope.practice_id)
