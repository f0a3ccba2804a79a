"""What a dated mention in running text tells: which happening, done by whom. The words nearest to the date decide."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from complaints.facts.names import HMRC, Names
from complaints.facts.records import Actor, DocumentProfile, EventKind
from complaints.facts.relative import dated_mentions
from complaints.facts.timing import AHEAD, NOT_A_HAPPENING, PERIOD_AFTER
from complaints.facts.view import Unit, flat
from complaints.facts.vocabulary import RULES, Rule
from lightpoint.language.dates import DateMention, find_dates

_BREAK = re.compile(r"[;:•]|\.\s|\s[-–—]\s|\bbut\b|\bwhich\b|\bthat\b|\bbecause\b|\n\s*\n")
_JOINED = re.compile(r"^\s*(?:,|and|&|or|, and)\s*(?:again )?(?:of |on |dated )?$", re.I)
_PASSIVE_HMRC = re.compile(r"\b(?:by hmrc|from hmrc|hmrc's?|hmrc’s)\b", re.I)
_WROTE = re.compile(r"^[>\s]*on\b.{6,60}\bwrote:\s*$", re.I)
_REACH = 90
_CLAUSE = 300  # no clause is longer, and what lies beyond does not bear on a date


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a unit with the happening it dates. `cue` is where the deciding words stand in the unit."""

    unit: Unit
    when: DateMention
    kind: EventKind
    actor: Actor
    cue_start: int
    cue_end: int
    noun_phrase: bool  # "your letter of ...", not "we wrote on ..."


def find_mentions(units: Sequence[Unit], profile: DocumentProfile, names: Names) -> Iterator[Mention]:
    """The happenings that the units of a document date, one for each date that has one."""
    for unit in units:
        previous: Mention | None = None
        for when in dated_mentions(unit.text, unit.on or profile.written_on):
            if _WROTE.match(unit.text):
                break
            joined = previous is not None and _JOINED.match(unit.text[previous.when.end : when.start])
            if previous is not None and joined:
                found: Mention | None = Mention(
                    unit,
                    when,
                    previous.kind,
                    previous.actor,
                    previous.cue_start,
                    previous.cue_end,
                    previous.noun_phrase,
                )
            else:
                found = _read(unit, when, profile, names)
            if found:
                yield found
                previous = found


def _read(unit: Unit, when: DateMention, profile: DocumentProfile, names: Names) -> Mention | None:
    before, after = unit.text[max(0, when.start - _CLAUSE) : when.start], unit.text[when.end : when.end + _CLAUSE]
    if _rejected(before, after):
        return None
    best = _nearest(unit.text, when)
    written = unit.on or profile.written_on
    if best is None:
        planned = written is not None and when.date > written and unit.speaker != "hmrc"
        return Mention(unit, when, "other", unit.speaker, when.start, when.end, noun_phrase=False) if planned else None
    rule, start, end = best
    if rule.kind in _DEEDS and _UNDONE.search(unit.text[:start]):
        return None
    if rule.kind == "reply_received" and re.search(r"\bdated\s*(?:the\s*)?$", before, re.I):
        return Mention(unit, when, "letter_from_hmrc", "hmrc", start, end, noun_phrase=True)
    noun = bool(re.search(r"\b(?:of|dated|from)\s*(?:the\s*)?$", before, re.I))
    actor = actor_of(rule, unit, start, when, profile, names)
    return Mention(unit, when, _direct(rule.kind, actor, unit, end), actor, start, end, noun)


# Nothing was put right on a day of which a paper says that it was not.
_DEEDS: frozenset[EventKind] = frozenset({"correction", "withdrawal"})
_UNDONE = re.compile(
    r"\b(?:not|never|n['’]t|nor|without|yet to|fail(?:ed|s) to) (?:yet )?(?:been |be |having )?$", re.I
)


def _rejected(before: str, after: str) -> bool:
    if re.search(
        r"\b(?:letter|notice|email|e-mail|reply|statement|decision|certificate|call)s?\s+(?:dated\s+)?from\s*$",
        before,
        re.I,
    ):
        return False
    if re.search(r"\bsince\s+(?:the\s+)?$", before, re.I) and re.match(
        r",? when (?:we|i|you|he|she|they|our)\b", after, re.I
    ):
        return False
    close = before.rstrip("([ ")
    if NOT_A_HAPPENING.search(before) or NOT_A_HAPPENING.search(close + " "):
        return True
    return bool(PERIOD_AFTER.match(after))


