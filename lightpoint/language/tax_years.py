"""Tax years in text: "2023-24", "2024/25", "2023 to 2024", "tax year 23-24". They are never dates. Pure."""

import re
from dataclasses import dataclass
from datetime import date

_LONG = r"(?P<first>(?:19|20)\d{2})\s?(?:[-–/]|\s(?:to|and)\s)\s?(?P<last>(?:19|20)?\d{2})(?![\w/\-–]|[.,]\d)"
_SHORT = r"(?:tax\s+years?|\byears?|\bfor|\bSA)\s+(?P<first>\d{2})[-–/](?P<last>\d{2})(?![\w/\-–]|[.,]\d)"
_ENDED = r"year(?:s)?\s+end(?:ed|ing)\s+5\s+april\s+(?P<last>(?:19|20)\d{2})"


@dataclass(frozen=True, slots=True)
class TaxYearMention:
    """The tax year that began on 6 April of `first_year`; `text == source[start:end]`."""

    first_year: int
    start: int
    end: int
    text: str

    @property
    def name(self) -> str:
        """The year as letters write it: "2023-24"."""
        return f"{self.first_year}-{(self.first_year + 1) % 100:02d}"

    @property
    def begins(self) -> date:
        """6 April."""
        return date(self.first_year, 4, 6)

    @property
    def ends(self) -> date:
        """5 April of the year after."""
        return date(self.first_year + 1, 4, 5)


def find_tax_years(text: str) -> list[TaxYearMention]:
    """Return the tax years named in `text`, in order; two years that do not follow each other are none."""
    found: dict[int, TaxYearMention] = {}
    for pattern in (rf"(?<![\w/\-–.£]){_LONG}", _SHORT):
        for match in re.finditer(pattern, text, re.IGNORECASE):
            first, start = int(match["first"]), match.start("first")
            if (first + 1) % 100 == int(match["last"]) % 100 and start not in found:
                full = first if first > 99 else 2000 + first
                found[start] = TaxYearMention(full, start, match.end(), text[start : match.end()])
    for match in re.finditer(_ENDED, text, re.IGNORECASE):
        found[match.start()] = TaxYearMention(int(match["last"]) - 1, match.start(), match.end(), match[0])
    return [found[start] for start in sorted(found)]
