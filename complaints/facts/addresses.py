"""To which address HMRC sent a paper: the lines above the first postcode that is not HMRC's own."""

import re
from collections.abc import Iterator

from complaints.documents.records import ReadDocument
from complaints.facts.records import DocumentKind, DocumentProfile, Statement
from complaints.facts.view import page_lines, span_of

_POSTCODE = re.compile(r"\b(?!BX\d)[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b")
_LETTERS: frozenset[DocumentKind] = frozenset({"hmrc_notice", "hmrc_letter", "hmrc_receipt", "hmrc_statement"})
_HEAD_LINES = 25


def find_addresses(document: ReadDocument, profile: DocumentProfile) -> Iterator[Statement]:
    """The address at the head of a paper of HMRC's: the line with the postcode and the street above it."""
    if profile.author != "hmrc" or profile.kind not in _LETTERS or not document.pages:
        return
    page = document.pages[0]
    lines = list(page_lines(page))[:_HEAD_LINES]
    for index, (start, end, text) in enumerate(lines):
        if _POSTCODE.search(text):
            above = lines[index - 1] if index else None
            first = above[0] if above and re.search(r"\d", above[2]) and "|" not in above[2] else start
            yield Statement("addressed_to", "hmrc", profile.written_on, span_of(document.name, page, first, end))
            return
