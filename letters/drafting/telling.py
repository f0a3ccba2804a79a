"""What a line of the chronology says: bare lines are filled from the papers of the same happening, or left out.

A line is bare when it names a paper or an act and nothing that was said or done ("We rang HMRC", "HMRC wrote about
the claim"). What fills it is a promise of the same paper and day, or a short quotation from it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from complaints.facts.records import Event, Span, StatementKind, TimeEntry
from letters.drafting.case import Case
from letters.drafting.events import dated, told_of
from letters.drafting.sentences import label
from letters.drafting.trial import first_that_holds
from letters.drafting.wording import (
    HAS_TERM,
    beginnings,
    cited,
    day,
    flat,
    quotable,
    quoted,
    short_quote,
    upper_first,
    words_in,
)
from letters.records import Sentence

_SAYS_MORE = re.compile(
    r"\b(asking|asked|saying|said|telling|told|that|enclosing|with|repeating|warning|why|confirming|describing|"
    r"in which|not answered|no answer|reply)\b|[:“;]"
)
_ACT_ONLY = re.compile(
    r"(?:we (?:wrote|rang|called|telephoned|e-?mailed|contacted|chased)|HMRC (?:wrote|replied|called|rang|paid))\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"HMRC wrote (?:about|to)\b")
_NO_SUBJECT = re.compile(
    r"(?:they|he|she|it|you|your|this|that|these|those|there|dates? (?:it|of|the|on))\b", re.IGNORECASE
)
_CUT_OFF = re.compile(
    r"\b(?:the|a|an|of|to|for|and|or|that|which|with|in|on|by|from|at|was|were|is|are|our|your|their|its|think)$",
    re.IGNORECASE,
)
# Verbs that end in what otherwise shows that words were cut off: "the records that HMRC had asked for".
_PHRASAL = re.compile(
    r"\b(?:(?:asked|called|applied|paid|sent|waited|accounted) for|dealt with|(?:relied|acted) on|looked (?:at|into)|"
    r"(?:agreed|replied|responded|referred|entitled|written) to|put (?:in|on)|taken (?:on|in))$",
    re.IGNORECASE,
)
_NAME_ONLY = re.compile(
    r"HMRC(?:['’]s)? (?:issued )?(?:an? )?[\w' -]*?(?:receipt|statement|acknowledgement|letter|notice)"
    r"(?: (?:for|of) [\w' -]+)?(?: was issued)?$"
)
_VERB = re.compile(
    r"\b(\w+ed|wrote|rang|told|said|sent|gave|had|was|were|is|are|has|have|made|took|paid|put|went|came|held|found|sold|"
    r"left|began|met|kept|lost|got|sought|spoke|set|read|shows?|says?|did|does|fell|rose|knew)\b",
    re.IGNORECASE,
)
_ASKS_ONLY = re.compile(r": “[^”]*\?”$")
_ODD = re.compile(r"->|→|@|\s[-–]\s*\w*$")
_IN_OWN_RIGHT = frozenset(
    [
        "complaint_made",
        "complaint_received",
        "complaint_reply",
        "review_requested",
        "review_reply",
        "reply_received",
        "repayment_made",
        "payment_to_hmrc",
        "appeal_made",
        "invoice_paid",
        "visit",
    ]
)
_SAID_BY_HMRC: tuple[StatementKind, ...] = (
    "admission",
    "agreed_due",
    "upheld",
    "no_trace",
    "refusal",
    "not_upheld",
    "received_logged",
    "security_check",
    "advice",
    "not_processed",
    "offer",
    "system_error",
    "authority_denied",
    "would_not_log",
)
# Words that carry no case: courtesies, standing advice and halves of sentences.
_EMPTY_WORDS = re.compile(r"(?:thank you|you do not need|if you|but|however|please|i am writing)\b", re.IGNORECASE)
_SAID_BY_US: tuple[StatementKind, ...] = ("told_hmrc_of_circumstances", "no_reply", "not_processed", "quotation")
_ACTS = {"letter_to_hmrc": "We wrote to HMRC", "letter_from_hmrc": "HMRC wrote", "call": "We rang HMRC"}
_RECEIPTS = {
    "return_filed": ("return",),
    "return_received": ("return",),
    "claim_made": ("claim", "return"),
    "application_made": ("application",),
    "application_received": ("application", "claim"),
}
_CALLS = ("call", "webchat", "visit")
_LOOKED = ("call", "account_checked")


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the table and the paper that carries it."""

    event: Event
    sentence: Sentence


