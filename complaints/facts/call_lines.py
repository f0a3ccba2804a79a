"""Lines for calls and webchats: whom we rang and what was said, in the words of the note where no sentence will do."""

import re

from complaints.facts.paper import Paper, is_prose
from complaints.facts.records import EventKind
from complaints.facts.sound import is_sound, quoted
from complaints.facts.view import Unit, flat
from complaints.facts.wording import Voices, lower_first, reported, shorten, tidy, upper_first
from lightpoint.language.quotations import find_quotations

_ARRIVED = re.compile(
    r"\b(?:letter|reply|decision|conclusion|notice|response)\b[^.;]{0,40}\b(?:post|arrived|came|received"
    r"|date-?stamped)\b|"
    r"^\W*(?:rec(?:eive)?d|got) (?:the |their |hmrc's )?(?:\w+ )?(?:letter|reply|decision|conclusion)",
    re.I,
)
_TALKED = re.compile(
    r"\b(?:rang|phoned|telephoned|called|spoke|helpline|line|tel|call to|call with|on hold|adviser)\b", re.I
)
_CLIENT_TALKED = re.compile(
    r"\bon (?:the )?phone\b|\b(?:client|she|he|\w+) (?:rang|called|phoned) (?:us|me|in)\b", re.I
)


def entry_kind(paper: Paper) -> EventKind:
    """What an entry of a log records: a call of ours, a letter that came in, or the client on the telephone."""
    text = " ".join(flat(u.text) for u in paper.units[:3])
    if _CLIENT_TALKED.search(text[:80]):
        return "client_report"
    arrived = _ARRIVED.search(text)
    return "reply_received" if arrived and not _TALKED.search(text[: arrived.end()]) else "call"


def conversation(paper: Paper) -> tuple[str, Unit | None]:
    """What HMRC's adviser said in a call or a webchat: promises first, then admissions, refusals and advice."""
    if paper.profile.kind == "webchat":
        return _chat(paper)
    kind = entry_kind(paper)
    if kind == "reply_received":
        return f"HMRC's {_what_came(paper)} reached us", None
    if kind == "client_report":
        unit = next((u for u in paper.units if len(u.text.split()) > 3), None)
        told = quoted(f"{paper.client} rang us; our note reads", unit.text) if unit else f"{paper.client} rang us"
        return upper_first(told), unit
    return _call(paper)


def _call(paper: Paper) -> tuple[str, Unit | None]:
    opening = _opening(paper)
    chosen = _told(paper)
    if not chosen:
        return _as_noted(opening, paper)
    told = [(u, said) for u in chosen if (said := _as_said(u, paper)) and is_sound(f"The adviser {said}")]
    if told:
        return shorten(f"{opening}: the adviser {' and '.join(said for _u, said in told)}", 300), told[0][0]
    return quoted(f"{opening}; our note reads", chosen[0].text, 230), chosen[0]


def _chat(paper: Paper) -> tuple[str, Unit | None]:
    opening, chosen = "We contacted HMRC by webchat", _told(paper)
    if not chosen:
        return opening, None
    said = " and ".join(f'wrote "{tidy(u.text)}"' for u in chosen)
    return shorten(f"{opening}: the adviser {said}", 300), chosen[0]


def _as_noted(opening: str, paper: Paper) -> tuple[str, Unit | None]:
    """The first sentence of the note that tells something, quoted."""
    telling = [u for u in paper.units if len(u.text.split()) > 2 and not _FRAME.match(u.text.strip())]
    said = [u for u in telling if u.speaker == "hmrc"] or telling
    prose = [u for u in said if is_prose(u)] or said
    unit = max(prose, key=lambda u: (len(_WEIGHTY.findall(u.text)), -u.start), default=None)
    return (quoted(f"{opening}; our note reads", unit.text, 230), unit) if unit else (opening, None)


_WEIGHTY = re.compile(
    r"\b(?:hold|will|'ll|not|no|nothing|nobody|won't|can't|cannot|refus\w+|error|wrong|recall|sorry|agree\w*"
    r"|accept\w*|promis\w+|"
    r"policy|authori[sz]\w+|stuck|lost|overnight)\b",
    re.I,
)
_FRAME = re.compile(
    r"\W*(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\b|\d{1,2}[/.-]\d|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+\b|rang\b|phoned\b|"
    r"called\b|tel\b|(?:telephone|call|phone|note|file|attendance|date|fee earner|ref)\b[^.]*$|different adviser"
    r"|note made|"
    r"written up|typed up)",
    re.I,
)
_LINES = re.compile(
    r"\b(?:(?:agents?|dedicated|trusts?|vat|ct|cgt|sa|self assessment|corporation tax|paye|employers?|tax|debt|customs|"
    r"seiss|sdlt|stamp (?:taxes|duty)|student loans?|national insurance|nic|child benefit|tax credits?|cis|iht|"
    r"construction industry|inheritance tax|excise|imports?|bereavement|charities|online services|verification)[ ]+)+"
    r"(?:dedicated )?(?:helpline|help line|line|team)\b",
    re.I,
)
_UNITS = re.compile(r"\bDebt M(?:anagement|gt|gmt|an)\b\.?", re.I)
_PERSON = re.compile(
    r"\b(?:[Rr]ang|[Pp]honed|[Cc]alled|[Ss]poke (?:to|with))\s+((?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?(?:[A-Z] )?[A-Z][a-z]+)\b"
)


