"""letter.json: the whole case in the contract's field names, for REST clients, scorers and archives. Pure.

Field names and vocabularies are those of the case bundles (README.md, "letter.json"). Money is a string with two
decimals, dates are ISO. The same case gives the same bytes, but for `receipt.seconds` and `receipt.drafted_at`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from complaints.analysis.records import Analysis
from complaints.documents.records import ReadDocument
from complaints.facts.records import Facts
from complaints.plain import analysis_json, facts_json
from letters.records import DraftLetter, SectionSource, Sentence
from lightpoint.codec import to_plain

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that letter.json is made from. `problems` are the release problems of each letter, in letter order."""

    facts: Facts
    analysis: Analysis
    documents: tuple[ReadDocument, ...]
    letters: tuple[DraftLetter, ...]
    texts: tuple[str, ...]
    problems: tuple[tuple[str, ...], ...]
    receipt: Mapping[str, Any]

    @property
    def released(self) -> bool:
        """Whether every letter of the case may be released."""
        return bool(self.letters) and not any(self.problems)


def case_json(case: CaseFile) -> Json:
    """Return the content of letter.json."""
    route = case.analysis.route
    return {
        "released": case.released,
        "blocked_by": [problem for problems in case.problems for problem in problems],
        "route": route.route,
        "secondary_routes": list(route.secondary_routes),
        "route_reason": route.reason,
        "route_rule": route.rule,
        "tier": route.tier,
        "complaint_type": case.analysis.complaint_type,
        **facts_json(case.facts),
        **analysis_json(case.analysis),
        "exhibits": [to_plain(exhibit) for exhibit in case.letters[0].exhibits] if case.letters else [],
        "document_problems": [_problem_json(item) for item in case.documents if item.problem],
        "letters": [_letter_json(*row) for row in zip(case.letters, case.texts, case.problems, strict=True)],
        "receipt": dict(case.receipt),
    }


def _problem_json(document: ReadDocument) -> Json:
    kind, detail = (document.problem.kind, document.problem.detail) if document.problem else ("", "")
    return {"document": document.name, "reason": kind, "detail": detail}


def _letter_json(letter: DraftLetter, text: str, problems: Iterable[str]) -> Json:
    return {
        "type": letter.type,
        "recipient": letter.recipient,
        "dated": letter.dated.isoformat(),
        "tone": letter.tone,
        "blocked_by": list(problems),
        "text": text,
        "sentences": [sentence_json(sentence) for sentence in letter.sentences()],
    }


def sentence_json(sentence: Sentence) -> Json:
    """One line of the ledger as letter.json has it."""
    found: Json = {
        "text": sentence.text,
        "kind": sentence.kind,
        "sources": [
            {"section": s.section, "version": s.version}
            if isinstance(s, SectionSource)
            else {"document": s.document, "page": s.page, "quote": s.quote}
            for s in sentence.sources
        ],
        "status": sentence.status,
    }
    if sentence.reasons:
        found["reasons"] = list(sentence.reasons)
    return found
