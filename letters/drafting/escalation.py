"""The request for a second review: the first reply point by point, then what remains. Someone else is to look at it."""

import re

from complaints.analysis.records import UnansweredPoint
from complaints.facts.records import ComplaintPoint, DocumentProfile, Event, Finding
from letters.addresses import complaint_address, office_address
from letters.drafting import heads
from letters.drafting.case import Case
from letters.drafting.complaint import chronology_section, conflict_section, failing_section
from letters.drafting.effect import effect_blocks
from letters.drafting.opening import acting, nub
from letters.drafting.requests import request_blocks, response_block
from letters.drafting.sentences import ask, fact, form, lead, rule
from letters.drafting.wording import cited, day, finished, flat, pick, quotable, upper_first
from letters.outline import Outline
from letters.records import Block, Sentence
from lightpoint.language.sentences import split_sentences

_OUTCOMES = {
    "upheld": "upheld",
    "partly_upheld": "upheld in part",
    "not_upheld": "not upheld",
    "addressed": "addressed",
}


def escalation_blocks(case: Case, outline: Outline) -> list[Block]:
    """The letter from its head to the response date."""
    reply = reply_of(case, 1)
    address = (
        office_address(case.facts, case.pages, ("hmrc_complaint_reply",), document=reply.document) if reply else None
    ) or complaint_address(case.intake.tax_head, case.facts, case.pages, case.guidance)
    blocks = [
        heads.letterhead(case),
        heads.addressee(case, address),
        heads.date_line(case),
        heads.subject(case, f"Formal complaint: request for a second review: {case.client_full}"),
        heads.greeting(case),
        Block("paragraph", _opening(case, outline, reply)),
    ]
    sections = [
        ("What happened", [*chronology_section(case, outline), *conflict_section(case, outline)]),
        ("The first reply, point by point", point_blocks(case, reply)),
        ("Where HMRC fell short", failing_section(case, outline)),
        ("Effect and cost", effect_blocks(case, outline)),
        ("What we ask of the second review", request_blocks(case, outline)),
    ]
    for title, found in sections:
        blocks += [heads.heading(case, title), *found] if found else []
    return [*blocks, response_block(case, outline)]


def reply_of(case: Case, tier: int) -> DocumentProfile | None:
    found = [p for p in case.facts.documents if p.kind == "hmrc_complaint_reply" and p.tier == tier]
    return found[-1] if found else None


def reply_event(case: Case, tier: int) -> Event | None:
    kinds = ("complaint_reply",) if tier == 1 else ("review_reply",)
    found = [e for e in case.events(*kinds) if e.tier in (None, tier)]
    return found[-1] if found else None


def _opening(case: Case, _outline: Outline, reply: DocumentProfile | None) -> tuple[Sentence, ...]:
    event = reply_event(case, 1)
    sentences: list[Sentence] = [acting(case, "complain")]
    if reply and reply.written_on and event:
        text = f"HMRC answered our complaint on {day(reply.written_on)}"
        sentences.append(fact(case, text, [event.span], computed=[f"{reply.summary_name}: {day(reply.written_on)}"]))
    wanted = {
        "measured": "We should be grateful for a second review by someone who took no part in the first",
        "firm": "We ask for a second review, by someone who took no part in the first",
        "robust": "We now ask for a second review, by someone who took no part in the first",
    }[case.tone]
    return (*sentences, *nub(case), ask(case, wanted, sections=("complain-about-hmrc",)))


def point_blocks(case: Case, reply: DocumentProfile | None) -> list[Block]:
    """Each numbered point of the complaint with what the reply made of it."""
    points = [p for p in case.facts.points if _tier_of(case, p) == 1] or list(case.facts.points)
    if reply is None or not points:
        return _findings_only(case, reply)
    open_points = {p.point: p for p in case.analysis.unanswered_points}
    items = tuple(_point(case, reply, point, open_points.get(point.number), at) for at, point in enumerate(points))
    blocks = [Block("numbered", items=items)]
    if open_points:
        again = {
            "measured": "We should be grateful for a finding on each point left unanswered, all of which are put again",
            "firm": "Each point left unanswered is put again, and we ask for a finding on it",
            "robust": "Each point left unanswered is put again and still requires a finding",
        }[case.tone]
        blocks.append(Block("paragraph", (ask(case, again),)))
    return blocks


def pick_pair(at: int) -> tuple[str, str]:
    """How the words of a point, and its next sentence with a figure, are introduced."""
    pairs = (
        ("Our complaint said", "The same point says"),
        ("What we wrote there was", "We added there"),
        ("The point as put was", "The point also said"),
    )
    return pairs[at % len(pairs)]


