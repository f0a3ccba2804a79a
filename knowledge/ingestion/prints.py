"""A browser's print of a page: its head and foot lines taken off, its lines made paragraphs again. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from knowledge.ingestion.pdf import Line

_HEAD: Final = re.compile(
    r"^(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d{2}),? \d{1,2}:\d{2}(?::\d{2})?(?P<us>\s?[AP]M)?"
    r"(?:\s+(?P<title>\S.*))?$"
)
_FOOT: Final = re.compile(r"^(?P<url>(?:https?|file)://\S+)\s+\d{1,4}/\d{1,4}$")
_COUNT: Final = re.compile(r"^(?:page )?\d{1,4}\s?(?:/|of)\s?\d{1,4}$", re.IGNORECASE)
_ITEM_GAP: Final = 1.28  # baselines of two items of a list are further apart than lines of one, in heights of the font
_SAME_LEFT: Final = 3.0  # points
_INDENT: Final = 30.0
BREAK: Final = "\v"  # where a line of print ends within a paragraph


@dataclass(frozen=True, slots=True)
class Print:
    """`text` has an empty line between paragraphs, a line for each item of a list, and BREAK where print went on.

    `title`, `url` and `printed` are what the browser wrote at the edges of the pages; empty and None where it did not.
    """

    text: str
    title: str = ""
    url: str = ""
    printed: date | None = None


def read_print(lines: Sequence[Line]) -> Print:
    """The words of a print and what its edges tell."""
    heads = [match for line in lines if (match := _HEAD.match(line.text))]
    feet = Counter(match["url"] for line in lines if (match := _FOOT.match(line.text)))
    kept = [line for line in lines if not _is_edge(line.text)]
    text = "".join(_joined(kept))
    return Print(
        text=text,
        title=next((match["title"] for match in heads if match["title"]), ""),
        url=max(feet, key=lambda url: feet[url], default=""),
        printed=_printed(heads[0]) if heads else None,
    )


def _is_edge(text: str) -> bool:
    return any(pattern.match(text) for pattern in (_HEAD, _FOOT, _COUNT))


def _printed(head: re.Match[str]) -> date | None:
    year = int(head["year"]) + (2000 if len(head["year"]) == 2 else 0)
    first, second = int(head["first"]), int(head["second"])
    day, month = (second, first) if head["us"] else (first, second)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _joined(lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    edge = max(line.right for line in lines)
    margin = min(line.left for line in lines)
    yield lines[0].text
    for last, line in pairwise(lines):
        yield _between(last, line, margin, edge)
        yield line.text


def _between(last: Line, line: Line, margin: float, edge: float) -> str:
    if last.page != line.page:
        return BREAK if _runs_over(last, line, margin, edge) else "\n\n"
    if line.starts_block:
        return "\n\n"
    return "\n" if line.base - last.base > _ITEM_GAP * max(last.height, line.height) else BREAK


def _runs_over(last: Line, line: Line, margin: float, edge: float) -> bool:
    """Whether a paragraph goes on overleaf.

    It does where the first word there would not have found room on the line before; and, outside lists, where the line
    before ends without a stop and the next begins in the middle of a sentence.
    """
    if abs(last.left - line.left) > _SAME_LEFT or max(last.height, line.height) > 1.12 * min(last.height, line.height):
        return False
    if last.left - margin < _INDENT and line.text[0].islower():
        return last.text[-1] not in ".:;?!"
    word = line.text.split(" ", maxsplit=1)[0]
    width = (line.right - line.left) / max(len(line.text), 1) * (len(word) + 1)
    return last.text[-1] not in ".:?!" and last.right + width > edge
