"""The references in a document, told apart by check digit, label and the kind of paper."""

import re
from collections.abc import Iterator, Sequence

from complaints.documents.records import ReadDocument
from complaints.facts.records import DocumentProfile, Injection, Intake, Reference, ReferenceKind, Span
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
    for kind, value, span in _loosely_labelled(document, profile):
        if not any(value == known for _kind, known in found) and not any(
            i.span.page == span.page and i.span.start <= span.start < i.span.end for i in injections
        ):
            found[kind, value] = Reference(kind, value, span, checked=False)
    for page in document.pages:
        at = page.text.find(intake.agent_reference) if intake.agent_reference else -1
        if at >= 0 and not any(value == intake.agent_reference for _kind, value in found):
            span = span_of(document.name, page, at, at + len(intake.agent_reference))
            found["agent_code", intake.agent_reference] = Reference(
                "agent_code", intake.agent_reference, span, checked=False
            )
    return tuple(found.values())


_LABELS: tuple[tuple[ReferenceKind, str], ...] = (
    ("policy_no", "policy"),
    ("hmrc_ref", "(?:case|enquiry|check|file|review)"),
    ("tracking_no", "(?:receipt|upload|tracking|submission)"),
)
_LABELLED: tuple[tuple[ReferenceKind, re.Pattern[str]], ...] = tuple(
    (
        kind,
        re.compile(
            rf"\b{label}(?: (?:no\.?|number|ref(?:erence)?))?[:\s]+(?P<value>[A-Z]{{2,6}}[-/]\d[\dA-Z/-]*\d)\b", re.I
        ),
    )
    for kind, label in _LABELS
)
_ACCOUNT_NO = re.compile(
    r"\b(?:your |our |fee )?account (?:no\.? |number )?(?P<value>\d{3,7})\b(?! (?:ending"
    r"|at))",
    re.I,
)


def _loosely_labelled(document: ReadDocument, profile: DocumentProfile) -> Iterator[tuple[ReferenceKind, str, Span]]:
    """Numbers that only the word before them explains: "Policy ABC-1", "(receipt ABC-1)", the number of a bill."""
    bill = profile.kind == "invoice" or (profile.author != "hmrc" and profile.channel == "email")
    patterns: tuple[tuple[ReferenceKind, re.Pattern[str]], ...] = (
        (*_LABELLED, ("invoice_no", _ACCOUNT_NO)) if bill else _LABELLED
    )
    for page in document.pages:
        for kind, pattern in patterns:
            for found in pattern.finditer(page.text):
                span = span_of(document.name, page, found.start("value"), found.end("value"))
                yield kind, span.quote, span


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
