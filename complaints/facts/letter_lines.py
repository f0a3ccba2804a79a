"""Lines for correspondence: what a letter asked, said, decided or enclosed, in the words of the document."""

import re

from complaints.facts.paper import Paper
from complaints.facts.points import find_points
from complaints.facts.sound import is_sound, quoted
from complaints.facts.view import Unit, flat
from complaints.facts.wording import (
    after_hmrc,
    exchange_pronouns,
    lower_first,
    reported,
    request,
    shorten,
    tidy,
)
from lightpoint.language.dates import find_dates
from lightpoint.language.money import format_money
from lightpoint.language.numbers import number_in_words

_REQUEST = re.compile(
    r"^\W*(?:please|kindly|would you|could you|can you)\b|\bplease (?:issue|confirm|"
    r"send|tell|process|let|treat|reply|correct|return|arrange|log|note|"
    r"explain|cancel|withdraw|amend|deal|pay|repay|provide)\b|\b(?:we|i) (?:should|would)"
    r" be (?:very )?grateful if you (?:would|could)\b|"
    r"\b(?:we|i) (?:would )?ask (?:that )?you to\b",
    re.I,
)
_WE_ASK = re.compile(
    r"\b(?:we|i) (?:ask|request|would ask|should be grateful|would be grateful|require|"
    r"object|appeal|apply|claim|dispute|disagree|calculate|submit)\b",
    re.I,
)
_SECOND = re.compile(
    r"\b(?:second|third|further|final) (?:request|letter|reminder|chaser)|\breminder\b|"
    r"\bwe refer to our (?:earlier |previous )?letter|\bno reply\b|\b(?:writ\w+|once|must|to|we) again\b",
    re.I,
)
_MATTERS = re.compile(
    r"\b(?:authorised|completed|issued?|received|no trace|search\w*|reject\w*|refus\w*|"
    r"accept\w*|agree\w*|decid\w*|decision|corrected|amended|withdrawn|cancelled|keyed|"
    r"error|"
    r"unable|cannot|owe|overpa\w+|penalt\w+|assess\w+|closed|opened|enquir\w+|check\w*|"
    r"appeal\w*|evidence|duplicate|must|need\w*|not received|liable|repay\w*|offer)\b",
    re.I,
)
_IDLE = re.compile(
    r"\b(?:thank you for|i hope this|you do not need to do anything|if circumstances "
    r"change|please do not hesitate|more information|www\.|gov\.uk|i am sorry that you "
    r"have had to|customer service|phone us|please quote)\b",
    re.I,
)


def letter_from_hmrc(paper: Paper) -> tuple[str, Unit | None]:
    """What a letter of HMRC said: its weightiest statement, what it asked for and what it promised."""
    if _REVIEW.search(f"{paper.profile.subject} {' '.join(u.text for u in paper.units[:12])}"):
        concluded = next((u for u in paper.body() if _CONCLUDES.search(u.text)), None)
        if concluded:
            return quoted("HMRC gave its review conclusion", concluded.text), concluded
    unit = weightiest(paper)
    parts = [f"wrote that {_plainly(after_hmrc(reported(unit.text, paper.voices(unit))), unit, paper)}"] if unit else []
    ask = next((u for u in paper.body() if u.speaker == "hmrc" and _ASKS_US.search(u.text)), None)
    if ask:
        parts.append(
            f"asked for this: {request(ask.text, paper.voices(ask))}"
            if not _to_us(paper)
            else f"asked {_to_us(paper)} to {request(ask.text, paper.voices(ask))}"
        )
    if paper.undertakings:
        parts.append(f"undertook to {promised(paper)}")
    parts = [part for part in parts if is_sound(f"HMRC {part}")]
    if parts:
        return shorten("HMRC " + ", and ".join(parts), 300), unit or ask
    return _in_its_words(paper, unit or ask)


