"""What HMRC promised to do, by when, and how the day is counted.

Working days follow the calendar of the client's nation; a promise "within N days of the date of this letter" counts
from that date. "Shortly" and "as soon as possible" have no day.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from complaints.facts.records import Actor, DocumentProfile, Intake, Undertaking
from complaints.facts.view import Unit, flat
from complaints.facts.wording import Voices, exchange_pronouns, lower_first, tidy
from lightpoint.calendars import OutsideHolidayTable, add_months, add_working_days
from lightpoint.language.dates import WEEKDAY, DateMention, find_dates, format_date
from lightpoint.language.durations import DurationMention, find_durations

_DOES = {
    "issued": "issue",
    "released": "release",
    "processed": "process",
    "paid": "pay",
    "sent": "send",
    "made": "make",
    "done": "do",
    "amended": "amend",
    "corrected": "correct",
    "repaid": "repay",
    "refunded": "refund",
    "cancelled": "cancel",
    "updated": "update",
    "reviewed": "review",
    "withdrawn": "withdraw",
    "removed": "remove",
    "completed": "complete",
    "actioned": "action",
    "dealt with": "deal with",
    "resolved": "resolve",
    "reissued": "reissue",
    "re-issued": "re-issue",
    "returned": "return",
    "replied to": "reply to",
    "answered": "answer",
    "looked at": "look at",
    "put right": "put right",
    "credited": "credit",
    "adjusted": "adjust",
    "reinstated": "reinstate",
    "passed": "pass",
    "escalated": "escalate",
    "forwarded": "forward",
    "referred": "refer",
    "allocated": "allocate",
    "reallocated": "reallocate",
    "given": "give",
    "provided": "provide",
    "authorised": "authorise",
    "finalised": "finalise",
    "settled": "settle",
    "treated": "treat",
    "contacted": "contact",
    "recorded": "record",
    "stopped": "stop",
    "suspended": "suspend",
    "discharged": "discharge",
    "closed": "close",
    "registered": "register",
    "set aside": "set aside",
    "recalculated": "recalculate",
    "waived": "waive",
    "investigated": "investigate",
    "transferred": "transfer",
    "added": "add",
    "worked out": "work out",
    "calculated": "calculate",
    "moved": "move",
    "lifted": "lift",
    "recalled": "recall",
    "refused": "refuse",
    "posted": "post",
    "written off": "write off",
    "merged": "merge",
    "separated": "separate",
    "sorted out": "sort out",
    "re-run": "re-run",
    "brought up to date": "bring up to date",
}
_PASSIVE = re.compile(
    rf"^(?P<subject>.+?)\s+(?:will|shall|'ll|is going to|are going to|is to|should)\s+(?:now\s+|"
    rf"then\s+|all\s+)?be\s+(?P<verb>{'|'.join(map(re.escape, _DOES))})\b(?P<rest>.*)"
    rf"$",
    re.I,
)
_BARE_PASSIVE = re.compile(
    "^(?:will|shall|should|going to) (?:now |then |all )?be (?P<verb>"
    rf"{'|'.join(map(re.escape, _DOES))})\b(?P<rest>.*)$",
    re.I,
)
_ACTIVE = re.compile(
    r"\b(?P<who>I|we|he|she|they|HMRC|someone|somebody|(?:a|the|our) (?:colleague|caseworker|"
    r"team|officer|manager|department|specialist)\w*)(?:\s+will|\s+shall|['’]ll|\s+undertake "
    r"to|\s+promise to|\s+aim to|\s+(?:am|are) going to)\s+(?:now\s+|also\s+|then\s+)"
    r"?(?P<verb>(?!need|have to|not be|be liable|be charged|be able|collect|take|visit|"
    r"use enforcement|charge)\w.*)$",
    re.I,
)
_NEUTRAL = re.compile(
    r"^(?P<subject>.+?)\s+(?:will|shall)\s+(?P<verb>reach|arrive|be with|go out|follow|"
    r"drop out|drop off|come off|fall away|wash through|disappear|come through|show|clear|get)\b(?P<rest>.*)$",
    re.I,
)
_NOT_A_PROMISE = re.compile(
    r"\b(?:unless|as soon as we|nothing (?:should|will) be|need take no|if (?:you(?! have (?:already )?(?:made "
    r"|paid ))|we (?:do not|don't|need|require)|anything|payment|the client|your client"
    r"|she|he|"
    r"they)|(?-i:may)|might|could|penalt(?:y|ies) (?:will|may)|you will need|you will "
    r"have to|you must|officers? will call|"
    r"list your goods|bailiff|court|enforcement|interest will "
    r"(?!be (?:worked|calculated|paid|credited|repaid|refunded|removed|cancelled))|will be charged|will be "
    r"liable|will be collected|collect this|will not\b|won't|will be replaced|will only|(?:will|must) hear from us if|"
    r"service (?:that )?we aim|(?:typed|written) up|dictated|diar(?:y|ised)|note (?:made|typed|written))\b",
    re.I,
)
_ALREADY = re.compile(r"\b(?:was|were|had been|have been) (?:promised|told|assured)\b", re.I)
_ANY_DEADLINE = re.compile(
    r"\b(?:within|in the next|in|no later than|by|before|after|over the next)\s+(?:the\s+)?(?:next\s+|another\s+)?$",
    re.I,
)
_FROM_PHRASE = re.compile(
    r"\s*(?:of|from|after)\s+(?:today|that day|now|the date of (?:this|the|that) (?:letter|"
    r"notice|e-?mail|call)|(?:this|that) (?:letter|call|e-?mail)|receipt[^,.;]*|this date|the "
    r"date above)\b",
    re.I,
)


def find_undertakings(
    units: Sequence[Unit], profile: DocumentProfile, intake: Intake, client: str
) -> Iterator[Undertaking]:
    """The promises in HMRC's words: letters, and what its advisers said by telephone or webchat."""
    for index, unit in enumerate(units):
        made_on = unit.on or profile.written_on
        if (
            unit.speaker != "hmrc"
            or made_on is None
            or _NOT_A_PROMISE.search(unit.text)
            or profile.kind == "hmrc_statement"
        ):
            continue
        before = " ".join(
            u.text for u in units[max(0, index - 4) : index] if u.block == unit.block and u.page == unit.page
        )
        for start, end in _clauses(unit.text):
            clause = unit.text[start:end]
            what = _what(clause, unit.text[:start] or before, profile, client)
            due, derivation = _due(clause, made_on, intake) if what else (None, "")
            if what and (due or profile.kind != "hmrc_notice"):
                yield Undertaking(
                    made_on,
                    due,
                    _without_deadline(what, made_on) if due else what,
                    derivation,
                    unit.span(),
                    profile.channel,
                )


