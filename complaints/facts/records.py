"""The facts of a case, each tied to the words that carry it. Pure, frozen, no Django.

`Span` is the one way to point at evidence. The vocabularies are in `words`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from complaints.facts.words import (
    Actor,
    AmountRole,
    Channel,
    ClientKind,
    Day,
    DocumentKind,
    EventKind,
    Matter,
    Nation,
    ReferenceKind,
    StatementKind,
)

__all__ = [
    "Actor",
    "Amount",
    "AmountRole",
    "Channel",
    "ClientKind",
    "ComplaintPoint",
    "Conflict",
    "ConflictSide",
    "Day",
    "DocumentFacts",
    "DocumentKind",
    "DocumentProfile",
    "Event",
    "EventKind",
    "Facts",
    "Finding",
    "Injection",
    "Intake",
    "Invoice",
    "InvoiceLine",
    "Matter",
    "Nation",
    "Party",
    "Position",
    "Reference",
    "ReferenceKind",
    "Span",
    "Statement",
    "StatementKind",
    "TimeEntry",
    "Undertaking",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Words of a page: `quote == page.text[start:end]`, verbatim. `page` is None for formats without pages."""

    document: str
    page: int | None
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What an adviser types when a case is opened (case.json). `brief` is a wish, never evidence."""

    practice_name: str
    practice_address: str
    agent_reference: str
    hourly_rates: tuple[tuple[str, Decimal], ...]
    client_name: str
    client_kind: ClientKind
    nation: Nation
    references: tuple[tuple[ReferenceKind, str], ...]
    tax_head: str
    brief: str
    desired_outcome: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class DocumentProfile:
    """What a document is, who wrote it to whom and when. `summary_name` is how a letter names it as an exhibit."""

    document: str
    kind: DocumentKind
    author: Actor
    recipient: Actor | None
    written_on: date | None
    date_span: Span | None
    subject: str
    summary_name: str
    author_name: str = ""  # the person who signed or spoke, as written
    author_team: str = ""
    tier: Literal[1, 2] | None = None
    channel: Channel = "unknown"
    addressed_to: str = ""  # first line of the client's address on what HMRC sent, as written


@dataclass(frozen=True, slots=True)
class Reference:
    kind: ReferenceKind
    value: str  # normalised: no spaces for utr, nino, vrn; otherwise as written
    span: Span
    checked: bool  # a check digit exists and holds


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in pounds in one role. `what` says of what, in a few words ("each payment on account")."""

    value: Decimal
    role: AmountRole
    span: Span
    what: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day. `summary` is a finished chronology line in the letter's voice: past tense,
    "we" for the practice, the client by name, no final full stop."""

    date: date
    kind: EventKind
    actor: Actor
    summary: str
    span: Span
    importance: Literal["key", "context"]
    channel: Channel = "unknown"
    tier: Literal[1, 2] | None = None
    said_in: Day | None = None  # the date of the document that mentions it


@dataclass(frozen=True, slots=True)
class Undertaking:
    """HMRC said it would do something by a day. `what` continues "HMRC undertook to"."""

    made_on: date
    due_on: date | None
    what: str
    derivation: str  # "14 days from 14 February 2025"
    span: Span
    channel: Channel


@dataclass(frozen=True, slots=True)
class Statement:
    """Words that matter for the analysis, by whom they were said."""

    kind: StatementKind
    actor: Actor
    on: date | None
    span: Span


@dataclass(frozen=True, slots=True)
class Position:
    """What words take to be the case on a matter that papers come to disagree about. `holds` is yes or no.

    receipt: HMRC has the thing; debt: the sum is owed; hold: collection stands still (`on` is the day it ends);
    authority: the agent may act; contact: somebody wrote to HMRC; filing: a return was due; deadline: `on` is the
    last day to go to the `thing`; arrival: a paper of HMRC's reached us; answer: a sentence of a complaint reply;
    paid: a repayment went out; address: HMRC's record has the new one; power: HMRC can make the change;
    charge: it stands; state: the years in `thing` are full, or so; ahead: a paper of HMRC's names the day `on`,
    after its own.
    `on` is otherwise the day that the words give, such as that of receipt.
    """

    matter: Matter
    holds: bool
    thing: str
    actor: Actor
    on: Day | None
    said_on: Day | None
    span: Span


@dataclass(frozen=True, slots=True)
class ComplaintPoint:
    """One point of a complaint that was made to HMRC; numbered as in the complaint, or by order."""

    number: int
    label: str  # its heading or a few words
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """What a complaint reply says on one head."""

    label: str
    outcome: Literal["upheld", "partly_upheld", "not_upheld", "addressed"]
    span: Span
    tier: Literal[1, 2] | None = None


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """A row of a time record, minutes as recorded."""

    on: date
    person: str
    grade: str
    minutes: int
    narrative: str
    additional: bool | None
    flag: str  # as it stands in the sheet
    span: Span


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    description: str
    amount: Decimal
    span: Span
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice in the bundle. `issued_by` agent: our own fee note; third_party: a cost of the client."""

    number: str
    issued_by: Actor
    issued_on: date | None
    paid_on: date | None
    net: Decimal | None
    vat: Decimal | None
    gross: Decimal | None
    lines: tuple[InvoiceLine, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Party:
    """A person or body named in the papers, as written ("Mrs Thornquist", "Castlegate Mercantile Bank")."""

    name: str
    side: Actor
    span: Span
    title: str = ""  # Mr, Mrs, Miss, Ms, Dr where the papers state it


@dataclass(frozen=True, slots=True)
class ConflictSide:
    document: str
    page: int | None
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two documents that disagree. `preferred` is the better evidenced value, or None where that cannot be decided."""

    what: str
    statements: tuple[ConflictSide, ...]
    preferred: str | None
    why_preferred: str
    kind: Literal["date", "amount", "deadline", "receipt", "address", "other"] = "other"


@dataclass(frozen=True, slots=True)
class Injection:
    """Text in a document that tries to steer a reader. It is evidence of nothing."""

    span: Span
    asks_for: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """The facts of one document, found when it arrives and without looking at the others."""

    profile: DocumentProfile
    references: tuple[Reference, ...] = ()
    amounts: tuple[Amount, ...] = ()
    events: tuple[Event, ...] = ()
    undertakings: tuple[Undertaking, ...] = ()
    statements: tuple[Statement, ...] = ()
    points: tuple[ComplaintPoint, ...] = ()
    findings: tuple[Finding, ...] = ()
    time_entries: tuple[TimeEntry, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    parties: tuple[Party, ...] = ()
    injections: tuple[Injection, ...] = ()
    positions: tuple[Position, ...] = ()
    parts: tuple[DocumentProfile, ...] = ()  # of several letters or calls in one document, else empty
    struck: tuple[Span, ...] = ()  # words that a person said are wrong


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a case: all documents together, deduplicated, in date order, with their conflicts.

    `documents` are the profiles of the readable documents in exhibit order (by date written, then by name).
    """

    documents: tuple[DocumentProfile, ...]
    references: tuple[Reference, ...]
    amounts: tuple[Amount, ...]
    events: tuple[Event, ...]
    undertakings: tuple[Undertaking, ...]
    statements: tuple[Statement, ...]
    points: tuple[ComplaintPoint, ...]
    findings: tuple[Finding, ...]
    time_entries: tuple[TimeEntry, ...]
    invoices: tuple[Invoice, ...]
    parties: tuple[Party, ...]
    injections: tuple[Injection, ...]
    conflicts: tuple[Conflict, ...]
    positions: tuple[Position, ...] = ()
    struck: tuple[Span, ...] = ()  # words that a person said are wrong: nothing may rest on them
