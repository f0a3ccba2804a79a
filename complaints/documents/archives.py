"""Checks on a zip container before anything in it is unpacked."""

import io
import re
import zipfile

from complaints.documents.errors import UnreadableFileError
from complaints.documents.limits import Limits

_SMALL = 256 * 1024
_DOCTYPE = re.compile(rb"<\s*!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCRYPTED_FLAG = 0x1


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open an Office file's container once its directory has been found harmless.

    Raises `UnreadableFileError`: corrupt, encrypted, or an archive bomb (entries, size, ratio).
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError("corrupt", "The file is damaged or cut short and cannot be opened.") from error
    _check_entries(entries, limits)
    return archive


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.zip_entries:
        raise UnreadableFileError("archive-bomb", f"The file holds {len(entries)} parts; {limits.zip_entries} may be.")
    if sum(entry.file_size for entry in entries) > limits.uncompressed_bytes:
        raise UnreadableFileError("archive-bomb", "The file would unpack to far more than any letter needs.")
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise UnreadableFileError("encrypted", "The file needs a password. Save it without one and add it again.")
        if entry.file_size > _SMALL and entry.file_size > limits.zip_ratio * max(entry.compress_size, 1):
            raise UnreadableFileError("archive-bomb", "A part of the file is packed beyond any sensible ratio.")


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one part; raises `UnreadableFileError` where it is damaged."""
    try:
        return archive.read(name)
    except Exception as error:  # zlib, CRC, method and header faults have no common class
        raise UnreadableFileError("corrupt", "Part of the file is damaged.") from error


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Raise `UnreadableFileError` where an XML part declares a document type.

    Office Open XML forbids document type declarations (ECMA-376 part 2, 8.1.4), so that one is there only to attack.
    """
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            content = read_part(archive, name)
            if _DOCTYPE.search(content) or _DOCTYPE.search(content.replace(b"\x00", b"")):
                raise UnreadableFileError("hostile", "The file declares XML entities, which no Office program writes.")
