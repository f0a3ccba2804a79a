"""What HMRC promised to do, by when, and how the day is counted.

Working days follow the calendar of the client's nation; a promise "within N days of the date of this letter" counts
from that date. "Shortly" and "as soon as possible" have no day.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from complaints.facts.promised import promise_of
from complaints.facts.records import DocumentProfile, Intake, Undertaking
from complaints.facts.view import Unit, flat
from lightpoint.calendars import OutsideHolidayTable, add_months, add_working_days
from lightpoint.language.dates import WEEKDAY, DateMention, find_dates, format_date
from lightpoint.language.durations import DurationMention, find_durations

_NOT_A_PROMISE = re.compile(
    r"\b(?:unless|as soon as we|nothing (?:should|will) be|need take no|if (?:you(?! have (?:already )?(?:made "
    r"|paid ))|we (?:do not|don't|need|require)|anything|payment|the client|your client"
    r"|she|he|"
    r"they)|(?-i:may)|might|could|penalt(?:y|ies) (?:will|may)(?! be (?:cancelled|removed|withdrawn|refunded|repaid|"
    r"waived|set aside|reduced))|you will need|you will "
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
        words = _written_out(unit.text) if profile.channel in {"phone", "webchat"} else unit.text
        for start, end in _clauses(words):
            clause = words[start:end]
            what = promise_of(clause, words[:start] or before, profile, client)
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


_SHORTHAND = (
    (r"^\s*\[?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\]?\s+[A-Z]\w+(?: {2,}|\t)", ""),
    (r"\bw/?in\b|\bw/i\b", "within"),
    (r"(?<=\d) ?(?:w/?days?|wds?|w/ds?|wkg days?|work days?)\b", " working days"),
    (r"\bwkg\b", "working"),
    (r"\bshd\b", "should"),
    (r"\bwd\b", "would"),
    (r"\bb/?4\b", "before"),
    (r"\bw/o\b", "without"),
    (r"\brpmt\b|\brepymt\b", "repayment"),
    (r"\bpymt\b|\bpmt\b", "payment"),
    (r"\bltr\b", "letter"),
    (r"\bacct\b|\ba/c\b", "account"),
)


def _written_out(text: str) -> str:
    """The shorthand of a note of a talk in full: "w/in 10 wds" -> "within 10 working days"."""
    for short, full in _SHORTHAND:
        text = re.sub(short, full, text, flags=re.I)
    return text


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
