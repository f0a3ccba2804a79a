"""The exhibits of a letter: the readable documents that it relies on, numbered in the order of their dates. Pure."""

from collections.abc import Iterable, Mapping

from complaints.facts.records import DocumentProfile, Facts
from letters.records import DocumentSource, Exhibit, Sentence


def relied_on(sentences: Iterable[Sentence]) -> frozenset[str]:
    """The documents behind the sentences of a letter."""
    return frozenset(s.document for sentence in sentences for s in sentence.sources if isinstance(s, DocumentSource))


def number_exhibits(facts: Facts, documents: Iterable[str]) -> Mapping[str, int]:
    """Exhibit numbers in the order of the facts (by date, then by name). A file that could not be read has none."""
    wanted = frozenset(documents)
    chosen = [p.document for p in facts.documents if p.document in wanted]
    return {document: number for number, document in enumerate(chosen, start=1)}


def exhibit_list(facts: Facts, numbers: Mapping[str, int], sentences: Iterable[Sentence]) -> tuple[Exhibit, ...]:
    """The enclosures with the pages that the letter points at."""
    pages = _pages_cited(sentences)
    return tuple(
        Exhibit(numbers[p.document], p.document, _title(p), _pages(pages.get(p.document, frozenset())))
        for p in facts.documents
        if p.document in numbers
    )


def _pages_cited(sentences: Iterable[Sentence]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for sentence in sentences:
        for source in sentence.sources:
            if isinstance(source, DocumentSource) and source.page is not None:
                found.setdefault(source.document, set()).add(source.page)
    return {document: frozenset(numbers) for document, numbers in found.items()}


def _title(profile: DocumentProfile) -> str:
    title = " ".join(profile.summary_name.split()) or "Paper without a title"
    return title[:1].upper() + title[1:]


def _pages(numbers: Iterable[int]) -> str:
    pages = sorted(numbers)
    if not pages:
        return ""
    if len(pages) == 1:
        return f"page {pages[0]}"
    if pages == list(range(pages[0], pages[-1] + 1)):
        return f"pages {pages[0]} to {pages[-1]}"
    return f"pages {', '.join(map(str, pages[:-1]))} and {pages[-1]}"
