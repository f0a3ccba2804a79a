"""A version of a letter as a file to send, to print or to keep."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from letters.export import write_docx, write_pdf
from letters.models import LetterVersion
from letters.records import DraftLetter
from letters.selectors import practice_details, receipt_of, standing_of, with_standing
from letters.status import FINAL
from lightpoint.codec import from_plain


@dataclass(frozen=True, slots=True)
class LetterFile:
    """The bytes of a file with its name and media type."""

    name: str
    media_type: str
    data: bytes


def version_file(version: LetterVersion, kind: str) -> LetterFile:
    """`version` as a file of `kind`, one of FILES. Raises KeyError for no kind.

    Its name says that it is a draft until a named person approved it and it was locked for sending.
    """
    extension, media_type, write = FILES[kind]
    letter = version.letter
    state = "" if _is_final(version) else "-draft" if version.released else "-blocked"
    name = f"{letter.complaint.reference}-{letter.type}-v{version.number}{state}.{extension}"
    return LetterFile(name, media_type, write(version))


def _is_final(version: LetterVersion) -> bool:
    stands = standing_of(with_standing(LetterVersion.objects.filter(pk=version.pk)).get())
    return version.released and stands in FINAL


def _docx(version: LetterVersion) -> bytes:
    return write_docx(from_plain(DraftLetter, version.draft), practice_details(version.letter.complaint))


def _pdf(version: LetterVersion) -> bytes:
    return write_pdf(from_plain(DraftLetter, version.draft), practice_details(version.letter.complaint))


def _receipt(version: LetterVersion) -> bytes:
    return json.dumps(receipt_of(version), indent=1, ensure_ascii=False).encode()


FILES: Final[Mapping[str, tuple[str, str, Callable[[LetterVersion], bytes]]]] = {
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "pdf": ("pdf", "application/pdf", _pdf),
    "receipt": ("json", "application/json", _receipt),
}
