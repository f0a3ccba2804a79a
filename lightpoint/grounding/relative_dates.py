"""Days told by another day of the same text: "the next day", "the following Tuesday", "a week later". Pure."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from lightpoint.language.dates import DateMention
from lightpoint.language.numbers import parse_number_words

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = r"\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen"
_RELATIVE = re.compile(
    r"\b(?:the\s+)?(?:(?P<next>(?:next|following)\s+(?:day|morning)|day\s+after(?=[\s,.;]))|(?P<before>previous\s+day|day\s+before(?=[,.;]|$))|"
    rf"(?P<same>same\s+day)|(?:following|next)\s+(?P<weekday>{'|'.join(_WEEKDAYS)})\b|"
    rf"(?P<number>{_NUMBER})\s+(?P<unit>days?|weeks?)\s+(?:later|afterwards))",
    re.IGNORECASE,
)


def relative_dates(text: str, dates: Sequence[DateMention]) -> list[DateMention]:
    """Resolve days told by the nearest day before them; "the next day ... and the following Tuesday" go on in turn."""
    found: list[DateMention] = []
    for match in _RELATIVE.finditer(text):
        earlier = [m for m in (*dates, *found) if m.end <= match.start()]
        if earlier and not any(m.start < match.end() and match.start() < m.end for m in dates):
            last = max(earlier, key=lambda m: m.end)
            found.append(DateMention(_resolve(match, last.date), match.start(), match.end(), match[0], complete=False))
    return found


def _resolve(match: re.Match[str], day: date) -> date:
    if match["next"]:
        return day + timedelta(days=1)
    if match["before"]:
        return day - timedelta(days=1)
    if match["weekday"]:
        ahead = (_WEEKDAYS.index(match["weekday"].lower()) - day.weekday()) % 7
        return day + timedelta(days=ahead or 7)
    if match["number"]:
        count = (
            1 if match["number"].lower() in ("a", "an") else int(parse_number_words(match["number"]) or match["number"])
        )
        return day + timedelta(days=count * (7 if match["unit"].lower().startswith("week") else 1))
    return day
