"""Spaces that the recogniser dropped, mended from the white gaps in the picture of the line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

_SHARE_OF_SPACE = 0.85
_SHARE_OF_HEIGHT = 0.165
_SHARE_ALONE = 0.22
_LOST = 0.6
_SPECKS = 0.04
_NEVER_AFTER = re.compile(r"[£$€(\[/'’\-.,:]")
_NEVER_BEFORE = re.compile(r"[)\]/'’\-.,:;%?!]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3002: ".", 0x3001: ",", 0x00B7: " "}


@dataclass(frozen=True, slots=True)
class Character:
    """A character and the place of its middle along its line, 0 at the left end and 1 at the right.

    `gap` is the white a space stands for, in the same measure.
    """

    text: str
    place: float
    gap: float = 0.0


def mend_spaces(crop: NDArray[np.uint8], characters: tuple[Character, ...]) -> tuple[Character, ...]:
    """Return the characters with a space wherever the picture shows a gap as wide as the line's other spaces.

    Wide Chinese forms of Latin punctuation, which the recogniser knows too, become plain ones. No letter or digit is
    added, changed or taken away.
    """
    plain = tuple(Character(c.text.translate(_FULL_WIDTH), c.place) for c in characters)
    solid = [index for index, character in enumerate(plain) if not character.text.isspace()]
    pairs = list(pairwise(solid))
    if not pairs:
        return plain
    gaps = _white_runs(crop, [(plain[a].place, plain[b].place) for a, b in pairs])
    known = [b - a > 1 for a, b in pairs]
    spaces = [gap for gap, is_space in zip(gaps, known, strict=True) if is_space]
    wide = _least_space(crop, spaces)
    missing = {
        pairs[at][1]
        for at, gap in enumerate(gaps)
        if gap >= wide
        and not known[at]
        and _may_part(plain[pairs[at][0]].text, plain[pairs[at][1]].text)
        and not _took_neighbour(at, gaps, known, spaces)
    }
    width = max(crop.shape[1], 1)
    before = {b: gap / width for gap, (_, b) in zip(gaps, pairs, strict=True)}
    return tuple(_spaced(plain, solid, {b for a, b in pairs if b - a > 1} | missing, before))


def _spaced(
    plain: tuple[Character, ...], solid: list[int], starts: set[int], before: dict[int, float]
) -> Iterator[Character]:
    """Yield the characters with one space, of the white measured, before each that starts a word."""
    for index in solid:
        if index in starts:
            yield Character(" ", plain[index].place, before[index])
        yield plain[index]


def _may_part(before: str, after: str) -> bool:
    return not _NEVER_AFTER.match(before) and not _NEVER_BEFORE.match(after)


def _least_space(crop: NDArray[np.uint8], spaces: list[float]) -> float:
    if len(spaces) < 2:
        return float(_SHARE_ALONE * crop.shape[0])
    return float(max(_SHARE_OF_SPACE * median(spaces), _SHARE_OF_HEIGHT * crop.shape[0]))


def _took_neighbour(at: int, gaps: list[float], known: list[bool], spaces: list[float]) -> bool:
    """True when a space beside this pair shows no gap of its own: the pair has been given the neighbour's."""
    return any(
        0 <= beside < len(gaps) and known[beside] and gaps[beside] < _LOST * median(spaces)
        for beside in (at - 1, at + 1)
    )


def _white_runs(crop: NDArray[np.uint8], spans: list[tuple[float, float]]) -> list[float]:
    """Return, for each span between two character middles, its longest run of columns without ink, in points."""
    blank = _blank_columns(crop)
    width = len(blank)
    return [_longest_run(blank[int(start * width) : max(int(end * width), 0) + 1]) for start, end in spans]


def _blank_columns(crop: NDArray[np.uint8]) -> NDArray[np.bool_]:
    import cv2  # noqa: PLC0415  loaded with the OCR engine already

    gray = cv2.GaussianBlur(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    _, ink = cv2.threshold(gray, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    margin = max(crop.shape[0] // 8, 1)
    core = ink[margin : crop.shape[0] - margin]
    if core.mean() > 0.5:  # light writing on a dark ground
        core = 1 - core
    return np.asarray(core.sum(axis=0) <= _SPECKS * core.shape[0])


def _longest_run(blank: NDArray[np.bool_]) -> float:
    longest = current = 0
    for white in blank:
        current = current + 1 if white else 0
        longest = max(longest, current)
    return float(longest)
