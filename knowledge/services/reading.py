"""Stand-in: files to pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.services.staging import UploadedPage
from lightpoint.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came; `data` is None where it is larger than it may be."""

    name: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """What could be read, and in words what could not."""

    pages: tuple[UploadedPage, ...]
    problems: tuple[str, ...]


def read_files(files: Sequence[SentFile]) -> ReadFiles:
    """The pages of `files`. Raises InvalidInput where there is none in any of them."""
    pages, problems = [], []
    for file in files:
        if file.data is None:
            problems.append(f"{file.name} is too large")
            continue
        text = file.data.decode(errors="replace").replace("\0", "")
        title = next((line.strip("# ") for line in text.splitlines() if line.strip()), file.name)
        stem = file.name.rsplit(".", 1)[0]
        identifier = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:80] or "page"
        pages.append(UploadedPage(identifier, title[:300], text.strip(), file_name=file.name))
    if not pages:
        raise InvalidInput("; ".join(problems) or "There is nothing in what was sent")
    return ReadFiles(tuple(pages), tuple(problems))
