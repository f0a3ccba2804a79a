"""The sentence ledger: each sentence of a letter verified, repaired, unsupported or not checkable, by code. Pure.

A FACT must point at words that stand in a document of the case, a RULE at a section of guidance that exists, is not
archived, was in force, and is about what it is cited for. Both must then be borne out by that evidence. ASK and FORM
assert nothing, but a figure in them is checked like any other. A letter with nothing checked is never released.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from complaints.facts.corrections import strikes
from complaints.facts.records import Facts, Nation
from knowledge.digest.records import GuidanceSection
from letters.computed import Known
from letters.evidence import Pages, evidence_for, heading, page_text
from letters.findings import finding_faults
from letters.money_roles import role_objections
from letters.records import Block, DocumentSource, DraftLetter, SectionSource, Sentence
from letters.repairs import repair
from letters.rows import row_faults
from letters.voices import doer_faults, owner_faults, speaker_faults
from lightpoint.grounding import check_sentence
from lightpoint.grounding.reading import CITATION, read
from lightpoint.grounding.records import Evidence, Verdict
from lightpoint.grounding.references import references_in
from lightpoint.language.dates import format_date
from lightpoint.language.normalise import squeeze
from lightpoint.language.quotations import find_quotations

_EXHIBITS = re.compile(r"\s*\(exhibits?\s+\d[^()]*\)", re.IGNORECASE)
_FIGURES = frozenset({"amount", "date", "percentage", "reference", "citation", "quotation", "duration", "rule"})


@dataclass(frozen=True, slots=True)
class Checks:
    """Results of checks made with one case, each under all that it depends on, so that none need be made twice.

    A result is found again only for the same words, kind, sources and given evidence, in a letter of the same day and
    enclosures: a sentence with one letter changed is checked anew. Another case's results are never believed.
    """

    facts: Facts
    guidance: Mapping[str, GuidanceSection]
    nation: Nation
    pages: Pages
    kept: dict[tuple[object, ...], Sentence] = field(default_factory=dict, repr=False)

    def serve(self, facts: Facts, guidance: Mapping[str, GuidanceSection], nation: Nation, pages: Pages | None) -> bool:
        """Whether these are the very records that the results were reached with."""
        same_pages = pages is self.pages or not (pages or self.pages)
        return facts is self.facts and guidance is self.guidance and nation == self.nation and same_pages

    def checked(self, letter: DraftLetter) -> DraftLetter:
        """`letter` as the ledger finds it."""
        return check_letter(letter, self.facts, self.guidance, self.nation, pages=self.pages, checks=self)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every sentence of one letter is checked with."""

    letter: DraftLetter
    facts: Facts
    guidance: Mapping[str, GuidanceSection]
    nation: Nation
    pages: Pages
    kept: dict[tuple[object, ...], Sentence]
    composing: bool = False

    def key(self, sentence: Sentence) -> tuple[object, ...]:
        """All that a result depends on beside the records of the case; the ledger believes no other evidence."""
        given = tuple(e for e in sentence.evidence if e.id in ("case", "computed"))
        return (sentence.text, sentence.kind, sentence.sources, given, self.letter.dated, self.letter.exhibits)

    def known(self, sentence: Sentence) -> Known:
        return Known(self.facts, self.nation, self.letter.dated, page_text(sentence, self.pages))


def check_letter(
    letter: DraftLetter,
    facts: Facts,
    guidance: Mapping[str, GuidanceSection],
    nation: Nation,
    *,
    pages: Pages | None = None,
    checks: Checks | None = None,
    composing: bool = False,
) -> DraftLetter:
    """Return the letter with a status and reasons on every sentence; `pages` are the texts by document and page.

    Without pages the quotations of the sources, checked against the spans of the facts, are the evidence. `checks`
    spares repetition where the drafter has had the same sentence checked with the same records. While `composing`, the
    drafter tries what can be said; only the finished letter is told that a paper is of a later day than its own.
    """
    kept = checks.kept if checks and checks.serve(facts, guidance, nation, pages) else {}
    desk = _Desk(letter, facts, guidance, nation, pages or {}, kept, composing)
    return replace(letter, blocks=tuple(_check_block(block, desk) for block in letter.blocks))


def _check_block(block: Block, desk: _Desk) -> Block:
    return replace(
        block,
        sentences=tuple(_check(sentence, desk) for sentence in block.sentences),
        rows=tuple(replace(row, sentence=_check(row.sentence, desk)) for row in block.rows),
        items=tuple(tuple(_check(sentence, desk) for sentence in item) for item in block.items),
    )


def _check(sentence: Sentence, desk: _Desk) -> Sentence:
    """The sentence with its status; how it was judged before, under whatever name, counts for nothing."""
    key = desk.key(sentence)
    judged = desk.kept.get(key)
    if judged is None:
        judged = desk.kept[key] = _judged(sentence, desk)
    late = () if desk.composing else tuple(_late_papers(sentence, desk))
    status = "unsupported" if late else judged.status
    return replace(sentence, text=judged.text, status=status, reasons=(*judged.reasons, *late))


