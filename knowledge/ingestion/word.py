"""DOCX: the paragraphs and tables of the body, once the container has been found harmless."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from knowledge.ingestion.html import CELL_GAP
from knowledge.ingestion.records import Limits, UnreadablePageError

_SMALL: Final = 256 * 1024
_DOCTYPE: Final = re.compile(rb"<\s*!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCRYPTED: Final = 0x1
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SEEN: Final = tuple(_W + name for name in ("t", "tab", "br", "cr", "p", "tc", "noBreakHyphen"))
_STAND_FOR: Final = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}  # anything else a space
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says all a second time
_GONE: Final = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK})


def read_docx(data: bytes, limits: Limits) -> tuple[str, str]:
    """Text, with an empty line between paragraphs and a line for each item of a list, and title; or no title.

    Raises UnreadablePageError.
    """
    _check_container(data, limits)
    from docx import Document  # noqa: PLC0415  heavy: only a Word document pays for it

    try:
        document = Document(io.BytesIO(data))
        blocks = list(_blocks(document))
        title = str(document.core_properties.title or "")
    except Exception as error:  # python-docx lets KeyError, ValueError and faults of lxml through
        raise UnreadablePageError("The Word document is damaged and cannot be read.") from error
    heading = next((text for style, text in blocks if style == "title" or style.startswith("heading")), "")
    return "".join(_joined(blocks)), heading or title


def _check_container(data: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist(), limits)
            for name in archive.namelist():
                if name.lower().endswith((".xml", ".rels", ".vml")):
                    _check_part(archive.read(name))
    except UnreadablePageError:
        raise
    except Exception as error:  # zlib, CRC, method and header faults have no common class
        raise UnreadablePageError("The file is damaged or cut short and cannot be opened.") from error


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.zip_entries or sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise UnreadablePageError("The file would unpack to far more than any page of guidance needs.")
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadablePageError("The file needs a password. Save it without one and add it again.")
        if entry.file_size > _SMALL and entry.file_size > limits.zip_ratio * max(entry.compress_size, 1):
            raise UnreadablePageError("A part of the file is packed beyond any sensible ratio.")


def _check_part(content: bytes) -> None:
    """Office Open XML forbids document types (ECMA-376 part 2, 8.1.4): one is there only to attack."""
    if _DOCTYPE.search(content) or _DOCTYPE.search(content.replace(b"\x00", b"")):
        raise UnreadablePageError("The file declares XML entities, which no Office program writes.")


def _blocks(document: Any) -> Iterator[tuple[str, str]]:
    """Name of the style, in small letters, and text of each paragraph and of each row of a table."""
    from docx.table import Table  # noqa: PLC0415

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = [" ".join(_words(cell).split()) for cell in dict.fromkeys(cell._tc for cell in row.cells)]
                yield "list row", CELL_GAP.join(cell for cell in cells if cell)
        elif text := _words(block._p).strip():
            yield str(getattr(block.style, "name", "") or "").lower(), text


def _words(element: Any) -> str:
    """What a reader sees in `element` once every tracked change is accepted, in tables within it too.

    python-docx leaves out what was inserted and moved here, and fields and controls of a form.
    """
    words: list[str] = []
    for piece in element.iter(*_SEEN):
        if any(above.tag in _GONE for above in piece.iterancestors()):
            continue
        words.append(_STAND_FOR.get(piece.tag, " ") if piece.tag != f"{_W}t" else piece.text or "")
    return "".join(words)


def _joined(blocks: list[tuple[str, str]]) -> Iterator[str]:
    in_list = False
    for style, text in blocks:
        is_item = style.startswith("list")
        yield ("\n" if is_item and in_list else "\n\n") + text
        in_list = is_item
