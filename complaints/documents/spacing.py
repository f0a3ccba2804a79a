"""Spaces that the recogniser dropped, mended from the white gaps in the picture of the line."""

import re
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

_SHARE_OF_SPACE = 0.72
_SHARE_OF_HEIGHT = 0.17
_SPECKS = 0.04
_NEVER_AFTER = re.compile(r"[£$€(\[/'’\-.,:]")
_NEVER_BEFORE = re.compile(r"[)\]/'’\-.,:;%?!]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3002: ".", 0x3001: ",", 0x00B7: " "}


@dataclass(frozen=True, slots=True)
class Character:
    """A character and the place of its middle along its line, 0 at the left end and 1 at the right."""

    text: str
    place: float


def mend_spaces(crop: NDArray[np.uint8], characters: tuple[Character, ...]) -> tuple[Character, ...]:
    """Return the characters with a space wherever the picture shows a gap as wide as the line's other spaces.

    Wide Chinese forms of Latin punctuation, which the recogniser knows too, become plain ones. No letter or digit is
    added, changed or taken away.
    """
    plain = tuple(Character(c.text.translate(_FULL_WIDTH), c.place) for c in characters)
    solid = [index for index, character in enumerate(plain) if not character.text.isspace()]
    pairs = list(zip(solid, solid[1:], strict=False))
    if not pairs:
        return plain
    gaps = _white_runs(crop, [(plain[a].place, plain[b].place) for a, b in pairs])
    wide = _least_space(crop, [gap for gap, (a, b) in zip(gaps, pairs, strict=True) if b - a > 1])
    missing = {
        b
        for gap, (a, b) in zip(gaps, pairs, strict=True)
        if b - a == 1 and gap >= wide and _may_part(plain[a].text, plain[b].text)
    }
    return tuple(
        piece
        for index, character in enumerate(plain)
        for piece in ((Character(" ", character.place), character) if index in missing else (character,))
    )


def _may_part(before: str, after: str) -> bool:
    return not _NEVER_AFTER.match(before) and not _NEVER_BEFORE.match(after)


def _least_space(crop: NDArray[np.uint8], spaces: list[float]) -> float:
    by_height = _SHARE_OF_HEIGHT * crop.shape[0]
    return max(_SHARE_OF_SPACE * median(spaces), by_height * 0.75) if len(spaces) >= 2 else by_height * 1.3


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
