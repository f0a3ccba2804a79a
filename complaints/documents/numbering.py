"""The numbers and bullets that Word draws before paragraphs and does not keep in their text."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element  # type: ignore[import-untyped]  # lxml ships no types

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLET = "•"
_LARGEST = 4_000
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts: its format, its pattern such as `%1.%2.` and its first number."""

    kind: str
    pattern: str
    start: int


@dataclass(slots=True)
class ListCounter:
    """Counts list paragraphs in document order (ECMA-376 part 1, 17.9)."""

    lists: Mapping[str, Mapping[int, Level]]
    abstract_of: Mapping[str, str]
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, list_id: str, depth: int) -> str:
        """Return the label of the next paragraph of that list and level, or an empty string."""
        levels = self.lists.get(list_id)
        if levels is None or depth not in levels:
            return ""
        if levels[depth].kind == "bullet":
            return _BULLET
        counts = self._advance(list_id, depth, levels)
        return _fill_pattern(levels, depth, counts)

    def _advance(self, list_id: str, depth: int, levels: Mapping[int, Level]) -> dict[int, int]:
        counts = self._counts[self.abstract_of.get(list_id, list_id)]
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        return counts


def _fill_pattern(levels: Mapping[int, Level], depth: int, counts: Mapping[int, int]) -> str:
    label = levels[depth].pattern
    for level in range(depth, -1, -1):
        if level in levels:
            number = counts.get(level, levels[level].start)
            label = label.replace(f"%{level + 1}", format_number(number, levels[level].kind))
    return label.strip()


def format_number(number: int, kind: str) -> str:
    """Write a list number in one of Word's formats; unknown formats are written as plain digits."""
    if not 0 < number < _LARGEST:
        return str(number)
    if kind in {"lowerLetter", "upperLetter"}:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if kind == "lowerLetter" else letters.upper()
    if kind in {"lowerRoman", "upperRoman"}:
        return _roman(number) if kind == "lowerRoman" else _roman(number).upper()
    if kind == "none":
        return ""
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def read_numbering(root: Element | None) -> ListCounter:
    """Return a counter for the lists of a `numbering.xml` root; None gives a counter of no lists."""
    if root is None:
        return ListCounter(lists={}, abstract_of={})
    abstract = {_value(node, "abstractNumId"): _levels(node) for node in root.findall(f"{W}abstractNum")}
    lists: dict[str, Mapping[int, Level]] = {}
    abstract_of: dict[str, str] = {}
    for node in root.findall(f"{W}num"):
        list_id, reference = _value(node, "numId"), node.find(f"{W}abstractNumId")
        target = _value(reference, "val") if reference is not None else ""
        overrides = _overrides(node, abstract.get(target, {}))
        lists[list_id] = {**abstract.get(target, {}), **overrides}
        abstract_of[list_id] = f"{target}/{list_id}" if overrides else target
    return ListCounter(lists=lists, abstract_of=abstract_of)


def _value(node: Element, name: str) -> str:
    return str(node.get(f"{W}{name}", ""))


def _levels(node: Element) -> dict[int, Level]:
    return {int(_value(level, "ilvl") or 0): _level(level) for level in node.findall(f"{W}lvl")}


def _level(node: Element) -> Level:
    def child(name: str, default: str) -> str:
        found = node.find(f"{W}{name}")
        return default if found is None else _value(found, "val")

    start = child("start", "1")
    return Level(child("numFmt", "decimal"), child("lvlText", ""), int(start) if start.isdigit() else 1)


def _overrides(node: Element, levels: Mapping[int, Level]) -> dict[int, Level]:
    changed: dict[int, Level] = {}
    for override in node.findall(f"{W}lvlOverride"):
        depth, own, start = (
            int(_value(override, "ilvl") or 0),
            override.find(f"{W}lvl"),
            override.find(f"{W}startOverride"),
        )
        base = _level(own) if own is not None else levels.get(depth)
        if base is None:
            continue
        first = int(_value(start, "val") or base.start) if start is not None else base.start
        changed[depth] = Level(base.kind, base.pattern, first)
    return changed
