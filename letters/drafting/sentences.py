"""Sentences with what carries them: FACT from documents, RULE from guidance, ASK, FORM. Only this makes them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from letters.drafting.case import Case, Mark
from letters.drafting.wording import finished, flat, pick, upper_first
from letters.records import DocumentSource, SectionSource, Sentence
from letters.wordings import rule_templates
from lightpoint.grounding.records import Evidence

_AROUND = 3000  # characters of a page given with a quotation


def fact(case: Case, text: str, marks: Iterable[Mark], *, computed: Sequence[str] = (), cite: bool = True) -> Sentence:
    """A sentence borne out by documents. `computed` states figures that code derived from them."""
    places = unique_marks(marks)
    text = agreeing(text)
    if not places:
        raise ValueError(f"a FACT without a document: {text!r}")
    if cite:
        text = with_exhibits(case, text, [mark.document for mark in places])
    evidence = (*(document_evidence(case, mark) for mark in places), *stated(case, computed))
    return Sentence(finished(text), "fact", tuple(map(source_of, places)), evidence=evidence)


_SEVERAL = re.compile(
    r"(letters of [^:“]*?\d{4}(?: and [^:“]*?\d{4})*|of \d{1,2} \w+ \d{4} and [a-z' ]{3,30} of \d{1,2} \w+ \d{4}) "
    r"(says|reads|gives|has|puts|is|shows)\b",
    re.IGNORECASE,
)
_PLURALS = {"has": "have", "is": "are"}


def agreeing(text: str) -> str:
    """The verb after "HMRC's letters of ..." in the plural."""
    return _SEVERAL.sub(lambda m: f"{m[1]} {_PLURALS.get(m[2], m[2].removesuffix('s'))}", text)


def answering(kept: tuple[Sentence, ...], whole: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """What is kept of a paragraph, a "Yet" only where the sentence that it answers is kept as well."""
    texts = {sentence.text for sentence in kept}
    alone = {s.text for before, s in pairwise(whole) if s.text.startswith("Yet ") and before.text not in texts}
    return tuple(replace(s, text=upper_first(s.text[4:])) if s.text in alone else s for s in kept)


def rule(case: Case, text: str, sections: Iterable[str], marks: Iterable[Mark] = ()) -> Sentence:
    """A sentence borne out by guidance; sections that the digest does not hold are not cited."""
    known = [s for s in dict.fromkeys(sections) if s in case.guidance]
    sources = [SectionSource(s, case.guidance[s].version) for s in known]
    places = unique_marks(marks)
    evidence = (
        *(section_evidence(case, s) for s in known),
        *(document_evidence(case, mark) for mark in places),
        *stated(case, ()),
    )
    return Sentence(finished(text), "rule", (*sources, *map(source_of, places)), evidence=evidence)


def ask(
    case: Case, text: str, marks: Iterable[Mark] = (), *, sections: Iterable[str] = (), computed: Sequence[str] = ()
) -> Sentence:
    """A request, with whatever figures it holds."""
    places = unique_marks(marks)
    known = [s for s in dict.fromkeys(sections) if s in case.guidance]
    evidence = (
        *(document_evidence(case, mark) for mark in places),
        *(section_evidence(case, s) for s in known),
        *stated(case, computed),
    )
    sections_cited = [SectionSource(s, case.guidance[s].version) for s in known]
    return Sentence(finished(text), "ask", (*map(source_of, places), *sections_cited), evidence=evidence)


def form(
    case: Case, text: str, *, sections: Iterable[str] = (), computed: Sequence[str] = (), stop: bool = True
) -> Sentence:
    """Words without a claim of their own: address, greeting, heading, concession."""
    known = [s for s in dict.fromkeys(sections) if s in case.guidance]
    evidence = (*(section_evidence(case, s) for s in known), *stated(case, computed))
    sources = tuple(SectionSource(s, case.guidance[s].version) for s in known)
    return Sentence(finished(text) if stop else flat(text), "form", sources, evidence=evidence)


def lead(case: Case, text: str) -> Sentence:
    """The italic words that head a numbered paragraph."""
    return Sentence(finished(text), "form", evidence=stated(case, ()), lead=True)


def label(case: Case, text: str, marks: Iterable[Mark] = (), *, computed: Sequence[str] = ()) -> Sentence:
    """A line without a full stop that states something, such as a reference or a row of a table."""
    places = unique_marks(marks)
    evidence = (*(document_evidence(case, mark) for mark in places), *stated(case, computed))
    return Sentence(flat(text), "fact" if places else "form", tuple(map(source_of, places)), evidence=evidence)


def unique_marks(marks: Iterable[Mark]) -> list[Mark]:
    found: dict[tuple[str, int | None, str], Mark] = {}
    for mark in marks:
        if mark.quote.strip():
            found.setdefault((mark.document, mark.page, mark.quote), mark)
    return list(found.values())


def source_of(mark: Mark) -> DocumentSource:
    return DocumentSource(mark.document, mark.page, mark.quote)


def stated(case: Case, computed: Sequence[str]) -> tuple[Evidence, ...]:
    return (*(Evidence("computed", text) for text in computed), Evidence("case", case.who_is_who))


def document_evidence(case: Case, mark: Mark) -> Evidence:
    """The header of a document, the words relied on and the page around them."""
    page = case.pages.get((mark.document, mark.page), "")
    at = max(0, page.find(mark.quote))
    around = page[max(0, at - _AROUND) : at + len(mark.quote) + _AROUND]
    return Evidence(mark.document, f"{header(case, mark.document)}\n“{flat(mark.quote)}”\n{around}".strip())


def header(case: Case, document: str) -> str:
    """ "HMRC's letter of 14 February 2025 (HMRC to Braidmuir & Tolland LLP), exhibit 6."."""
    profile = case.profile(document)
    names = {"hmrc": "HMRC", "agent": case.practice.name, "client": case.client_full}
    if profile is None:
        return document
    writer = names.get(profile.author, profile.author_name or "a third party")
    reader = f" to {names.get(profile.recipient, 'a third party')}" if profile.recipient else ""
    number = case.cite([document])
    return f"{profile.summary_name or document} ({writer}{reader}){', ' + number if number else ''}."


def section_evidence(case: Case, section: str) -> Evidence:
    entry = case.guidance[section]
    parts = [f"Section {section}, headed {entry.title}.", entry.requires]
    parts += [f"{standard.name}: {standard.promise}" for standard in entry.standards]
    parts += [f"{figure.value}: {figure.role}" for figure in entry.figures]
    return Evidence(section, " ".join(flat(part) for part in parts))


def with_exhibits(case: Case, text: str, documents: Iterable[str]) -> str:
    cited = case.cite(documents)
    if not cited:
        return text
    text = text.rstrip(" .")
    if text.endswith("”") and ": “" in text:
        before, words = text.rsplit(": “", 1)
        return f"{before} ({cited}): “{words}."
    return f"{text} ({cited})."


def says(name: str, place: int, failing: str = "") -> str:
    """What a section or standard may be cited for, as a verb phrase; empty where no template knows it.

    Words kept for one failing ("CRG4050/delay") go before those for the section as a whole.
    """
    template = rule_templates().get(f"{name}/{failing}") or rule_templates().get(name)
    return pick(template.says, place) if template else ""
