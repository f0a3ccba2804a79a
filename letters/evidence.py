"""The evidence that the ledger itself puts before the checker, from the pages, the facts and the guidance. Pure."""

from collections.abc import Mapping

from complaints.facts.records import DocumentProfile, Facts
from knowledge.digest.records import GuidanceSection
from letters.computed import Known, vet
from letters.records import DocumentSource, SectionSource, Sentence
from lightpoint.grounding.records import Evidence
from lightpoint.language.dates import format_date

Pages = Mapping[tuple[str, int | None], str]

_AROUND = 3000  # characters of a page on each side of the words relied on
_WHO = {"hmrc": "HMRC", "agent": "us", "client": "our client"}


def evidence_for(
    sentence: Sentence, known: Known, guidance: Mapping[str, GuidanceSection], pages: Pages
) -> tuple[Evidence, ...]:
    """What a sentence is judged by: its documents, its sections, and what could be worked out again."""
    sources = sentence.sources
    documents = [_document(s, known.facts, pages) for s in sources if isinstance(s, DocumentSource)]
    sections = [
        section_evidence(guidance[s.section]) for s in sources if isinstance(s, SectionSource) and s.section in guidance
    ]
    given = [e for e in sentence.evidence if e.id == "case"]
    texts = [vet(e.text, known) for e in sentence.evidence if e.id == "computed"]
    derived = [Evidence("computed", text) for text in texts if text]
    return tuple(dict.fromkeys((*documents, *sections, *derived, *given)))


def _document(source: DocumentSource, facts: Facts, pages: Pages) -> Evidence:
    profile = next((p for p in facts.documents if p.document == source.document), None)
    page = pages.get((source.document, source.page), "")
    at = max(0, page.find(source.quote))
    around = page[max(0, at - _AROUND) : at + len(source.quote) + _AROUND]
    head = heading(profile) if profile else source.document
    return Evidence(source.document, f"{head}\n“{' '.join(source.quote.split())}”\n{around}".strip())


def heading(profile: DocumentProfile) -> str:
    """ "Letter from HMRC to us of 14 February 2025 (HMRC's letter of 14 February 2025):"."""
    words = [
        "Letter"
        if profile.channel in ("post", "unknown")
        else profile.channel.replace("_", " ").capitalize() + " record"
    ]
    words.append(f"from {_WHO.get(profile.author, profile.author_name or 'a third party')}")
    if profile.recipient:
        words.append(f"to {_WHO.get(profile.recipient, 'a third party')}")
    if profile.written_on:
        words.append(f"of {format_date(profile.written_on)}")
    return f"{' '.join(words)} ({profile.summary_name}):"


def section_evidence(entry: GuidanceSection) -> Evidence:
    parts = [f"Section {entry.id}, headed {entry.title}.", entry.requires]
    parts += [f"{standard.name}: {standard.promise}" for standard in entry.standards]
    parts += [f"{figure.value}: {figure.role}" for figure in entry.figures]
    return Evidence(entry.id, " ".join(" ".join(part.split()) for part in parts))


def page_text(sentence: Sentence, pages: Pages) -> str:
    """All pages that a sentence points at, for what is worked out from them."""
    found = [
        pages.get((s.document, s.page), "") + "\n" + s.quote for s in sentence.sources if isinstance(s, DocumentSource)
    ]
    return "\n".join(dict.fromkeys(found))