_REVIEW = re.compile(r"\breview conclusion\b|\bconclusion of (?:the|our|my) (?:statutory )?review\b", re.I)
_CONCLUDES = re.compile(
    r"\bmy conclusion\b|\bdecision is (?:upheld|varied|cancelled)\b|\b(?:uphold|vary|cancel)"
    r" the\b",
    re.I,
)


def _in_its_words(paper: Paper, unit: Unit | None) -> tuple[str, Unit | None]:
    """The letter's most telling sentence, else its first, as a quotation."""
    own = [u for u in paper.body() if u.speaker == "hmrc" and not u.quoted and u.text.strip()[-1:] in ".!?"]
    told = unit or next((u for u in own if not _IDLE.search(u.text)), own[0] if own else None)
    if told is None:
        subject = paper.profile.subject
        return (f'HMRC wrote under the heading "{subject}"' if subject else "HMRC wrote"), None
    place = own.index(told) if told in own else 0
    pronoun = place and re.match(r"\W*(?:it|this|that|they|these|he|she)\b", told.text, re.I)
    told = own[place - 1] if pronoun else told
    return quoted("HMRC wrote", told.text), told


def _plainly(line: str, unit: Unit, paper: Paper) -> str:
    """The thing that "it" stands for, where the sentence before names it."""
    if not re.match(r"(?:it|this|they)\b", line) or not re.match(r"\W*(?:it|this|they)\b", unit.text, re.I):
        return line
    before = " ".join(
        u.text for u in paper.units if u.page == unit.page and u.block == unit.block and u.start < unit.start
    )
    things = re.findall(
        r"\b(?:the|your|a|an) ((?:\w+ ){0,2}?(?:repayment|refund|claim|return|code|notice|"
        r"certificate|payment|assessment|penalty|surcharge|account|letter|reply|application|"
        r"award|grant|interest|form))\b(?! (?:reference|number|details|date|record)\b)",
        flat(before),
        re.I,
    )
    return re.sub(r"^\w+", lambda _m: f"the {things[-1]}", line) if things else line


_CHECKING = re.compile(
    r"\b(?:i am|we are) (?:now )?(?:checking|enquiring)\b|\bwe (?:think|believe|consider)\b|\bmay have had\b|\bwe"
    r" intend\b",
    re.I,
)
_ASKS_US = re.compile(
    r"^\W*please (?:send|provide|supply|complete|submit|let me have|forward|pay|explain|"
    r"confirm|return)\b(?!.*\bif\b)",
    re.I,
)


def _to_us(paper: Paper) -> str:
    return {"agent": "us", "client": paper.client}.get(paper.profile.recipient or "", "")


def promised(paper: Paper) -> str:
    """The first promise that has a day, else the first, with its period in the words used."""
    dated = [u for u in paper.undertakings if u.due_on] or list(paper.undertakings)
    promise = dated[0]
    period, _found, start = promise.derivation.partition(" from ")
    within = f" within {period}" if start and period[:1].isalnum() else ""
    stated = re.match(r"by (\d{1,2} \w+ \d{4}), as stated", promise.derivation)
    return promise.what + within + (f" by {stated.group(1)}" if stated else "")


def weightiest(paper: Paper) -> Unit | None:
    """The sentence of a letter that says most, promises and requests apart; on a tie the later one."""
    promises = {(u.span.page, u.span.start) for u in paper.undertakings}
    kinds = paper.said("refusal", "no_trace", "admission", "agreed_due", "received_logged", "not_upheld", "upheld")
    told = {(s.span.page, s.span.start) for s in kinds}
    admitted = {(s.span.page, s.span.start) for s in kinds if s.kind in {"admission", "no_trace", "agreed_due"}}

    def weight(unit: Unit) -> int:
        place = (unit.page, unit.span().start)
        score = 3 * (place in told) + len(_MATTERS.findall(unit.text))
        score += 3 * bool(_CHECKING.search(unit.text))
        score += 3 * ((unit.page, unit.span().start) in admitted)
        return score - 6 * bool(_IDLE.search(unit.text)) - bool(find_dates(unit.text)) - 2 * (len(unit.text) > 260)

    prose = [
        u
        for u in paper.body()
        if u.speaker == "hmrc"
        and not u.quoted
        and u.text.strip()[-1:] in ".!?"
        and (u.page, u.span().start) not in promises
    ]
    prose = [u for u in prose if weight(u) > 0 and not _ASKS_US.search(u.text)]
    return max(prose, key=lambda u: (weight(u), u.page or 0, u.start), default=None)


