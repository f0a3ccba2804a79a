"""HMRC's words used against HMRC: choosing a quotation and introducing it."""

from collections.abc import Iterable

from complaints.analysis.records import Breach
from complaints.facts.records import Span, Statement
from letters.drafting.case import Case, Mark
from letters.drafting.sentences import fact
from letters.drafting.wording import cited, pick, quotable, upper_first
from letters.records import Sentence

_ACCEPTED = ("admission", "upheld", "apology")


def best_quote(case: Case, spans: Iterable[Span], *, used: str = "") -> Span | None:
    """The first quotable span: HMRC's own documents before notes of what it said, those before other papers."""
    found = [s for s in dict.fromkeys(spans) if quotable(s.quote) and words_of(s) not in used]
    return min(found, key=lambda span: _rank(case, span), default=None)


def _rank(case: Case, span: Span) -> int:
    profile = case.profile(span.document)
    if profile is None:
        return 3
    if profile.author == "hmrc":
        return 0
    return 1 if case.is_note(span.document) else 2


def quotation(case: Case, span: Mark, place: int) -> Sentence:
    """The words of a document, introduced by its name."""
    shape = pick(_SPOKEN_SHAPES if case.is_note(span.document) else _SHAPES, place)
    return fact(case, upper_first(shape.format(document=case.called(span.document), words=words_of(span))), [span])


_SHAPES = (
    "{document} says: {words}",
    "in the words of {document}: {words}",
    "{document} reads: {words}",
    "as {document} puts it: {words}",
)
_SPOKEN_SHAPES = (
    "{document} has the words {words}",
    "in {document} stand the words {words}",
    "as {document} has it: {words}",
)


def words_of(span: Mark) -> str:
    """The quotable part of a span, in quotation marks."""
    return cited(span.quote)


def acceptance(case: Case, breach: Breach, place: int, *, used: str = "") -> Sentence | None:
    """HMRC's acceptance of a failing in its own words, or None where no quotable words of it stand in the papers."""
    spans = [s.span for s in accepting(case, breach) if words_of(s.span) not in used]
    span = best_quote(case, spans)
    if span is None:
        return None
    opening = pick(_OPENINGS, place).format(document=case.called(span.document))
    return fact(case, f"{upper_first(opening)} {words_of(span)}", [span])


_OPENINGS = (
    "HMRC's own words on the point, in {document}, are",
    "on this {document} says:",
    "of this {document} has:",
)


def accepting(case: Case, breach: Breach) -> tuple[Statement, ...]:
    """HMRC's admissions and findings that stand on the breach's own spans, else in its documents."""
    said = [s for s in case.facts.statements if s.kind in _ACCEPTED and case.author(s.span.document) == "hmrc"]
    own = [s for s in said if s.span in breach.spans]
    return tuple(own or [s for s in said if s.span.document in breach.documents and s.kind == "admission"])
