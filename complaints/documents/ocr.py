"""OCR of one picture: found lines, turned upright, read and put back into reading order."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import atan2, cos, pi, sin
from statistics import median
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from complaints.documents.cleaning import clean_text
from complaints.documents.columns import lay_out
from complaints.documents.layout import Word
from complaints.documents.spacing import Character, mend_spaces

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]

_THREADS = 2
_FINDING_SIDE = 1600
_LEAST_CONFIDENCE = 0.5
_DOUBTFUL = 0.82
_HEIGHT_SHARE = 0.8
_ALIGNED = 0.3


@dataclass(frozen=True, slots=True)
class PictureReading:
    """The text of a picture and the mean confidence of its characters, 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Strip:
    """One line of writing: its four corners in the picture, its characters and how surely they were read."""

    corners: Points
    characters: tuple[Character, ...]
    confidence: float


class _WordInfo(Protocol):
    words: list[list[str]]
    word_cols: list[list[int]]
    line_txt_len: float


def read_picture(image: Image.Image) -> PictureReading:
    """Read a picture whichever way up it is; an empty text with confidence 0 where nothing can be read."""
    pixels = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
    boxes = _find(pixels)
    if _runs_upwards(boxes):
        pixels = np.ascontiguousarray(np.rot90(pixels))
        boxes = _find(pixels)
    strips = _recognise(pixels, boxes)
    if boxes and _confidence(strips) < _DOUBTFUL:
        turned = np.ascontiguousarray(np.rot90(pixels, 2))
        other = _recognise(turned, _find(turned))
        strips = max(strips, other, key=_weight)
    text = clean_text(lay_out(_words(strips), aligned=_ALIGNED))
    return PictureReading(text, round(_confidence(strips), 4))


@cache
def _engine() -> "RapidOCR":  # type: ignore[name-defined]  # noqa: F821  imported below: loading it is slow
    from rapidocr import RapidOCR  # noqa: PLC0415

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": _FINDING_SIDE,
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _find(pixels: Pixels) -> list[Points]:
    """Return the corners of each line of writing, clockwise from its top left."""
    found = _engine()(pixels, use_det=True, use_cls=False, use_rec=False)
    boxes = getattr(found, "boxes", None)
    return [] if boxes is None else [np.asarray(box, dtype=np.float64) for box in boxes]


def _sides(corners: Points) -> tuple[float, float]:
    """Return width and height of a line of writing."""
    return float(np.linalg.norm(corners[1] - corners[0])), float(np.linalg.norm(corners[3] - corners[0]))


def _runs_upwards(boxes: list[Points]) -> bool:
    """True when most of the writing stands on its side."""
    tall = sum(max(_sides(box)) for box in boxes if _sides(box)[1] > 1.5 * _sides(box)[0])
    wide = sum(max(_sides(box)) for box in boxes if _sides(box)[0] > 1.5 * _sides(box)[1])
    return tall > wide


def _recognise(pixels: Pixels, boxes: list[Points]) -> list[_Strip]:
    from rapidocr.ch_ppocr_rec import TextRecInput  # noqa: PLC0415
    from rapidocr.utils.process_img import get_rotate_crop_image  # noqa: PLC0415

    recogniser = _engine()._load_rec_model()
    crops = [get_rotate_crop_image(pixels, box.astype(np.float32)) for box in boxes]
    if not crops:
        return []
    result = recogniser(TextRecInput(img=crops, return_word_box=True))
    strips = [
        _Strip(box, mend_spaces(crop, _characters(text, info)), float(score))
        for box, crop, text, score, info in zip(
            boxes, crops, result.txts, result.scores, result.word_results, strict=True
        )
        if text.strip() and score >= _LEAST_CONFIDENCE
    ]
    return [strip for strip in strips if strip.characters]


def _characters(text: str, info: _WordInfo) -> tuple[Character, ...]:
    """Pair each character with its place along the line, 0 to 1; a space takes the place between its neighbours."""
    places = [column for columns in info.word_cols for column in columns]
    length = max(info.line_txt_len, 1.0)
    solid = iter(places)
    characters: list[Character] = []
    last = 0.0
    for character in text:
        if not character.isspace():
            last = min((next(solid, last * length) + 0.5) / length, 1.0)
        characters.append(Character(character, last))
    return tuple(characters)


def _confidence(strips: list[_Strip]) -> float:
    letters = sum(len(strip.characters) for strip in strips)
    return sum(strip.confidence * len(strip.characters) for strip in strips) / letters if letters else 0.0


def _weight(strips: list[_Strip]) -> float:
    """Letters read, each counted by how surely: the right way up has the larger sum."""
    return sum(strip.confidence**4 * len(strip.characters) for strip in strips)


def _words(strips: list[_Strip]) -> list[Word]:
    """Place the words of all lines in a frame in which the page stands straight."""
    angle = _skew(strips)
    return [word for strip in strips for word in _strip_words(strip, angle)]


def _skew(strips: list[_Strip]) -> float:
    """Return the angle, in radians, at which the longest lines of the page run."""
    ranked = sorted(strips, key=lambda strip: -_sides(strip.corners)[0])[: max(len(strips) // 3, 3)]
    angles = [atan2(*(strip.corners[1] - strip.corners[0])[::-1]) for strip in ranked]
    flat = [angle for angle in angles if abs(angle) < pi / 6]
    return median(flat) if flat else 0.0


def _strip_words(strip: _Strip, angle: float) -> list[Word]:
    centre = strip.corners.mean(axis=0)
    width, height = _sides(strip.corners)
    base = float(-sin(angle) * centre[0] + cos(angle) * centre[1])
    left = float(cos(angle) * centre[0] + sin(angle) * centre[1]) - width / 2
    return [
        Word(text, left + start * width, left + end * width, base, height * _HEIGHT_SHARE)
        for text, start, end in _runs(strip.characters)
    ]


def _runs(characters: tuple[Character, ...]) -> Iterator[tuple[str, float, float]]:
    """Yield words with their start and end along the line; a word ends where the white before the next begins."""
    text, start, last = "", 0.0, 0.0
    gap = 0.0
    for character in characters:
        if character.text.isspace():
            gap = character.gap
            continue
        if gap and text:
            middle = (last + character.place) / 2
            yield text, start, middle - gap / 2
            text, start = "", middle + gap / 2
        gap = 0.0
        text += character.text
        last = character.place
    if text:
        yield text, start, 1.0
