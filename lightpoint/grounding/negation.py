"""Whether the sentence says that something is so where the evidence says that it is not, or the other way. Pure."""

import re
from collections.abc import Iterator
from datetime import date

from lightpoint.grounding import words
from lightpoint.grounding.arithmetic import fractions_in
from lightpoint.grounding.context import PAGE, Context, segment_names
from lightpoint.grounding.predicates import Predicate
from lightpoint.grounding.reading import read
from lightpoint.grounding.records import Reason
from lightpoint.language.sentences import split_sentences

_ABSENT = re.compile(
    r"\b(?:no|without(?: any)?|(?:not|n't|never|nor)\s+(?:\w+\s+){0,2}any)\s+(?:\w+\s+){0,1}?"
    r"(?P<thing>indication|date|timescale|time|timetable|period|deadline|apology|explanation|reason|reply|answer|response|record|trace|offer|mention)\b",
    re.IGNORECASE,
)
_DENIED_NOUN = re.compile(r"\b(?:no|without|neither|(?:is|are|was|were|had|has|have)\s+not)\b[^.;,]*$")
_OPEN = frozenset({"whether", "if", "unless", "where"})
_TIMES = frozenset({"indication", "date", "timescale", "time", "timetable", "period", "deadline"})


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return what the sentence denies or asserts against the evidence."""
    details = [*_contradictions(context), *_false_absences(context), *_only_promised(context), *_unfounded(context)]
    details += [*_unfinished(context), *_not_begun(context), *_only_in_part(context)]
    return 0, [Reason("negation", detail) for detail in dict.fromkeys(details)]


def _contradictions(context: Context) -> Iterator[str]:
    for claim in context.claims if not fractions_in(context.sentence.text) else ():
        if not _is_asserted(context, claim):
            continue
        ranked = _compare(context, claim)
        if _both_ways(context, claim) or _is_hedged(context):
            continue
        best = max((score for score, _ in ranked), default=0.0)
        near = [same for score, same in ranked if score >= best * 0.8]
        if near and not any(near):
            yield f"the evidence says the contrary about {claim.text!r}"


_HEDGE = re.compile(
    r"\bnot\b[^.;]{0,30}?\b(?:necessarily|always|automatically|by itself|in itself|of itself|alone|on its own)\b",
    re.IGNORECASE,
)


def _is_hedged(context: Context) -> bool:
    """Whether sentence and evidence both say only that one thing need not follow from another."""
    return not context.strict and all(_HEDGE.search(text) for text in (context.sentence.text, context.text))


def _is_asserted(context: Context, claim: Predicate) -> bool:
    """Nouns count where they are denied outright or have an opposite; verbs always."""
    if any(words.is_sayso(c) for c in claim.concepts) and not claim.negative:
        return False
    if any(words.is_light(c) for c in claim.concepts) and not (claim.negative and "show" in claim.concepts):
        return False
    if claim.verb or (claim.quality and words.opposites(claim.concepts)):
        return True
    after = context.sentence.text[claim.start + len(claim.text) :]
    if claim.negative and re.match(r"\s+(?:was|were|has|have|had|is|are)\b", after):
        return False
    if not claim.negative:
        if _CLAIMED_DENIAL.search(context.sentence.text) and not context.strict:
            return False
        unknown = not context.strict and any(name.startswith("~") for name in claim.concepts)
        return any(g.negative and (unknown or not g.verb) and g.concepts & claim.concepts for g in context.grounds)
    before = context.sentence.text[max(0, claim.start - 20) : claim.start].lower()
    return claim.negative and _DENIED_NOUN.search(before) is not None


def _is_only_wanted(ground: Predicate) -> bool:
    """Whether the evidence only promises or asks for it; that it was not done is no contradiction."""
    return ground.modal or any(token.low == "please" for token in ground.segment.tokens)


def _both_ways(context: Context, claim: Predicate) -> bool:
    """Whether sentence and evidence each say it of one thing and deny it of another ("upheld A, did not uphold B")."""
    said = {other.negative for other in context.claims if other.concepts & claim.concepts}
    held = {ground.negative for ground in context.grounds if ground.concepts & claim.concepts}
    return len(said) == len(held) == 2


def _is_left_open(claim: Predicate) -> bool:
    """Whether the sentence only asks it ("does not settle whether HMRC made a mistake")."""
    return any(token.low in _OPEN for token in claim.segment.tokens if token.start < claim.start)


def _days_of_papers(context: Context) -> frozenset[date]:
    """The days of the sentence that are the dates of papers: what it says is then held against those papers first."""
    heads = {day for r in context.readings for s in r.segments if s.header for day in s.own_dates[:1]}
    return frozenset(heads & {mention.date for mention in context.sentence.dates})


def _compare(context: Context, claim: Predicate) -> list[tuple[float, bool]]:
    """How near each mention in the evidence is to the claim, and whether it points the same way."""
    own = claim.concepts
    if claim.verb and not context.strict:
        own = own & words.lexicon().acts or own
    against = words.opposites(own)
    if claim.quality and not claim.negative:
        own = frozenset(name for name in own if words.opposites(frozenset({name})))
    wanted = (
        (claim.segment.concepts() | context.whole.concepts() - context.sentence.concepts()) - claim.concepts - against
    )
    wanted = frozenset(name for name in wanted if not words.is_party_concept(name)) or wanted
    alike = words.mutually_related(claim.concepts) if claim.verb and not context.strict else frozenset()
    found = []
    for ground in _comparable(context, claim, own | against | alike):
        same, contrary = ground.concepts & own, ground.concepts & against
        nearness = context.overlap(wanted, ground.segment)
        if not same and not contrary and ground.verb and nearness:
            same = ground.concepts & alike
        if same or contrary:
            agrees = (ground.negative == claim.negative) == bool(same) or _is_limited(context, claim, ground)
            found.append(((1.0 if same else 0.7) * (nearness + 0.01), agrees))
    return found


def _is_limited(context: Context, claim: Predicate, ground: Predicate) -> bool:
    """Whether the evidence has only so much of what the sentence denies ("decides only whether ...")."""
    return not context.strict and claim.negative and any(token.low == "only" for token in ground.segment.tokens)


def _is_hoped(claim: Predicate) -> bool:
    """Whether the sentence has it promised or expected, which what was not yet done does not deny."""
    promised = any("promise" in token.concepts for token in claim.segment.tokens if token.start < claim.start)
    return claim.modal and promised and not claim.negative


def _comparable(context: Context, claim: Predicate, meant: frozenset[str]) -> Iterator[Predicate]:
    """The grounds that a claim can be held against: of the papers it dates, if any, and neither asked nor left open."""
    days = frozenset() if context.strict else _days_of_papers(context)
    if not any(g.concepts & meant and days & set(g.segment.dates) for g in context.grounds):
        days = frozenset()
    for ground, on_page in context.sized_grounds:
        if not ground.concepts & meant:
            continue
        elsewhere = bool(days) and not days & set(ground.segment.dates)
        other_light = claim.lemma in words.LIGHT_VERBS and ground.lemma != claim.lemma
        wanted_only = not claim.modal and _is_only_wanted(ground) and not context.sentence.citations
        weak = claim.negative and (wanted_only or (not ground.verb and on_page))
        to_come = not context.strict and _is_hoped(claim) and ground.negative and not ground.modal
        left_open = to_come or (_is_left_open(claim) and not _is_left_open(ground))
        if not (elsewhere or other_light or weak or left_open):
            yield ground


_ENDED = re.compile(
    r"\b(?:finish|complet|conclud)\w*|\b(?:was|were|is|had been) (?:done|over|dealt with)\b", re.IGNORECASE
)
_HAS_ENDED = re.compile(r"\b(?:have|has|had|were|was)\s+(?:now\s+)?(?:finish|complet|conclud|clos)\w*", re.IGNORECASE)
_GOING_ON = re.compile(
    r"\b(?:still|continu\w+ to|remain\w*)\s+(?:being\s+|to be\s+)?(?:\w+(?:ing|ed)\b|open|under|going on|with|"
    r"outstanding|unpaid|in progress)|\b(?:not|n['’]t) (?:yet|been able)|\bin progress\b|\bongoing\b|\bunder way\b|"
    r"\bwhen this is done\b|\bonce (?:this|that|we have)\b",
    re.IGNORECASE,
)


def _not_begun(context: Context) -> Iterator[str]:
    """Something said to go on that, by the nearest words of the evidence, was finished."""
    for segment in context.sentence.segments:
        text = context.sentence.text[segment.start : segment.end]
        if not _GOING_ON.search(text) or _CLAIMED_DENIAL.search(text):
            continue
        near = _nearest(context, segment.concepts() | segment_names(segment))
        if near and any(_HAS_ENDED.search(t) for t in near) and not any(_GOING_ON.search(t) for t in near):
            yield "by the evidence that was finished"


def _unfinished(context: Context) -> Iterator[str]:
    """Something said to be finished that, by the nearest words of the evidence, still goes on."""
    for segment in context.sentence.segments:
        text = context.sentence.text[segment.start : segment.end]
        if not _ENDED.search(text) or _CLAIMED_DENIAL.search(text):
            continue
        near = _nearest(context, segment.concepts() | segment_names(segment))
        if (
            near
            and any(_GOING_ON.search(words_there) for words_there in near)
            and not any(_ENDED.search(_GOING_ON.sub(" ", t)) for t in near)
        ):
            yield "by the evidence that was still going on"


_PART = re.compile(
    r"\b(?:only part|partly|in part|partially|some of|only some|not (?:all|every|the whole|in full))\b", re.IGNORECASE
)
_WHOLE = re.compile(
    r"\b(?:in full|in its entirety|in their entirety|(?:the )?whole|wholly|fully|completely|entirely|every one)\b",
    re.IGNORECASE,
)


def _only_in_part(context: Context) -> Iterator[str]:
    """ "only part was upheld" where the nearest evidence says "in full", or the other way."""
    for segment in context.sentence.segments:
        text = context.sentence.text[segment.start : segment.end]
        for said, contrary in ((_PART, _WHOLE), (_WHOLE, _PART)):
            if not said.search(text) or contrary.search(text):
                continue
            doings = {c for p in context.claims if p.segment == segment and p.verb for c in p.concepts}
            near = [t for t in _nearest(context, segment.concepts()) if not doings or doings & read(t).concepts()]
            if near and any(contrary.search(t) for t in near) and not any(said.search(t) for t in near):
                yield "the evidence has all where the sentence has a part, or the other way"


_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|none|nothing|nobody|without|cannot|unable|only|fail\w*|refus\w*|declin\w*|silent|lack\w*|"
    r"un\w{4,}|in(?:correct|accurate|sufficient|complete|valid)\w*|out of|late|missing|absen\w+|"
    r"stop\w*|ceas\w*|lost|too|reject\w*|"
    r"exclud\w*|except|rather than|instead|remit\w*|waiv\w*|over(?:paid|pay\w*|charg\w*|stat\w*)|"
    r"overdue|outstanding|broken?|zero|nil)\b|"
    r"n['’]t\b|\b(?:ca|wo|did|do|has|have|is|was|would|could)nt\b",
    re.IGNORECASE,
)
_CLAIMED_DENIAL = re.compile(
    r"\b(?:not(?! (?:only|later|more|less))|none|neither|unable|declin\w*|refus\w*|never|nothing|"
    r"nobody|cannot|no(?! (?:later|more|less|fewer|\d)))\b|n['’]t\b",
    re.IGNORECASE,
)


_AS_GOOD_AS_DENIED = re.compile(
    r"\b(?:turn\w*\s+(?:\w+\s+){0,3}down|in error|by mistake|wrong\w*|mistaken\w*|should have)\b", re.IGNORECASE
)
_OUR_STANCE = re.compile(
    r"\bwe\s+(?:do|did)\s+not\s+(?:rely|claim|ask|complain|say|suggest|seek|dispute)\b", re.IGNORECASE
)


def _unfounded(context: Context) -> Iterator[str]:
    """A denial where the nearest lines of the evidence deny nothing."""
    for segment in context.sentence.segments:
        text = context.sentence.text[segment.start : segment.end]
        if not _CLAIMED_DENIAL.search(text) or _OUR_STANCE.search(text):
            continue
        quoted = context.whole.concepts() - context.sentence.concepts()
        looked_for = (context.sentence.concepts() | segment_names(segment), segment.concepts(), quoted)
        near = [text_there for wanted in looked_for for text_there in _nearest(context, wanted)]
        near += [_words_relied_on(r.text) for r in context.readings] + [
            r.text for i, r in context.evidence if i == "computed"
        ]
        if not context.strict and len(context.segments) <= PAGE:
            near = [context.text]
        denials = (_DENIAL,) if context.strict else (_DENIAL, _AS_GOOD_AS_DENIED)
        if near and not any(denial.search(words_there) for denial in denials for words_there in near):
            yield "the evidence nearest to it denies nothing"
            return


def _nearest(context: Context, wanted: frozenset[str]) -> list[str]:
    """The sentences of the evidence that share most with what is wanted; on a page, a wider choice of them."""
    scored = [(context.overlap(wanted, s), s, r) for r in context.readings for s in r.segments]
    best = max((score for score, _, _ in scored), default=0.0)
    share = 0.7 if len(scored) <= PAGE else 0.5
    return [_sentence_around(r.text, s.start) for score, s, r in scored if score >= best * share and score > 0]


def _sentence_around(text: str, position: int) -> str:
    return next((s.text for s in split_sentences(text) if s.start <= position < s.end), text)


def _words_relied_on(text: str) -> str:
    """The quotation that stands under the heading of a paper when a page follows it."""
    lines = text.split("\n", 2)
    return lines[1] if len(lines) == 3 else ""


def _only_promised(context: Context) -> Iterator[str]:
    """A thing done, by the sentence, of which the evidence has only that it would be done."""
    for claim in context.claims:
        if not claim.verb or claim.modal or claim.negative or claim.lemma in words.LIGHT_VERBS:
            continue
        if any(words.is_light(c) for c in claim.concepts):
            continue
        if any(words.is_sayso(c) or c in ("promise", "ask", "normal") for c in claim.segment.concepts()):
            continue
        grounds = [g for g in context.grounds if g.concepts & claim.concepts]
        if grounds and all(g.verb and g.modal for g in grounds) and not context.sentence.citations:
            yield f"the evidence has only that {claim.text!r} was to happen"


def _false_absences(context: Context) -> Iterator[str]:
    """ "gave no indication of when", "offered no apology": false where the evidence has one."""
    for match in _ABSENT.finditer(context.sentence.text):
        thing = match["thing"].lower()
        if (
            thing in _TIMES
            and any(reading.durations for reading in context.readings)
            and not _ABSENT.search(context.text)
        ):
            yield f"the evidence does give a {thing}"