def _tier_of(case: Case, point: ComplaintPoint) -> int:
    profile = case.profile(point.span.document)
    return profile.tier or 1 if profile else 1


def _point(
    case: Case, reply: DocumentProfile, point: ComplaintPoint, unanswered: UnansweredPoint | None, at: int
) -> tuple[Sentence, ...]:
    heading = lead(case, finished(upper_first(flat(point.label) or f"Point {point.number}")))
    if unanswered:
        return (heading, *_put_again(case, reply, point, unanswered, at))
    finding = finding_for(case, point, tier=1)
    return (heading, _outcome(case, reply, point, finding, at))


def _outcome(case: Case, reply: DocumentProfile, point: ComplaintPoint, finding: Finding | None, at: int) -> Sentence:
    if finding is None or finding.outcome == "addressed":
        return fact(
            case,
            f"{upper_first(case.called(reply.document))} deals with point {point.number}",
            [point.span, *([finding.span] if finding else [])],
        )
    words = f": {cited(finding.span.quote)}" if quotable(finding.span.quote) else ""
    tail = (
        pick((", and we accept that finding", "; that finding is accepted"), at) if finding.outcome == "upheld" else ""
    )
    text = (
        f"Point {point.number} was {_OUTCOMES[finding.outcome]} on {day(reply.written_on or case.dated)}{tail}{words}"
    )
    return fact(case, text, [finding.span, point.span])


def _put_again(
    case: Case, reply: DocumentProfile, point: ComplaintPoint, unanswered: UnansweredPoint, at: int
) -> tuple[Sentence, ...]:
    name = case.called(reply.document)
    silent = pick(
        (f"{upper_first(name)} is silent on point {point.number}", f"On point {point.number} {name} is silent"), at
    )
    computed = [f"{name} is silent on point {point.number}: {unanswered.what}"]
    event = reply_event(case, 1)
    told = fact(case, silent, [point.span, *([event.span] if event else [])], computed=computed)
    said = tuple(
        fact(case, f"{intro}: {cited(words, 40)}", [point.span])
        for intro, words in zip(pick_pair(at), _put_as(point), strict=False)
    )
    return (told, *said)


def _put_as(point: ComplaintPoint) -> list[str]:
    """The sentence with which a point begins, after its number and label, and the next one that holds a figure."""
    plain = re.sub(r"^\W*\d*[.)]?\s*", "", flat(point.text)).removeprefix(flat(point.label)).lstrip(" .:-")
    first, *rest = [s.text for s in split_sentences(plain)] or [""]
    figures = [text for text in rest if re.search(r"\d", text)]
    return [text for text in (first, *figures[:1]) if quotable(text)]


def finding_for(case: Case, point: ComplaintPoint, *, tier: int) -> Finding | None:
    """The finding that shares most words with a point; None where none shares any."""
    mine = _content(f"{point.label} {point.text}")
    scored = [
        (len(mine & _content(f"{f.label} {f.span.quote}")), f) for f in case.facts.findings if f.tier in (None, tier)
    ]
    best = max(scored, key=lambda pair: (pair[0], pair[1].span), default=(0, None))
    return best[1] if best[0] else None


def _content(text: str) -> frozenset[str]:
    return frozenset(word[:5] for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in _COMMON)


_COMMON = frozenset(
    [
        "have",
        "been",
        "this",
        "that",
        "your",
        "with",
        "from",
        "part",
        "were",
        "they",
        "will",
        "which",
        "complaint",
        "also",
        "upholding",
        "uphold",
    ]
)


def _findings_only(case: Case, reply: DocumentProfile | None) -> list[Block]:
    """What the reply upheld, where the papers hold no numbered points of ours."""
    upheld = [f for f in case.analysis.upheld if f.tier in (None, 1)]
    if reply is None or not upheld:
        return []
    spans = [f.span for f in upheld]
    shown = [cited(s.quote) for s in spans if quotable(s.quote)][:2]
    text = f"{upper_first(case.called(reply.document))} upholds part of the complaint"
    words = f": {' and '.join(shown)}" if shown else ""
    accept = form(case, "We accept those findings and do not reopen them")
    return [Block("paragraph", (fact(case, text + words, spans), accept))]


def second_review_rule(case: Case) -> Sentence:
    text = (
        "A second review is carried out by a different person, who also looks at how the complaint was handled at first"
    )
    return rule(case, text, ("complain-about-hmrc",))
