"""Facts built by hand, so that the rules of the analysis are tested without reading documents."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from complaints.analysis import analyse
from complaints.analysis.records import Analysis
from complaints.facts.records import (
    Actor,
    Amount,
    AmountRole,
    ComplaintPoint,
    Conflict,
    DocumentKind,
    DocumentProfile,
    Event,
    EventKind,
    Facts,
    Finding,
    Intake,
    Invoice,
    Matter,
    Position,
    Reference,
    Span,
    Statement,
    StatementKind,
    TimeEntry,
    Undertaking,
)


def on(text: str) -> date:
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Section:
    """Stands for an entry of the guidance digest: the analysis asks only whether it is archived."""

    archived: bool = False


INTAKE = Intake(
    practice_name="Ferrow & Lisle",
    practice_address="1 Slip Road, Ripon",
    agent_reference="8801FL",
    hourly_rates=(("partner", Decimal("200.00")), ("Senior", Decimal("90.00")), ("junior", Decimal("47.00"))),
    client_name="Odell Marrick",
    client_kind="individual",
    nation="england-and-wales",
    references=(),
    tax_head="Self Assessment",
    brief="",
    desired_outcome="",
    opened_on=on("2025-06-02"),
)


@dataclass
class Case:
    """Collects facts; every call adds one and gives it a span of its own."""

    intake: Intake = INTAKE
    profiles: dict[str, DocumentProfile] = field(default_factory=dict)
    parts: dict[str, list[object]] = field(default_factory=dict)
    place: int = 0

    def with_intake(self, **changes: object) -> "Case":
        self.intake = replace(self.intake, **changes)
        return self

    def span(self, document: str, quote: str) -> Span:
        self.place += 1000
        return Span(document, 1, self.place, self.place + len(quote), quote)

    def _add(self, kind: str, row: object) -> "Case":
        self.parts.setdefault(kind, []).append(row)
        return self

    def doc(
        self, name: str, kind: DocumentKind, written: str, *, by: Actor = "hmrc", tier: int | None = None
    ) -> "Case":
        self.profiles[name] = DocumentProfile(
            name, kind, by, None, on(written), None, "", f"the paper of {written}", tier=tier
        )
        return self

    def event(self, kind: EventKind, day: str, document: str, *, by: Actor = "hmrc", quote: str = "") -> "Case":
        words = quote or f"{kind.replace('_', ' ')} {day}"
        return self._add("events", Event(on(day), kind, by, words, self.span(document, words), "key"))

    def said(
        self, kind: StatementKind, document: str, quote: str, *, by: Actor = "hmrc", day: str | None = None
    ) -> "Case":
        said_on = on(day) if day else None
        return self._add("statements", Statement(kind, by, said_on, self.span(document, quote)))

    def amount(self, value: str, role: AmountRole, document: str, *, day: str | None = None, quote: str = "") -> "Case":
        span = self.span(document, quote or value)
        return self._add("amounts", Amount(Decimal(value), role, span, "", on(day) if day else None))

    def promise(self, made: str, due: str | None, what: str, document: str) -> "Case":
        row = Undertaking(on(made), on(due) if due else None, what, "10 days", self.span(document, what), "post")
        return self._add("undertakings", row)

    def point(self, number: int, label: str, text: str, document: str) -> "Case":
        return self._add("points", ComplaintPoint(number, label, text, self.span(document, text)))

    def finding(self, label: str, outcome: str, text: str, document: str) -> "Case":
        return self._add("findings", Finding(label, outcome, self.span(document, text)))

    def time(self, day: str, grade: str, minutes: int, narrative: str, *, flag: str = "Y") -> "Case":
        additional = {"Y": True, "N": False}.get(flag)
        span = self.span("time.xlsx", narrative)
        return self._add("time", TimeEntry(on(day), "AB", grade, minutes, narrative, additional, flag, span))

    def invoice(self, number: str, net: str, vat: str | None, *, issued: str, paid: str | None) -> "Case":
        vat_sum = Decimal(vat) if vat is not None else None
        self.doc("invoice.pdf", "invoice", issued, by="agent")
        gross = Decimal(net) + (vat_sum or Decimal(0))
        row = Invoice(
            number,
            "agent",
            on(issued),
            on(paid) if paid else None,
            Decimal(net),
            vat_sum,
            gross,
            (),
            self.span("invoice.pdf", f"Invoice {number}"),
        )
        return self._add("invoices", row)

    def position(
        self,
        matter: Matter,
        document: str,
        quote: str,
        *,
        holds: bool = True,
        thing: str = "",
        day: str | None = None,
        by: Actor = "hmrc",
    ) -> "Case":
        profile = self.profiles.get(document)
        told = profile.written_on if profile else None
        span = self.span(document, quote)
        return self._add("positions", Position(matter, holds, thing, by, on(day) if day else None, told, span))

    def conflict(self, row: Conflict) -> "Case":
        return self._add("conflicts", row)

    def reference(self, row: Reference) -> "Case":
        return self._add("references", row)

    def facts(self) -> Facts:
        def rows(name: str) -> tuple[object, ...]:
            return tuple(self.parts.get(name, ()))

        events = tuple(sorted(rows("events"), key=lambda e: (e.date, e.span)))
        documents = tuple(sorted(self.profiles.values(), key=lambda p: (p.written_on or date.min, p.document)))
        return Facts(
            documents,
            rows("references"),
            rows("amounts"),
            events,
            rows("undertakings"),
            rows("statements"),
            rows("points"),
            rows("findings"),
            rows("time"),
            rows("invoices"),
            (),
            (),
            rows("conflicts"),
            rows("positions"),
        )

    def analyse(self, guidance: dict[str, Section] | None = None) -> Analysis:
        return analyse(self.facts(), self.intake, ALL_SECTIONS if guidance is None else guidance)


def _all_sections() -> dict[str, Section]:
    """Every id that the tables name, and the archived page that no table may name."""
    numbers = [n for first in (1025, 2025, 3025, 4025, 5025, 6025) for n in range(first, first + 650, 25)]
    pages = ("charter", "complain-about-hmrc", "make-a-complaint", "adjudicator")
    known = {f"CRG{n}": Section() for n in numbers} | {page: Section() for page in pages}
    return known | {"CRG2075": Section(archived=True)}


ALL_SECTIONS = _all_sections()