def letter_to_hmrc(paper: Paper) -> tuple[str, Unit | None]:
    """What our letter asked of HMRC."""
    again = " again" if _SECOND.search(" ".join(u.text for u in paper.units[:14])) else ""
    who = "We" if paper.profile.author == "agent" else paper.client
    asks = [(u, found) for u in paper.body() if (found := _REQUEST.search(u.text))]
    for unit, found in asks:
        line = shorten(f"{who} wrote{again} asking HMRC to {request(unit.text[found.start() :], paper.voices(unit))}")
        if is_sound(line):
            return line, unit
    stated = [u for u in paper.body() if _WE_ASK.search(u.text)]
    if stated:
        return quoted(f"{who} wrote{again} to HMRC", stated[0].text), stated[0]
    return f"{who} wrote{again} to HMRC{about(paper)}", None


def about(paper: Paper) -> str:
    subject = re.sub(r"^(?:re|fw|fwd|subject):\s*", "", paper.profile.subject, flags=re.I)
    return f" about {subject}" if subject else ""


def sending(paper: Paper) -> tuple[str, Unit | None]:
    """A letter with which we sent a return or documents."""
    units = [u for u in paper.body() if _ENCLOSE.search(u.text) and u.text.strip()[-1:] in ".;"]
    if not units:
        return letter_to_hmrc(paper)
    sent = [_ENCLOSE.split(tidy(u.text), maxsplit=1)[-1].strip() for u in units[:2]]
    things = " and ".join(lower_first(exchange_pronouns(text, paper.voices())) for text in sent if text)
    return shorten(f"{_we(paper)} sent HMRC {things}{_posted(paper)}"), units[0]


_ENCLOSE = re.compile(
    r"^.*?\b(?:we|i|please find)\s+(?:also\s+|now\s+|hereby\s+)?(?:enclos(?:e|ed|ing)"
    r"|attach(?:ed)?)\b(?:\s+(?:herewith|please find))?",
    re.I | re.S,
)


def _we(paper: Paper) -> str:
    return "We" if paper.profile.author == "agent" else paper.client


def _posted(paper: Paper) -> str:
    text = " ".join(u.text for u in paper.units[:16])
    found = re.search(
        r"\bby ((?:royal mail )?(?:tracked|special delivery|recorded delivery|signed for|"
        r"courier|hand)(?: post| mail)?)\b",
        text,
        re.I,
    )
    return f", by {found.group(1).lower().replace('royal mail', 'Royal Mail')}" if found else ""


def complaint(paper: Paper) -> tuple[str, Unit | None]:
    """Our complaint or our request for a second review, with its points where they have headings."""
    second = paper.profile.tier == 2
    start = "We asked HMRC for a second review of the complaint" if second else "We complained to HMRC"
    labels = [lower_first(p) for p in _point_labels(paper)]
    count = _unlabelled(paper)
    if not count and any(not _fit_label(label) for label in labels):
        count = number_in_words(len(labels)) if len(labels) > 1 else ""
        labels = []
    if count:
        return f"{start}, raising {count} points", None
    if second and not labels:
        return _asked_again(start, paper)
    unit = next((u for u in paper.body() if re.search(r"\bcomplain|\bsecond review\b", u.text, re.I)), None)
    if not labels:
        return start + ("" if second else about(paper)), unit
    return shorten(f"{start}, raising: " + "; ".join(labels)), unit


