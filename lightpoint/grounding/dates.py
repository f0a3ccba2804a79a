"""Dates: in the evidence, or computed from it, and said of the same happening. Pure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lightpoint.calendars import OutsideHolidayTable, add_months, add_working_days
from lightpoint.grounding import words
from lightpoint.grounding.alignment import misplaced_day
from lightpoint.grounding.context import PAGE, Context
from lightpoint.grounding.papers import days_of_others_papers
from lightpoint.grounding.predicates import Predicate
from lightpoint.grounding.reading import Segment
from lightpoint.grounding.records import Reason
from lightpoint.language.dates import find_partial_dates, format_date
from lightpoint.language.durations import DurationMention
from lightpoint.language.tax_years import find_tax_years

_DUE = re.compile(
    r"\b(?:would|should|will|due|by|until|up to|deadline|expir\w+|fell|falls?|ran out|last day|latest|"
    r"later than|end(?:ed|s)?|limit|"
    r"must|within)\b", re.IGNORECASE,
)  # fmt: skip


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many dates the sentence states and what speaks against them."""
    reasons = [Reason("date", detail) for detail in (*_unknown_dates(context), *_unknown_periods(context))]
    if not reasons:
        reasons = [Reason("date", detail) for detail in _misplaced(context)] or [
            Reason("date", f"by the evidence that was not on {format_date(day)}")
            for day in (*misplaced_day(context), *days_of_others_papers(context))
        ]
    sentence = context.sentence
    years = find_tax_years(sentence.text)
    return len(find_partial_dates(sentence.text)) + len(sentence.months) + len(years), reasons


def _unknown_dates(context: Context) -> Iterator[str]:
    known = set(context.dates)
    for mention in find_partial_dates(context.sentence.text):
        day, month, year = mention.day, mention.month, mention.year
        if month is None:
            continue
        if any((d.day, d.month) == (day, month) and year in (None, d.year) for d in known):
            continue
        if year is not None and _is_computed(context, year, month, day):
            continue
        partial = [p for r in context.readings for p in find_partial_dates(r.text)]
        other_year = any((d.day, d.month) == (day, month) for d in known)
        same_day = any((p.day, p.month) == (day, month) and (year is None or p.year in (None, year)) for p in partial)
        if same_day and not other_year:
            continue
        yield f"{mention.text} is not in the evidence"


def _is_computed(context: Context, year: int, month: int, day: int) -> bool:
    if not _DUE.search(context.sentence.text):
        return False
    try:
        target = date(year, month, day)
    except ValueError:
        return False
    lengths = [d for reading in (*context.readings, context.sentence) for d in reading.durations]
    return any(add_duration(start, length, context) == target for start in context.dates for length in lengths)


def add_duration(start: date, length: DurationMention, context: Context) -> date | None:
    """The day that lies a length of time after another; None for hours and for days beyond the calendar."""
    value = int(length.value)
    if length.unit in ("month", "year"):
        return add_months(start, value * (12 if length.unit == "year" else 1))
    if length.unit in ("day", "week"):
        return start + timedelta(days=value * (7 if length.unit == "week" else 1))
    if length.unit == "working_day":
        try:
            return add_working_days(start, value, context.nation)
        except OutsideHolidayTable:
            return None
    return None


def _unknown_periods(context: Context) -> Iterator[str]:
    months = {(d.year, d.month) for d in context.dates}
    months |= {(m.year, m.month) for reading in context.readings for m in reading.months}
    for mention in context.sentence.months:
        if (mention.year, mention.month) not in months:
            yield f"nothing in the evidence is dated {mention.text}"
    years = {y.name for y in find_tax_years(context.text)}
    for year in find_tax_years(context.sentence.text):
        if year.name not in years and str(year.first_year) not in context.text:
            yield f"the tax year {year.text} is not in the evidence"
        elif years and year.name not in years:
            yield f"the evidence is about another tax year than {year.text}"
    text = context.sentence.text
    for token in context.sentence.tokens:
        is_year = token.kind == "figure" and len(token.text) == 4 and token.text[:2] in ("19", "20")
        inside = any(y.start <= token.start < y.end for y in find_tax_years(text))
        if is_year and not inside and token.text not in context.text:
            yield f"the year {token.text} is not in the evidence"


def _misplaced(context: Context) -> Iterator[str]:
    """A date of the evidence used for something that happened, by the evidence, on another day."""
    for segment in context.sentence.segments:
        days = days_of(context, segment)
        said = any(
            c.verb and any(words.is_sayso(n) for n in c.concepts) for c in context.claims if c.segment == segment
        )
        if not days or said or _dates_a_paper(segment):
            continue
        for claim in context.claims:
            if claim.segment == segment and claim.verb and _belongs_elsewhere(context, claim, days):
                yield f"by the evidence that {claim.text!r} was not on {format_date(min(days))}"
                break


def days_of(context: Context, segment: Segment) -> frozenset[date]:
    """The one day a clause names, or the days of the evidence in the one month that it names."""
    months = [m for m in context.sentence.months if segment.start <= m.start < segment.end]
    if len(segment.own_dates) + len(months) != 1:
        return frozenset()
    if segment.own_dates:
        return frozenset(segment.own_dates)
    return frozenset(d for d in context.dates if (d.year, d.month) == (months[0].year, months[0].month))


def _dates_a_paper(segment: Segment) -> bool:
    """Whether the date says which letter is meant ("the letter of 28 August") rather than when something happened."""
    for index, token in enumerate(segment.tokens):
        if token.kind == "date" and index:
            before = segment.tokens[index - 1]
            return before.low in ("of", "dated", "until", "from", "since", "between", "by", "before", "to")
    return False


def _belongs_elsewhere(context: Context, claim: Predicate, days: frozenset[date]) -> bool:
    if any(words.is_sayso(name) for name in claim.concepts) or claim.modal or claim.negative:
        return False
    if claim.lemma in words.LIGHT_VERBS:
        return _things_belong_elsewhere(context, claim, days)
    grounds = [g for g in context.grounds if g.concepts & claim.concepts and (g.verb or g.segment.own_dates)]
    here = [g for g in grounds if days & set(g.segment.dates)]
    elsewhere = [g for g in grounds if g.segment.own_dates and not days & set(g.segment.own_dates)]
    if not elsewhere:
        return False
    beside = max(context.overlap(claim.segment.concepts() - claim.concepts, g.segment) for g in elsewhere)
    if len(context.segments) > PAGE and beside < 0.3:
        return False
    if not here:
        return not any(not g.segment.dates for g in grounds)
    wanted = claim.segment.concepts()
    best_here = max(context.overlap(wanted, g.segment) for g in here)
    best_elsewhere = max(context.overlap(wanted, g.segment) for g in elsewhere)
    inherited = all(not g.segment.own_dates for g in here)
    return inherited and best_elsewhere > best_here


def _things_belong_elsewhere(context: Context, claim: Predicate, days: frozenset[date]) -> bool:
    """For a verb that says little ("was taken", "took place"): whether its nouns all stand beside another date."""
    wanted = claim.segment.concepts() - claim.concepts
    here = [s for s in context.segments if days & set(s.dates)]
    elsewhere = [s for s in context.segments if s.own_dates and not days & set(s.own_dates)]
    best_here = max((context.overlap(wanted, s) for s in here), default=0.0)
    best_elsewhere = max((context.overlap(wanted, s) for s in elsewhere), default=0.0)
    return best_here == 0 and best_elsewhere >= 1
