"""The references in a document, told apart by check digit, label and the kind of paper."""

import re
from collections.abc import Sequence

from complaints.documents.records import ReadDocument
from complaints.facts.records import DocumentProfile, Injection, Intake, Reference, ReferenceKind
from complaints.facts.view import span_of
from lightpoint.language.references import ReferenceContext, find_references


def find_document_references(
    document: ReadDocument, profile: DocumentProfile, intake: Intake, injections: Sequence[Injection]
) -> tuple[Reference, ...]:
    """The references of a document in order, each once, outside injected text."""
    found: dict[tuple[str, str], Reference] = {}
    for page in document.pages:
        for mention in find_references(page.text, context=_context(profile)):
            span = span_of(document.name, page, mention.start, mention.end)
            if any(i.span.page == page.number and i.span.start <= mention.start < i.span.end for i in injections):
                continue
            kind = _of_agency(mention.kind, page.text, mention.start)
            found.setdefault((kind, mention.value), Reference(kind, mention.value, span, mention.checked))
    for page in document.pages:
        at = page.text.find(intake.agent_reference) if intake.agent_reference else -1
        if at >= 0 and not any(value == intake.agent_reference for _kind, value in found):
            span = span_of(document.name, page, at, at + len(intake.agent_reference))
            found["agent_code", intake.agent_reference] = Reference(
                "agent_code", intake.agent_reference, span, checked=False
            )
    return tuple(found.values())


def _of_agency(kind: ReferenceKind, text: str, at: int) -> ReferenceKind:
    """A reference given in the same breath as a debt collector is the collector's."""
    near = text[max(0, at - 120) : at]
    collector = re.search(
        r"\b(?:collections?|debt (?:recovery|collect\w+|agency)|bailiffs?|enforcement agents?)\b[^.\n]*$", near, re.I
    )
    return "agency_ref" if kind == "hmrc_ref" and collector else kind


def _context(profile: DocumentProfile) -> ReferenceContext | None:
    if profile.kind == "hmrc_complaint_reply":
        return "complaint"
    if profile.author == "hmrc":
        return "hmrc_letter"
    if profile.kind in {"agent_letter", "agent_complaint"}:
        return "agent_letter"
    name = profile.summary_name.lower()
    if profile.author == "third_party" and any(
        word in name for word in ("collect", "debt", "recover", "enforcement", "bailiff")
    ):
        return "agency"
    return (
        "insurance"
        if profile.author == "third_party" and any(word in name for word in ("insur", "assur", "underwrit"))
        else None
    )
