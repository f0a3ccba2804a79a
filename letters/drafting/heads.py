"""The head of a letter: letterhead, addressee, date, subject with its references, greeting; and the foot."""

from collections.abc import Sequence

from complaints.facts.records import Reference, ReferenceKind
from letters.addresses import Address
from letters.drafting.case import Case
from letters.drafting.sentences import form, label
from letters.drafting.wording import day, references_spaced
from letters.records import Block, DocumentSource, Exhibit, Sentence

_LABELS: dict[ReferenceKind, str] = {
    "utr": "Unique Taxpayer Reference",
    "nino": "National Insurance number",
    "vrn": "VAT registration number",
    "paye_ref": "Employer PAYE reference",
    "company_number": "Company number",
    "agent_code": "Our agent code",
    "hmrc_ref": "HMRC reference",
    "complaint_ref": "Complaint reference",
    "penalty_ref": "Penalty reference",
    "call_ref": "HMRC call reference",
    "tracking_no": "Postal tracking number",
    "cgt_return": "Capital Gains Tax return",
    "sdlt_return": "SDLT return (UTRN)",
    "eori": "EORI number",
    "payment_ref": "Payment reference",
    "agency_ref": "Agency reference",
    "policy_no": "Policy number",
    "tribunal_ref": "Tribunal reference",
}
# How the client is found on HMRC's systems: the first kind of each tax that the case holds is enough.
_IDENTITY: tuple[tuple[str, tuple[ReferenceKind, ...]], ...] = (
    ("vat", ("vrn",)),
    ("corporation", ("utr", "company_number")),
    ("paye", ("nino", "paye_ref")),
    ("customs", ("eori", "vrn")),
    ("stamp", ("sdlt_return", "utr")),
    ("capital gains", ("cgt_return", "utr")),
    ("self assessment", ("utr",)),
)
_MATTER: tuple[ReferenceKind, ...] = (
    "payment_ref",
    "agency_ref",
    "complaint_ref",
    "penalty_ref",
    "hmrc_ref",
    "call_ref",
    "tracking_no",
    "cgt_return",
    "sdlt_return",
    "tribunal_ref",
)
_ALL_IDENTITY: tuple[ReferenceKind, ...] = ("utr", "nino", "vrn", "paye_ref", "company_number", "eori")


def letterhead(case: Case) -> Block:
    practice = case.practice
    lines = [practice.name, practice.letterhead, ", ".join(practice.address_lines), practice.contact]
    shown = [line for line in lines if line]
    return Block("letterhead", tuple(form(case, line, computed=shown, stop=False) for line in shown))


def addressee(case: Case, address: Address) -> Block:
    sections = (address.section,) if address.section else ()
    lines = [form(case, line, sections=sections, stop=False) for line in address.lines]
    if address.document:
        source = DocumentSource(address.document, address.page, address.quote)
        lines = [label_form(case, line, source) for line in address.lines]
    return Block("addressee", tuple(lines))


def label_form(case: Case, text: str, source: DocumentSource) -> Sentence:
    """An address line taken from a letter's head: FORM, with the letter as its source."""
    made = label(case, text, [source])
    return Sentence(made.text, "form", made.sources, evidence=made.evidence)


def date_line(case: Case) -> Block:
    return Block("date", (form(case, day(case.dated), stop=False),))


def subject(case: Case, heading: str, *, kinds: Sequence[ReferenceKind] = _MATTER) -> Block:
    """The heading and under it the references, each in a line of its own."""
    return Block("subject", (form(case, heading, stop=False), *reference_lines(case, kinds)))


def reference_lines(case: Case, kinds: Sequence[ReferenceKind]) -> tuple[Sentence, ...]:
    lines = [_reference_line(case, kind, value) for kind, value in identity_references(case)]
    lines += [_reference_line(case, r.kind, r.value) for r in matter_references(case, kinds)]
    if case.practice.agent_reference:
        lines.append(_reference_line(case, "agent_code", case.practice.agent_reference))
    return tuple(lines)


def identity_references(case: Case) -> tuple[tuple[ReferenceKind, str], ...]:
    """The client's own references for this tax, and no more of them than HMRC needs."""
    held = {kind: value for kind, value in reversed(case.intake.references)}
    for found in reversed(case.facts.references):
        if found.kind in _ALL_IDENTITY:
            held.setdefault(found.kind, found.value)
    low = case.intake.tax_head.lower()
    wanted = next((kinds for key, kinds in _IDENTITY if key in low and set(kinds) & held.keys()), _ALL_IDENTITY)
    return tuple((kind, held[kind]) for kind in wanted if kind in held)


def matter_references(case: Case, kinds: Sequence[ReferenceKind]) -> tuple[Reference, ...]:
    """HMRC's references for the matter, each once, in the order of `kinds`."""
    found: dict[str, Reference] = {}
    for kind in kinds:
        for reference in case.facts.references:
            if reference.kind == kind:
                found.setdefault("".join(reference.value.split()).upper(), reference)
    return tuple(found.values())


def _reference_line(case: Case, kind: ReferenceKind, value: str) -> Sentence:
    text = f"{_LABELS.get(kind, 'Reference')}: {references_spaced(kind, value)}"
    spans = [r.span for r in case.facts.references if "".join(r.value.split()) == "".join(value.split())][:1]
    return label(case, text, spans, computed=[f"{_LABELS.get(kind, 'Reference')} {value}"])


def greeting(case: Case, text: str = "Dear Sir or Madam") -> Block:
    return Block("salutation", (form(case, text, stop=False),))


def heading(case: Case, text: str) -> Block:
    return Block("heading", (form(case, text, stop=False),))


def signature(case: Case) -> Block:
    practice = case.practice
    lines = ["Yours faithfully"]
    if practice.signatory_name:
        lines += [practice.signatory_name, practice.signatory_capacity]
    lines.append(f"For and on behalf of {practice.name}" if not practice.signatory_name else practice.name)
    shown = [line for line in lines if line]
    return Block("signature", tuple(form(case, line, computed=shown, stop=False) for line in shown))


def enclosures(case: Case, exhibits: Sequence[Exhibit]) -> Block | None:
    """The numbered exhibits with the pages that the letter points at."""
    if not exhibits:
        return None
    lines = [f"{e.number}. {e.title}{', ' + e.pages if e.pages else ''}" for e in exhibits]
    return Block(
        "enclosures",
        tuple(
            Sentence(line, "form", evidence=label(case, line, [DocumentSource(e.document, None, e.title)]).evidence)
            for line, e in zip(lines, exhibits, strict=True)
        ),
    )
