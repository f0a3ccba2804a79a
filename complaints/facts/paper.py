"""All that has been found out about one document so far, for the extractors that build on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from complaints.documents.records import ReadDocument
from complaints.facts.names import Names
from complaints.facts.records import Amount, AmountRole, DocumentProfile, Finding, Statement, StatementKind, Undertaking
from complaints.facts.view import Unit
from complaints.facts.wording import Voices


@dataclass(frozen=True, slots=True)
class Paper:
    document: ReadDocument
    profile: DocumentProfile
    names: Names
    client: str  # how this document lets us call the client
    units: tuple[Unit, ...]  # without injected text
    amounts: tuple[Amount, ...] = ()
    statements: tuple[Statement, ...] = ()
    undertakings: tuple[Undertaking, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def voices(self, unit: Unit | None = None) -> Voices:
        """Who "I" and "you" are in this document, or in one unit of it."""
        speaker = unit.speaker if unit else self.profile.author
        addressee = self.profile.recipient if speaker == self.profile.author else self.profile.author
        if self.profile.kind in {"call_note", "webchat"}:
            addressee = "agent" if speaker == "hmrc" else "hmrc"
        return Voices(speaker, addressee, self.client)

    def first_amount(self, roles: Sequence[AmountRole]) -> Amount | None:
        """The first amount in the most telling of some roles."""
        for role in roles:
            found = [a for a in self.amounts if a.role == role]
            if found:
                return found[-1] if role in {"assessed_tax", "debt_demanded"} else found[0]
        return None

    def said(self, *kinds: StatementKind) -> tuple[Statement, ...]:
        """Statements of some kinds, in the order of the document."""
        return tuple(s for s in self.statements if s.kind in kinds)

    def unit_of(self, statement: Statement) -> Unit | None:
        """The unit in which a statement stands."""
        return next(
            (u for u in self.units if u.page == statement.span.page and u.start <= statement.span.start < u.end), None
        )

    def body(self) -> tuple[Unit, ...]:
        """Units that are prose: not letterhead, labels, table rows, greetings or farewells."""
        return tuple(u for u in self.units if is_prose(u))


def is_prose(unit: Unit) -> bool:
    text = unit.text.strip()
    if len(text.split()) < 4 or "|" in text:
        return False
    first = text.split()[0].lower().rstrip(":,")
    return (
        first
        not in {"dear", "yours", "page", "from", "to", "subject", "date", "cc", "phone", "utr", "our", "your", "enc"}
        or text.rstrip()[-1:] in ".?!"
    )