def _late_papers(sentence: Sentence, desk: _Desk) -> Iterator[str]:
    """A letter cannot rest on a paper that did not exist yet on its day: one of the two dates is wrong."""
    sources = dict.fromkeys(s.document for s in sentence.sources if isinstance(s, DocumentSource))
    for profile in desk.facts.documents:
        if profile.document in sources and profile.written_on and profile.written_on > desk.letter.dated:
            written, dated = format_date(profile.written_on), format_date(desk.letter.dated)
            yield f"date: {profile.document} is dated {written}, after the letter, which is dated {dated}"


def _judged(sentence: Sentence, desk: _Desk) -> Sentence:
    evidence = evidence_for(sentence, desk.known(sentence), desk.guidance, desk.pages)
    if sentence.kind in ("fact", "rule"):
        return _check_claim(sentence, evidence, desk)
    return _check_other(sentence, evidence, desk)


def _check_claim(sentence: Sentence, evidence: tuple[Evidence, ...], desk: _Desk) -> Sentence:
    faults = tuple(_source_faults(sentence, desk))
    verdict = check_sentence(without_exhibits(sentence.text), evidence, nation=desk.nation, strict=True)
    if not verdict.assertions and not verdict.reasons:
        return _concluded(sentence, "unsupported", (*faults, "nothing in it can be checked against its sources"))
    if verdict.supported and not faults:
        return _concluded(sentence, "verified", ())
    if not faults:
        mended = repair(sentence.text, evidence, verdict, nation=desk.nation)
        if mended is not None:
            return _concluded(replace(sentence, text=mended.text), "repaired", (mended.reason,))
    return _concluded(sentence, "unsupported", (*faults, *_told(verdict)))


def _told(verdict: Verdict) -> tuple[str, ...]:
    return tuple(f"{reason.checker}: {reason.detail}" for reason in verdict.reasons)


def _concluded(sentence: Sentence, status: str, reasons: tuple[str, ...]) -> Sentence:
    return replace(sentence, status=status, reasons=tuple(dict.fromkeys(reasons)))  # type: ignore[arg-type]


def _source_faults(sentence: Sentence, desk: _Desk) -> Iterator[str]:
    documents = [s for s in sentence.sources if isinstance(s, DocumentSource)]
    sections = [s for s in sentence.sources if isinstance(s, SectionSource)]
    if sentence.kind == "fact" and not documents:
        yield "source: a fact needs a document"
    if sentence.kind == "rule" and not sections:
        yield "source: a rule needs a section of guidance"
    for document in documents:
        yield from _document_faults(document, desk)
    for section in sections:
        yield from _section_faults(section, sentence, documents, desk)
    yield from row_faults(sentence.text, {d.document for d in documents}, desk.facts)
    yield from finding_faults(sentence.text, {d.document for d in documents}, desk.facts)
    yield from _exhibit_faults(sentence, documents, desk)
    yield from _citation_faults(sentence, {s.section for s in sections})
    yield from role_objections(sentence.text, desk.facts)
    yield from speaker_faults(sentence.text, documents, desk.facts)
    yield from owner_faults(sentence.text, documents, desk.facts)
    yield from doer_faults(sentence.text, documents, desk.facts)


def _document_faults(source: DocumentSource, desk: _Desk) -> Iterator[str]:
    if all(profile.document != source.document for profile in desk.facts.documents):
        yield f"source: {source.document} is not among the papers"
    elif not source.quote.strip() or not _stands(source, desk):
        yield f"quotation: the words relied on are not in {source.document}"
    elif any(s.document == source.document and strikes(s.quote, source.quote) for s in desk.facts.struck):
        yield f"correction: the words relied on in {source.document} were struck as wrong"


def _stands(source: DocumentSource, desk: _Desk) -> bool:
    page = desk.pages.get((source.document, source.page))
    if page is not None:
        return _flat(source.quote) in _flat(page)
    return any(
        span.document == source.document and _flat(source.quote) in _flat(span.quote) for span in _spans(desk.facts)
    )


@lru_cache(maxsize=512)
def _flat(text: str) -> str:
    return re.sub(r"\W+", "", squeeze(text)).lower()


def _spans(facts: Facts) -> Iterator[DocumentSource]:
    for group in (facts.references, facts.amounts, facts.events, facts.undertakings, facts.statements, facts.points,
                  facts.findings, facts.time_entries, facts.invoices, facts.parties):  # fmt: skip
        for fact in group:
            yield DocumentSource(fact.span.document, fact.span.page, fact.span.quote)


