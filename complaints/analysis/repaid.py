"""Money that HMRC paid back: what counts as received, and what somebody only reports. Pure.

HMRC's own paper, a bank's statement of account and the word of whoever got the money show a payment. What a bank or a
client repeats of HMRC's intentions ("you told us that HMRC had sent it") shows none, and HMRC's own letter shows none
where a later paper tells that nothing came.
"""

from collections.abc import Mapping
from decimal import Decimal

from complaints.analysis.wording import same_words, says
from complaints.facts.contradictions import UNPAID
from complaints.facts.records import Amount, DocumentProfile, Event, Facts, Span
from lightpoint.language.money import find_amounts

_REPORTED = (
    r"\b(?:told|tells|informed|advised|assured|promised)\b.{0,15}\b(?:us|me|him|her|them|"
    r"the (?:bank|client|company))\b|"
    r"\b(?:HMRC|Revenue|they|he|she|you|client|customer) (?:has |have |had )?(?:also )?(?:said|says?|stated?|states|"
    r"claim(?:s|ed)?|confirm(?:s|ed)|reckons?|thinks?|believes?)\b|"
    r"\b(?:understands?|understood|believe[ds]?|gathers?|hear[ds]?)\b|"
    r"\b(?:apparently|supposedly|allegedly|reportedly|it seems|according to|by (?:his|her|their) account|we are told|"
    r"i was told|is said to)\b"
)


def is_hearsay(words: str, profile: DocumentProfile | None) -> bool:
    """Whether words about a payment only repeat what another said of it; HMRC's papers speak of its own acts."""
    if profile is None or profile.author == "hmrc" or profile.kind in ("bank_statement", "call_note", "webchat"):
        return False
    return says(words, _REPORTED)


def never_came(facts: Facts, span: Span) -> bool:
    """Whether these are the words of HMRC that it had paid, which a later paper refutes."""
    for conflict in facts.conflicts:
        if conflict.what != UNPAID or conflict.preferred != "not paid":
            continue
        for side in conflict.statements:
            if side.document == span.document and side.value != "not paid" and same_words(side.quote, span.quote):
                return True
    return False


def is_payment(facts: Facts, event: Event, profiles: Mapping[str, DocumentProfile]) -> bool:
    """Whether an event of repayment is one."""
    return not is_hearsay(event.span.quote, profiles.get(event.span.document)) and not never_came(facts, event.span)


def is_received(facts: Facts, amount: Amount, profiles: Mapping[str, DocumentProfile]) -> bool:
    """Whether a sum in the role of a repayment reached anybody, by the words that it stands in."""
    around = _sentences(facts, amount)
    if never_came(facts, amount.span) or any(never_came(facts, span) for span in around):
        return False
    profile = profiles.get(amount.span.document)
    return not any(is_hearsay(span.quote, profile) for span in around)


def _sentences(facts: Facts, amount: Amount) -> list[Span]:
    """The words of events, statements and positions in which the sum stands."""
    spans = [e.span for e in facts.events] + [s.span for s in facts.statements] + [p.span for p in facts.positions]
    own = [s for s in spans if (s.document, s.page) == (amount.span.document, amount.span.page)]
    within = [s for s in own if s.start <= amount.span.start < s.end]
    return list(dict.fromkeys(within))


def sums_named(events: tuple[Event, ...]) -> set[Decimal]:
    return {m.value for event in events for m in find_amounts(event.span.quote)}
