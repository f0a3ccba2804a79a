"""References, sections of guidance and of statute: the value, its kind, and the title a section is given. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lightpoint.grounding.context import Context
from lightpoint.grounding.reading import CITATION
from lightpoint.grounding.records import Reason
from lightpoint.language.normalise import squeeze
from lightpoint.language.references import ReferenceMention, find_references

_TITLE = re.compile(
    CITATION.pattern
    + r"\s*(?:\((?P<round>[^()\d][^()]{3,80})\)|,?\s+(?:headed|entitled|titled|on)\s+[\"'“‘](?P<quoted>[^\"'”’]{3,80}))"
)
_TITLE_OF = re.compile(
    rf"\btitle of {CITATION.pattern} (?:is|reads)\s+(?P<named>[^.]{{3,80}})|{CITATION.pattern},?\s+(?:is|was|bears|"
    r"has|carries)\s+(?:headed|entitled|titled|called|the (?:title|heading)(?: of)?)\s+(?P<called>[^.]{3,80})"
)
_STATUTE = re.compile(
    r"\b(?:(?P<kind>section|sections|s|ss|schedule|sch|regulation|reg|article|paragraph|para)\.?\s*(?P<number>\d+[A-Z]*(?:\(\d+\w*\))*))|"
    r"\b(?P<act>(?:Finance(?: \(No\. ?\d\))? Act|Taxes Management Act|TMA|FA|ITA|ITEPA|ITTOIA|TCGA|"
    r"CTA|VATA|IHTA|TCA|Value Added Tax Act|Equality Act)\s+(?P<year>\d{4}))"
)
_KINDS = {
    "s": "section",
    "ss": "section",
    "sections": "section",
    "sch": "schedule",
    "reg": "regulation",
    "para": "paragraph",
}
_ACTS = {"finance act": "fa", "taxes management act": "tma", "value added tax act": "vata"}
_CODE = re.compile(
    r"\b(?=[A-Z/\-]*\d)[A-Z]{1,4}\d[\dA-Z/\-]*\b|\b\d{2,}[A-Z]\w*\b|\b\d{1,6}[/\-]\d{1,6}(?:[/\-]\d+)*\b|\b\d{3,}\b"
)


@lru_cache(maxsize=512)
def references_in(text: str) -> tuple[ReferenceMention, ...]:
    """The references of a text, read once."""
    return tuple(find_references(text))


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many references and citations the sentence states and what speaks against them."""
    citations = context.sentence.citations
    reasons = [Reason("citation", detail) for detail in _citation_objections(context)]
    references = references_in(context.sentence.text)
    reasons += [Reason("reference", detail) for detail in _reference_objections(context)]
    return len(citations) + len(references) + len(list(_statutes(context.sentence.text))), reasons


def known_sections(context: Context) -> frozenset[str]:
    """The sections that the evidence is from or names."""
    named = {name for reading in context.readings for name in reading.citations}
    return frozenset(named | {identity for identity, _ in context.evidence})


def _citation_objections(context: Context) -> Iterator[str]:
    known = known_sections(context)
    for name in context.sentence.citations:
        if name not in known:
            yield f"{name} is not among the evidence"
    for match in _TITLE.finditer(context.whole.text):
        title = match["round"] or match["quoted"]
        if _flat(title) not in _flat(context.text):
            yield f"{title!r} is not the title of that section"
    yield from _wrong_titles(context)
    held = set(_statutes(context.text))
    for provision in _statutes(context.sentence.text):
        if provision not in held:
            yield f"{provision} is not in the evidence"


def _wrong_titles(context: Context) -> Iterator[str]:
    """Titles that the sentence gives in plain words: "The title of CRG3200 is ..."."""
    for match in _TITLE_OF.finditer(context.whole.text) if not context.strict else ():
        title = match["named"] or match["called"]
        if _flat(title) not in _flat(context.text):
            yield f"{title!r} is not the title of that section"


def _statutes(text: str) -> Iterator[str]:
    for match in _STATUTE.finditer(text):
        if match["act"]:
            act = re.sub(r"\s+\d{4}$", "", match["act"].lower())
            yield f"{_ACTS.get(act, act)} {match['year']}"
        else:
            kind = match["kind"].lower()
            yield f"{_KINDS.get(kind, kind)} {match['number']}"


def _flat(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", squeeze(text).lower()).strip()


def _compact(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def _reference_objections(context: Context) -> Iterator[str]:
    held = _compact(context.text)
    kinds: dict[str, set[str]] = {}
    for reading in context.readings:
        for mention in references_in(reading.text):
            kinds.setdefault(_compact(mention.value), set()).add(mention.kind)
    covered: list[tuple[int, int]] = []
    for mention in references_in(context.sentence.text):
        covered.append((mention.start, mention.end))
        value = _compact(mention.value)
        if value not in held:
            yield f"{mention.text} is not in the evidence"
        elif value in kinds and _claimed_kind(context.sentence.text, mention) not in kinds[value]:
            yield f"{mention.text} is in the evidence as {' or '.join(sorted(kinds[value]))}, not {mention.kind}"
    yield from _unknown_codes(context, covered)


_LABELS = (
    (r"UTR|unique taxpayer reference", "utr"), (r"NINO|NI (?:number|no)|national insurance", "nino"),
    (r"VAT (?:registration )?(?:number|no|reg)|VRN", "vrn"),
    (r"company (?:registration )?(?:number|no)|registered number", "company_number"),
    (r"PAYE ref", "paye_ref"), (r"EORI", "eori"), (r"invoice|fee note", "invoice_no"),
)  # fmt: skip


def _claimed_kind(text: str, mention: ReferenceMention) -> str:
    """What the sentence calls a reference; the nearest label before it counts more than its shape."""
    before = text[max(0, mention.start - 40) : mention.start]
    found = [(m.end(), kind) for pattern, kind in _LABELS for m in re.finditer(pattern, before, re.IGNORECASE)]
    return max(found)[1] if found else mention.kind


def _unknown_codes(context: Context, covered: list[tuple[int, int]]) -> Iterator[str]:
    """Codes and numbers that no reader of references knows ("form R40", "invoice 118") must still stand there."""
    sentence = context.sentence
    taken = covered + [(t.start, t.end) for t in sentence.tokens if t.kind in ("date", "amount", "duration", "entity")]
    words_there = {_compact(code) for code in _CODE.findall(context.text)} | {_compact(i) for i, _ in context.evidence}
    for match in _CODE.finditer(sentence.text):
        inside = any(start <= match.start() < end for start, end in taken)
        year = re.fullmatch(r"(?:19|20)\d\d(?:[/\-]\d\d)?", match[0])
        if not inside and not year and match[0] not in sentence.citations and _compact(match[0]) not in words_there:
            yield f"{match[0]} is not in the evidence"