_TURN = re.compile(
    r"(?:,|;|,? and|,? but)\s+(?=(?:i|we|he|she|it|they|this|that|someone|somebody|a "
    r"colleague|hmrc|(?:the|your|a|her|his) [a-z]+(?: [a-z]+)?)"
    r"(?:\s+(?:will|shall)|['’](?:ll|d))\b)",
    re.I,
)


def _clauses(text: str) -> list[tuple[int, int]]:
    """Where the promises of a sentence begin and end: each has its own subject and its own day."""
    cuts = [0, *[m.end() for m in _TURN.finditer(text)], len(text)]
    return list(pairwise(cuts))


def _what(clause: str, earlier: str, profile: DocumentProfile, client: str) -> str:
    """The promise of a clause as an infinitive, or an empty string where it promises nothing."""
    voices = Voices("hmrc", _addressee(profile), client)
    hear = _HEAR.search(flat(clause))
    if hear:
        return _clean(f"write to {_whom(profile, client)}{hear['rest']}")
    have = _HAVE.search(flat(clause))
    if have:
        nouns = _NOUNS.findall(flat(f"{earlier} {flat(clause)[: have.start()]}"))
        thing = f"the {nouns[-1]}" if nouns else "it"
        return _clean(_hand_over(f"{thing}{have['rest']}", _whom(profile, client)))
    line = _spoken(_SAID.sub("", re.sub(r",? (?:and|but)$", "", tidy(clause))).strip('"“” '), clause, profile)
    named = _NAMED_PROMISE.search(tidy(clause)) if profile.kind in _TALKS else None
    if named:
        return _clean(_hand_over(_with_the(named["thing"]) + named["rest"], _whom(profile, client)))
    bare = _BARE_PASSIVE.match(line) if profile.kind in _TALKS else None
    if bare:
        return _clean(exchange_pronouns(_did(bare["verb"], "it", bare["rest"]), voices))
    passive, neutral, active = (
        _PASSIVE.match(line),
        _NEUTRAL.match(line),
        _ACTIVE.search(line) or _bare_will(line, profile),
    )
    if active and not (passive and passive.start("verb") < active.start()):
        got = re.match(r"(?:get|have|receive) (?P<rest>.+)$", active["verb"])
        if got and active.groupdict().get("who", "").lower() == "we" and profile.kind == "call_note":
            return _clean(_hand_over(got["rest"], "us"))
        return _clean(exchange_pronouns(_resolved(_ONWARD.split(active["verb"])[0], earlier), voices))
    if passive:
        return _clean(exchange_pronouns(_passive_promise(passive, earlier), voices))
    if neutral and not re.match(r"(?:they|these|those|you)\b", neutral["subject"], re.I):
        subject = lower_first(_subject(neutral["subject"], earlier))
        return _clean(exchange_pronouns(f"have {subject} {neutral['verb']}{neutral['rest']}", voices))
    return ""


