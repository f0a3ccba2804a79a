"""Pictures: bounded decoding of image files and rendering of PDF pages, for OCR."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from PIL import Image, ImageOps, ImageSequence

from complaints.documents.errors import UnreadableFileError
from complaints.documents.limits import Limits
from complaints.documents.records import Page

_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
_DECORATION_SIDE = 160
_PAGED = {"TIFF"}
_TOO_MANY_POINTS = "The picture has more points than any scan of a letter needs."


def read_image(data: bytes, limits: Limits) -> tuple[Page, ...]:
    """Return the text of a picture by OCR; a TIFF of several pages gives numbered pages."""
    from complaints.documents.ocr import read_picture  # noqa: PLC0415  heavy: loads the models

    with _open_image(data, limits) as image:
        frames = getattr(image, "n_frames", 1) if image.format in _PAGED else 1
        if frames > limits.ocr_pages:
            detail = f"The picture has {frames} pages; at most {limits.ocr_pages} are read. Split it and add the parts."
            raise UnreadableFileError("too-many-pages", detail)
        readings = [read_picture(picture) for picture in _pictures(image, frames, limits)]
    return tuple(
        Page(number=number if frames > 1 else None, text=reading.text, method="ocr", confidence=reading.confidence)
        for number, reading in enumerate(readings, start=1)
    )


@contextmanager
def _open_image(data: bytes, limits: Limits) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own bomb warning; the size is checked below
            image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise UnreadableFileError("too-large", _TOO_MANY_POINTS) from error
    except Exception as error:  # decoders raise OSError, SyntaxError, ValueError, struct.error and more
        raise UnreadableFileError("corrupt", "The picture is damaged and cannot be opened.") from error
    with image:
        if image.width * image.height > limits.image_pixels:
            raise UnreadableFileError("too-large", _TOO_MANY_POINTS)
        yield image


def _pictures(image: Image.Image, frames: int, limits: Limits) -> Iterator[Image.Image]:
    try:
        for number, frame in enumerate(ImageSequence.Iterator(image)):
            if number >= frames:
                return
            if frame.width * frame.height > limits.image_pixels:
                raise UnreadableFileError("too-large", "A page of the picture has too many points.")
            yield _on_white(_fit(frame, limits))
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableFileError("corrupt", "The picture is damaged or cut short.") from error


def _fit(image: Image.Image, limits: Limits) -> Image.Image:
    """Turn by the camera's own mark and bring down to the size at which OCR works."""
    upright = ImageOps.exif_transpose(image)
    points = upright.width * upright.height
    if points <= limits.ocr_pixels:
        return upright
    scale = (limits.ocr_pixels / points) ** 0.5
    size = (max(int(upright.width * scale), 1), max(int(upright.height * scale), 1))
    return (upright.convert("RGB") if upright.mode in {"P", "1"} else upright).resize(size, Image.Resampling.BOX)


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper.convert("RGB")


def render_page(page: pypdfium2.PdfPage, limits: Limits) -> Image.Image:
    """Render a PDF page at 200 dpi, or coarser where the page is so large that this would break the limit."""
    width, height = page.get_size()
    inches = max(width * height, 1.0) / _POINTS_PER_INCH**2
    resolution = min(float(_DOTS_PER_INCH), (limits.ocr_pixels / inches) ** 0.5)
    if min(width, height) * resolution / _POINTS_PER_INCH < 1 or max(width, height) * resolution > 72 * 30_000:
        raise UnreadableFileError("hostile", "A page of the PDF has a size that no paper has.")
    picture: Image.Image = page.render(scale=resolution / _POINTS_PER_INCH).to_pil()
    return picture.convert("RGB")


def is_small(data: bytes) -> bool:
    """True for a picture too small to be a document: a logo or an icon in a signature."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                return min(image.size) < _DECORATION_SIDE
    except Exception:
        return False
