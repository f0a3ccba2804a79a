"""Failings towards people and things that only words tell: needs told and passed over, agents passed by, goods harmed.

The Charter undertakes to be aware of a personal situation and to recognise that someone can represent a customer;
CRG5600 is about property and goods lost or damaged in HMRC's hands, CRG5625 about goods sold that should not have been.
Pure.
"""

from collections.abc import Iterator
from datetime import date

from complaints.analysis.failures import Failure, FailureRule, Scene
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, quotable, says
from complaints.facts.records import DocumentKind, Span

_TO_HMRC: tuple[DocumentKind, ...] = ("agent_letter", "client_letter", "agent_complaint", "call_note", "webchat")
_NOT_TOLD: tuple[DocumentKind, ...] = ("time_record", "invoice", "bank_statement", "computation")
_NEEDS = (
    r"\b(deaf(ness)?|hard of hearing|hearing (loss|impair\w+)|blind|partially sighted|sight loss|braille|large print|"
    r"sign language|dyslexi\w+|dementia|alzheimer\w*|autis\w+|learning (difficult\w+|disab\w+)|disab(led|ility)|"
    r"wheelchair|housebound|terminal(ly)?|palliative|lip[- ]?read\w*|speech (difficult\w+|impair\w+)|"
    r"(can ?not|can['’]t|unable to|not able to) (use|hear on|speak on|manage) (the |a )?(tele)?phone|"
    r"(needs?|requires?) (an interpreter|help to (read|write|speak)|everything in writing|letters in))\b"
)
_PASSED_BY = (
    r"\b(wrote|written|writing|rang|phoned|telephoned|called|spoke|spoken|contacted|e-?mailed|sent)\b.{0,60}"
    r"\b(direct(ly)?|straight) to (our|the|my|your) (client|customer|executors?|trustees?|director)\b|"
    r"\b(wrote|rang|phoned|telephoned|contacted|visited)\b.{0,40}\b(client|director|executor|trustee)s?\b.{0,20}"
    r"\b(direct(ly)?|instead of us|behind our back)\b|\bby-?pass(ed|ing)\b.{0,20}\b(us|agent|adviser|attorney)\b|"
    r"\b(without|not) (copying|a copy to|copied to|telling|sent to) (us|the agent|our office)\b|"
    r"\b(refused|declined|would not|won['’]t) (to )?(speak|talk|discuss|deal)\b.{0,30}\b(with|to) (us|the attorney|"
    r"the executors?|the agent|his agent|her agent)\b"
)
_GOODS = (
    r"\b(goods|consignment|freight|baggage|luggage|vehicle|lorry|trailer|van|container|stock|equipment|machinery|"
    r"pallets?)\b"
)
_HARM = r"\b(damaged?|lost|destroyed|spoil(ed|t)|broken|ruined|deteriorat\w+|perished|missing|went missing)\b"
_HELD = (
    r"\b(HMRC|Border Force|officers?|examin\w+|detain\w+|detention|custody|inspect\w+|search\w*|queen'?s warehouse)\b"
)
_SOLD = r"\b(sold|auction\w*|disposed of)\b"
_TAKEN = (
    r"\b(bailiff|distrain\w*|taking control|took control|enforcement (officer|agent)|field force|controlled goods)\b"
)


def _needs(scene: Scene) -> Iterator[Failure]:
    """HMRC was told what somebody needs, and its later papers show that nothing came of it."""
    view = scene.view
    told = [(on, q) for q in view.quotes if _told_to_hmrc(view, q, _NEEDS) and (on := _day_of(view, q))]
    if not told:
        return
    since, first = min(told)
    later = [
        e for e in view.happened if e.actor == "hmrc" and e.date > since and view.author(e.span.document) == "hmrc"
    ]
    if not later:
        return
    because = (
        f'HMRC was told on {day(since)}: "{quotable(first.quote)}". Nothing in its later papers takes account of it.'
    )
    spans = tuple(dict.fromkeys((*(q for _, q in sorted(told)), later[-1].span)))
    yield Failure("personal_situation_ignored", because, tuple(later[-1:]), spans)


def _told_to_hmrc(view: CaseView, span: Span, pattern: str) -> bool:
    return view.kind(span.document) in _TO_HMRC and says(span.quote, pattern)


def _day_of(view: CaseView, span: Span) -> date | None:
    """The day of the act that the words belong to, else of their paper."""
    own = next((e.date for e in view.happened if e.span == span), None)
    profile = view.profiles.get(span.document)
    return own or (profile.written_on if profile else None)


def _passed_by(scene: Scene) -> Iterator[Failure]:
    """HMRC went to the client although somebody was authorised to act."""
    view = scene.view
    said = tuple(q for q in view.quotes if says(q.quote, _PASSED_BY) and view.kind(q.document) not in _NOT_TOLD)
    denied = view.statements("authority_denied") or any(
        p.matter == "authority" and not p.holds for p in view.facts.positions
    )
    if not said or denied:
        return
    because = f'The papers tell that HMRC passed by whoever was authorised to act: "{quotable(said[0].quote)}".'
    yield Failure("agent_not_recognised", because, (), said[:3])


def _goods(scene: Scene) -> Iterator[Failure]:
    """Goods lost, damaged or sold while HMRC had them."""
    view = scene.view
    quotes = [q for q in view.quotes if view.kind(q.document) not in _NOT_TOLD and says(q.quote, _GOODS)]
    harmed = tuple(q for q in quotes if says(q.quote, _HARM) and says(q.quote, _HELD))
    sold = tuple(q for q in quotes if says(q.quote, _SOLD) and says(q.quote, _TAKEN))
    for spans, section in ((harmed, "CRG5600"), (sold, "CRG5625")):
        if spans:
            because = f'The papers tell what became of goods in HMRC\'s hands: "{quotable(spans[0].quote)}".'
            yield Failure("other_mistake", because, (), spans[:3], also=(section,))


RULES: tuple[FailureRule, ...] = (_needs, _passed_by, _goods)