_TALKS = frozenset({"call_note", "webchat"})
_TOLD_US = re.compile(r"\b(?:said|says|told|promis\w+|assur\w+|confirm\w+|agreed?|guarantee\w*|undert\w+)\b", re.I)
_LABEL = re.compile(r"^(?:[\w']+ ){0,2}[\w']+\s*(?:[-–]\s|:\s)\s*(?=(?:will|he|she|they|it|hmrc|to be)\b)", re.I)
_PROMISED = (
    r"(?:the |a |an |our |her |his |full |written |formal )*(?:\w+ )?(?:payment|repayment|refund|cheque|money|reply|"
    r"answer|"
    r"response|letter|call ?back|correction|decision|credit|amended \w+|corrected \w+|new \w+)"
)
_NAMED_PROMISE = re.compile(
    rf"(?:\bpromis\w+|\bguarantee\w*|\bundert\w+) (?:me |us |her |him |them |of )?(?:that )?(?P<thing>{_PROMISED})"
    r"(?P<rest> (?:by|within|in|before|no later than)\b[^.;]*)",
    re.I,
)


def _spoken(line: str, clause: str, profile: DocumentProfile) -> str:
    """A promise noted in reported speech put back into direct speech: "said it would be paid" -> "it will be paid"."""
    if profile.kind not in _TALKS:
        return line
    line = _LABEL.sub("", line)
    if _TOLD_US.search(clause):
        line = re.sub(r"^(?:told (?:us|me)|was told|assured (?:us|me)|promised(?: (?:us|me))?)(?: that)? ", "", line)
        line = re.sub(r"\b(?:would|['’]d)\b", "will", line, count=1)
    line = _ATTRIBUTED.sub("", line)
    return _TO_BE.sub(lambda m: f"{m['thing'] or ''}will be ", line)


_ATTRIBUTED = re.compile(
    r",? (?:he|she|they|it) (?:said|says|thinks|thought|promise[sd]|reckons|confirm(?:s|ed))\b.*$", re.I
)
_TO_BE = re.compile(
    rf"^(?P<thing>[\w £.,'-]{{3,60}}? )?(?:is |are |was )?to be (?=(?:{'|'.join(map(re.escape, _DOES))})\b)", re.I
)


