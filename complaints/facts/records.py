"""The facts of a case, each tied to the words that carry it. Pure, frozen, no Django.

`Span` is the one way to point at evidence. Vocabularies are Literals, so that mypy finds a word nobody knows.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Day = date  # a name for the type where a field is called "date"
Actor = Literal["hmrc", "agent", "client", "third_party"]
Nation = Literal["england-and-wales", "scotland", "northern-ireland"]
ClientKind = Literal["individual", "company", "partnership", "trust"]
Channel = Literal["post", "email", "phone", "webchat", "online", "in_person", "unknown"]

DocumentKind = Literal[
    "hmrc_letter",  # ordinary correspondence from HMRC
    "hmrc_complaint_reply",  # first- or second-tier outcome; see DocumentProfile.tier
    "hmrc_notice",  # penalty, assessment, coding, P800, certificate, demand, determination
    "hmrc_receipt",  # acknowledgement of a submission or of a change
    "hmrc_statement",  # statement of account or tax calculation (SA302)
    "agent_letter",
    "agent_complaint",  # a complaint (tier 1) or a request for second review (tier 2); see tier
    "client_letter",
    "call_note",
    "webchat",
    "email",  # between agent, client and third parties
    "third_party_letter",
    "bank_letter",
    "time_record",
    "invoice",  # of the agent or of a third party; see author
    "computation",
    "bank_statement",
    "proof_of_delivery",
    "tribunal_decision",
    "other",
]

EventKind = Literal[
    "return_filed",  # agent or client sent a return
    "return_received",  # HMRC logged or receipted it
    "claim_made",  # repayment claim, loss claim, relief claim
    "application_made",
    "application_received",
    "registration",
    "documents_sent",
    "documents_requested",
    "documents_lost",  # HMRC says it has no trace of something
    "letter_to_hmrc",
    "letter_from_hmrc",
    "call",
    "webchat",
    "visit",
    "notice_issued",  # any notice not named below
    "assessment_issued",
    "penalty_issued",
    "demand_issued",
    "coding_notice",
    "calculation_issued",
    "certificate_issued",
    "statement_issued",
    "enquiry_opened",
    "enquiry_closed",
    "correction",  # HMRC put a mistake right
    "withdrawal",  # assessment, penalty or demand withdrawn or cancelled
    "undertaking",  # HMRC promised something (the promise; see Undertaking)
    "undertaking_due",
    "complaint_made",
    "complaint_received",
    "complaint_reply",
    "review_requested",
    "review_reply",
    "reply_received",  # the day a reply of HMRC reached us
    "appeal_made",
    "tribunal_decision",
    "payment_to_hmrc",
    "repayment_made",
    "invoice_issued",
    "invoice_paid",
    "loan_agreed",
    "charge_incurred",
    "bank_letter",
    "third_party_report",
    "client_report",  # the client describes events or their effect
    "address_changed",
    "disclosure",  # HMRC post or data reached somebody it should not
    "account_checked",  # we or the client looked and found the state unchanged
    "authority_given",  # agent authority lodged or accepted
    "disposal",  # sale, death, cessation, handing back: a happening in the client's life that the tax turns on
    "other",
]

StatementKind = Literal[
    "admission",  # HMRC admits an error, or that something should not have happened
    "apology",
    "upheld",
    "not_upheld",
    "refusal",  # HMRC declines to do, pay or consider something
    "offer",
    "advice",  # HMRC told us or the client what to do or what the position is
    "agreed_due",  # HMRC agrees that money is due
    "no_trace",  # HMRC cannot find it
    "received_logged",  # HMRC has it
    "security_check",
    "appeal_right",  # a decision that can be appealed or reviewed, with its period
    "review_right",  # a further complaint review is offered
    "final_reply",  # the end of HMRC's complaints process
    "not_processed",  # still outstanding
    "no_reply",  # somebody states that a letter was not answered
    "hardship",  # financial strain told
    "distress",  # worry, sleeplessness, fear, illness
    "annoyance",  # short of worry or distress
    "told_hmrc_of_circumstances",  # the words with which HMRC was told of hardship or distress
    "would_not_log",  # HMRC would not record or pass on a report
    "address_updated",
    "address_not_updated",
    "addressed_to",  # the address at the head of a paper of HMRC's
    "system_error",
    "keying_error",
    "authority_held",
    "authority_denied",
    "vat_recovered",  # the client recovers VAT on our bill
    "vat_registered",
    "vat_not_registered",
    "fee_paid",
    "fee_unpaid",
    "causation",  # somebody ties a cost to HMRC's act
    "made_same_day",  # a note says it was written at the time
    "recorded_call",
    "own_time",  # the client describes time spent or earnings lost
    "quotation",  # other words of HMRC worth quoting
]

Matter = Literal[
    "receipt",
    "debt",
    "hold",
    "authority",
    "contact",
    "filing",
    "deadline",
    "arrival",
    "answer",
    "paid",
    "address",
    "power",
    "charge",
    "state",
    "ahead",
]

AmountRole = Literal[
    "repayment_due",
    "repayment_claimed",
    "repayment_made",
    "repayment_outstanding",
    "assessed_tax",
    "true_liability",
    "tax_paid",
    "tax_overdeducted",
    "tax_refunded",
    "penalty",
    "surcharge",
    "interest_charged",
    "interest_paid",
    "debt_demanded",
    "loss",
    "loss_carried_back",
    "loss_carried_forward",
    "profit",
    "gain",
    "sale_proceeds",
    "pay",
    "grant",
    "allowance",
    "benefit_in_kind",
    "loan",
    "loan_interest",
    "bank_charge",
    "direct_cost",
    "alleged_loss",
    "own_time_claim",
    "distress_offer",
    "fee_charged_net",
    "fee_charged_gross",
    "vat",
    "balance",
    "turnover",
    "other",
]

ReferenceKind = Literal[
    "utr",
    "nino",
    "vrn",
    "paye_ref",
    "company_number",
    "agent_code",
    "hmrc_ref",
    "complaint_ref",
    "call_ref",
    "penalty_ref",
    "payment_ref",
    "tracking_no",
    "invoice_no",
    "agency_ref",
    "cgt_return",
    "sdlt_return",
    "eori",
    "policy_no",
    "tribunal_ref",
    "our_ref",
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
