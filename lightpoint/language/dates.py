"""UK dates in text: day first, in every dress that letters, e-mails, call notes and bank statements give them. Pure.

A date without its year ("28 October", "23/9", "the 8th") is resolved by a reference day, in words of the text: the
latest such day not after the reference, unless the words look ahead ("by", "until", "due", "next", "will") or the
day comes a few weeks after the reference and its last one was most of a year before it ("3/2" in a note of 17 January).
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from lightpoint.language.places import TakenPlaces

_MONTH_NAMES = (
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
    "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
MONTH = rf"(?:{'|'.join(_MONTH_NAMES)})"
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = rf"(?:19|20)[0-9]{{2}}(?![0-9]|[\-–/][0-9]{{2}}\b(?!\s*{MONTH}))"
_SHORT_YEAR = (
    r"'?[0-9]{2}(?![0-9A-Za-z%]|[,.:/\-–][0-9]|\s*(?:am|pm|noon|hours?|hrs?|min(?:ute)?s?|"
    r"(?:working |calendar )?days?|weeks?|months?|years?|per ?cent|%|pounds?|letters?|calls?|pages?)\b)"
)
_LEAD = rf"(?:\b{WEEKDAY}\.?,?\s+)?(?:the\s+)?"
_NUMERIC_EDGE = r"(?<![\w£$/.])(?<![\d.,£$] )(?<![A-Za-z][\-–])"

_NAMED = re.compile(
    rf"(?<![\w£$/.])(?P<lead>{_LEAD})(?P<day>{_DAY})(?P<suffix>st|nd|rd|th)?(?:\s+day)?"
    rf"(?:\s+of\s+(?:the\s+)?|[ \t]*\r?\n[ \t]*|[\s\-.,/]*)(?P<month>{MONTH})(?![a-z])\.?"
    rf"(?:[\s,\-./]*(?P<year>{_YEAR})|[ \t'\-./]*(?P<short>{_SHORT_YEAR}))?",
    re.IGNORECASE,
)
_GLUED = re.compile(
    rf"(?<![\w£$/.\-])(?P<day>0[1-9]|[12][0-9]|3[01])(?P<month>{MONTH})(?P<year>(?:19|20)?[0-9]{{2}})(?![\w/]|[.\-]\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b(?:{WEEKDAY}\.?,?\s+)?(?P<month>{MONTH})\b\.?\s+(?:the\s+)?(?P<day>{_DAY})"
    rf"(?:(?P<suffix>st|nd|rd|th)\b(?:,?\s+(?P<year>{_YEAR}))?|,?\s+(?P<plain>{_YEAR}))",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    rf"{_NUMERIC_EDGE}(?:\b{WEEKDAY}\.?,?\s+)?(?P<day>{_DAY})(?P<gap>\s?[./\-]\s?)(?P<month>0?[1-9]|1[0-2])(?P=gap)"
    r"(?P<year>(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9A-Za-z]|/\w|\.\d|-\d(?![\d./]*[./]\d))",
    re.IGNORECASE,
)
_SPACED = re.compile(
    r"(?<![\w£$/.\-])(?<!\d )(?P<day>0[1-9]|[12][0-9]|3[01]) (?P<month>0[1-9]|1[0-2]) (?P<year>(?:19|20)[0-9]{2})"
    r"(?![\w/]|[.\-, ]\d)"
)
_ISO = re.compile(
    r"(?<![\w£$/.\-])(?P<year>(?:19|20)[0-9]{2})(?P<gap>[\-/.])(?P<month>0[1-9]|1[0-2])(?P=gap)(?P<day>0[1-9]|[12][0-9]|3[01])"
    r"(?=T\d|(?![\w/]|[.\-]\d))"
)
_BARE_NUMERIC = re.compile(
    rf"{_NUMERIC_EDGE}(?:\b(?P<weekday>{WEEKDAY})\.?,?\s+)?(?P<day>{_DAY})/(?P<month>0?[1-9]|1[0-2])(?![\w/%]|[.,\-]\d)",
    re.IGNORECASE,
)
_THE_NTH = re.compile(
    rf"\b(?:(?P<weekday>{WEEKDAY})\.?,?\s+(?:the\s+)?|the\s+|(?:on|of|dated|from|by|until|since)\s+)(?P<day>{_DAY})(?:st|nd|rd|th)\b"
    r"(?:\s+inst\b\.?)?(?=\s*(?:$|[^\w\s]|\r?\n)|\s+(?:and|or|but|to|at|by|from|in|when|that|which|who|is|was|were|has|had|"
    r"will|we|i|he|she|they|it|you|for|because|with|as|so|on|until|before|after|then|if|about|asking|saying|he's|original)\b)",
    re.IGNORECASE,
)
_WELSH_MONTHS = (
    "ionawr", "chwefror", "mawrth", "ebrill", "mai", "mehefin", "gorffennaf", "awst", "medi", "hydref", "tachwedd",
    "rhagfyr",
)  # fmt: skip
_WELSH = re.compile(
    rf"(?<![\w£$/.])(?P<day>{_DAY})(?:ain|af|fed|eg|ydd)?\s+(?:o\s+)?(?P<month>{'|'.join(_WELSH_MONTHS)})"
    rf"(?:\s*/\s*(?:{_DAY}\s+)?{MONTH})?(?:\s+(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
_DAYS_BEFORE = re.compile(
    rf"(?<![\w£$/.,])(?P<lead>(?:the\s+)?)(?P<day>{_DAY})(?P<suffix>st|nd|rd|th)?(?P<month>\s+{MONTH}\b\.?)?"
    r"(?P<joint>\s*,\s*(?:and\s+)?|\s*(?:\band\b|\bor\b|&|\bto\b|-|–|\buntil\b|\btill\b)\s*)(?:the\s+)?$",
    re.IGNORECASE,
)

_CLAIMED = re.compile(
    r"(?:\b(?:flat|unit|no|number|tier|page|box|item|room|suite|floor|section|para|paragraph|schedule|sch|invoice|point|"
    r"chapter|form|head|year|stage|step)s?\.?\s*\d+|[A-Z]\d+)\s*(?:,|,?\s*\band\b|&|\bto\b|-|–)\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:next|due|no later than|not later than|deadline|expires?|will|shall|must|going to|to be|please|"
    r"respond by|reply by|pay by|payable)\b[^.;\n]{0,30}$",
    re.IGNORECASE,
)
_PERHAPS_AHEAD = re.compile(r"\b(?:by|until|till|before|on or before|diary|check|up to)\b[^.;\n]{0,25}$", re.IGNORECASE)
_WILL_AFTER = re.compile(r"^[^.;\n]{0,25}\b(?:will|shall|is due|at the latest)\b", re.IGNORECASE)
_PAST_BEFORE = re.compile(r"\b(?:was|were|had|should have|fell)\b[^.;\n]{0,45}$", re.IGNORECASE)
_DATE_CUE = re.compile(
    r"(?:\b(?:\w{2,}ed|wrote|told|spoke|on|of|dated?|by|until|till|from|to|since|before|after|and|post|sent|changed|called|rang|call|issued|run|"
    r"check|received|letter|filed|paid|recd|rec'd|notice|e-?mail|due|ltr|w/c|wef|at)\b|[,(\[|]|^)[ \t:.]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NO_DATE_CUE = re.compile(
    r"\b(?:pages?|pp?|sections?|sect|s|paras?|paragraph|clause|version|v|tax years?|years?|periods?|quarter|qtr|form|"
    r"box|item|no|number|ref|reference|tier|chapter|sort code|phone|tel|fax|flat|unit|code|sch|schedule|minutes?|score|"
    r"ratio)[.:#]?\s*$",
    re.IGNORECASE,
)
_NO_NUMERIC_CUE = re.compile(
    r"\b(?:sort code|version|v|para(?:graph)?|section|clause|phone|tel)[.:]?\s*$", re.IGNORECASE
)
_SOON = timedelta(days=62)
_LONG_AGO = timedelta(days=300)
_FRACTIONS = {"1/2", "1/3", "2/3", "1/4", "3/4", "1/5", "1/8", "1/10", "24/7", "9/11"}


@dataclass(frozen=True, slots=True)
class DateMention:
    """A day named in text: `text == source[start:end]`; `complete` where the text itself gives the year."""

    date: date
    start: int
    end: int
    text: str
    complete: bool


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day as written, before anything is inferred; `year` and `month` are None where the text leaves them out."""

    day: int
    month: int | None
    year: int | None
    start: int
    end: int
    text: str
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class MonthMention:
    """A month of a year without a day ("April 2025"): not a date."""

    year: int
    month: int
    start: int
    end: int
    text: str