def is_bare(text: str) -> bool:
    """Whether a line says nothing beyond that there was a paper or an act, or cannot be read as a sentence."""
    cut_off = _CUT_OFF.search(text) and not _PHRASAL.search(text)
    if _NO_SUBJECT.match(text) or cut_off or _ODD.search(text) or not _VERB.search(text):
        return True
    if _ABOUT.match(text) or _NAME_ONLY.match(text) or _ASKS_ONLY.search(text):
        return True
    return bool(_ACT_ONLY.match(text)) and not _SAYS_MORE.search(text)


def told_line(case: Case, event: Event) -> Told | None:
    """The line of an event, filled where it was bare; None where nothing can be said of it."""
    found = first_that_holds(case, _candidates(case, event))
    return Told(event, found) if found else None


def line(case: Case, event: Event, text: str, *spans: Span, computed: tuple[str, ...] = ()) -> Sentence:
    return label(case, f"{day(event.date)}: {upper_first(text)}", [*spans, event.span], computed=computed)


def _candidates(case: Case, event: Event) -> Iterator[Sentence]:
    text = told_of(case, event)
    how = () if str(event.date.year) in event.span.quote else (dated(case, event),)
    if is_recorded_time(case, event):
        yield from _from_time_record(case, event, text, how)
        return
    if not is_bare(text):
        yield line(case, event, text, computed=how)
    starts = [part for part in beginnings(text) if not is_bare(part) and not _NO_SUBJECT.match(part)]
    yield from (line(case, event, part, computed=how) for part in starts)
    yield from _filled(case, event, text, how)
    if event.kind in _IN_OWN_RIGHT and not _NO_SUBJECT.match(text) and not _ODD.search(text):
        yield line(case, event, text, computed=how)
        yield from (line(case, event, part, computed=how) for part in beginnings(text))


def is_recorded_time(case: Case, event: Event) -> bool:
    profile = case.profile(event.span.document)
    return profile is not None and profile.kind == "time_record"


def _from_time_record(case: Case, event: Event, text: str, how: tuple[str, ...]) -> Iterator[Sentence]:
    """A call or a look at the account, with the entry quoted for what it is; other work is no happening."""
    entry = next((e for e in case.facts.time_entries if e.on == event.date and _same_entry(e, event)), None)
    act = re.split(r"[:;,]", text)[0]
    if event.kind in _LOOKED and entry and _tells(entry):
        looked = f"Our time record notes: {quoted(entry.narrative)}"
        shown = f"{act}; our time record notes: {quoted(entry.narrative)}" if _ACT_ONLY.match(act) else looked
        yield line(case, event, shown, entry.span, computed=how)
    elif event.kind in _IN_OWN_RIGHT:
        yield line(case, event, act, computed=how)


def _same_entry(entry: TimeEntry, event: Event) -> bool:
    return entry.span.document == event.span.document and (
        flat(entry.narrative) in flat(event.span.quote) or flat(event.span.quote) in flat(entry.span.quote)
    )


def _tells(entry: TimeEntry) -> bool:
    """Whether an entry says what was found or said: something after a comma, colon or dash, or a plain denial."""
    tail = re.split(r"[,:;–-]\s", entry.narrative, maxsplit=1)
    return len(tail) > 1 and words_in(tail[1]) >= 2 and not re.match(r"\d+ min", tail[1])