def _nearest(text: str, when: DateMention) -> tuple[Rule, int, int] | None:
    """The rule whose words stand nearest to the date; words after it and across a clause count as farther."""
    best: tuple[int, Rule, int, int] | None = None
    for rule, start, end in _cues(text):
        distance = _distance(text, start, end, when)
        if distance is not None and (best is None or distance - rule.weight < best[0]):
            best = (distance - rule.weight, rule, start, end)
    return None if best is None else best[1:]


@lru_cache(maxsize=32)
def _cues(text: str) -> tuple[tuple[Rule, int, int], ...]:
    """Every place at which the words of a rule stand, kept for the other dates of the same sentence."""
    return tuple((rule, found.start(), found.end()) for rule in RULES for found in rule.pattern.finditer(text))


def _distance(text: str, start: int, end: int, when: DateMention) -> int | None:
    if end <= when.start:
        begin, finish, extra = end, when.start, 0
    elif start >= when.end:
        begin, finish, extra = when.end, start, 14
    else:
        return (end - when.end) + 10 if start <= when.start and end >= when.end else None
    if finish - begin > _REACH:
        return None
    dates = sum(1 for place in _date_places(text) if begin <= place < finish)
    return finish - begin + extra + 25 * len(_BREAK.findall(text[begin:finish])) + 30 * dates


@lru_cache(maxsize=32)
def _date_places(text: str) -> tuple[int, ...]:
    """Where the full dates of a sentence begin."""
    return tuple(found.start for found in find_dates(text))


_OWN = re.compile(r"\b(?:our|my|we|i|i've|we've|i'm|ours)\b", re.I)
_THEIR = re.compile(r"\b(?:your|you|yours|you've)\b", re.I)


def actor_of(rule: Rule, unit: Unit, start: int, when: DateMention, profile: DocumentProfile, names: Names) -> Actor:
    """Who did it: the possessor or subject in the clause before the words, else whoever naturally does it."""
    clause = _clause(unit.text, start, when)
    if rule.actor == "hmrc" or (rule.kind == "call" and _HMRC_RANG.search(clause)):
        return "hmrc"
    if rule.kind == "reply_received" and unit.speaker == "client":
        return "client"
    if rule.kind == "disclosure" and _STRANGERS.search(unit.text):
        return "third_party"
    if unit.speaker == "hmrc" and _PAPER_OF.search(unit.text[: when.start]) and rule.kind in _SENT_TO_HMRC:
        return profile.recipient or "agent"
    if unit.speaker == "agent" and profile.recipient == "hmrc" and _HE_DID.search(clause):
        return "client"
    subject = _subject(clause, unit, profile) or _named(clause, names)
    if rule.actor:
        return subject if subject and subject != "hmrc" else rule.actor
    actor = subject or _pronoun(clause, unit, profile) or _default(rule.kind, unit, profile)
    # A call is ours unless HMRC made it.
    return "agent" if rule.kind == "call" and actor == "hmrc" and not _RANG_US.search(unit.text) else actor


_SENT_TO_HMRC = frozenset({"claim_made", "application_made", "return_filed", "documents_sent"})
_PAPER_OF = re.compile(
    r"\bthe (?:\w+ ){0,2}(?:form|claim|application|return|request|submission|report|fps|eps)s?(?: 64-?8)? (?:of"
    r"|dated)\s+(?:the\s+)?$",
    re.I,
)
_HE_DID = re.compile(
    r"\b(?:he|she) (?:has |had |then |also )?(?:asked|applied|claimed|sent|filed|paid|wrote|told"
    r"|rang|requested)\b",
    re.I,
)
_RANG_US = re.compile(r"\b(?:rang|phoned|called|telephoned) (?:us|me|our|the client)\b", re.I)
_HMRC_RANG = re.compile(
    r"\bHMRC(?:['’]s \w+| officer| adviser)? (?:then |also |has |had )?(?:rang|rung|phoned|called|telephoned)\b"
    r"(?! (?:for|it|this|that|a|the|in|off|upon)\b)",
    re.I,
)