def _with_the(thing: str) -> str:
    return thing if re.match(r"(?:the|a|an|our|her|his)\b", thing, re.I) else f"the {thing}"


def _last_noun(earlier: str) -> str:
    """The last thing named in the words before, for a promise without a subject."""
    nouns = _NOUNS.findall(tidy(earlier))
    return f"the {nouns[-1]}" if nouns else "it"


def _did(verb: str, thing: str, rest: str) -> str:
    """What was promised in the passive as an infinitive: "put right", "the record" -> "put the record right"."""
    infinitive = _DOES[verb.lower()]
    first, _blank, particle = infinitive.partition(" ")
    if particle in {"right", "aside"}:
        return f"{first} {thing} {particle}{rest}"
    return f"{infinitive} {thing}{rest}"


_HEAR = re.compile(
    r"\byou (?:will|should|can expect to) hear from (?:us|me)(?P<rest> (?:by|within|before|no later"
    r" than)[^.;]+)",
    re.I,
)
_HAVE = re.compile(
    r"\byou (?:will|should|can expect to) (?:have|receive|get) (?:it|this|the (?:money|payment|repayment|refund))"
    r"(?P<rest> (?:by|within|in|before|no later than)[^.;]+)",
    re.I,
)


def _hand_over(thing: str, whom: str) -> str:
    """What somebody is to have, as what HMRC is to do: pay the money, make the repayment, let us have the form."""
    paid = re.match(r"(?:the|our|your|a) (?:money|cash|cheque)\b", thing, re.I)
    made = re.match(r"(?:the|our|your|a) (?:\w+ )?(?:re)?(?:payment|fund)\b", thing, re.I)
    return f"pay {thing}" if paid else f"make {thing}" if made else f"let {whom} have {thing}"


def _whom(profile: DocumentProfile, client: str) -> str:
    return "us" if _addressee(profile) in {"agent", None} else client


def _bare_will(line: str, profile: DocumentProfile) -> re.Match[str] | None:
    """Notes of calls leave the subject out: "Will write to us by end of May"."""
    return re.match(r"will (?P<verb>\w.*)$", line, re.I) if profile.kind == "call_note" else None


_NOT_YET = re.compile(r"\b(?:has|have) not (?:yet )?been (?P<verb>\w+) (?P<rest>(?:to|into|from) [^.;,]+)", re.I)


def _resolved(verb: str, earlier: str) -> str:
    """ "do this" said after "it has not been added to your record": "add it to your record"."""
    said = _NOT_YET.search(flat(earlier))
    pronoun = re.match(r"(?!do\b)(?P<verb>[\w-]+) (?:it|this|that)\b(?! \w+ (?:to|for) you)", verb)
    if pronoun and _NOUNS.findall(flat(earlier)):
        return f"{pronoun['verb']} the {_NOUNS.findall(flat(earlier))[-1]}{verb[pronoun.end() :]}"
    if not re.match(r"do (?:this|that|it|so)\b", verb, re.I) or not said or said["verb"].lower() not in _DOES:
        return verb
    nouns = _NOUNS.findall(flat(earlier)[: said.start()])
    thing = f"the {nouns[-1]}" if nouns else "it"
    return f"{_DOES[said['verb'].lower()]} {thing} {said['rest']}" + re.sub(
        r"^do (?:this|that|it|so)\b", "", verb, flags=re.I
    )


_SAID = re.compile(
    r"^(?:she|he|they|advis[eo]r|hmrc|the adviser)\s+(?:said|says|confirmed|told us|"
    r"promised|has said|agreed)\s+(?:that\s+)?(?=\w)",
    re.I,
)
_ONWARD = re.compile(r",? (?:and|but) (?=(?:i|we|you|he|she|it|they|hmrc)\b)|; ", re.I)


