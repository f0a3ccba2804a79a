"""A reply held against the points of the complaint: what was found on each, and which had no answer."""

import re
from collections.abc import Sequence

from complaints.analysis.records import UnansweredPoint
from complaints.facts.records import ComplaintPoint, DocumentProfile, Finding
from letters.drafting.case import Case
from letters.drafting.sentences import ask, fact, form, lead
from letters.drafting.trial import first_that_holds
from letters.drafting.wording import (
    cited,
    day,
    flat,
    listed,
    lower_first,
    pick,
    pounds,
    quotable,
    short_quote,
    upper_first,
    words_in,
)
from letters.records import Block, Sentence
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts
from lightpoint.language.sentences import split_sentences

_OUTCOMES = {
    "upheld": "upheld",
    "partly_upheld": "upheld in part",
    "not_upheld": "not upheld",
    "addressed": "addressed",
}
_AGAIN = {
    "measured": "We should be grateful for a finding on each point left unanswered, all of which are put again here",
    "firm": "Each point left unanswered is put again, and we ask for a finding on it",
    "robust": "Each point left unanswered is put again and still requires a finding",
}


def point_blocks(case: Case, reply: DocumentProfile | None) -> list[Block]:
    """What the reply found, in one paragraph; then the points that it passed over, put again in our own words."""
    points = [p for p in case.facts.points if _tier_of(case, p) == 1] or list(case.facts.points)
    if reply is None or not points:
        return _findings_only(case, reply)
    silent = {p.point: p for p in case.analysis.unanswered_points}
    dealt_with = [p for p in points if p.number not in silent]
    left = [p for p in points if p.number in silent]
    blocks = []
    if dealt_with:
        found = [_outcome(case, reply, p, finding_for(case, p, tier=1), at) for at, p in enumerate(dealt_with)]
        blocks.append(Block("paragraph", tuple(found)))
    if left:
        items = tuple(_put_again(case, reply, p, silent[p.number], at) for at, p in enumerate(left))
        blocks += [Block("paragraph", (ask(case, _AGAIN[case.tone]),)), Block("numbered", items=items)]
    return blocks


def _tier_of(case: Case, point: ComplaintPoint) -> int:
    profile = case.profile(point.span.document)
    return profile.tier or 1 if profile else 1


def _outcome(case: Case, reply: DocumentProfile, point: ComplaintPoint, finding: Finding | None, at: int) -> Sentence:
    named = f"{upper_first('point')} {point.number} ({_inside(label_of(point))})"
    if finding is None or finding.outcome == "addressed":
        return fact(
            case,
            f"{upper_first(case.called(reply.document))} deals with {lower_first(named)}",
            [point.span, *([finding.span] if finding else [])],
        )
    words = f": {cited(finding.span.quote)}" if quotable(finding.span.quote) else ""
    accepted = (", and we accept that finding", "; that finding is accepted", ", which we accept")
    tail = pick(accepted, at) if finding.outcome == "upheld" else ""
    text = f"{named} was {_OUTCOMES[finding.outcome]} on {day(reply.written_on or case.dated)}{tail}"
    marks = [finding.span, point.span]
    ways = [fact(case, f"{text}{words}", marks), fact(case, text, marks)]
    if words:
        # The bare words would not say which point they are about.
        ways.append(fact(case, f"On {lower_first(named)} {case.called(reply.document)} says{words}", marks))
    return first_that_holds(case, ways) or ways[0]


_PUT_TOO = ("The same point says: {words}", "We added there: {words}", "The point also said: {words}")
_PUT = ("Our complaint said: {words}", "What we wrote was: {words}", "The point as put was: {words}")


def _put_again(
    case: Case, reply: DocumentProfile, point: ComplaintPoint, unanswered: UnansweredPoint, at: int
) -> tuple[Sentence, ...]:
    heading = lead(case, f"Point {point.number}: {_inside(label_of(point))}")
    words = _put_as(point)
    if not words:
        name = case.called(reply.document)
        computed = [f"{name} is silent on point {point.number}: {unanswered.what}"]
        text = f"{upper_first(name)} is silent on point {point.number}"
        return (heading, fact(case, text, [point.span], computed=computed))
    shown = [cited(text, 40) for text in words]
    if words_in(" ".join(shown)) <= 36:
        return (heading, fact(case, pick(_PUT, at).format(words=" and ".join(shown)), [point.span]))
    intros = (pick(_PUT, at), pick(_PUT_TOO, at))
    put = (fact(case, intro.format(words=text), [point.span]) for intro, text in zip(intros, shown, strict=False))
    return (heading, *put)