def _subject(clause: str, unit: Unit, profile: DocumentProfile) -> Actor | None:
    """Whoever "I", "we" or "you" right before a verb of doing is."""
    found = list(_SUBJECT.finditer(clause))
    if not found:
        return None
    return unit.speaker if found[-1].group(1).lower() in {"i", "we"} else other_side(profile, unit.speaker)


def _clause(text: str, start: int, when: DateMention) -> str:
    """The words from the beginning of the clause to the date, or to the deciding words if they come later."""
    end = max(start, when.start)
    begin = 0
    for found in re.finditer(
        r"[;:]|\.\s|\bwhich\b|, and (?=we|i|you|he|she|they|hmrc|the)\b|\s[-–—]\s", text[: min(start, when.start)], re.I
    ):
        begin = found.end()
    return text[begin : end + 25 if end == start else end]


def _named(clause: str, names: Names) -> Actor | None:
    """A named possessor or writer: "Mrs X's letter", "letter from the bank", "HMRC wrote", "Dean messaged"."""
    if re.search(
        r"\b(?:to|at|with)\s+(?:the\s+)?(?:hmrc|hm revenue|ct services|debt man\w+|vrs|customs)\b", clause, re.I
    ):
        return None
    if re.search(r"\b(?:your|the|our) (?:tax )?(?:agent|accountant)s?['’]", clause, re.I):
        return "agent"
    owner = re.search(
        r"\b((?:Mr|Mrs|Miss|Ms|Dr)\.? [A-Z][\w'-]+|[A-Z][\w&.-]+(?: [A-Z][\w&.-]+){0,3})['’]s?\s+\w", clause
    )
    writer = re.search(r"\bfrom\s+((?:Mr|Mrs|Miss|Ms|Dr)\.? [A-Z][\w'-]+|[A-Z][\w&.-]+(?: [A-Z][\w&.-]+){0,3})", clause)
    subject = re.search(
        r"(?:^|\s)((?:Mr|Mrs|Miss|Ms|Dr)\.? [A-Z][\w'-]+|(?!On|The|In|At|I|We|You|Your|Our|"
        r"My|It|Please|Copy|Thank|Since|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|"
        r"Sunday)[A-Z][a-z]+)\s+(?:messaged|sent|wrote|rang|paid|opened|told|filed|called|"
        r"posted|complained)\b",
        clause,
    )
    for found in (owner, writer, subject):
        if found:
            return _who(found.group(1), names)
    if _PASSIVE_HMRC.search(clause):
        return "hmrc"
    if re.search(
        r"\b(?:employer|bank|bureau|registrar|payroll(?! (?:ids?|numbers?|software|records?|manager))|landlord|"
        r"solicitor|agency|insurer|"
        r"lender|purchaser|buyer|vendor|former husband|ex-husband|neighbour)(?:'s|’s|s)?\b(?!\s+(?:stateme"
        r"nts?|accounts?|holiday|details|charges?))",
        clause,
        re.I,
    ):
        return "third_party"
    return None


def _who(name: str, names: Names) -> Actor | None:
    if HMRC.search(name):
        return "hmrc"
    if names.is_practice(name):
        return "agent"
    if names.is_client(name):
        return "client"
    return None if re.fullmatch(r"(?:Royal Mail|Client|Company|The [a-z].*|Agent|P\d+\S*)", name) else "third_party"


def other_side(profile: DocumentProfile, speaker: Actor) -> Actor | None:
    """Whom the speaker calls "you"."""
    if speaker == profile.author:
        return profile.recipient
    return profile.author


_SUBJECT = re.compile(
    r"\b(i|we|you)\b(?:['’](?:ve|d))?\s+(?:have |had |also |then |first |last |previously "
    r"|again )*(?:wrote|written|sent|rang|phoned|telephoned|e-?mailed|contacted|uploaded|called|told|asked|"
    r"complained|requested|filed|submitted|made|posted|applied|appealed|paid|issued|"
    r"opened|visited|received|repaid|claimed|spoke|reminded|chased)\b",
    re.I,
)


