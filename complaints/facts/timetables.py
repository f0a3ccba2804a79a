"""The columns of a time table, by their headings and, where a heading says nothing, by what stands below it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from complaints.facts.timecells import Measure, day_of, is_flag, measure_of
from lightpoint.language.dates import find_dates

Field = Literal[
    "on", "minutes", "hours", "units", "time", "start", "end", "additional", "ordinary", "grade", "person",
    "narrative", "rate", "value",
]  # fmt: skip

_TIME_WORDS = r"min(?:ute)?s?\b|hours?\b|hrs?\b|time\b|duration\b"
# A heading is the field whose words weigh most in it.
_HEADINGS: tuple[tuple[Field, int, str], ...] = (
    ("units", 6, r"\bunits?\b"),
    ("rate", 6, r"\brates?\b(?! (?:band|grade))|\bper hour\b|£\s?/\s?h|\bhourly\b|\bp/?h\b"),
    ("ordinary", 6, r"\b(?:routine|normal|ordinary|usual|in fixed fee|fixed fee|included|non[- ]?claimable)\b"),
    ("additional", 5, r"\bhmrc\b|\badd(?:itional|['’]?l|n)?\b|\bextra\b|\bcaused\b|\bdue to\b|\battribut|\bre-?charg"),
    ("additional", 5, r"\brecover|\bredress\b|\bcompensat|\bclaim|\bmistake\b|\berror\b|\bover and above\b"),
    ("additional", 3, r"\bcharge(?:able|d)?\b|\bbill(?:able|ed)?\b|\by\s?/\s?n\b|\bflag\b|\btick\b|\bmark(?:ed|er)?\b"),
    ("additional", 1, r"\b(?:type|category|class|status|code|tag|analysis)\b|\?\s*$"),
    ("on", 4, r"\b(?:date|day|when|dated)\b"),
    ("minutes", 4, r"\bmin(?:ute)?s?\b"),
    ("hours", 4, r"\bhours?\b|\bhrs?\b|\bh:mm\b|\bhh:mm\b"),
    ("time", 2, r"\btime\b|\bduration\b|\blength\b|\bqty\b|\bquantity\b|\bspent\b"),
    ("start", 3, r"^\W*(?:start(?:ed)?|from|begin|began)\b"),
    ("end", 3, r"^\W*(?:end(?:ed)?|to|finish(?:ed)?|until|stop)\W*(?:time)?\W*$"),
    ("grade", 4, r"\bgrade\b|\blevel\b|\brole\b|\bband\b|\brank\b|\bposition\b|\bseniority\b|\bjob title\b"),
    ("person", 3, r"\bperson\b|\bstaff\b|\bby\b|\bfee ?earner\b|\bwho\b|\bname\b|\binitials?\b|\bemployee\b|\buser\b"),
    ("person", 3, r"\bteam member\b|\btime ?keeper\b|\bcolleague\b|\badviser\b|\bauthor\b|\boperator\b"),
    ("narrative", 3, r"\bnarrative\b|\bdetails?\b|\bdescription\b|\bwhat\b|\bparticulars\b|\bcomments?\b|\bactivit"),
    ("narrative", 2, r"\bwork\b|\btasks?\b|\bnotes?\b|\bsubject\b|\bmemo\b|\breason\b|\baction\b|\bservice\b|\bitem\b"),
    ("value", 2, r"\bamount\b|\bvalue\b|£|\bcharge\b|\bcost\b|\bfees?\b"),
)
_PATTERNS = tuple((field, weight, re.compile(words, re.I)) for field, weight, words in _HEADINGS)
_MEASURES: tuple[Field, ...] = ("minutes", "hours", "units", "time")


@dataclass(frozen=True, slots=True)
class Table:
    """Which column holds what. `extra` is a column of minutes that are additional out of the minutes of the row."""

    columns: dict[Field, int]
    narrative: tuple[int, ...]
    measures: dict[int, Measure]
    unit: int = 6
    extra: int | None = None


def heading_fields(cells: Sequence[str]) -> dict[int, Field]:
    """What each cell of a heading announces; nothing if the row is no heading of a time table."""
    if len(cells) < 3 or any(find_dates(cell) for cell in cells) or any(len(cell) > 60 for cell in cells):
        return {}
    ranked = sorted(
        (-weight, index, field)
        for index, cell in enumerate(cells)
        for field, weight, pattern in _PATTERNS
        if pattern.search(cell)
    )
    fields: dict[int, Field] = {}
    for _, index, field in ranked:
        if index not in fields and (field in {"narrative", "value"} or field not in fields.values()):
            fields[index] = field
    found = set(fields.values())
    timed = found & set(_MEASURES) or {"start", "end"} <= found
    return fields if timed and len(found - {"value"}) >= 3 and found & {"on", "narrative"} else {}


def read_table(heading: Sequence[str], rows: Sequence[Sequence[str]], grades: Sequence[str]) -> Table | None:
    """The columns of a table; None where no day, no time or no account of the work can be made out."""
    fields = heading_fields(heading)
    columns: dict[Field, int] = {}
    for index, field in sorted(fields.items()):
        columns.setdefault(field, index)
    bodies = {i: [row[i] for row in rows if i < len(row) and row[i]] for i in range(max(map(len, [heading, *rows])))}
    free = [i for i in bodies if i not in fields or fields[i] == "value"]
    columns |= _inferred(columns, bodies, free, grades)
    extra = _extra_minutes(columns, heading, bodies)
    if "additional" in columns and (extra or not _flags(bodies[columns["additional"]], heading[columns["additional"]])):
        fields.setdefault(columns["additional"], "additional")
        lost = columns.pop("additional")
        if not extra and len(" ".join(bodies[lost]).split()) > 2 * len(bodies[lost]):
            fields[lost] = "narrative"
    narrative = tuple(i for i, field in sorted(fields.items()) if field == "narrative")
    narrative = narrative or _longest(bodies, [i for i in free if i not in columns.values()])
    if "on" not in columns or not narrative:
        return None
    return Table(columns, narrative, _measures(columns, heading, bodies), _unit(heading), extra)


def _inferred(
    columns: dict[Field, int], bodies: dict[int, list[str]], free: Sequence[int], grades: Sequence[str]
) -> dict[Field, int]:
    """Columns with a silent heading, known by their contents."""
    found: dict[Field, int] = {}
    named = {grade.casefold() for grade in grades}
    for index in free:
        cells = bodies[index]
        if not cells:
            continue
        if "on" not in columns | found and all(day_of(cell, None) for cell in cells):
            found["on"] = index
        elif "grade" not in columns | found and all(cell.casefold() in named for cell in cells):
            found["grade"] = index
        elif not {"additional", "ordinary"} & (columns | found).keys() and all(map(is_flag, cells)):
            found["additional"] = index
    if "grade" not in columns | found and "person" in columns:
        cells = bodies[columns["person"]]
        found |= {"grade": columns["person"]} if cells and all(cell.casefold() in named for cell in cells) else {}
    return found


def _flags(cells: Sequence[str], heading: str) -> bool:
    """Whether a column marks its rows: by its heading if that is plain, otherwise by short marks below it."""
    plain = re.search(r"\bhmrc\b|\badd|\bextra\b|\bclaim|\bcharg|\bre-?charg|\brecover", heading, re.I)
    return bool(plain) or all(map(is_flag, cells))


def _extra_minutes(columns: dict[Field, int], heading: Sequence[str], bodies: dict[int, list[str]]) -> int | None:
    """A column headed "Extra mins" or "HMRC time" that holds figures is time, not a mark."""
    index = columns.get("additional")
    if index is None or not set(_MEASURES) & columns.keys():
        return None
    timed = re.search(rf"\b(?:{_TIME_WORDS})", heading[index] if index < len(heading) else "", re.I)
    figures = [cell for cell in bodies[index] if re.fullmatch(r"\d+(?:[.:]\d+)?", cell)]
    large = any(cell not in {"0", "1"} for cell in figures)
    return index if figures and len(figures) == len(bodies[index]) and (timed or large) else None


def _longest(bodies: dict[int, list[str]], free: Sequence[int]) -> tuple[int, ...]:
    sizes = sorted((-sum(map(len, bodies[i])) / len(bodies[i]), i) for i in free if bodies[i])
    return (sizes[0][1],) if sizes and sizes[0][0] < -8 else ()


def _measures(columns: dict[Field, int], heading: Sequence[str], bodies: dict[int, list[str]]) -> dict[int, Measure]:
    found: dict[int, Measure] = {}
    for field in _MEASURES:
        index = columns.get(field)
        if index is None:
            continue
        title = heading[index]
        if field in {"minutes", "units"}:
            found[index] = field
        elif re.search(r"\bh(?:ou)?rs?\.m|\bh\.mm\b", title, re.I):
            found[index] = "clock"
        else:
            found[index] = "hours" if field == "hours" else measure_of(bodies[index])
    return found


def _unit(heading: Sequence[str]) -> int:
    """Minutes of a unit, where the heading states them ("Units (5 mins)")."""
    stated = [re.search(r"(\d{1,2})[ -]*min", cell, re.I) for cell in heading if re.search(r"\bunits?\b", cell, re.I)]
    return next((int(found.group(1)) for found in stated if found), 6)
