"""Files on their way in: kept on disk, and no byte more of one than a document may have."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest

from complaints.bundles import BundleFile


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps each file in a temporary one. What a file has beyond DOCUMENT_MAX_BYTES is counted and thrown away.

    A body of more than `largest` bytes is refused before any of it is read.
    """

    def __init__(self, request: HttpRequest, largest: int) -> None:
        super().__init__(request)
        self.largest = largest
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
        if content_length > self.largest:
            raise RequestDataTooBig(f"What was sent is larger than {self.largest} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, unless the file has grown too large with it: then nothing of the file is kept."""
        if start + len(raw_data) <= settings.DOCUMENT_MAX_BYTES:
            self.file.write(raw_data)
        elif self.file.tell():
            self.file.seek(0)
            self.file.truncate()


def bundle_file(file: "UploadedFile[bytes]") -> BundleFile:
    """The bytes, unless they are more than a document may have: then its name and size alone."""
    size = file.size or 0
    return BundleFile(file.name or "unnamed", size, file.read() if size <= settings.DOCUMENT_MAX_BYTES else None)