def _pronoun(clause: str, unit: Unit, profile: DocumentProfile) -> Actor | None:
    own = [m.start() for m in _OWN.finditer(clause)]
    theirs = [m.start() for m in _THEIR.finditer(clause)]
    if re.search(r"\b(?:our|my|your) client(?:'s|’s)?\b", clause, re.I):
        return None
    if theirs and (not own or theirs[-1] > own[-1]):
        return other_side(profile, unit.speaker)
    return unit.speaker if own else None


_STRANGERS = re.compile(
    r"\b(?:strangers?|neighbours?|tenants?|occupiers?|the (?:new )?(?:people|owners?|family|residents?)|landlord|"
    r"lodger|"
    r"(?:some|any)(?:body|one) else|others|passers?-by|ex-husband|former (?:partner|husband|"
    r"wife))\b[^.;]{0,80}\b(?:opened|read|gave|"
    r"handed|showed|saw|seen|found|posted|messaged|passed)\b|"
    r"\b(?:opened|read(?: out)?|seen|found|shown|handed)\b[^.;]{0,30}\b(?:by|to) (?:\w+ ){0,3}(?:strangers?|"
    r"neighbours?|tenants?|"
    r"others?|occupiers?|owners?|people|shop|somebody|someone)\b|\bread out\b",
    re.I,
)


# What HMRC's adviser finds in its post, or does not, came to HMRC.
_IN_HMRCS_POST = re.compile(
    r"\bletters?\b[^.;]{0,60}\b(?:logged|received|arrived|scanned|on file|on (?:the|its|their) system)\b|"
    r"\bno (?:trace|record|sign|sight) of\b[^.;]{0,30}\bletters?\b|"
    r"\b(?:(?:can|could)(?:n?['’]t|not| not)|unable to) (?:see|find|trace)\b[^.;]{0,30}\bletters?\b",
    re.I,
)


def _default(kind: EventKind, unit: Unit, profile: DocumentProfile) -> Actor:
    if kind in {"letter_to_hmrc"}:
        if profile.kind in {"call_note", "webchat"} and _IN_HMRCS_POST.search(unit.text):
            return "agent"
        among_us = profile.kind == "email" and profile.recipient != "hmrc" and unit.speaker in {"agent", "client"}
        if unit.speaker == "hmrc" or among_us:
            return "hmrc"
        return (
            "hmrc"
            if re.search(r"\bhmrc\b", unit.text, re.I) and not re.search(r"\bto hmrc\b", unit.text, re.I)
            else "agent"
        )
    if kind in {"disclosure"}:
        return "hmrc"
    if kind == "other" and unit.speaker == "hmrc":
        return "hmrc"
    if kind == "documents_sent" and unit.speaker in {"third_party", "client"}:
        return unit.speaker
    if kind == "invoice_issued":
        return "agent" if profile.author in {"agent", "hmrc"} else unit.speaker
    return "agent"


def _direct(kind: EventKind, actor: Actor, unit: Unit, end: int) -> EventKind:
    """Turn a letter round when HMRC wrote it, and name what the nearest noun leaves open."""
    if kind == "letter_to_hmrc" and actor == "hmrc":
        asked = re.search(r"\b(?:as (?:asked|requested)|you asked|requested|asking for)\b", unit.text[:end], re.I)
        return "documents_requested" if asked and unit.speaker != "hmrc" else "letter_from_hmrc"
    if kind == "letter_to_hmrc" and unit.speaker == "third_party" and actor in {"agent", "client"}:
        return "letter_to_hmrc" if re.search(r"\bhmrc\b", unit.text, re.I) else "other"
    if kind == "letter_to_hmrc" and actor == "third_party":
        return "third_party_report"
    if kind == "reply_received" and unit.speaker == "hmrc":
        return "other"
    return kind


def looks_ahead(mention: Mention, profile: DocumentProfile) -> bool:
    """Whether the date lies after the words were written, or the words speak of what is to come."""
    written = mention.unit.on or profile.written_on
    later = written is not None and mention.when.date > written
    clause = flat(mention.unit.text[max(0, mention.when.start - 60) : mention.when.start])
    return later or bool(AHEAD.search(clause) and written is not None and mention.when.date >= written)