def find_dates(text: str, *, reference: date | None = None) -> list[DateMention]:
    """Return the days named in `text`, in order.

    A day without its year is resolved by `reference`, usually the date of the document, and left out where there is
    none. Impossible days (31 February), reference numbers, tax years, sums of money and phone numbers give nothing.
    """
    found = [_resolve(partial, text, reference) for partial in find_partial_dates(text)]
    return [mention for mention in found if mention is not None]


def find_partial_dates(text: str) -> list[PartialDate]:
    """Return the days named in `text` as far as the text gives them, in order, without guessing a year."""
    return list(_read_again(text) if len(text) < _SENTENCE else _partial_dates(text))


def _partial_dates(text: str) -> tuple[PartialDate, ...]:
    taken = TakenPlaces()
    chosen = [partial for partial in _candidates(text) if taken.claim(partial.start, partial.end)]
    chosen.sort(key=lambda partial: partial.start)
    return tuple(sorted(_share_years(text, chosen), key=lambda partial: partial.start))


_SENTENCE = 2_000
# A sentence is asked for its dates by one rule after the other; only its readings are kept, not those of whole pages.
_read_again = lru_cache(maxsize=128)(_partial_dates)


def find_months(text: str) -> list[MonthMention]:
    """Return months named with their year and without a day: "April 2025", "Nov 2024"."""
    days = find_partial_dates(text)
    found = []
    for match in re.finditer(rf"\b(?P<month>{MONTH})\b\.?,?\s+(?P<year>{_YEAR})", text, re.IGNORECASE):
        if not any(match.start() < day.end and day.start < match.end() for day in days):
            number = _month_number(match["month"])
            found.append(MonthMention(int(match["year"]), number, match.start(), match.end(), match[0]))
    return found


