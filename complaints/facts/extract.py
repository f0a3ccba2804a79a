"""The facts of one document, without a look at the others."""

from dataclasses import replace

from complaints.documents.records import ReadDocument
from complaints.facts.addresses import find_addresses
from complaints.facts.amounts import find_document_amounts
from complaints.facts.events import find_events
from complaints.facts.injections import find_injections, without_injections
from complaints.facts.invoices import find_invoice
from complaints.facts.names import Names
from complaints.facts.paper import Paper
from complaints.facts.part_facts import join_parts, part_profile
from complaints.facts.parties import find_parties
from complaints.facts.parts import split_document
from complaints.facts.points import find_findings, find_points
from complaints.facts.positions import find_positions
from complaints.facts.profile import profile_document
from complaints.facts.records import DocumentFacts, DocumentProfile, Injection, Intake, Span, TimeEntry
from complaints.facts.reference_facts import find_document_references
from complaints.facts.speech import spoken_units
from complaints.facts.statements import find_statements
from complaints.facts.timesheets import find_time_entries
from complaints.facts.undertakings import find_undertakings
from complaints.facts.view import whole_text


def extract_document(document: ReadDocument, intake: Intake) -> DocumentFacts:
    """Find the facts of a document; injected text is reported and yields nothing else.

    A document that could not be read gives a profile without facts. Several letters or calls in one document are read
    one by one, each with its own author and day.
    """
    whole = profile_document(document, intake)
    parts = split_document(document, whole.kind, intake)
    if len(parts) == 1:
        return _part_facts(document, whole, intake)
    return join_parts([_part_facts(part.document, part_profile(part, whole, intake), intake) for part in parts])


def _part_facts(document: ReadDocument, profile: DocumentProfile, intake: Intake) -> DocumentFacts:
    names = Names(intake)
    all_units = spoken_units(document, profile, names)
    injections = find_injections(all_units, {page.number: page.text for page in document.pages}) + _hidden(document)
    units = without_injections(all_units, injections)
    client = names.client_called(whole_text(document))
    promises = tuple(find_undertakings(units, profile, intake, client))
    paper = Paper(document, profile, names, client, units, undertakings=promises)
    paper = replace(
        paper,
        amounts=find_document_amounts(units, profile),
        statements=(*find_statements(units, profile), *find_addresses(document, profile)),
        findings=find_findings(units, profile),
    )
    entries = _time_entries(document, profile, intake)
    return DocumentFacts(
        profile=profile,
        references=find_document_references(document, profile, intake, injections),
        amounts=paper.amounts,
        events=find_events(paper, entries),
        undertakings=promises,
        statements=paper.statements,
        points=find_points(units, profile),
        findings=paper.findings,
        time_entries=entries,
        invoices=find_invoice(document, profile),
        parties=find_parties(paper),
        injections=injections,
        positions=tuple(find_positions(units, profile)),
    )


def _time_entries(document: ReadDocument, profile: DocumentProfile, intake: Intake) -> tuple[TimeEntry, ...]:
    """Rows of a time record, or of the time that our own invoice sets out."""
    ours = profile.kind == "invoice" and profile.author == "agent"
    if profile.kind != "time_record" and not ours:
        return ()
    return find_time_entries(document, intake.hourly_rates, intake.opened_on)


def _hidden(document: ReadDocument) -> tuple[Injection, ...]:
    """Words that the file hides from a human reader: there is no honest reason for orders among them."""
    return tuple(
        Injection(Span(document.name, None, 0, 0, ""), f"text hidden from the reader: {words[:200]}")
        for words in document.hidden_text
        if words.strip()
    )