def _fit_label(label: str) -> bool:
    """Whether the words that open a point are a heading, not the beginning of its sentence."""
    return len(label) < 70 and not re.search(
        r"\b(?:you|your|we|our client|on \d|was|were|has|have|had|did)\b|\."
        r" ",
        label,
    )


def _asked_again(start: str, paper: Paper) -> tuple[str, Unit | None]:
    """A request for a second review without headings: what it says was left out."""
    unit = next((u for u in paper.body() if re.search(r"\b(?:not|nor|never|fail\w+|wrong\w*)\b", u.text, re.I)), None)
    return (quoted(f"{start}, writing", unit.text), unit) if unit else (start, None)


def _unlabelled(paper: Paper) -> str:
    """How many points a complaint has, in words, where they have no headings of their own."""
    points = find_points(paper.units, paper.profile)
    bare = [
        p
        for p in points
        if not re.search(rf"^\W*(?:\(?\w{{1,2}}[.)]\s*)?{re.escape(p.label)}\.|^(?!.*{re.escape(p.label)})", p.text)
    ]
    return number_in_words(len(points)) if len(bare) == len(points) > 1 else ""


def _point_labels(paper: Paper) -> list[str]:
    return [p.label for p in find_points(paper.units, paper.profile)]


def complaint_reply(paper: Paper) -> tuple[str, Unit | None]:
    """What a complaint reply upheld, refused, offered and promised."""
    tier = "second-tier" if paper.profile.tier == 2 else "first-tier"
    refusal = next((s for s in paper.said("refusal") if '"' not in s.span.quote), None)
    quoted = refusal.span.start if refusal and paper.profile.tier == 2 else -1
    parts = []
    for outcome, words in (("upheld", "upheld"), ("partly_upheld", "upheld in part"), ("not_upheld", "did not uphold")):
        labels = [
            f'"{f.label}"'
            for f in paper.findings
            if f.outcome == outcome
            and f.span.start != quoted
            and not re.match(r"(?:I|We|Thank|You|This|The letter) \w+ |(?:your|the|our) complaint\b", f.label, re.I)
            and f.label != paper.profile.subject
        ]
        if labels:
            parts.append(f"{words} the complaint under {_listed(labels)}")
    parts += _outcome_at_large(paper) if not parts else []
    offer = next((a for a in paper.amounts if a.role == "distress_offer"), None)
    if offer and paper.profile.tier != 2:
        parts.append(f"offered {format_money(offer.value)}")
    if paper.undertakings:
        parts.append(f"undertook to {promised(paper)}")
    if refusal and (paper.profile.tier == 2 or not any("did not uphold" in p for p in parts)):
        parts.append(f'wrote "{shorten(tidy(refusal.span.quote), 150)}"')
    line = f"HMRC gave its {tier} reply" + (f", in which it {_listed(parts)}" if parts else " to the complaint")
    unit = next((u for u in paper.body() if re.search(r"\buph(?:o|e)ld|\bunable to\b|\breview\b", u.text, re.I)), None)
    return shorten(line, 320), unit


def _outcome_at_large(paper: Paper) -> list[str]:
    """Upheld, in part or not, where no heading says which head of the complaint is meant."""
    upheld = bool(paper.said("upheld")) or any(f.outcome in {"upheld", "partly_upheld"} for f in paper.findings)
    refused = bool(paper.said("not_upheld")) or any(f.outcome == "not_upheld" for f in paper.findings)
    if upheld:
        return ["upheld part of the complaint" if refused else "upheld the complaint"]
    return ["did not uphold the complaint"] if refused else []


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def sends_something(paper: Paper) -> bool:
    """Whether our letter is a covering letter: its first sentence encloses a return or documents."""
    sentences = [u for u in paper.body() if u.text.strip()[-1:] in ".;"]
    return bool(sentences and _ENCLOSE.search(sentences[0].text))