_ASKED_FOR_IT = re.compile(r"\b(?:asked|arranged|instructed) for (?P<thing>[^.;]{2,60}?) to be (?P<rest>[^.;]+)$", re.I)


def _passive_promise(found: re.Match[str], earlier: str) -> str:
    asked = _ASKED_FOR_IT.search(tidy(earlier))
    if asked and found["verb"].lower() in {"done", "completed", "carried out"}:
        thing = asked["thing"]
        nouns = _NOUNS.findall(tidy(earlier)[: asked.start()])
        thing = f"the {nouns[-1]}" if thing.lower() in {"it", "this", "that"} and nouns else thing
        return f"have {thing} {asked['rest']}{found['rest']}"
    infinitive = re.search(r"\bto ((?!us\b|you\b|me\b|the\b)\w+ (?:the|your|this|an?|its|our)\b.+)$", tidy(earlier))
    if found["verb"].lower() == "done" and infinitive:
        return infinitive.group(1) + found["rest"]
    subject = lower_first(_subject(_AFTERWARDS.sub("", found["subject"]), earlier))
    rest = re.split(r",? and (?:no|nothing)\b", found["rest"])[0]
    rest = re.sub(
        r"\band (\w+)\b", lambda m: f"and {_DOES[m.group(1)]} it" if m.group(1) in _DOES else m.group(0), rest
    )
    rest = _AND_THE_OTHER.sub(lambda m: f"and {_DOES[m['verb'].lower()]} {m['thing']}", rest)
    return _did(found["verb"], subject, rest)


_AND_THE_OTHER = re.compile(
    rf"\band (?P<thing>(?:the |your |a |any )?(?:£[\d,.]*\d|\w+)(?: (?!and\b|by\b|within\b|in\b)\w+){{0,4}}?) "
    rf"(?P<verb>{'|'.join(map(re.escape, _DOES))})\b",
    re.I,
)


_AFTERWARDS = re.compile(
    r"^(?:once|when|after|as soon as|if) (?:\w+ ){1,3}?(?:has|have|is|are|had) (?:been |now )?(?:\w+(?:ed|id|one|ent)"
    r"(?: any of (?:this|it))?),? (?=\w)",
    re.I,
)


def _addressee(profile: DocumentProfile) -> Actor | None:
    return "agent" if profile.kind in {"call_note", "webchat"} else profile.recipient


def _clean(text: str) -> str:
    text = re.split(r"\.\s+(?=[\"“a-zA-Z])", flat(text))[0]
    return flat(text).strip(' .,;"”')


_NOUNS = re.compile(
    r"\b(?:the|your|a|an|this) ((?:\w+ ){0,2}?(?:repayments?|refunds?|claims?|returns?|"
    r"code|notice|certificate|payment|cheque|assessments?|penalt(?:y|ies)|"
    r"account|letter|reply|application|correction|case|complaint|award|grant|record|"
    r"surcharge|interest|registration|allowance|address))\b",
    re.I,
)


def _subject(subject: str, earlier: str) -> str:
    """The subject of a promise; what "it" and "this" stand for is looked up in the words before."""
    subject = _CLAUSES_BEFORE.split(subject.strip())[-1].strip(' "“”')
    shared = _SHARED_SUBJECT.match(subject)
    subject = shared["thing"] if shared else subject
    if not subject or _FINITE.search(subject):
        return _last_noun(earlier)
    if not re.fullmatch(r"(?:it|this|that|they|these|those|which|both|all|he|she)", subject, re.I):
        return subject
    nouns = _NOUNS.findall(tidy(earlier))
    return f"the {nouns[-1]}" if nouns else subject


