"""The facts of the parts of a document put together under one profile."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from complaints.facts.parts import Part
from complaints.facts.profile import profile_document
from complaints.facts.records import DocumentFacts, DocumentKind, DocumentProfile, Intake, Reference
from lightpoint.language.dates import format_date

# Where the letters of one scan differ in kind, the weightiest names the whole.
_RANK: tuple[DocumentKind, ...] = ("hmrc_complaint_reply", "agent_complaint", "tribunal_decision", "hmrc_notice")


def part_profile(part: Part, whole: DocumentProfile, intake: Intake) -> DocumentProfile:
    """The profile of one part: a letter by its own head, an entry of a log by its day."""
    if part.on is None:
        return profile_document(part.document, intake)
    own = profile_document(part.document, intake)
    return replace(
        whole,
        written_on=part.on,
        date_span=part.on_span,
        summary_name=f"our note of {format_date(part.on)}",
        author_name=own.author_name if own.kind == "call_note" else "",
        subject="",
    )


def join_parts(parts: Sequence[DocumentFacts]) -> DocumentFacts:
    """All facts of a document under the profile of its weightiest part."""
    profiles = tuple(part.profile for part in parts)
    main = min(profiles, key=lambda p: (_RANK.index(p.kind) if p.kind in _RANK else len(_RANK), profiles.index(p)))
    dated = sorted(p.written_on for p in profiles if p.written_on)
    profile = replace(main, summary_name=_common_name(profiles, dated))
    return DocumentFacts(
        profile=profile,
        references=_once([r for part in parts for r in part.references]),
        amounts=tuple(x for part in parts for x in part.amounts),
        events=tuple(x for part in parts for x in part.events),
        undertakings=tuple(x for part in parts for x in part.undertakings),
        statements=tuple(x for part in parts for x in part.statements),
        points=tuple(x for part in parts for x in part.points),
        findings=tuple(x for part in parts for x in part.findings),
        time_entries=tuple(x for part in parts for x in part.time_entries),
        invoices=tuple(x for part in parts for x in part.invoices),
        parties=tuple(x for part in parts for x in part.parties),
        injections=tuple(x for part in parts for x in part.injections),
        positions=tuple(x for part in parts for x in part.positions),
        parts=profiles,
    )


def _once(references: Sequence[Reference]) -> tuple[Reference, ...]:
    first: dict[tuple[str, str], Reference] = {}
    for reference in references:
        first.setdefault((reference.kind, reference.value), reference)
    return tuple(first.values())


def _common_name(profiles: Sequence[DocumentProfile], dated: Sequence[date]) -> str:
    """ "HMRC's letters of 4 September 2025 and 10 September 2025", "our log of calls from ... to ..."."""
    if profiles[0].kind == "call_note":
        return (
            f"our log of calls from {format_date(dated[0])} to {format_date(dated[-1])}"
            if dated
            else "our log of calls"
        )
    nouns = [p.summary_name.partition(" of ")[0] if p.written_on else p.summary_name for p in profiles]
    plural = {"HMRC's letter": "HMRC's letters", "our letter": "our letters"}.get(nouns[0])
    if plural and len(set(nouns)) == 1 and len(dated) == len(profiles):
        return f"{plural} of {_listed([format_date(day) for day in dated])}"
    head, *rest = [p.summary_name for p in profiles]
    return _listed([head, *(name.removeprefix(f"{head.split()[0]} ") for name in rest)])


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]
