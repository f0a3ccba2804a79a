"""Lengths of time: stated in the evidence, or computed from the dates of the two happenings they join. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lightpoint.calendars import OutsideHolidayTable, snapshot_warning, working_days_between
from lightpoint.grounding.context import Context
from lightpoint.grounding.dates import add_duration
from lightpoint.grounding.endpoints import ends_of, names_both_days
from lightpoint.grounding.reading import Reading
from lightpoint.grounding.records import Reason
from lightpoint.grounding.spans import clock_spans, side_of_limit
from lightpoint.grounding.timesheets import time_record
from lightpoint.grounding.verbs import MODALS
from lightpoint.language.durations import DurationMention

_MINUTES = {"minute": 1, "hour": 60}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_TOLERANCE = {"day": 0, "working_day": 0, "week": 3, "month": 5, "year": 15}
_LONGER = frozenset(
    {"more than", "over", "longer than", "well over", "at least", "not less than", "no less than", "as much as"}
)
_SHORTER = frozenset(
    {
        "less than",
        "fewer than",
        "under",
        "within",
        "up to",
        "at most",
        "not more than",
        "no more than",
        "no later than",
        "no longer than",
    }
)
_NEARLY = frozenset({"nearly", "almost", "just under"})
_ABOUT = frozenset({"about", "around", "roughly", "approximately", "approx", "some"})
_FEW_DAYS = 8  # of more days some two lie any length of time apart
_COMPOUND = re.compile(r"(?P<hours>\d+)\s*h(?:ours?|rs?)?\s*(?:and\s+)?(?P<minutes>\d+)\s*m", re.IGNORECASE)
_PROMISES = re.compile(
    r"\b(?:would|will|shall|should|must|may|can|aims?|aimed|undertook|undertakes?|promised?|promises|normally|usually|"
    r"expects?|expected|target|deadline|time limit|period|requires?|provides|"
    r"ask(?:s|ed|ing)?|request(?:s|ed|ing)?)\b|\b(?:has|have|had|"
    r"gave|gives?|allows?|allowed)\s+(?:(?!within|in\b|after)\w+\s+){0,3}$",
    re.IGNORECASE,
)


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many lengths of time the sentence states and what speaks against them."""
    reasons = []
    for mention in context.sentence.durations:
        if not _is_borne_out(context, mention):
            reasons.append(Reason("duration", f"{mention.text!r} is not what the evidence says or its dates come to"))
    return len(context.sentence.durations), reasons


def _is_borne_out(context: Context, mention: DurationMention) -> bool:
    side = "" if context.strict else side_of_limit(context, mention)
    if side and _stated(context, mention) != "fact":
        return _is_margin(context, mention, side)
    pairs = [] if mention.unit in _MINUTES or _is_promise(context, mention) else list(ends_of(context, mention))
    stated = _stated(context, mention)
    pairs = _from_the_first(context, mention, pairs)
    if pairs and names_both_days(context, mention):
        return any(satisfies(context, start, end, mention) for start, end in pairs)
    if pairs and (any(satisfies(context, start, end, mention) for start, end in pairs) or stated == "fact"):
        return True
    if not context.strict and _is_some_interval(context, mention):
        return True
    return not pairs and (stated != "" or _is_total(context, mention) or _is_time_of_day(context, mention))


def _is_margin(context: Context, mention: DurationMention, side: str) -> bool:
    """Whether some day of the evidence lies so far before or after the end of a time limit that it gives."""
    limits = [d for reading in context.readings for d in reading.durations if d.unit not in _MINUTES]
    ends = [add_duration(start, limit, context) for start in context.dates for limit in limits]
    ends += list(context.dates)
    for end in ends:
        for day in context.dates:
            first, last = (day, end) if side == "early" else (end, day)
            if first is not None and last is not None and first < last and satisfies(context, first, last, mention):
                return True
    return False


def _from_the_first(
    context: Context, mention: DurationMention, pairs: list[tuple[date, date]]
) -> list[tuple[date, date]]:
    """Only the pairs from the earliest day, where a limit is said to run from the first of several."""
    first = re.search(r"\b(?:first|original|initial)\b", context.sentence.text[mention.end :], re.IGNORECASE)
    if context.strict or first is None or mention.qualifier not in _SHORTER or not pairs:
        return pairs
    earliest = min(start for start, _ in pairs)
    return [pair for pair in pairs if pair[0] == earliest]


def _is_some_interval(context: Context, mention: DurationMention) -> bool:
    """Whether two days of the evidence lie exactly so far apart, whatever happened on them."""
    if mention.qualifier in _LONGER | _SHORTER or mention.unit in _MINUTES or len(context.dates) > _FEW_DAYS:
        return False
    return any(satisfies(context, start, end, mention) for start, end in all_pairs(context.dates))


_CLOCK = re.compile(
    r"(?<![\d.£])(?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]\d)\s*(?P<half>[ap]\.?m\b)?(?![\d%])", re.IGNORECASE
)


def _is_time_of_day(context: Context, mention: DurationMention) -> bool:
    """Whether two times of day of the evidence lie so far apart ("10.05" and "10.53": 48 minutes)."""
    family, value = canonical(mention)
    if family != "minute":
        return False
    spans = list(clock_spans(context))
    if spans:
        return any(_compares(value, length, mention.qualifier) for length in spans)
    for reading in context.readings:
        times = [
            int(m["hour"]) % 12 * 60 + int(m["minute"]) + (720 if _is_late(m) else 0)
            for m in _CLOCK.finditer(reading.text)
        ]
        if any(_compares(value, Decimal(abs(one - other)), mention.qualifier) for one in times for other in times):
            return True
    return False