def _section_faults(
    source: SectionSource, sentence: Sentence, documents: list[DocumentSource], desk: _Desk
) -> Iterator[str]:
    entry = desk.guidance.get(source.section)
    if entry is None:
        yield f"citation: there is no section {source.section}"
        return
    if entry.archived:
        yield f"citation: {source.section} is archived and must not be cited"
    elif not entry.in_force(_event_day(documents, desk)):
        yield f"citation: {source.section} was not in force on the day of the events"
    if source.version != entry.version:
        yield f"citation: {source.section} is cited in another version than the one held"
    if not _is_about(entry, sentence):
        yield f"citation: {source.section} ({entry.title}) is not about what it is cited for"


def without_exhibits(text: str) -> str:
    """The sentence without its "(exhibits 2 and 7)", which is checked against the list of enclosures."""
    return _EXHIBITS.sub("", text)


def _exhibit_faults(sentence: Sentence, documents: list[DocumentSource], desk: _Desk) -> Iterator[str]:
    known = {exhibit.document: exhibit.number for exhibit in desk.letter.exhibits}
    relied_on = {known.get(document.document) for document in documents}
    for match in _EXHIBITS.finditer(sentence.text):
        for number in map(int, re.findall(r"\d+", re.sub(r"pages?\s+\d+|pp?\.?\s*\d+", "", match[0]))):
            if number not in relied_on:
                yield f"source: exhibit {number} is not what the sentence relies on"


def _event_day(documents: list[DocumentSource], desk: _Desk) -> date:
    """The last day of the events that a rule is held against; without a document, the day of the letter."""
    cited = {(source.document, source.quote) for source in documents}
    days = [event.date for event in desk.facts.events if (event.span.document, event.span.quote) in cited]
    return max(days, default=desk.letter.dated)


def _is_about(entry: GuidanceSection, sentence: Sentence) -> bool:
    """Whether the sentence and the section share a word of meaning beyond the section's own number."""
    words = " ".join(
        (entry.title, entry.requires, *entry.keywords, *(topic.replace("_", " ") for topic in entry.topics))
    )
    names = " ".join(f"{standard.name} {standard.promise}" for standard in entry.standards)
    said = read(sentence.text).concepts()
    return bool(said & read(f"{words} {names}").concepts()) or not said


def _citation_faults(sentence: Sentence, sections: set[str]) -> Iterator[str]:
    for name in dict.fromkeys(CITATION.findall(sentence.text)):
        if name not in sections:
            yield f"citation: {name} is not among the sources of the sentence"
    if sentence.kind == "rule" and "Charter" in sentence.text and "charter" not in sections:
        yield "citation: the Charter is not among the sources of the sentence"


def _check_other(sentence: Sentence, evidence: tuple[Evidence, ...], desk: _Desk) -> Sentence:
    """A request or a form of words: only the figures, quotations and citations in it can be wrong."""
    faults = tuple(_citation_faults(sentence, {s.section for s in sentence.sources if isinstance(s, SectionSource)}))
    if not _has_figures(sentence.text):
        return _concluded(sentence, "unsupported" if faults else "not_checkable", faults)
    everything = (*evidence, *_case_evidence(sentence, desk))
    verdict = check_sentence(sentence.text, everything, nation=desk.nation, strict=True)
    wrong = tuple(f"{r.checker}: {r.detail}" for r in verdict.reasons if r.checker in _FIGURES - {"rule"})
    objections = (*faults, *wrong, *role_objections(sentence.text, desk.facts))
    return _concluded(sentence, "unsupported" if objections else "verified", objections)


def _has_figures(text: str) -> bool:
    reading = read(text)
    stated = reading.amounts or reading.dates or reading.durations or reading.citations
    return bool(stated or references_in(text) or find_quotations(text))


def _case_evidence(sentence: Sentence, desk: _Desk) -> Iterator[Evidence]:
    """The figures of the whole case, for sentences that have no source of their own, and what the drafter gave."""
    yield from (e for e in sentence.evidence if e.id == "computed" and not _only_words(e.text))
    quotes = [span.quote for span in _spans(desk.facts)]
    quotes += [f"{heading(profile)} {profile.document}" for profile in desk.facts.documents]
    yield Evidence("case", "\n".join(dict.fromkeys(quotes)))


def _only_words(text: str) -> bool:
    return not re.search(r"\d", text)


def release_problems(letter: DraftLetter) -> tuple[str, ...]:
    """Why a checked letter may not go out, one line each; empty where it may.

    A letter without a FACT or RULE, or one whose sentences have not been checked, has not passed: it is not checked.
    """
    sentences = letter.sentences()
    claims = [s for s in sentences if s.kind in ("fact", "rule")]
    if not claims:
        return ("Not checked: the letter states no fact and no rule that could be checked.",)
    problems = [
        f"Not released: “{s.text}” is {s.status.replace('_', ' ')}{': ' + '; '.join(s.reasons) if s.reasons else ''}"
        for s in sentences
        if (s in claims and s.status not in ("verified", "repaired")) or s.status in ("unsupported", "unchecked")
    ]
    return tuple(dict.fromkeys(problems))