def _opening(paper: Paper) -> str:
    text = "\n".join(u.text for u in paper.units[:8])
    if re.search(
        r"\b(?:rang|called|phoned|telephoned) us\b|\bincoming call\b",
        text,
        re.I,
    ):
        return "HMRC rang us"
    return f"We rang {_line_called(text, paper)}"


def _line_called(text: str, paper: Paper) -> str:
    """The helpline, unit or officer that the note names."""
    line, unit, person = _LINES.search(text), _UNITS.search(text), _PERSON.search(text)
    if line:
        return f"HMRC's {flat(line.group(0))}"
    if unit:
        return "HMRC's Debt Management"
    named = person.group(1) if person else ""
    unknown = named and not paper.names.is_client(named) and not paper.names.is_practice(named)
    return f"{named} of HMRC" if unknown and not re.match(r"(?:HMRC|Reviews?|Again|Back|The)\b", named) else "HMRC"


def _what_came(paper: Paper) -> str:
    text = " ".join(flat(u.text) for u in paper.units[:3])
    found = re.search(
        r"\b((?:review |penalty |decision |complaint )?(?:letter|reply|decision|conclusion|notice|response))\b",
        text,
        re.I,
    )
    return found.group(1).lower() if found else "letter"


_SAYS_MOST = frozenset({"would_not_log", "received_logged", "advice", "admission", "no_trace"})


def _told(paper: Paper) -> list[Unit]:
    """At most two things the adviser said: promises, then what was admitted, found or refused."""
    promises = {(u.span.page, u.span.start) for u in paper.undertakings}
    kinds = paper.said(
        "admission", "would_not_log", "refusal", "received_logged", "no_trace", "advice", "security_check"
    )
    told: dict[tuple[int | None, int], set[str]] = {}
    for said in kinds:
        if said.actor == "hmrc":
            told.setdefault((said.span.page, said.span.start), set()).add(said.kind)

    def weight(unit: Unit) -> int:
        place = (unit.page, unit.span().start)
        known = told.get(place, set())
        return (
            5 * (place in promises) + 3 * bool(known & _SAYS_MOST) + 2 * bool(known) + bool(find_quotations(unit.text))
        )

    said_units = [u for u in paper.units if u.speaker == "hmrc" and len(u.text.split()) > 3 and weight(u) > 1]
    best = sorted(said_units, key=lambda u: (-weight(u), u.start))[:2]
    strong = [u for u in best if weight(u) >= 4] or best[:1]
    return sorted(strong, key=lambda u: u.start)


_SPEAKER = re.compile(
    r"^(?:(?:he|she|they|the adviser|advis[eo]r|hmrc|officer|[A-Z][a-z]+)\s+(?:has\s+)?(?:also\s+)?(?:said|says"
    r"|told (?:us|me)|"
    r"confirmed|stated|agreed)\s+(?:that\s+)?|ans\w*\s*|(?:said|says|told)\s+(?:that\s+)?|(?:he|she|him|her"
    r"|them)\s*:\s*)",
    re.I,
)
_HAS_SUBJECT = re.compile(
    r"^(?:the|a|an|its|our|his|her|their|he|she|it|they|we|no|that|this|there|nothing|someone|somebody|nobody|all|both|"
    r"every|any|HMRC|[A-Z£\d])"
)
_FINITE = re.compile(r"^\w+(?: \w+){0,2}? (?:was|were|had|would|could|might|did)\b")


def _as_said(unit: Unit, paper: Paper) -> str:
    """What the adviser said, in reported speech; nothing where the note is too short for a sentence."""
    line = tidy(unit.text)
    quotes = [q.text for q in find_quotations(line)]
    said = _SPEAKER.sub("", line)
    if quotes and len(quotes[-1]) > 0.5 * len(said):
        return f'said "{quotes[-1].rstrip(".")}"'
    if line.startswith(('"', "“")) and not quotes:
        words = line.strip('"“” ').rstrip(".")
        return f'said "{words}"'
    clause = reported(said, Voices("agent", "agent", paper.client))
    if not _HAS_SUBJECT.match(clause):
        clause = f"the {lower_first(clause)}" if _FINITE.match(clause) else ""
    whole = clause and not re.search(r",\s+(?:nothing|bin|no|would|will|not)\b|\.\s", clause)
    return f"said that {clause}" if whole else ""