def _is_late(match: re.Match[str]) -> bool:
    if match["half"]:
        return match["half"].lower().startswith("p")
    return int(match["hour"]) >= 12


def _is_promise(context: Context, mention: DurationMention) -> bool:
    """Whether the sentence reports what was promised or laid down rather than what happened."""
    for segment in context.sentence.segments:
        if segment.start <= mention.start < max(segment.end, mention.end):
            before = context.sentence.text[segment.start : mention.start]
            return _PROMISES.search(before) is not None
    return False


def canonical(mention: DurationMention) -> tuple[str, Decimal]:
    """A length of time in the smallest unit of its family: minutes, days, months, or working days."""
    value = Decimal(mention.value)
    for name, family in (("minute", _MINUTES), ("day", _DAYS), ("month", _MONTHS)):
        if mention.unit in family:
            return name, value * family[mention.unit]
    return mention.unit, value


def _stated(context: Context, mention: DurationMention) -> str:
    """ "fact" where the evidence says it happened so, "rule" where it only promises or prescribes it, else ""."""
    found = ""
    family, value = canonical(mention)
    for reading in context.readings:
        for other in reading.durations:
            other_family, other_value = canonical(other)
            if family == other_family and _compares(value, other_value, mention.qualifier):
                if not _is_rule(reading, other):
                    return "fact"
                found = "rule"
    return found


def _compares(claimed: Decimal, stated: Decimal, qualifier: str) -> bool:
    if claimed == stated:
        return True
    if qualifier in _LONGER:
        return claimed < stated <= claimed * 2
    if qualifier in _ABOUT | _NEARLY:
        return abs(claimed - stated) <= claimed / 10
    return False


def _is_rule(reading: Reading, mention: DurationMention) -> bool:
    for segment in reading.segments:
        if segment.start <= mention.start < max(segment.end, mention.end):
            lows = {token.low for token in segment.tokens}
            promised = any(token.concepts & {"promise", "normal", "require"} for token in segment.tokens)
            return bool(lows & MODALS) or promised or mention.qualifier in _SHORTER
    return False


def _is_total(context: Context, mention: DurationMention) -> bool:
    """Whether a length of work is the total of those in the evidence."""
    family, value = canonical(mention)
    parts = [canonical(d) for reading in context.readings for d in reading.durations]
    same = [amount for name, amount in parts if name == family]
    words = frozenset(re.findall(r"[a-z][a-z\-]+", context.sentence.text.lower()))
    worked = {hours * 60 for reading in context.readings for hours in time_record(reading.text).hours(words)}
    if family == "minute" and (value in worked or value in _hours_and_minutes(context)):
        return True
    sums = {sum(same[i:j], Decimal(0)) for i in range(len(same)) for j in range(i + 2, len(same) + 1)}
    return family == "minute" and value in sums


def _hours_and_minutes(context: Context) -> set[Decimal]:
    found = [m for reading in context.readings for m in _COMPOUND.finditer(reading.text)]
    return {Decimal(m["hours"]) * 60 + Decimal(m["minutes"]) for m in found}


def satisfies(context: Context, start: date, end: date, mention: DurationMention) -> bool:
    """Whether the time from `start` to `end` is what the mention says, its qualifier included."""
    try:
        excess = _excess(context, start, end, mention)
    except OutsideHolidayTable:
        return False
    if excess is None:
        return False
    text = context.sentence.text
    slightly = (
        re.search(r"\b(?:little|just|slightly|barely)\s+(?:over|more than)\s*$", text[: mention.start]) is not None
    )
    return _fits(excess, _length_in_days(mention), mention, slightly=slightly or mention.qualifier == "just over")


def _fits(excess: int, length: int, mention: DurationMention, *, slightly: bool) -> bool:
    qualifier, slack = mention.qualifier, max(2, length // 6)
    if slightly:
        return 0 <= excess <= slack
    if qualifier in _LONGER:
        return excess >= (0 if qualifier in ("at least", "not less than", "no less than") else 1)
    if qualifier in _SHORTER:
        return excess <= 0
    if qualifier in _NEARLY:
        return -slack <= excess <= 0
    if qualifier in _ABOUT:
        return abs(excess) <= slack
    return abs(excess) <= _TOLERANCE[mention.unit]


def _excess(context: Context, start: date, end: date, mention: DurationMention) -> int | None:
    """By how many days (working days for a length in them) the real time exceeds the stated one."""
    if mention.unit == "working_day":
        if snapshot_warning(start) or snapshot_warning(end):
            return None
        return working_days_between(start, end, context.nation) - int(mention.value)
    target = add_duration(start, mention, context)
    return None if target is None else (end - target).days


def _length_in_days(mention: DurationMention) -> int:
    factor = {"day": 1, "working_day": 1, "week": 7, "month": 30, "year": 365}.get(mention.unit, 1)
    return int(Decimal(mention.value) * factor)


def all_pairs(dates: tuple[date, ...]) -> Iterator[tuple[date, date]]:
    """Every two dates, the earlier first."""
    yield from ((start, end) for i, start in enumerate(dates) for end in dates[i + 1 :])