_CLAUSES_BEFORE = re.compile(r"[.;:!?]\s+|\s[-–—]\s|,\s+(?:and|so|but)\s+|,\s+(?=(?:it|this|that|they)$)")
_SHARED_SUBJECT = re.compile(
    r"^(?P<thing>(?:the|your|our|this|his|her|their) [^,;]{2,50}?) (?:has|have|had|was|were|is|are) .+ (?:and|but)$",
    re.I,
)
_FINITE = re.compile(
    r"\b(?:he|she|they|it|we|i|hmrc) (?:\w+ )?(?:has|have|had|is|was|will|said|says|sent|can|could)\b", re.I
)


def _without_deadline(what: str, made_on: date) -> str:
    for mention in reversed(find_durations(what)):
        lead = _ANY_DEADLINE.search(what[: mention.start])
        if lead:
            tail = _FROM_PHRASE.match(what[mention.end :])
            what = what[: lead.start()] + what[mention.end + (tail.end() if tail else 0) :]
    for when in reversed(find_dates(what, reference=made_on)):
        lead = _ANY_DEADLINE.search(what[: when.start])
        if lead:
            what = what[: lead.start()] + what[when.end :]
    what = _BY_WEEKDAY.sub("", what)
    return flat(what).strip(" ,.;")


def _due(text: str, made_on: date, intake: Intake) -> tuple[date | None, str]:
    """The day by which it was to be done, and how that day is counted."""
    durations = [
        d
        for d in find_durations(text)
        if d.unit in {"day", "working_day", "week", "month"} and _ANY_DEADLINE.search(text[: d.start])
    ]
    if durations:
        longest = durations[-1]
        return _add(made_on, longest, intake), f"{flat(longest.text)} from {format_date(made_on)}"
    for when in find_dates(text, reference=made_on):
        day = _to_come(when, made_on)
        if day >= made_on and re.search(
            r"\b(?:by|before|on|no later than|until)\s+(?:the\s+)?$", text[: when.start], re.I
        ):
            return day, f"by {format_date(day)}, as stated"
    weekday = _BY_WEEKDAY.search(text)
    if weekday:
        number = _WEEKDAYS.index(weekday["day"].lower()[:3])
        day = made_on + timedelta(days=(number - made_on.weekday() - 1) % 7 + 1)
        return day, f"{flat(weekday.group(0))}, so by {format_date(day)}"
    return _due_in_month(text, made_on)


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BY_WEEKDAY = re.compile(rf"\s*\bby (?:this |next )?(?P<day>{WEEKDAY})\b(?:'s post)?(?!\W+\d)(?: at the latest)?", re.I)


def _to_come(when: DateMention, made_on: date) -> date:
    """A day of the month alone ("by the 20th") is the next one; other days are as read."""
    nth = not when.complete and re.search(r"\d(?:st|nd|rd|th)\s*$", when.text, re.I)
    return add_months(when.date, 1) if nth and when.date < made_on else when.date


def _add(made_on: date, mention: DurationMention, intake: Intake) -> date:
    count = int(mention.value)
    if mention.unit == "working_day":
        try:
            return add_working_days(made_on, count, intake.nation)
        except OutsideHolidayTable:
            return made_on + timedelta(days=count * 7 // 5)
    if mention.unit == "month":
        return add_months(made_on, count)
    return made_on + timedelta(days=count * (7 if mention.unit == "week" else 1))


def _due_in_month(text: str, made_on: date) -> tuple[date | None, str]:
    found = re.search(
        r"\b(?:before|by|in time for|with|in)\s+(?:the\s+)?(?:end of\s+)?(?:the\s+)?([A-Z]"
        r"[a-z]+)(?:\s+(?:payday|pay day|payroll|run|pay|salary|pay run|payslip))?\b",
        text,
    )
    months = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
    if not found or found.group(1).lower() not in months:
        return None, "no date given"
    month = months[found.group(1).lower()]
    year = made_on.year + (month < made_on.month)
    last = date(year, month, calendar.monthrange(year, month)[1])
    return last, f"{flat(found.group(0))}, so by {format_date(last)} at the latest"
