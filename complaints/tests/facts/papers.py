"""Papers for the tests: a practice, its clients and documents written out as text."""

from datetime import date
from decimal import Decimal

from complaints.documents.records import Page, ReadDocument
from complaints.facts import extract_document
from complaints.facts.records import ClientKind, DocumentFacts, Intake, Nation


def intake(
    client: str = "Gareth Pennyfeather", kind: ClientKind = "individual", nation: Nation = "england-and-wales"
) -> Intake:
    """A case of the practice Oakshott Lyle LLP."""
    rates = (("partner", Decimal("200.00")),)
    return Intake(
        "Oakshott Lyle LLP",
        "1 High Street, Ludlow",
        "AB1234",
        rates,
        client,
        kind,
        nation,
        (),
        "",
        "",
        "",
        date(2026, 1, 5),
    )


def paper(text: str, name: str = "paper.pdf", mail: dict[str, str] | None = None) -> ReadDocument:
    """A document of one page; `mail` gives the headers of an e-mail, which stand at the head of its text."""
    headers = tuple((mail or {}).items())
    head = "".join(f"{key}: {value}\n" for key, value in headers)
    number = None if mail or name.endswith((".txt", ".docx")) else 1
    body = f"{head}\n{text.strip()}" if head else text.strip()
    return ReadDocument(name, "text/plain", "0" * 64, (Page(number, body, "txt"),), headers=headers)


def read(
    text: str, case: Intake | None = None, name: str = "paper.pdf", mail: dict[str, str] | None = None
) -> DocumentFacts:
    """The facts of a document."""
    return extract_document(paper(text, name, mail), case or intake())


def money(facts: DocumentFacts, role: str) -> set[str]:
    """The sums in one role, as text."""
    return {f"{amount.value:.2f}" for amount in facts.amounts if amount.role == role}


def happened(facts: DocumentFacts, day: str) -> list[tuple[str, str]]:
    """Kind and actor of the events of a day."""
    return [(event.kind, event.actor) for event in facts.events if event.date.isoformat() == day]


def line(facts: DocumentFacts, day: str, kind: str) -> str:
    """The chronology line of an event."""
    return next(e.summary for e in facts.events if e.date.isoformat() == day and e.kind == kind)


HMRC_HEAD = """HM Revenue
& Customs
Oakshott Lyle LLP
1 High Street
LUDLOW
SY8 1ZZ

HM Revenue and Customs
BX9 1AS

"""
