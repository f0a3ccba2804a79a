"""How much one file may ask of the machine before it is refused."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on reading one file and all that is inside it.

    The defaults let a long correspondence file through and stop what no letter needs. `seconds` is wall time for a
    file with its attachments; `memory_mb` is the resident size of the reading process, OCR models included.
    """

    file_bytes: int = 40 * MEGABYTE
    pages: int = 400
    page_characters: int = 60_000
    ocr_pages: int = 40
    ocr_pixels: int = 9_000_000
    image_pixels: int = 120_000_000
    zip_entries: int = 2_000
    zip_ratio: int = 150
    uncompressed_bytes: int = 200 * MEGABYTE
    spreadsheet_rows: int = 50_000
    text_characters: int = 8_000_000
    email_depth: int = 4
    email_attachments: int = 60
    seconds: float = 300.0
    memory_mb: int = 1_150
