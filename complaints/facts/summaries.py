"""Lines of the chronology for documents, by the kind of document."""

from collections.abc import Callable

from complaints.facts.call_lines import conversation
from complaints.facts.letter_lines import (
    complaint,
    complaint_reply,
    letter_from_hmrc,
    letter_to_hmrc,
    sending,
    sends_something,
)
from complaints.facts.notice_lines import notice, receipt, statement
from complaints.facts.paper import Paper
from complaints.facts.records import DocumentKind, Span
from complaints.facts.talk_lines import bank_letter, invoice, posting, report, tribunal
from complaints.facts.view import Unit
from complaints.facts.wording import (
    upper_first,
)

Summary = Callable[[Paper], tuple[str, Unit | None]]
BY_KIND: dict[DocumentKind, Summary] = {
    "hmrc_letter": letter_from_hmrc,
    "hmrc_complaint_reply": complaint_reply,
    "hmrc_notice": notice,
    "hmrc_receipt": receipt,
    "hmrc_statement": statement,
    "agent_letter": letter_to_hmrc,
    "agent_complaint": complaint,
    "client_letter": letter_to_hmrc,
    "call_note": conversation,
    "webchat": conversation,
    "email": report,
    "third_party_letter": report,
    "bank_letter": bank_letter,
    "invoice": invoice,
    "tribunal_decision": tribunal,
    "proof_of_delivery": posting,
}


def summarise(paper: Paper) -> tuple[str, Span | None]:
    """The chronology line of a document and the words that carry it."""
    maker = BY_KIND.get(paper.profile.kind, letter_from_hmrc if paper.profile.author == "hmrc" else report)
    if paper.profile.kind == "agent_letter" and sends_something(paper):
        maker = sending
    text, unit = maker(paper)
    return upper_first(text), unit.span() if unit else None
