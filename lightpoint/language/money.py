"""Sums of money in pounds, as written in letters, tables and e-mails. Pure; Decimal throughout."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lightpoint.language.numbers import NUMBER_WORDS, parse_number_words
from lightpoint.language.places import TakenPlaces

_SIGN = r"(?:£|￡|\bGBP\s?)"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+(?=\.\d{2}\b)|\d+)(?:\.\d{1,2}(?!\d))?"
_SCALE = r"(?:(?:\s?(?=[tmb]\w{2})|(?=\w))(?P<scale>thousand|million|billion|mn|bn|m|k)\b)?"
_FACTORS = {"thousand": 10**3, "k": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}
_FACTORS["grand"] = 10**3
_END = r"(?![\d]|[.,]\d|\s?(?:%|per ?cent))"

_EXPLICIT = re.compile(
    rf"(?P<minus>(?<![\w\d])[-–−]\s?)?{_SIGN}[ \t\xa0]?(?P<minus2>[-–−]\s?)?(?P<number>{_NUMBER}){_SCALE}{_END}",
    re.IGNORECASE,
)
_WITH_NAME = re.compile(
    rf"(?<![\w.,£￡/])(?P<number>{_NUMBER}){_SCALE}\s?(?:pounds(?:\s+sterling)?\b|GBP\b)", re.IGNORECASE
)
_IN_WORDS = re.compile(rf"\b(?P<words>{NUMBER_WORDS})\s+(?P<name>pounds?|grand)\b(?!\s+total)", re.IGNORECASE)
_GRAND = re.compile(
    r"(?<![\w.,/£￡])(?P<number>\d{1,4}(?:\.\d{1,2})?)(?:\s?(?P<name>grand)\b(?!\s+total)|(?P<scale>k)\b)",
    re.IGNORECASE,
)
_PENCE = re.compile(r"(?<![\w.,£￡/])(?P<number>\d{1,2})p\b(?!\.?\s?\d)")
_RANGE_END = re.compile(rf"(?<=[0-9km])\s?[-–]\s?(?P<number>{_NUMBER}){_SCALE}{_END}", re.IGNORECASE)
_NOT_MONEY_AFTER = (
    r"\s?(?:%|per\s?cent|hours?\b|hrs?\b|mins?\b|minutes?\b|days?\b|weeks?\b|months?\b|years?\b|miles\b|points?\b|x\b)"
)
_BARE = re.compile(
    r"(?<![\w.,£￡$€/:#\-–])(?<![$€] )(?P<open>\()?(?P<minus>[-–−])?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d+\.\d{2})(?P<close>\))?(?P<credit>\s?(?:CR|DR)\b|-(?=\s|$))?"
    rf"(?![\d\w/]|[.,:\-–]\d|{_NOT_MONEY_AFTER})"
)
_NUMBERED = re.compile(
    r"\b(?:para(?:graph)?s?|sections?|sect?|version|v|clause|box|page|rule|part|step|chapter|art(?:icle)?|reg(?:ulation)?|no|table)"
    r"\.?\s*$",
    re.IGNORECASE,
)
_TIME_LIKE = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")
_TIME_NEAR = re.compile(
    r"(?:\b(?:at|from|to|until|till|between|and|by|start|end|typed|up)\s*:?|[-–])\s*$", re.IGNORECASE
)
_TIME_AFTER = re.compile(r"\s*(?:am|pm|hrs|hours|a\.m|p\.m|noon|same day|to\b|[-–])", re.IGNORECASE)
_ROUNDED = r"about|around|approximately|approx\.?|roughly|some|nearly|almost|circa|c\.?|ca\.?|in the region of|~"
_BOUNDED = r"over|under|above|below|at least|at most|up to|more than|less than|in excess of|no more than|not more than"
_QUALIFIER = re.compile(
    rf"(?<![\w])(?P<word>(?P<rounded>{_ROUNDED})|just over|just under|well over|{_BOUNDED})\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class MoneyMention:
    """A sum in pounds: `text == source[start:end]`.

    `value` is the size, never below zero; `negative` tells a minus or accountant's brackets. `explicit` where a pound
    sign, GBP or the word stands with it. `approximate` where the writer rounds: "about £900", "6.3k", "sixteen grand".
    `qualifier` is the word before it that bends it ("about", "more than"), or "".
    """

    value: Decimal
    start: int
    end: int
    text: str
    explicit: bool
    approximate: bool = False
    negative: bool = False
    qualifier: str = ""


def find_amounts(text: str) -> list[MoneyMention]:
    """Return the sums in `text`, in order: "£1,234.50", "£1.5m", "6.3k", "(71,260)", "5,400.00", "86400.00".

    Bare figures count when they have pence or thousands commas. Clock times ("14.05"), percentages, dates, references
    and plain whole numbers do not.
    """
    taken = TakenPlaces()
    chosen = [mention for mention in _candidates(text) if taken.claim(mention.start, mention.end)]
    return sorted(chosen, key=lambda mention: mention.start)


def format_money(value: Decimal, *, pence: bool = True) -> str:
    """Return "£1,234.50", "-£5.00"; without `pence`, "£100" for a sum in whole pounds."""
    exact = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    sign = "-" if exact < 0 else ""
    whole = not pence and exact == exact.to_integral_value()
    return f"{sign}£{abs(exact):,.0f}" if whole else f"{sign}£{abs(exact):,.2f}"


def _candidates(text: str) -> Iterator[MoneyMention]:
    for pattern in (_EXPLICIT, _WITH_NAME, _IN_WORDS, _GRAND, _PENCE):
        for match in pattern.finditer(text):
            yield _read(match, explicit=pattern is not _GRAND)
            if pattern is _EXPLICIT and (other := _RANGE_END.match(text, match.end())):
                yield _read(other, explicit=True)
    for match in _BARE.finditer(text):
        if not _is_clock_time(match) and not _NUMBERED.search(text, max(0, match.start() - 15), match.start()):
            yield _read(match, explicit=False)


def _read(match: re.Match[str], *, explicit: bool) -> MoneyMention:
    groups = match.groupdict()
    scale = (groups.get("scale") or ("grand" if (groups.get("name") or "").lower() == "grand" else "")).lower()
    value = _value(groups) * _FACTORS.get(scale, 1)
    if match.re is _PENCE:
        value /= 100
    start, end, negative = _edges(match)
    bent = _QUALIFIER.search(match.string, max(0, start - 20), start)
    return MoneyMention(
        value=value.quantize(Decimal("0.01")),
        start=start,
        end=end,
        text=match.string[start:end],
        explicit=explicit and scale != "grand",
        approximate=scale in ("k", "grand") or bool(bent and bent["rounded"]),
        negative=negative,
        qualifier=" ".join(bent["word"].lower().split()).rstrip(".") if bent else "",
    )


def _value(groups: dict[str, str | None]) -> Decimal:
    if groups.get("words"):
        return Decimal(parse_number_words(groups["words"] or "") or 0)
    number = (groups["number"] or "0").replace(",", "")
    whole, _, pence = number.rpartition(".")
    return Decimal(f"{whole.replace('.', '')}.{pence}" if whole else number)


def _edges(match: re.Match[str]) -> tuple[int, int, bool]:
    """Return where the mention begins and ends, and whether a minus, CR or a pair of brackets makes it negative."""
    groups = match.groupdict()
    text = match.string
    if match.re is _EXPLICIT and text.startswith("(", max(0, match.start() - 1)) and text.startswith(")", match.end()):
        return match.start(), match.end(), bool(_ROW_END.match(text, match.end() + 1))
    in_brackets = bool(groups.get("open") and groups.get("close"))
    lone_bracket = bool(groups.get("open") or groups.get("close")) and not in_brackets
    start = match.start("number") if lone_bracket or match.re is _RANGE_END else match.start()
    end = match.end("number") if lone_bracket else match.end()
    signs = (groups.get("minus"), groups.get("minus2"), (groups.get("credit") or "").strip() in ("CR", "-"))
    return start, end, in_brackets or any(signs)


_LINE = 400  # a line is read no farther on either side of a figure
_ROW_END = re.compile(r"[ \t|]*(?:\n|$)")


def _is_clock_time(match: re.Match[str]) -> bool:
    """A figure such as 14.05 is a time unless its line, or the end of a line beside it, is clearly money."""
    if not _TIME_LIKE.fullmatch(match["number"]):
        return False
    text = match.string
    near, far = max(0, match.start() - _LINE), match.end() + _LINE
    start, end = text.rfind("\n", near, match.start()) + 1 or near, text.find("\n", match.end(), far)
    line = text[start : end if end >= 0 else far]
    if _TIME_NEAR.search(text, start, match.start()) or _TIME_AFTER.match(text, match.end()):
        return True
    if "£" in line or any(not _TIME_LIKE.fullmatch(other["number"]) for other in _BARE.finditer(line)):
        return False
    ends_line = match.end() == start + len(line.rstrip()) and match.start() > start
    return not (ends_line and _beside_money_rows(text, start, end))


def _beside_money_rows(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 120) : start].rstrip("\n").rpartition("\n")[2]
    after = text[end + 1 : end + 121].partition("\n")[0] if end >= 0 else ""
    return any(
        (row := re.search(r"(\d[\d,]*\.\d{2})\)?\s*$", line)) and not _TIME_LIKE.fullmatch(row[1])
        for line in (before, after)
    )
