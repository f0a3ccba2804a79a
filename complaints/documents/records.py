"""What reading a file yields: pages of text with positions. Pure, frozen, no Django."""

from dataclasses import dataclass, field
from typing import Literal

ReadingMethod = Literal["pdf-text", "ocr", "docx", "eml", "xlsx", "csv", "txt"]
ProblemKind = Literal[
    "corrupt", "encrypted", "empty", "too-large", "too-many-pages", "archive-bomb", "timeout", "unsupported", "hostile"
]


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page.

    `number` is 1-based for PDF and None for formats without pages. `text` is exactly what spans index into.
    Table rows of a PDF, DOCX or workbook are lines whose cells are joined with " | ".
    `confidence` is the mean OCR confidence, 0 to 1, and None where no OCR was needed.
    """

    number: int | None
    text: str
    method: ReadingMethod
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be used, in a stated kind and in words for the adviser."""

    kind: ProblemKind
    detail: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A file after reading. A child of an e-mail is named `mail.eml::child.pdf`.

    `media_type` comes from the content, never from the name. `headers` holds From, To, Cc, Subject and Date of an
    e-mail, in that order where present. A document with a `problem` has no pages. `hidden_text` holds words that the
    file hides from its reader (hidden characters, invisible HTML); they are in no page and are evidence of nothing.
    """

    name: str
    media_type: str
    sha256: str
    pages: tuple[Page, ...] = ()
    problem: Problem | None = None
    parent: str | None = None
    headers: tuple[tuple[str, str], ...] = field(default=())
    hidden_text: tuple[str, ...] = field(default=())