def _filled(case: Case, event: Event, text: str, how: tuple[str, ...]) -> Iterator[Sentence]:
    act = _act(case, event, text)
    for document in _papers(case, event):
        words = _words(case, event, document)
        if event.kind not in _CALLS:
            yield from _promised(case, event, document, act, words, how)
        for span in words:
            if not case.is_note(document):
                yield line(case, event, f"{act}: {cited(span.quote)}", span, computed=how)
            yield line(case, event, f"{case.called(document)}: {cited(span.quote)}", span, computed=how)
    for thing in _RECEIPTS.get(event.kind, ()):
        yield line(case, event, f"HMRC acknowledged the {thing}", computed=how)
    if event.kind == "letter_to_hmrc" and _went_unanswered(case, event):
        none = f"Our letter of {day(event.date)} had no answer: no answer came, and the letter was not answered."
        yield line(case, event, "We wrote to HMRC; no answer came", computed=(*how, none))
    other = case.written_on(event.span.document) != event.date and (event.kind in _ACTS or event.kind == "visit")
    if other and quotable(event.span.quote) and words_in(short_quote(event.span.quote)) >= 8:
        told = f"{act}; {case.called(event.span.document)} says: {cited(event.span.quote)}"
        yield line(case, event, told, computed=how)


def _promised(
    case: Case, event: Event, document: str, act: str, words: Sequence[Span], how: tuple[str, ...]
) -> Iterator[Sentence]:
    """What HMRC undertook in a paper of the day, after its most telling other words where both fit."""
    for promise in case.facts.undertakings:
        if promise.span.document != document or promise.made_on != event.date:
            continue
        by = f" by {day(promise.due_on)}" if promise.due_on else " (no date given)"
        due = by if promise.due_on and not HAS_TERM.search(promise.what) else ""
        why = f"HMRC undertook on {day(promise.made_on)} to {promise.what}{by}."
        for span in words[:1]:
            both = f"{act}: {cited(span.quote, 20)}; HMRC undertook to {promise.what}{due}"
            if span != promise.span and "“”" not in both:
                yield line(case, event, both, span, promise.span, computed=(why, *how))
        yield line(case, event, f"HMRC undertook to {promise.what}{due}", promise.span, computed=(why, *how))


def _act(case: Case, event: Event, text: str) -> str:
    """The happening without a word on what was said: "We rang HMRC", "HMRC wrote"."""
    if event.kind in _CALLS and _ACT_ONLY.match(text):
        return re.split(r"[:;,]| about ", text)[0]
    if event.kind in ("complaint_reply", "review_reply"):
        return f"HMRC gave its {'second' if event.kind == 'review_reply' or event.tier == 2 else 'first'}-tier reply"
    if event.kind == "visit":
        return next(reversed(beginnings(text)), text)
    return _ACTS.get(event.kind) or case.called(event.span.document)


def _went_unanswered(case: Case, event: Event) -> bool:
    return any(b.failing == "unanswered_correspondence" and event in b.events for b in case.analysis.breaches)


def _papers(case: Case, event: Event) -> list[str]:
    """The papers made on the day of the event by the one who acted: its own first."""
    mine = [event.span.document] if _made_then(case, event.span.document, event) else []
    kinds = {
        "letter_to_hmrc": ("agent_letter",),
        "letter_from_hmrc": ("hmrc_letter",),
        "call": ("call_note",),
        "webchat": ("webchat",),
        "statement_issued": ("hmrc_statement",),
        "calculation_issued": ("hmrc_statement", "computation"),
    }.get(event.kind, ())
    same = [p.document for p in case.facts.documents if p.kind in kinds and p.written_on == event.date]
    return list(dict.fromkeys((*mine, *same)))


def _made_then(case: Case, document: str, event: Event) -> bool:
    return case.written_on(document) == event.date or (case.is_note(document) and event.kind in _CALLS)


def _words(case: Case, event: Event, document: str) -> list[Span]:
    """Quotable words of a paper, the most telling first. In a log of several calls, only those of the day."""
    ours = case.author(document) == "agent" and not case.is_note(document)
    kinds = _SAID_BY_US if ours else _SAID_BY_HMRC
    rank = {kind: number for number, kind in enumerate(kinds)}
    whole = case.written_on(document) == event.date
    said = [
        s
        for s in case.facts.statements
        if s.kind in rank
        and not _EMPTY_WORDS.match(short_quote(s.span.quote))
        and s.span.document == document
        and (whole or s.on == event.date)
        and quotable(s.span.quote)
    ]
    return [s.span for s in sorted(said, key=lambda s: (rank[s.kind], s.span))][:4]
