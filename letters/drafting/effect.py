"""Effect and cost: what it did to the person, what it cost beside our work, and what our additional work comes to."""

import re
from collections.abc import Sequence

from complaints.analysis.records import Remedy
from complaints.facts.records import Amount, Span, Statement
from letters.drafting.case import Case
from letters.drafting.costs import professional_costs
from letters.drafting.sentences import ask, fact, form, rule, says
from letters.drafting.wording import (
    cited,
    flat,
    pick,
    pounds,
    quotable,
    quoted,
    short_quote,
    upper_first,
    words_in,
)
from letters.outline import Outline, remedies
from letters.records import Block, Sentence

_COST_NOUNS = {
    "bank_charge": "bank charges",
    "loan_interest": "interest",
    "direct_cost": "a cost",
    "interest_charged": "interest",
}
# Words that would tell HMRC's reader more about a client's private life than the complaint needs.
_PRIVATE = (
    "husband",
    "wife",
    "partner",
    "work at",
    "workplace",
    "surgery",
    "employer",
    "manager",
    "school",
    "hospital",
)


def effect_blocks(case: Case, outline: Outline) -> list[Block]:
    """The paragraphs of the section, each only where the facts and the allowed remedies call for it."""
    paragraphs = [
        personal_effect(case, outline),
        direct_costs(case, outline),
        professional_costs(case, outline),
    ]
    return [Block("paragraph", tuple(sentences)) for sentences in paragraphs if sentences]


def personal_effect(case: Case, outline: Outline) -> list[Sentence]:
    """What the individual said of it, when HMRC was told, and the section that provides for a payment."""
    if not remedies(outline, "worry_and_distress"):
        return []
    told = _told(case, case.statements("distress", "hardship")) or _told(case, _relied_on(case, outline))
    if not told:
        return []
    sentences = [_in_own_words(case, statement, words, at) for at, (statement, words) in enumerate(told[:2])]
    about = says("CRG6050", 0)
    sentences.append(rule(case, f"CRG6050 {about}", ("CRG6050",)))
    wanted = {
        "measured": "We should be grateful if such a payment were considered.",
        "firm": "We ask that such a payment be considered.",
        "robust": "Such a payment should now be considered.",
    }[case.tone]
    sentences.append(ask(case, wanted, sections=("CRG6050",)))
    return sentences


def _relied_on(case: Case, outline: Outline) -> list[Statement]:
    """The client's words on which the analysis rests the payment."""
    spans = [span for remedy in remedies(outline, "worry_and_distress") for span in remedy.spans]
    return [Statement("distress", "client", None, span) for span in spans if case.author(span.document) == "client"]


def _told(case: Case, statements: Sequence[Statement]) -> list[tuple[Statement, str]]:
    """Statements about the person with the words to quote, most telling first, one a document."""
    found: dict[str, tuple[Statement, str]] = {}
    for statement in sorted(statements, key=lambda s: (s.kind != "distress", s.actor != "client", s.span)):
        if not _told_of_effect(case, statement):
            continue
        words = needful(short_quote(statement.span.quote)) if case.is_private else statement.span.quote
        if quotable(words):
            found.setdefault(statement.span.document, (statement, words))
    return list(found.values())


def _told_of_effect(case: Case, statement: Statement) -> bool:
    """Whether words are the client's, HMRC's or ours to HMRC; what we wrote to others was not told to HMRC."""
    profile = case.profile(statement.span.document)
    if profile is None or profile.author != "agent" or case.is_note(profile.document):
        return True
    return profile.recipient in ("hmrc", None) and profile.kind != "email"


def needful(words: str) -> str:
    """The opening clauses of `words` up to the first that says more of private life than the complaint needs."""
    kept = ""
    for part in re.split(r"(?=, | and |; )", words):
        if any(word in part.lower() for word in _PRIVATE):
            break
        kept += part
    return kept


def _in_own_words(case: Case, statement: Statement, words: str, at: int) -> Sentence:
    document = case.called(statement.span.document)
    if statement.actor == "client" and at == 0:
        shape = "{document} describes the effect: {words}"
    elif case.author(statement.span.document) == "agent" and not case.is_note(statement.span.document):
        shape = "{document} told HMRC: {words}"
    else:
        shape = pick(("on the effect, {document} says: {words}", "{document} also has the words {words}"), at)
    shown = cited(words)
    return fact(case, upper_first(shape.format(document=document, words=shown)), [statement.span])


def direct_costs(case: Case, outline: Outline) -> list[Sentence]:
    """Costs other than ours, each with its paper; what ties it to HMRC's act; the section."""
    sentences: list[Sentence] = []
    for at, remedy in enumerate(remedies(outline, "direct_costs")):
        sentences += _direct_cost(case, remedy, at)
    if sentences:
        sentences.append(rule(case, f"CRG5025 {says('CRG5025', 0)}", ("CRG5025",)))
    unique = {sentence.text: sentence for sentence in sentences}
    return list(unique.values())


def _direct_cost(case: Case, remedy: Remedy, at: int) -> list[Sentence]:
    amount = amount_of(case, remedy)
    spans = list(remedy.spans) or ([amount.span] if amount else [])
    if remedy.amount is None or not spans:
        return []
    noun = _COST_NOUNS.get(amount.role, "a cost") if amount else "a cost"
    document = case.called(spans[0].document)
    verb = "mentions" if remedy.condition else "shows"
    shape = pick(("{document} {verb} {noun} of {sum}", "for {noun} of {sum} we refer to {document}"), at)
    text = upper_first(shape.format(document=document, verb=verb, noun=noun, sum=pounds(remedy.amount)))
    condition = form(case, f"We claim it {remedy.condition.rstrip('. ')}") if remedy.condition else None
    return [fact(case, text, spans), *_cause(case, spans), *([condition] if condition else [])]


def _cause(case: Case, spans: Sequence[Span]) -> list[Sentence]:
    """The words that tie a cost to HMRC's act, where its own paper has them."""
    documents = {span.document for span in spans}
    said = [s.span for s in case.statements("causation") if s.span.document in documents and quotable(s.span.quote)]
    if said:
        return [fact(case, f"The same paper gives the reason: {cited(said[0].quote)}", said[:1])]
    return [fact(case, f"The line reads: {quoted(words)}", spans[:1])] if (words := _line_words(spans[0])) else []


def _line_words(span: Span) -> str:
    """The words of a line of a bill before its sum, where they say what was charged for."""
    words, _, sum_ = span.quote.rpartition(" | ")
    return flat(words) if sum_ and words_in(words) >= 4 and " | " not in words else ""


def amount_of(case: Case, remedy: Remedy) -> Amount | None:
    """The amount in the papers that a remedy asks for."""
    spans = {s.document for s in remedy.spans}
    found = [a for a in case.facts.amounts if a.value == remedy.amount]
    near = [a for a in found if a.span.document in spans]
    return next(iter(near or found), None)