def _put_as(point: ComplaintPoint) -> list[str]:
    """The sentence with which a point begins, after its number and label, and the next one that holds a figure."""
    plain = _body_of(point)
    if has_heading(point):
        plain = plain.removeprefix(flat(point.label)).lstrip(" .:-")
    first, *rest = [s.text for s in split_sentences(plain)] or [""]
    figures = [text for text in rest if re.search(r"\d", text)]
    return [text for text in (first, *figures[:1]) if words_in(short_quote(text, 40)) >= 5]


_NUMBER = re.compile(r"^(?:\W*(?:point\s+)?(?:\d{1,2}|[a-h]|[ivx]{1,4})[.):]\s*|\W+)", re.IGNORECASE)


def _body_of(point: ComplaintPoint) -> str:
    """The text of a point without its number ("1.", "(a)", "Point 2.")."""
    return _NUMBER.sub("", flat(point.text), count=1)


# Labels


def has_heading(point: ComplaintPoint) -> bool:
    """Whether the label is a heading of its own: it ends where the text has a stop, and it is no clause."""
    label, body = flat(point.label), _body_of(point)
    if not label or words_in(label) > 8:
        return False
    return not body.startswith(label) or body[len(label) : len(label) + 1] in (".", ":", "", "-", "–")


_COSTS = re.compile(
    r"\b(?:costs?|fees?|additional (?:time|work)|extra work|bridging|out of pocket|charges? paid)\b", re.I
)
_BURDEN = re.compile(r"^(?:the|our|my)?\s*[\w' -]{0,40}\b(?:has|have|had)\b", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:helpline|(?:were|was) told|told us|rang|telephon\w+|calls?|adviser|officer|speak|spoke)\b", re.IGNORECASE
)
_OUR_LETTERS = re.compile(r"\b(?:our|neither of our|no (?:answer|reply) to our) letters?\b", re.IGNORECASE)
_YOUR_LETTERS = re.compile(r"\b(?:your|HMRC's) letters?\b", re.IGNORECASE)
_SUM = re.compile(
    r"\b(?P<noun>repayment|refund|charge|charged|penalty|penalties|interest|demand|demanded|assessment|surcharge|claim|"
    r"set against|set-off|took|taken|collected)\b",
    re.IGNORECASE,
)
_NOUNS = {
    "charged": "charge",
    "demanded": "demand",
    "penalties": "penalties",
    "set against": "set-off",
}
_THREAT = re.compile(r"\b(?:distrain\w*|bailiff\w*|enforcement|take goods|seiz\w+|field force|debt collect\w+)\b", re.I)


def label_of(point: ComplaintPoint) -> str:
    """The heading of a point, or a short noun phrase for what its first sentence is about."""
    if has_heading(point):
        return flat(point.label).rstrip(". ")
    return described(next((s.text for s in split_sentences(_body_of(point))), flat(point.label)))


def _inside(label: str) -> str:
    """A label within a sentence: common openings lose their capital, names keep theirs."""
    opening = label.split(" ", maxsplit=1)[0]
    common = opening in ("The", "What", "Our", "A", "No", "Wrong", "Delay", "Costs", "Unanswered", "Ignored", "Fees")
    return label[:1].lower() + label[1:] if common else lower_first(label)


def described(text: str) -> str:
    """A noun phrase for a sentence of complaint, from its subject matter, its date and its sum."""
    dates = listed(day(m.date) for m in find_dates(text))
    on = f" of {dates}" if dates else ""
    sums = [pounds(m.value) for m in find_amounts(text) if m.explicit]
    noun = _SUM.search(text)
    if _COSTS.search(text) and _BURDEN.match(text):
        return "The costs incurred"
    if _THREAT.search(text):
        return "The threat of enforcement"
    if noun and sums and not _TOLD.search(text):
        return _sum_named(noun["noun"].lower(), sums[0], dates)
    if _OUR_LETTERS.search(text):
        return f"Our letters{on}" if "letters" in text else f"Our letter{on}"
    if _YOUR_LETTERS.search(text):
        return f"HMRC's letters{on}" if "letters" in text else f"HMRC's letter{on}"
    if _TOLD.search(text):
        return f"What we were told on {dates}" if dates and "told" in text else f"The contact{on}"
    if noun and sums:
        return _sum_named(noun["noun"].lower(), sums[0], dates)
    return f"The events{on}" if on else "The point as put"


def _sum_named(word: str, total: str, dates: str) -> str:
    """ "The charge of £100.00", "The £100.00 taken on 4 March 2024"."""
    if word in ("took", "taken", "collected"):
        done = "collected" if word == "collected" else "taken"
        return f"The {total} {done}{f' on {dates}' if dates else ''}"
    return f"The {_NOUNS.get(word, word)} of {total}"


# Findings


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


def labels_listed(points: Sequence[ComplaintPoint]) -> str:
    """ "2 (wrong advice) and 3 (unanswered letter)"."""
    return listed(f"{p.number} ({_inside(label_of(p))})" for p in points)


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
