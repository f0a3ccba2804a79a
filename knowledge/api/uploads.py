"""Files on their way in: kept on disk, and no byte more of one than a page of guidance may have."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest

from knowledge.services.reading import SentFile


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps each file in a temporary one. What a file has beyond STAGING_FILE_BYTES is counted and thrown away.

    A body of more than STAGING_UPLOAD_BYTES is refused before any of it is read.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.made: list[UploadedFile[bytes]] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Remember every file: of a body that turns out to be unusable nobody else knows them."""
        super().new_file(*args, **kwargs)
        self.made.append(self.file)

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Raise RequestDataTooBig for a body that is too large."""
        if content_length > settings.STAGING_UPLOAD_BYTES:
            raise RequestDataTooBig(f"What was sent is larger than {settings.STAGING_UPLOAD_BYTES} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, unless the file has grown too large with it: then nothing of the file is kept."""
        if start + len(raw_data) <= settings.STAGING_FILE_BYTES:
            self.file.write(raw_data)
        elif self.file.tell():
            self.file.seek(0)
            self.file.truncate()


def sent_files(files: Iterable["UploadedFile[bytes]"]) -> list[SentFile]:
    """Names and bytes, of which a file that is too large has none."""
    return [
        SentFile(file.name or "unnamed", file.read() if (file.size or 0) <= settings.STAGING_FILE_BYTES else None)
        for file in files
    ]