def format_date(day: date) -> str:
    """Return a date as letters write it: "4 March 2024"."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def full_year(year: str) -> int:
    """Return a year of two or four digits in full: below 70 in this century, otherwise in the last."""
    number = int(year.lstrip("'"))
    return number if number > 99 else number + (2000 if number < 70 else 1900)


def _candidates(text: str) -> Iterator[PartialDate]:
    """Yield every reading, the surer kind first, so that the first of two that overlap is the one to keep."""
    for pattern in (_WELSH, _ISO, _NUMERIC, _SPACED, _GLUED, _NAMED, _MONTH_FIRST, _BARE_NUMERIC, _THE_NTH):
        for match in pattern.finditer(text):
            partial = _read(match)
            if partial and _is_plausible(partial, match):
                yield partial


def _read(match: re.Match[str]) -> PartialDate | None:
    groups = match.groupdict()
    year = groups.get("year") or groups.get("plain") or groups.get("short")
    month = groups.get("month")
    written = re.sub(r"^(?:on|of|dated|from|by|until|since)\s+", "", match[0], flags=re.IGNORECASE)
    start = match.end() - len(written)
    written = written.rstrip(".")
    partial = PartialDate(
        day=int(groups["day"]),
        month=_month_number(month) if month else None,
        year=full_year(year) if year else None,
        start=start,
        end=start + len(written),
        text=written,
        weekday=_weekday(written),
    )
    return partial if _exists(partial) else None


def _is_plausible(partial: PartialDate, match: re.Match[str]) -> bool:
    before = match.string[max(0, partial.start - 30) : partial.start]
    if match.re is _NAMED:
        return _is_named_date(partial, match)
    if match.re is _NUMERIC:
        return not re.search(
            r"\b(?:sort code|version|v|para(?:graph)?|section|clause|phone|tel)[.:]?\s*$", before, re.I
        )
    if match.re is _BARE_NUMERIC:
        return _is_bare_numeric_date(match, before)
    return True


def _is_named_date(partial: PartialDate, match: re.Match[str]) -> bool:
    """Tell "12 May" from "12 may be", and "3 Mar" from a house number."""
    month = match["month"]
    if partial.year is None and month == "may":
        return match["suffix"] is not None
    after = match.string[match.end() : match.end() + 12]
    return not (partial.year is None and re.match(r"\s+(?:Street|Road|Avenue|Lane|Close|Drive|Gardens)\b", after))


def _is_bare_numeric_date(match: re.Match[str], before: str) -> bool:
    written = f"{match['day']}/{match['month']}"
    if _NO_DATE_CUE.search(before):
        return False
    if match["weekday"]:
        return True
    cued = bool(_DATE_CUE.search(before))
    if written in _FRACTIONS:
        return bool(re.search(r"\b(?:on|dated|until|since|letter of|post|issued|received)\s+$", before, re.IGNORECASE))
    return cued or len(written) == 5


def _share_years(text: str, chosen: Sequence[PartialDate]) -> list[PartialDate]:
    """Give the days of "4 and 9 March 2023" and "1 February, 9 March and 22 June 2023" their month and year."""
    shared: list[PartialDate] = []
    for partial in reversed(chosen):
        if any(partial.start < other.end and other.start < partial.end for other in shared[-_NEIGHBOURS:]):
            continue
        shared.append(partial)
        if partial.month is None:
            continue
        current = partial
        while (earlier := _listed_before(text, current)) is not None:
            shared[-_NEIGHBOURS:] = [
                other
                for other in shared[-_NEIGHBOURS:]
                if not (other.start < earlier.end and earlier.start < other.end)
            ]
            shared.append(earlier)
            current = earlier
    return shared


_NEIGHBOURS = 4  # days are read from the last to the first, so only those read last can overlap with the next


def _listed_before(text: str, later: PartialDate) -> PartialDate | None:
    floor = max(0, later.start - 40)
    match = _DAYS_BEFORE.search(text[floor : later.start])
    if not match or (match["suffix"] is None and match["month"] is None and _counts_something(text, later)):
        return None
    month = _month_number(match["month"]) if match["month"] else later.month
    start = floor + match.start()
    end = floor + match.end("month" if match["month"] else "suffix" if match["suffix"] else "day")
    partial = PartialDate(int(match["day"]), month, later.year, start, end, text[start:end])
    if _follows(partial, later) and match["month"] and later.year:
        partial = replace(partial, year=later.year - 1)
    return partial if _exists(partial) else None


def _counts_something(text: str, later: PartialDate) -> bool:
    """A bare number before a date belongs to no list of days where a word such as "flat" or "section" claims it."""
    return bool(_CLAIMED.search(text, max(0, later.start - 30), later.start))


def _follows(one: PartialDate, other: PartialDate) -> bool:
    return one.month is not None and other.month is not None and (one.month, one.day) > (other.month, other.day)


def _resolve(partial: PartialDate, text: str, reference: date | None) -> DateMention | None:
    if partial.year is not None and partial.month is not None:
        day = date(partial.year, partial.month, partial.day)
        return DateMention(day, partial.start, partial.end, partial.text, complete=True)
    if reference is None:
        return None
    options = _options(partial, reference)
    if not options:
        return None
    day = _choose(options, partial, text, reference)
    return DateMention(day, partial.start, partial.end, partial.text, complete=False)


def _options(partial: PartialDate, reference: date) -> list[date]:
    """Return the days within about five years (or, for "the 8th", some months) that the words could mean."""
    if partial.month is not None:
        pairs = [(reference.year + n, partial.month) for n in range(-5, 5)]
    else:
        first = reference.year * 12 + reference.month - 1
        pairs = [((first + n) // 12, (first + n) % 12 + 1) for n in range(-6, 7)]
    days = [date(y, m, partial.day) for y, m in pairs if partial.day <= calendar.monthrange(y, m)[1]]
    by_weekday = [day for day in days if day.weekday() == partial.weekday]
    return by_weekday or days


def _choose(options: Sequence[date], partial: PartialDate, text: str, reference: date) -> date:
    before = text[max(0, partial.start - 60) : partial.start]
    after = text[partial.end : partial.end + 40]
    past = [day for day in options if day <= reference]
    ahead = [day for day in options if day >= reference]
    nearest = min(options, key=lambda day: (abs(day - reference), day > reference))
    if partial.weekday is not None and abs(nearest - reference) < timedelta(days=200) and not past:
        return nearest
    looks_ahead = bool(_AHEAD.search(before))
    if looks_ahead and ahead and not _PAST_BEFORE.search(before):
        return min(ahead)
    if looks_ahead or _PERHAPS_AHEAD.search(before) or _WILL_AFTER.search(after):
        return nearest
    soon = bool(ahead and past) and min(ahead) - reference <= _SOON and reference - max(past) >= _LONG_AGO
    return max(past) if past and not soon else nearest


def _exists(partial: PartialDate) -> bool:
    if partial.month is None:
        return True
    longest = calendar.monthrange(partial.year or 2024, partial.month)[1]
    return 1 <= partial.day <= longest


_MONTHS = tuple(name.lower() for name in calendar.month_abbr)
_DAYS = tuple(name.lower() for name in calendar.day_abbr)


def _month_number(month: str) -> int:
    name = month.strip().rstrip(".").lower()
    if name in _WELSH_MONTHS:
        return _WELSH_MONTHS.index(name) + 1
    return int(name) if name.isdigit() else _MONTHS.index(name[:3])


def _weekday(written: str) -> int | None:
    match = re.match(rf"\W*({WEEKDAY})\b", written, re.IGNORECASE)
    return _DAYS.index(match[1][:3].lower()) if match else None
